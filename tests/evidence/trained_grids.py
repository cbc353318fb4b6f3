"""Measures what training leaves of the grid: networks of notebook 04 that redraw photographs.

`python tests/evidence/trained_grids.py [SEEDS [NAME ...]]` takes about 3 minutes of one core for
each seed and writes `data/measurements-trained-grids.json`; with names of upsamplers it measures
only these and keeps what is stored of the others. The networks are alike but for their two
upsamplers by 2. Each is trained as in the notebook: on 80 crops of five photographs, batches of 8,
Adam with 2e-3, mean squared error. What is stored for each seed is measured on two other
photographs, before training and after 120, 400 and 1,000 steps.
"""

import os

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import itertools
import json
import sys
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from instruments import grid_scores
from stored import DATA, store
from upsamplers import equal_start

from autograder.lab import datasets

L = keras.layers
NAME = "trained-grids"
STEPS = (0, 120, 400, 1000)
SIDE = 32  # of the windows in which the grid is measured
SMOOTH = 0.03  # standard deviation of the original below which a window is smooth
ABOUT = """\
Networks that squeeze photographs to a sixteenth of their pixels (8 channels) and redraw them, alike
but for the decoder's two upsamplers by 2 (16 filters with ReLU, then 1 without activation). Each
list has one entry for each of `steps` training steps. mse: mean squared error on the photographs
"astronaut" and "cat", gray values from 0 to 1. score_2, score_4: grid_score of period 2 and 4, the
mean over 32x32 windows in which the original is smooth (standard deviation below 0.03; all of them
lie in the background of "astronaut"). levels: standard deviation of the error's means at the 16
positions i%4, j%4 of such a window, in gray levels of 1/255, the mean over the windows. original:
the scores of the photograph itself."""


def transposed(size: int, then: Callable | None = None, start: Any = "glorot_uniform") -> Callable:
    """A learned stamp of `size` x `size`, `then` a fixed filter."""

    def enlarge(x: Any, filters: int) -> Any:
        options = {"strides": 2, "padding": "same", "kernel_initializer": start}
        x = L.Conv2DTranspose(filters, size, **options)(x)
        return x if then is None else then(x)

    return enlarge


def resized(kind: str) -> Callable:
    """Enlarge by a fixed interpolation, then convolve."""

    def enlarge(x: Any, filters: int) -> Any:
        x = L.UpSampling2D(2, interpolation=kind)(x)
        return L.Conv2D(filters, 3, padding="same")(x)

    return enlarge


def sub_pixel(start: Any = "glorot_uniform") -> Callable:
    """Convolve to four times the channels, then deal them out."""

    def enlarge(x: Any, filters: int) -> Any:
        x = L.Conv2D(4 * filters, 3, padding="same", kernel_initializer=start)(x)
        return keras.ops.depth_to_space(x, 2)

    return enlarge


def tent(shape: tuple[int, ...], dtype: Any = None) -> Any:
    """`[1, 3, 3, 1]` in both directions, which sums to 1, for each channel."""
    row = np.array([1.0, 3.0, 3.0, 1.0]) / 8
    return keras.ops.cast(np.broadcast_to(np.outer(row, row)[..., None, None], shape), dtype)


def blur(x: Any) -> Any:
    """A fixed `[1, 3, 3, 1]` filter."""
    options = {"padding": "same", "use_bias": False, "trainable": False}
    return L.DepthwiseConv2D(4, depthwise_initializer=tent, **options)(x)


def bilinear_start(shape: tuple[int, ...], dtype: Any = None) -> Any:
    """A bilinear stamp for each pair of channels, with a random weight."""
    weights = keras.initializers.GlorotUniform()((2, 2, *shape[2:]))[:1, :1]
    return keras.ops.cast(4 * tent(shape, "float32") * weights, dtype)


def flat_start(shape: tuple[int, ...], dtype: Any = None) -> Any:
    """A random 4x4 stamp whose four phases hold the same four entries."""
    small = keras.initializers.GlorotUniform()((2, 2, *shape[2:])) / 2
    return keras.ops.cast(keras.ops.repeat(keras.ops.repeat(small, 2, 0), 2, 1), dtype)


