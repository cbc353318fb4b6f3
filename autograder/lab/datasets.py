"""The course's data sets, as arrays; notebooks, checks and hidden tests call it.

The files are small, travel with the package and are verified before use: nothing is downloaded
unless a notebook asks for a full official set.
"""

import hashlib
import io
from functools import cache
from pathlib import Path

import keras
import numpy as np

# An installed package carries its data inside; a checkout keeps it in the folder `data`.
_FOLDERS = (Path(__file__).parent / "_data", Path(__file__).parents[2] / "data")
_FASHION_FILES = {
    "train": "fashion-mnist.npz",
    "validation": "fashion-mnist.npz",
    "test": "fashion-mnist-test.npz",
}


def fashion_mnist(split: str = "train", *, full: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Pictures of clothes, 28x28 pixels in 10 classes (Xiao, Rasul and Vollgraf 2017).

    What travels with the course is the official test split of 10,000 images, split again class by
    class: "train" 8,000, "validation" 1,000, "test" 1,000. Hidden tests judge with "test"; your
    own experiments have "validation".

    Args:
        split: "train", "validation" or "test".
        full: Download the official set through Keras instead: "train" has 60,000 images, none of
            them among the course's own, and "test" has 10,000; there is no "validation".

    Returns:
        Images, float32 in [0, 1] of shape (N, 28, 28, 1), and labels, int64 of shape (N,).

    Raises:
        ValueError: There is no such split, or a file of the course was changed.
        FileNotFoundError: A file of the course is missing.
        ConnectionError: `full=True` without a network.
    """
    splits = ("train", "test") if full else tuple(_FASHION_FILES)
    if split not in splits:
        raise ValueError(f"split must be one of {', '.join(splits)}, but it is {split!r}")
    if full:
        images, labels = _full_fashion_mnist(split)
    else:
        arrays = _verified(_FASHION_FILES[split], "fashion-mnist.sha256")
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
    if split not in ("train", "validation"):
        raise ValueError(f"split must be one of train, validation, but it is {split!r}")
    scaled = {
        name: pixels.astype("float32") / np.float32(255)
        for name, pixels in _verified("photographs.npz", "photographs.sha256").items()
    }
    train = scaled.pop("train")[..., None]
    return train if split == "train" else scaled


def _full_fashion_mnist(split: str) -> tuple[np.ndarray, np.ndarray]:
    try:
        train, test = keras.datasets.fashion_mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception where a download fails
        raise ConnectionError(
            "The full Fashion-MNIST is downloaded on first use, and the download failed. "
            f'Without a network use the images of the course: fashion_mnist("{split}").'
        ) from error
    return train if split == "train" else test


@cache
def _verified(name: str, manifest: str) -> dict[str, np.ndarray]:
    """The arrays of one .npz file whose SHA-256 stands in the manifest beside it."""
    folder = next((f for f in _FOLDERS if (f / name).is_file()), None)
    if folder is None:
        raise FileNotFoundError(f"{name} is missing: it belongs in {_FOLDERS[-1]}")
    content = (folder / name).read_bytes()
    known = dict(reversed(line.split()) for line in (folder / manifest).read_text().splitlines())
    if hashlib.sha256(content).hexdigest() != known.get(name):
        raise ValueError(f"{folder / name} was changed: its SHA-256 is not the one in {manifest}")
    with np.load(io.BytesIO(content)) as arrays:
        return {key: arrays[key] for key in arrays.files}
