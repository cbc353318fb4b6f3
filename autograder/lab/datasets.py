"""The course's data sets, as arrays; notebooks, checks and hidden tests call it.

The files are small, travel with the package and are verified before use: nothing is downloaded.
Stored measurements lie beside them.
"""

import hashlib
import io
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

# An installed package carries its data inside; a checkout keeps it in the folder `data`.
_FOLDERS = (Path(__file__).parent / "_data", Path(__file__).parents[2] / "data")
_SPLITS = ("train", "validation", "test")  # the last has a file of its own
SCENE_CLASSES = ("ground", "T-shirt", "trousers", "sneaker", "bag", "ankle boot")
_SCENE_LABELS = [0, 1, 7, 8, 9]  # Fashion-MNIST's labels of the garments in scenes


def fashion_mnist(split: str = "train") -> tuple[np.ndarray, np.ndarray]:
    """Pictures of clothes, 28x28 pixels in 10 classes (Xiao, Rasul and Vollgraf 2017).

    What travels with the course is the official test split of 10,000 images, split again class by
    class: "train" 8,000, "validation" 1,000, "test" 1,000. Hidden tests judge with "test"; your
    own experiments have "validation".

    Args:
        split: "train", "validation" or "test".

    Returns:
        Images, float32 in [0, 1] of shape (N, 28, 28, 1), and labels, int64 of shape (N,).

    Raises:
        ValueError: There is no such split, or a file of the course was changed.
        FileNotFoundError: A file of the course is missing.
    """
    arrays = _arrays("fashion-mnist", split)
    images, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
    return images[..., None].astype("float32") / np.float32(255), labels.astype("int64")


def photographs(split: str = "train") -> np.ndarray | dict[str, np.ndarray]:
    """Pieces of seven public-domain and CC0 photographs; `data/LICENSES.md` names each.

    The split is by photograph: no validation pixel comes from a photograph that gave crops.

    Args:
        split: "train" or "validation".

    Returns:
        "train": 80 luminance crops, float32 in [0, 1] of shape (80, 64, 64, 1). "validation": the
        color photographs "astronaut" and "cat" by name, float32 RGB in [0, 1], (192, 256, 3) each.

    Raises:
        ValueError: There is no such split, or the file was changed.
        FileNotFoundError: The file is missing.
    """
    arrays = _arrays("photographs", split, _SPLITS[:2])
    scaled = {name: a.astype("float32") / np.float32(255) for name, a in arrays.items()}
    train = scaled.pop("train")[..., None]
    return train if split == "train" else scaled


