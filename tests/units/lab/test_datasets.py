"""The course's images: their shapes, their splits, and what happens when a file is not right."""

import gzip
import importlib.util
import shutil
from pathlib import Path

import numpy as np
import pytest

from autograder.lab import datasets

DATA = Path(__file__).parents[3] / "data"
FILES = ("fashion-mnist.npz", "fashion-mnist-test.npz", "fashion-mnist.sha256")


def load_build_script():
    spec = importlib.util.spec_from_file_location("build", DATA / "build_fashion_mnist.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


build = load_build_script()


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of the data that a test may damage."""
    for name in FILES:
        shutil.copy(DATA / name, tmp_path)
    monkeypatch.setattr(datasets, "_FOLDERS", (tmp_path,))
    datasets._verified.cache_clear()
    yield tmp_path
    datasets._verified.cache_clear()


@pytest.mark.parametrize(
    ("split", "count"), [("train", 8000), ("validation", 1000), ("test", 1000)]
)
def test_a_split_holds_images_in_0_1_and_as_many_of_each_class(split, count):
    images, labels = datasets.fashion_mnist(split)
    assert images.shape == (count, 28, 28, 1) and images.dtype == np.float32
    assert images.min() == 0 and images.max() == 1
    assert labels.shape == (count,) and labels.dtype == np.int64
    assert np.bincount(labels).tolist() == [count // 10] * 10


def test_no_image_of_the_test_split_is_one_of_the_others():
    seen = {i.tobytes() for s in ("train", "validation") for i in datasets.fashion_mnist(s)[0]}
    assert not seen & {image.tobytes() for image in datasets.fashion_mnist("test")[0]}


def test_the_file_for_students_does_not_hold_the_test_split():
    with np.load(DATA / "fashion-mnist.npz") as arrays:
        assert not [name for name in arrays.files if name.startswith("test")]


def test_each_call_gives_arrays_of_its_own():
    datasets.fashion_mnist("validation")[0][:] = 7
    assert datasets.fashion_mnist("validation")[0].max() == 1


def test_a_split_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(ValueError, match="split must be one of train, validation, test"):
        datasets.fashion_mnist("tests")


def test_a_changed_file_is_refused(copy):
    content = bytearray((copy / "fashion-mnist-test.npz").read_bytes())
    content[5000] ^= 1
    (copy / "fashion-mnist-test.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"fashion-mnist-test\.npz was changed"):
        datasets.fashion_mnist("test")
    assert len(datasets.fashion_mnist("train")[0]) == 8000


def test_a_missing_test_file_leaves_the_other_splits(copy):
    (copy / "fashion-mnist-test.npz").unlink()
    with pytest.raises(FileNotFoundError, match=r"fashion-mnist-test\.npz is missing"):
        datasets.fashion_mnist("test")
    assert len(datasets.fashion_mnist("validation")[0]) == 1000


def test_licenses_name_every_file_and_every_checksum():
    text = (DATA / "LICENSES.md").read_text()
    for path in DATA.iterdir():
        if path.is_file() and path.name != "LICENSES.md":
            assert f"`{path.name}`" in text, path.name
    for line in (DATA / "fashion-mnist.sha256").read_text().splitlines():
        assert line in text


def test_an_idx_file_is_decoded():
    raw = bytes([0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3]) + bytes(range(6))
    assert build.read_idx(gzip.compress(raw)).tolist() == [[0, 1, 2], [3, 4, 5]]
    with pytest.raises(ValueError, match="not an IDX file"):
        build.read_idx(gzip.compress(bytes([0, 0, 13, 1, 0, 0, 0, 0])))


def test_the_same_labels_are_always_split_the_same_way_and_completely():
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(10), 1000))
    first, second = build.split_indices(labels), build.split_indices(labels)
    assert all(np.array_equal(first[name], second[name]) for name in build.PER_CLASS)
    assert sorted(np.concatenate(list(first.values()))) == list(range(10000))


def test_a_source_that_is_not_the_official_one_is_refused(tmp_path):
    for name in build.SOURCES:
        (tmp_path / name).write_bytes(b"something else")
    with pytest.raises(ValueError, match="not the official file"):
        build.build(tmp_path, tmp_path)


# ------------------------------------------------------------------------------ photographs
def test_photographs_to_train_with_are_gray_crops():
    crops = datasets.photographs("train")
    assert crops.shape == (80, 64, 64, 1) and crops.dtype == np.float32
    assert crops.min() >= 0 and crops.max() <= 1 and crops.std() > 0.1


def test_photographs_to_validate_with_are_in_color():
    photographs = datasets.photographs("validation")
    assert list(photographs) == ["astronaut", "cat"]
    for photograph in photographs.values():
        assert photograph.shape == (192, 256, 3) and photograph.dtype == np.float32
        assert photograph.min() >= 0 and photograph.max() <= 1
        assert np.abs(photograph[..., 0] - photograph[..., 2]).mean() > 0.02


def test_a_split_of_photographs_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="split must be one of train, validation"):
        datasets.photographs("test")


def test_each_call_gives_photographs_of_its_own():
    datasets.photographs("validation")["cat"][:] = 7
    assert datasets.photographs("validation")["cat"].max() <= 1


def test_a_missing_or_changed_file_of_photographs_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "_FOLDERS", (tmp_path,))
    datasets._verified.cache_clear()
    with pytest.raises(FileNotFoundError, match=r"photographs\.npz is missing"):
        datasets.photographs()
    shutil.copy(DATA / "photographs.sha256", tmp_path)
    (tmp_path / "photographs.npz").write_bytes(b"something else")
    with pytest.raises(ValueError, match=r"photographs\.npz was changed"):
        datasets.photographs()
    datasets._verified.cache_clear()


def test_the_luminance_of_a_gray_photograph_is_itself_and_squares_are_those_that_vary():
    spec = importlib.util.spec_from_file_location("photos", DATA / "build_photographs.py")
    photos = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(photos)
    gray = np.zeros((128, 64 * 9), "uint8")
    gray[5, 70] = gray[100, 300] = 200
    assert photos.luminance(gray) is gray
    assert photos.luminance(np.full((2, 2, 3), 77, "uint8")).tolist() == [[77, 77], [77, 77]]
    squares = photos.grid_crops(gray)
    assert squares.shape == (photos.CROPS, 64, 64)
    assert (squares.max(axis=(1, 2)) == 200).sum() == 2


@pytest.mark.parametrize(("split", "count"), [("train", 135), ("validation", 8), ("test", 16)])
def test_nuclei_come_with_binary_masks(split, count):
    images, masks = datasets.nuclei(split)
    assert images.shape == masks.shape == (count, 64, 64, 1)
    assert images.dtype == np.float32 and 0 <= images.min() <= images.max() <= 1
    assert masks.dtype == np.int64 and np.unique(masks).tolist() == [0, 1]


def test_no_nucleus_is_in_two_splits():
    splits = ("train", "validation", "test")
    numbers = [set(np.unique(datasets.nuclei(s, instances=True)[1])) - {0} for s in splits]
    assert all(numbers)
    assert not (numbers[0] & numbers[1] or numbers[0] & numbers[2] or numbers[1] & numbers[2])


def test_the_students_file_of_nuclei_does_not_hold_the_test_strip():
    arrays = datasets._verified("nuclei.npz", "nuclei.sha256")
    assert not [name for name in arrays if name.startswith("test")]


def test_fashion_scenes_are_the_same_for_the_same_seed_and_differ_otherwise():
    first, masks = datasets.fashion_scenes("validation", 5, 1)
    again, _ = datasets.fashion_scenes("validation", 5, 1)
    other, _ = datasets.fashion_scenes("validation", 5, 2)
    assert first.shape == masks.shape == (5, 48, 48, 1)
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert masks.dtype == np.int64 and masks.max() < len(datasets.SCENE_CLASSES)


@pytest.mark.parametrize(("split", "width"), [("train", 320), ("validation", 64), ("test", 80)])
def test_a_strip_of_nuclei_is_what_its_crops_are_cut_from(split, width):
    for instances in (False, True):
        strips = datasets.nuclei_strip(split, instances=instances)
        crops = datasets.nuclei(split, instances=instances)
        for strip, cut in zip(strips, crops, strict=True):
            assert strip.shape == (512, width, 1) and strip.dtype == cut.dtype
            assert np.array_equal(strip[:64, :64], cut[0])
            assert np.array_equal(strip[-64:, -64:], cut[-1])


def test_striped_garments_are_the_same_for_the_same_seed_and_differ_otherwise():
    first, masks = datasets.striped_garments("validation", 5, 1)
    again, _ = datasets.striped_garments("validation", 5, 1)
    other, _ = datasets.striped_garments("validation", 5, 2)
    assert first.shape == masks.shape == (5, 32, 32, 1)
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert first.dtype == np.float32 and -1 <= first.min() <= first.max() <= 1
    assert masks.dtype == np.int64 and np.unique(masks).tolist() == [0, 1]


def test_no_threshold_finds_a_striped_garment_but_the_direction_of_its_stripes_does():
    images, masks = datasets.striped_garments("train", 100)
    garment = masks[..., 0] == 1
    local_mean = np.mean([np.roll(images, step, axis=(1, 2)) for step in np.ndindex(5, 5)], axis=0)
    for brightness in (images, images - local_mean, abs(images - local_mean)):
        shares = [
            garment[brightness[..., 0] > level].mean()
            for level in np.quantile(brightness, [0, 0.25, 0.5, 0.75, 0.95])
        ]
        assert np.ptp(shares) < 0.1
    down, right = (abs(np.diff(images[..., 0], axis=axis)) for axis in (1, 2))
    upright = right[:, 1:] > down[..., 1:]
    assert np.mean(upright == garment[:, 1:, 1:]) > 0.85


@pytest.mark.parametrize(
    "load",
    [datasets.nuclei, datasets.nuclei_strip, datasets.fashion_scenes, datasets.striped_garments],
)
def test_a_split_of_masks_that_does_not_exist_is_refused(load):
    with pytest.raises(ValueError, match="split must be one of train, validation, test"):
        load("tests")


# ----------------------------------------------------------------------------- measurements
@pytest.mark.parametrize("path", sorted(DATA.glob("measurements-*.json")), ids=lambda p: p.stem)
def test_measurements_say_how_they_were_made(path):
    found = datasets.measurements(path.stem.removeprefix("measurements-"))
    assert set(found["versions"]) == {"python", "tensorflow", "keras", "numpy"}
    assert (DATA.parent / found["script"]).is_file()
    assert len(found["about"]) > 40 and found["seeds"] and found["date"] > "2025"
    assert path.stat().st_size < 150_000


def test_upsamplers_were_measured_with_the_same_seeds():
    found = datasets.measurements("upsamplers")
    for upsampler in found["upsamplers"].values():
        assert [run["seed"] for run in upsampler["runs"]] == found["seeds"]
        for run in upsampler["runs"]:
            assert len(run["mse"]) == 4 and run["mse"][0] > run["mse"][-1]
            assert np.shape(run["phases"]) == (2, 4, 4)


def test_each_call_gives_measurements_of_its_own():
    datasets.measurements("upsamplers").clear()
    assert datasets.measurements("upsamplers")


def test_measurements_of_an_unknown_name_are_refused_with_those_that_exist():
    with pytest.raises(ValueError, match=r"name must be one of .*upsamplers.*, but it is 'x'"):
        datasets.measurements("x")
