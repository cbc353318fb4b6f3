"""Builds nuclei.npz and nuclei-test.npz from the two pictures inside the wheel of `stardist`.

An author runs it once; the results are committed. The microscope image of 512x512 pixels and its
hand-made mask, in which every nucleus has a number of its own, are cut into three strips of columns
with gaps between them, so that no nucleus reaches into two strips. The test strip goes to a file of
its own, which only hidden tests read. It needs `tifffile`, which the course does not.

    python data/build_nuclei.py WHEEL   # stardist-0.9.2-*.whl
    python data/build_nuclei.py         # fetches the wheel by pip
"""

import argparse
import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent
MANIFEST = "nuclei.sha256"
PACKAGE = "stardist==0.9.2"
SOURCES = {  # as they stand in the wheel
    "img2d.tif": "f9ccc1571b92c861ff87e28463068b43f61bd47357ed0503f711e5cd1eb97750",
    "mask2d.tif": "59ad5e820b7982ca9d13e946fa6e7f64e2714899e00a2ae6c69aa79aad53d46f",
}
STRIPS = {"train": (0, 320), "validation": (336, 400), "test": (432, 512)}  # columns


def read(wheel: Path) -> dict[str, np.ndarray]:
    """The two pictures of the wheel, (512, 512) unsigned bytes each.

    Raises:
        ValueError: A picture is not the one that this script was written for.
    """
    import tifffile

    pictures = {}
    with zipfile.ZipFile(wheel) as archive:
        for name, digest in SOURCES.items():
            content = archive.read(f"stardist/data/images/{name}")
            if hashlib.sha256(content).hexdigest() != digest:
                raise ValueError(f"{name} is another picture: its SHA-256 differs")
            picture = tifffile.imread(io.BytesIO(content))
            assert picture.shape == (512, 512) and 0 <= picture.min() <= picture.max() <= 255
            pictures[name] = picture.astype("uint8")
    return pictures


def strips(image: np.ndarray, mask: np.ndarray) -> dict[str, np.ndarray]:
    """Cut both pictures; no nucleus may reach into two strips.

    Args:
        image: (512, 512) brightness.
        mask: (512, 512), 0 for the background and a number for each nucleus.

    Returns:
        "<split>_image" and "<split>_mask" -> (512, width).
    """
    arrays, seen = {}, set()
    for split, (start, end) in STRIPS.items():
        arrays[f"{split}_image"], arrays[f"{split}_mask"] = image[:, start:end], mask[:, start:end]
        numbers = set(np.unique(mask[:, start:end]).tolist()) - {0}
        assert not numbers & seen, "a nucleus reaches into two strips"
        seen |= numbers
    return arrays


def build(wheel: Path, target: Path) -> None:
    """Write both .npz files and their manifest."""
    pictures = read(wheel)
    arrays = strips(pictures["img2d.tif"], pictures["mask2d.tif"])
    test = {key: arrays.pop(key) for key in ("test_image", "test_mask")}
    lines = []
    for name, content in [("nuclei.npz", arrays), ("nuclei-test.npz", test)]:
        np.savez_compressed(target / name, **content)
        lines.append(f"{hashlib.sha256((target / name).read_bytes()).hexdigest()}  {name}\n")
    (target / MANIFEST).write_text("".join(lines))
    print("".join(lines), end="")


def fetch(folder: Path) -> Path:
    """Download the wheel; return its path."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    subprocess.run([*command, "--dest", str(folder), PACKAGE], check=True)
    (wheel,) = folder.glob("stardist-*.whl")
    return wheel


def main() -> None:
    """Read the command line, then build into the folder of this script or `--target`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("wheel", type=Path, nargs="?", help="the wheel of stardist")
    parser.add_argument("--target", type=Path, default=DATA, help="where to write the results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        build(arguments.wheel or fetch(Path(scratch)), arguments.target)


if __name__ == "__main__":
    main()