def nuclei(split: str = "train", *, instances: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Cell nuclei under a fluorescence microscope, with masks drawn by hand (Caicedo et al. 2019).

    One image of 512x512 pixels from the 2018 Data Science Bowl, cut into strips of columns with
    gaps between them, so that no nucleus is in two splits; each strip is cut into crops. "train"
    has 135, which overlap by half; "validation" has 8 and "test" 16. Hidden tests judge with
    "test".

    Args:
        split: "train", "validation" or "test".
        instances: Number the nuclei in the masks instead of marking all of them by 1.

    Returns:
        Images, float32 in [0, 1], and masks, int64, both of shape (N, 64, 64, 1). A mask is 1
        inside a nucleus and 0 outside.

    Raises:
        ValueError: There is no such split, or a file of the course was changed.
        FileNotFoundError: A file of the course is missing.
    """
    image, mask = nuclei_strip(split, instances=instances)
    rows, columns = {"train": (32, 32), "validation": (64, 64), "test": (64, 16)}[split]
    images, masks = (
        np.stack(
            [
                strip[top : top + 64, left : left + 64]
                for top in range(0, strip.shape[0] - 63, rows)
                for left in range(0, strip.shape[1] - 63, columns)
            ]
        )
        for strip in (image, mask)
    )
    return images, masks


def nuclei_strip(split: str = "train", *, instances: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """The whole strip of columns from which the crops of `nuclei` are cut.

    Args:
        split: "train", "validation" or "test".
        instances: Number the nuclei in the mask instead of marking all of them by 1.

    Returns:
        An image, float32 in [0, 1], and its mask, int64, both of shape (512, W, 1): W is 320 for
        "train", 64 for "validation" and 80 for "test".

    Raises:
        ValueError: There is no such split, or a file of the course was changed.
        FileNotFoundError: A file of the course is missing.
    """
    arrays = _arrays("nuclei", split)
    image, mask = (arrays[f"{split}_{kind}"][..., None] for kind in ("image", "mask"))
    mask = mask if instances else mask > 0
    return image.astype("float32") / np.float32(255), mask.astype("int64")


def fashion_scenes(
    split: str = "train", count: int = 400, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Scenes of two or three garments on a patterned ground, and the class of every pixel.

    The garments are Fashion-MNIST's of the same split, so that no garment is in two splits; the
    grounds are sums of random waves, drawn anew for each scene. Later garments cover earlier ones.

    Args:
        split: "train", "validation" or "test".
        count: Number of scenes.
        seed: The same split, count and seed give the same scenes.

    Returns:
        Images, float32 in [0, 1], and masks, int64, both of shape (count, 48, 48, 1). A mask holds
        indices into `SCENE_CLASSES`: 0 is the ground.

    Raises:
        ValueError: There is no such split.
    """
    garments, labels = fashion_mnist(split)
    garments = garments[np.isin(labels, _SCENE_LABELS)]
    labels = labels[np.isin(labels, _SCENE_LABELS)]
    generator = np.random.default_rng([seed, _SPLITS.index(split)])
    rows, columns = np.mgrid[:48, :48] / 64
    images = np.empty((count, 48, 48, 1), "float32")
    masks = np.zeros((count, 48, 48, 1), "int64")
    for image, mask in zip(images, masks, strict=True):
        ground = np.full((48, 48), 0.35)
        for _ in range(3):
            down, right = generator.uniform(-5, 5, 2)
            phase = generator.uniform(0, 2 * np.pi)
            ground += 0.07 * np.sin(2 * np.pi * (down * rows + right * columns) + phase)
        image[..., 0] = ground + generator.normal(0, 0.04, (48, 48))
        for _ in range(generator.integers(2, 4)):
            chosen = generator.integers(len(garments))
            top, left = generator.integers(0, 21, 2)
            garment = garments[chosen]  # (28, 28, 1)
            inside = garment > 0.1
            window = np.s_[top : top + 28, left : left + 28]
            image[window][inside] = garment[inside]
            mask[window][inside] = 1 + _SCENE_LABELS.index(labels[chosen])
    return np.clip(images, 0, 1), masks


def striped_garments(
    split: str = "train", count: int = 300, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Garments that only the direction of their stripes tells from the ground.

    Each image holds the outline of one of Fashion-MNIST's garments of the same split: upright
    stripes inside, level stripes outside. Brightness, contrast and width of the stripes are drawn
    from the same distributions for both, so that no threshold finds the garment.

    Args:
        split: "train", "validation" or "test".
        count: Number of images.
        seed: The same split, count and seed give the same images.

    Returns:
        Images, float32 in [-1, 1], where 0 is gray, and masks, int64, both of shape
        (count, 32, 32, 1). A mask is 1 inside the garment and 0 outside.

    Raises:
        ValueError: There is no such split.
    """
    garments, labels = fashion_mnist(split)
    garments = garments[np.isin(labels, _SCENE_LABELS)] > 0.1
    generator = np.random.default_rng([seed, _SPLITS.index(split)])
    images = np.empty((count, 32, 32, 1), "float32")
    masks = np.zeros((count, 32, 32, 1), "int64")
    for image, mask in zip(images, masks, strict=True):
        top, left = generator.integers(0, 5, 2)
        mask[top : top + 28, left : left + 28] = generator.choice(garments)
        inside, outside = (
            generator.uniform(0.7, 1)
            * np.sin(2 * np.pi * (np.arange(32) / generator.uniform(3, 4.5) + generator.uniform()))
            for _ in range(2)
        )
        stripes = np.where(mask[..., 0], inside[None, :], outside[:, None])  # (32, 32)
        image[..., 0] = stripes + generator.normal(0, 0.1, (32, 32))
    return np.clip(images, -1, 1), masks


def measurements(name: str) -> dict[str, Any]:
    """What was measured ahead of time, over more seeds or epochs than a notebook has minutes for.

    Args:
        name: For example "upsamplers".

    Returns:
        A new dict: "about" says what was measured and in which units; "script", "versions", "date"
        and "seeds" say how; the other entries are the measurements, as plain lists and dicts.

    Raises:
        ValueError: There are no measurements of this name.
    """
    known = {
        path.stem.removeprefix("measurements-"): path
        for folder in _FOLDERS
        for path in sorted(folder.glob("measurements-*.json"))
    }
    if name not in known:
        raise ValueError(f"name must be one of {', '.join(sorted(known))}, but it is {name!r}")
    return json.loads(known[name].read_text(encoding="utf-8"))


def _arrays(data: str, split: str, splits: tuple[str, ...] = _SPLITS) -> dict[str, np.ndarray]:
    """The arrays of the file in which a split lies."""
    if split not in splits:
        raise ValueError(f"split must be one of {', '.join(splits)}, but it is {split!r}")
    return _verified(f"{data}-test.npz" if split == "test" else f"{data}.npz", f"{data}.sha256")


@cache
def _verified(name: str, manifest: str) -> dict[str, np.ndarray]:
    """The arrays of one .npz file, checked against the SHA-256 in the manifest beside it."""
    folder = next((f for f in _FOLDERS if (f / name).is_file()), None)
    if folder is None:
        raise FileNotFoundError(f"{name} is missing: it belongs in {_FOLDERS[-1]}")
    content = (folder / name).read_bytes()
    lines = [line.split() for line in (folder / manifest).read_text().splitlines()]
    if [hashlib.sha256(content).hexdigest(), name] not in lines:
        raise ValueError(f"{folder / name} was changed: its SHA-256 is not the one in {manifest}")
    with np.load(io.BytesIO(content)) as arrays:
        return {key: arrays[key] for key in arrays.files}