UPSAMPLERS = {
    "transposed 3x3": transposed(3),
    "transposed 4x4": transposed(4),
    "transposed 4x4, flat start": transposed(4, start=flat_start),
    "transposed 4x4, bilinear start": transposed(4, start=bilinear_start),
    "sub-pixel 3x3": sub_pixel(),
    "sub-pixel 3x3, ICNR": sub_pixel(equal_start),
    "transposed 3x3 + 2x2 mean": transposed(3, L.AveragePooling2D(2, strides=1, padding="same")),
    "nearest + 3x3": resized("nearest"),
    "bilinear + 3x3": resized("bilinear"),
    "transposed 3x3 + [1, 3, 3, 1]": transposed(3, blur),
}


def network(enlarge: Callable, seed: int) -> keras.Model:
    """Two strided convolutions, 8 channels, and two upsamplers."""
    keras.utils.set_random_seed(seed)
    image = keras.Input((None, None, 1))
    x = L.Conv2D(16, 3, strides=2, padding="same", activation="relu")(image)
    x = L.Conv2D(32, 3, strides=2, padding="same", activation="relu")(x)
    x = L.Conv2D(8, 3, padding="same")(x)
    return keras.Model(image, enlarge(L.ReLU()(enlarge(x, 16)), 1))


def smooth_windows(image: np.ndarray) -> list[tuple[slice, slice]]:
    """Every window, 16 pixels apart, in which the original hardly varies."""
    rows, columns = (range(16, n - SIDE - 8, 16) for n in image.shape)
    windows = [np.s_[r : r + SIDE, c : c + SIDE] for r in rows for c in columns]
    return [window for window in windows if image[window].std() < SMOOTH]


def scores(image: np.ndarray, windows: list) -> list[float]:
    """The mean over the windows, for the periods 2 and 4."""
    parts = np.stack([image[window] for window in windows])[..., None]
    return [float(np.mean(grid_scores(parts, period))) for period in (2, 4)]


def measured(model: keras.Model, photographs: list[np.ndarray]) -> dict[str, float]:
    """Error, scores and gray levels; see `ABOUT`."""
    errors, found, levels = [], [], []
    for photograph in photographs:
        drawn = np.asarray(model(photograph[None, ..., None]))[0, ..., 0]
        error, windows = drawn - photograph, smooth_windows(photograph)
        errors.append(np.mean(error**2))
        if windows:
            found.append(scores(drawn, windows))
            shape = (SIDE // 4, 4, SIDE // 4, 4)
            levels += [error[w].reshape(shape).mean(axis=(0, 2)).std() * 255 for w in windows]
    two, four = np.mean(found, axis=0)
    values = {"mse": np.mean(errors), "score_2": two, "score_4": four, "levels": np.mean(levels)}
    return {name: float(f"{value:.4g}") for name, value in values.items()}


def run(enlarge: Callable, seed: int, photographs: list[np.ndarray]) -> dict[str, list[float]]:
    """One training, measured after each of `STEPS`."""
    crops = datasets.photographs("train")
    model = network(enlarge, seed)
    model.compile(keras.optimizers.Adam(2e-3), loss="mse")
    values = [measured(model, photographs)]
    for before, after in itertools.pairwise(STEPS):
        model.fit(crops, crops, batch_size=8, epochs=(after - before) // 10, verbose=0)
        values.append(measured(model, photographs))
    return {name: [value[name] for value in values] for name in values[0]}


def main(seeds: int = 4, *names: str) -> None:
    """Train every upsampler, or those named, from each seed."""
    weights = np.array([0.299, 0.587, 0.114], "float32")
    photographs = [image @ weights for image in datasets.photographs("validation").values()]
    own = [scores(image, smooth_windows(image)) for image in photographs if smooth_windows(image)]
    original = dict(zip(("score_2", "score_4"), np.mean(own, axis=0).tolist(), strict=True))
    path = DATA / f"measurements-{NAME}.json"
    runs = json.loads(path.read_text())["runs"] if names else {}
    for name in names or UPSAMPLERS:
        runs[name] = [run(UPSAMPLERS[name], seed, photographs) for seed in range(seeds)]
        last = np.array([[one["mse"][-1], one["score_4"][-1]] for one in runs[name]])
        print(f"{name:32} mse {last[:, 0].mean():.5f} score {last[:, 1].mean():.3f}", flush=True)
        known = {"steps": list(STEPS), "original": original, "runs": runs}
        store(NAME, ABOUT, "tests/evidence/trained_grids.py", list(range(seeds)), **known)


if __name__ == "__main__":
    main(*[int(argument) for argument in sys.argv[1:2]], *sys.argv[2:])
