"""Builds fashion-mnist.npz and fashion-mnist-test.npz from the official IDX files.

An author runs it once; the results are committed. The official 10,000-image test split of
Fashion-MNIST is split again, class by class and with a fixed seed, into 8,000 training, 1,000
validation and 1,000 test images. The test images go to a file of their own, which only hidden tests
read. The same input always gives the same images, labels and order.

    python data/build_fashion_mnist.py FOLDER   # holds t10k-images-idx3-ubyte.gz and the labels
    python data/build_fashion_mnist.py          # fetches Debian's package dataset-fashion-mnist
"""

import argparse
import gzip
import hashlib
import subprocess
import tempfile
from pathlib import Path

import numpy as np

DATA = Path(__file__).resolve().parent
MANIFEST = "fashion-mnist.sha256"
PACKAGE = "dataset-fashion-mnist"
IMAGES, LABELS = "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"
SOURCES = {  # the official files, as Zalando Research published them
    IMAGES: "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa",
    LABELS: "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05",
}
SEED = 2017
PER_CLASS = {"train": 800, "validation": 100, "test": 100}


def read_idx(compressed: bytes) -> np.ndarray:
    """Decode a gzipped IDX file of unsigned bytes (its format: yann.lecun.com/exdb/mnist)."""
    raw = gzip.decompress(compressed)
    zeros, kind, rank = int.from_bytes(raw[:2], "big"), raw[2], raw[3]
    if zeros or kind != 8:
        raise ValueError("not an IDX file of unsigned bytes")
    shape = np.frombuffer(raw, ">i4", rank, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * rank).reshape(shape)


def split_indices(labels: np.ndarray) -> dict[str, np.ndarray]:
    """Deal the images of each class out to the three splits, then shuffle each split.

    Args:
        labels: (10000,) integers, 1,000 of each of the 10 classes.

    Returns:
        Split name -> indices; disjoint, and together all of them.
    """
    generator = np.random.default_rng(SEED)
    cuts = np.cumsum(list(PER_CLASS.values()))[:-1]
    classes = [
        np.split(generator.permutation(np.flatnonzero(labels == c)), cuts)
        for c in np.unique(labels)
    ]
    return {
        name: generator.permutation(np.concatenate(parts))
        for name, parts in zip(PER_CLASS, zip(*classes, strict=True), strict=True)
    }


def build(source: Path, target: Path) -> None:
    """Write both .npz files and their manifest.

    Raises:
        ValueError: A source file is not the official one.
    """
    for name, digest in SOURCES.items():
        if hashlib.sha256((source / name).read_bytes()).hexdigest() != digest:
            raise ValueError(f"{source / name} is not the official file: its SHA-256 differs")
    images = read_idx((source / IMAGES).read_bytes())  # (10000, 28, 28)
    labels = read_idx((source / LABELS).read_bytes())  # (10000,)
    arrays = {}
    for name, index in split_indices(labels).items():
        arrays[f"{name}_images"], arrays[f"{name}_labels"] = images[index], labels[index]
    test = {key: arrays.pop(key) for key in ("test_images", "test_labels")}
    lines = []
    for name, content in [("fashion-mnist.npz", arrays), ("fashion-mnist-test.npz", test)]:
        np.savez_compressed(target / name, **content)
        lines.append(f"{hashlib.sha256((target / name).read_bytes()).hexdigest()}  {name}\n")
    (target / MANIFEST).write_text("".join(lines))
    print("".join(lines), end="")


def fetch(folder: Path) -> Path:
    """Download and unpack Debian's package; return the folder of its IDX files."""
    subprocess.run(["apt-get", "download", PACKAGE], cwd=folder, check=True)
    (package,) = folder.glob(f"{PACKAGE}_*.deb")
    subprocess.run(["dpkg-deb", "-x", package.name, "."], cwd=folder, check=True)
    return folder / "usr/share/datasets/fashion-mnist"


def main() -> None:
    """Read the command line, then build into the folder of this script or `--target`."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("source", type=Path, nargs="?", help="folder of the two IDX files")
    parser.add_argument("--target", type=Path, default=DATA, help="where to write the results")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        build(arguments.source or fetch(Path(scratch)), arguments.target)


if __name__ == "__main__":
    main()
