"""Builds photographs.npz from seven photographs that ship inside the scikit-image wheel.

An author runs it once; the results are committed. The split is by photograph: five give small crops
to train with, a large piece of each of two others serves to validate, so that no validation pixel
was ever seen beside a training pixel. Training crops keep luminance only; the validation
photographs keep their color.

    python data/build_photographs.py FOLDER   # holds skimage/data's PNG and JPEG files
    python data/build_photographs.py          # fetches the wheel with pip
"""

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import matplotlib.image
import numpy as np

DATA = Path(__file__).resolve().parent
NAME, MANIFEST = "photographs.npz", "photographs.sha256"
WHEEL = "scikit-image==0.26.0"
SIDE, CROPS = 64, 16  # pixels; crops of each training photograph
TRAIN = ("brick.png", "camera.png", "coffee.png", "gravel.png", "rocket.jpg")
VALIDATION = {  # name -> (file, top, left): where its 192x256 pixels begin
    "astronaut": ("astronaut.png", 0, 110),
    "cat": ("chelsea.png", 20, 90),
}
HEIGHT, WIDTH = 192, 256
SOURCES = {
    "astronaut.png": "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5",
    "brick.png": "7966caf324f6ba843118d98f7a07746d22f6a343430add0233eca5f6eaaa8fcf",
    "camera.png": "b0793d2adda0fa6ae899c03989482bff9a42d3d5690fc7e3648f2795d730c23a",
    "coffee.png": "cc02f8ca188b167c775a7101b5d767d1e71792cf762c33d6fa15a4599b5a8de7",
    "gravel.png": "c48615b451bf1e606fbd72c0aa9f8cc0f068ab7111ef7d93bb9b0f2586440c12",
    "chelsea.png": "596aa1e7cb875eb79f437e310381d26b338a81c2da23439704a73c4651e8c4bb",
    "rocket.jpg": "c2dd0de7c538df8d111e479619b129464d0269d0ae5fd18ca91d33a7fdfea95c",
}


def luminance(photograph: np.ndarray) -> np.ndarray:
    """Rec. 601 luma of (H, W, 3) bytes as (H, W) bytes; a gray photograph is returned as it is."""
    if photograph.ndim == 2:
        return photograph
    return np.rint(photograph[..., :3] @ [0.299, 0.587, 0.114]).astype("uint8")


def grid_crops(gray: np.ndarray) -> np.ndarray:
    """The CROPS squares of a regular grid that vary most, in reading order: (CROPS, SIDE, SIDE)."""
    rows, columns = (n // SIDE for n in gray.shape)
    grid = gray[: rows * SIDE, : columns * SIDE].reshape(rows, SIDE, columns, SIDE)
    squares = grid.transpose(0, 2, 1, 3).reshape(-1, SIDE, SIDE)
    chosen = np.sort(np.argsort(-squares.std(axis=(1, 2)), kind="stable")[:CROPS])
    return squares[chosen]


def read(folder: Path, name: str) -> np.ndarray:
    """One photograph as bytes, (H, W) or (H, W, 3).

    Raises:
        ValueError: It is not the file of the wheel.
    """
    if hashlib.sha256((folder / name).read_bytes()).hexdigest() != SOURCES[name]:
        raise ValueError(f"{folder / name} is not the file of {WHEEL}: its SHA-256 differs")
    pixels = matplotlib.image.imread(folder / name)
    return pixels if pixels.dtype == np.uint8 else np.rint(pixels * 255).astype("uint8")


def build(source: Path, target: Path) -> None:
    """Write the .npz file and its manifest."""
    crops = np.concatenate([grid_crops(luminance(read(source, name))) for name in TRAIN])
    arrays = {"train": crops}  # (80, 64, 64)
    for key, (name, top, left) in VALIDATION.items():
        arrays[key] = read(source, name)[top : top + HEIGHT, left : left + WIDTH, :3]
    np.savez_compressed(target / NAME, **arrays)
    line = f"{hashlib.sha256((target / NAME).read_bytes()).hexdigest()}  {NAME}\n"
    (target / MANIFEST).write_text(line)
    print(line, end="")


def fetch(folder: Path) -> Path:
    """Download the wheel and unpack its photographs; return their folder."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", WHEEL]
    subprocess.run([*command, "--dest", folder], check=True)
    (wheel,) = folder.glob("scikit_image-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [f"skimage/data/{name}" for name in SOURCES])
    return folder / "skimage/data"


def main() -> None:
    """Read the command line, then build into the folder of this script or `--target`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("source", type=Path, nargs="?", help="folder of the photographs")
    parser.add_argument("--target", type=Path, default=DATA, help="where to write the results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        build(arguments.source or fetch(Path(scratch)), arguments.target)


if __name__ == "__main__":
    main()
