"""Measures which upsampler when: decoders of notebook 02, alike but for their two upsamplers.

`python tests/evidence/upsamplers.py [SEEDS [NAME ...]]` takes about 15 minutes of one core for ten
seeds and writes `data/measurements-upsamplers.json`; with names of upsamplers it measures only
these and keeps what is stored of the others. Each autoencoder is the notebook's own: 16 latent
numbers, Adam with 2e-3, mean squared error, three epochs on 8,000 images. What it stores for each
seed is measured on the 1,000 validation images before training and after each epoch.

`python tests/evidence/upsamplers.py longer` trains four of them with four seeds for 15 epochs, in
about 10 minutes, and writes `data/measurements-upsamplers-longer.json`.
"""

import os

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import sys
import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from stored import store

from autograder.lab import datasets

L = keras.layers
EPOCHS = 3
LONGER = ("transposed 3x3", "transposed 4x4", "transposed 4x4, bilinear start", "nearest + 3x3")
BASE = "transposed 3x3"  # costs are ratios to this one's
ABOUT = """\
Autoencoders of Fashion-MNIST, alike but for the decoder's two upsamplers by 2 (32, then 16 filters,
ReLU). mse: mean squared error on 1,000 validation images, before training and after each epoch.
phases: the same error at each of the 4x4 positions i%4, j%4 (two doublings have period 4), before
training and after the last epoch. spread_2, spread_4: largest over smallest of the errors at the 4
or 16 positions. signed_2, signed_4: standard deviation of the mean signed error at these positions
over the root mean square error. drawn_2, drawn_4: standard deviation of the drawings' means at
these positions over that of their pixels. grid_errors, grid_drawn: power of the errors and of the
drawings at the frequencies of a grid of period 2 or 4, over the power at the frequencies beside
them; 1 is no grid. baselines: the same for the mean training image as the answer to everything,
and for drawings that are the images. multiply_adds: of the two upsamplers, for one image, without
interpolation. activations: bytes of the decoder's layer outputs for one image in
float32, all of them, and the largest input with its output. seconds_training, seconds_decoding: CPU
time on one core of an epoch of the autoencoder, and of the decoder alone, over that of the 3x3
transposed convolution; medians of seven rounds."""


def transposed(size: int, **options: Any) -> Callable:
    """A learned stamp of `size` x `size`."""

    def enlarge(x: Any, filters: int) -> Any:
        return L.Conv2DTranspose(
            filters, size, strides=2, padding="same", activation="relu", **options
        )(x)

    return enlarge


def resized(kind: str) -> Callable:
    """Enlarge by a fixed interpolation, then convolve."""

    def enlarge(x: Any, filters: int) -> Any:
        x = L.UpSampling2D(2, interpolation=kind)(x)
        return L.Conv2D(filters, 3, padding="same", activation="relu")(x)

    return enlarge


def sub_pixel(initializer: Any = "glorot_uniform") -> Callable:
    """Convolve to four times the channels, then deal them out."""

    def enlarge(x: Any, filters: int) -> Any:
        options = {"padding": "same", "activation": "relu", "kernel_initializer": initializer}
        x = L.Conv2D(4 * filters, 3, **options)(x)
        return keras.ops.depth_to_space(x, 2)

    return enlarge


def bilinear_start(shape: tuple[int, ...], dtype: Any = None) -> Any:
    """A bilinear stamp for each pair of channels, with a random weight: phase sums are equal."""
    row = np.array([1.0, 3.0, 3.0, 1.0]) / 4
    weights = keras.initializers.GlorotUniform()((2, 2, *shape[2:]))[:1, :1]
    return keras.ops.cast(np.outer(row, row)[..., None, None] * np.asarray(weights), dtype)


def equal_start(shape: tuple[int, ...], dtype: Any = None) -> Any:
    """ICNR: four equal sub-kernels, tiled over the last axis as TensorFlow deals them out."""
    return keras.ops.tile(
        keras.initializers.GlorotUniform()((*shape[:3], shape[3] // 4), dtype), (1, 1, 1, 4)
    )


def corrected_start(size: int) -> Any:
    """The deviation that keeps the variance through ReLU, for the 32 channels of both layers."""
    return keras.initializers.RandomNormal(stddev=2 * np.sqrt(2 / (size * size * 32)))


UPSAMPLERS = {
    "transposed 2x2": transposed(2),
    "transposed 3x3": transposed(3),
    "transposed 4x4": transposed(4),
    "transposed 5x5": transposed(5),
    "transposed 4x4, bilinear start": transposed(4, kernel_initializer=bilinear_start),
    "transposed 3x3, corrected start": transposed(3, kernel_initializer=corrected_start(3)),
    "transposed 4x4, corrected start": transposed(4, kernel_initializer=corrected_start(4)),
    "nearest + 3x3": resized("nearest"),
    "bilinear + 3x3": resized("bilinear"),
    "sub-pixel 3x3": sub_pixel(),
    "sub-pixel 3x3, ICNR": sub_pixel(equal_start),
}


def autoencoder(enlarge: Callable, seed: int) -> keras.Model:
    """Notebook 02's encoder and a decoder with these upsamplers; its weights depend on the seed."""
    keras.utils.set_random_seed(seed)
    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            L.Conv2D(16, 3, strides=2, padding="same", activation="relu"),  # (14, 14, 16)
            L.Conv2D(32, 3, strides=2, padding="same", activation="relu"),  # (7, 7, 32)
            L.Flatten(),  # (1568,)
            L.Dense(16),  # (16,)
        ]
    )
    latent = keras.Input((16,))
    x = L.Reshape((7, 7, 32))(L.Dense(7 * 7 * 32, activation="relu")(latent))
    x = enlarge(enlarge(x, 32), 16)  # (28, 28, 16)
    drawn = L.Conv2D(1, 3, padding="same", activation="sigmoid")(x)  # (28, 28, 1)
    model = keras.Sequential([encoder, keras.Model(latent, drawn)])
    model.compile(keras.optimizers.Adam(2e-3), loss="mse")
    return model


# ------------------------------------------------------------------------------------ measures
def by_phase(values: np.ndarray, period: int) -> np.ndarray:
    """(28, 28) -> (period, period), the mean at each position of a block."""
    side = len(values) // period
    return values.reshape(side, period, side, period).mean((0, 2))


def grid_power(images: np.ndarray) -> float:
    """Mean power at frequencies of a grid of period 2 or 4, over that at their neighbors."""
    power = np.mean(np.abs(np.fft.fft2(images)) ** 2, axis=0)  # (28, 28)
    ratios = []
    for u, v in np.ndindex(4, 4):
        row, column = 7 * u, 7 * v
        around = [power[(row + d) % 28, column] for d in (-1, 1) if u]
        around += [power[row, (column + d) % 28] for d in (-1, 1) if v]
        if around:
            ratios.append(np.log(power[row, column]) - np.mean(np.log(around)))
    return float(np.exp(np.mean(ratios)))


def measures(drawn: np.ndarray, images: np.ndarray) -> dict[str, Any]:
    """What (N, 28, 28, 1) drawings of as many images, and their errors, look like."""
    drawn, images = drawn[..., 0].astype("float64"), images[..., 0].astype("float64")
    errors = drawn - images
    squared, signed = np.mean(errors**2, axis=0), np.mean(errors, axis=0)  # (28, 28)
    found: dict[str, Any] = {"mse": squared.mean(), "phases": by_phase(squared, 4)}
    for period in (2, 4):
        at = by_phase(squared, period)
        found[f"spread_{period}"] = at.max() / at.min()
        found[f"signed_{period}"] = by_phase(signed, period).std() / np.sqrt(squared.mean())
        found[f"drawn_{period}"] = by_phase(drawn.mean(axis=0), period).std() / drawn.std()
    return found | {"grid_errors": grid_power(errors), "grid_drawn": grid_power(drawn)}


def trained(enlarge: Callable, seed: int, images: np.ndarray, unseen: np.ndarray) -> dict[str, Any]:
    """The measures before training and after each epoch, as lists of four."""
    model = autoencoder(enlarge, seed)
    states = [measures(model.predict(unseen, verbose=0), unseen)]
    for _ in range(EPOCHS):
        model.fit(images, images, verbose=0)
        states.append(measures(model.predict(unseen, verbose=0), unseen))
    row: dict[str, Any] = {"seed": seed}
    for key in states[0]:
        if key == "phases":
            row[key] = [np.round(states[n][key], 5).tolist() for n in (0, EPOCHS)]
        else:
            row[key] = [round(float(state[key]), 5) for state in states]
    return row


# --------------------------------------------------------------------------------------- costs
def counted(model: keras.Model) -> dict[str, Any]:
    """Parameters, multiply-adds and bytes that follow from the decoder's shapes."""
    decoder = model.layers[1]
    multiply_adds, sides = 0, []
    for layer in decoder.layers[1:]:
        given, made = (int(np.prod(t.shape[1:])) for t in (layer.input, layer.output))
        sides.append((given, made))
        if isinstance(layer, L.Conv2DTranspose | L.Conv2D) and layer is not decoder.layers[-1]:
            places = layer.input if isinstance(layer, L.Conv2DTranspose) else layer.output
            multiply_adds += int(np.prod(places.shape[1:3]) * np.prod(layer.kernel.shape))
    return {
        "parameters": decoder.count_params(),
        "multiply_adds": multiply_adds,
        "activations": {
            "sum": 4 * sum(made for _, made in sides),
            "largest_pair": 4 * max(given + made for given, made in sides),
        },
    }


def timed(
    upsamplers: dict[str, Callable], images: np.ndarray, rounds: int = 7
) -> dict[str, dict[str, float]]:
    """CPU time of training and of decoding, over that of the base, in rounds one after another."""
    upsamplers = upsamplers | {BASE: UPSAMPLERS[BASE]}
    models = {name: autoencoder(enlarge, 0) for name, enlarge in upsamplers.items()}
    latent = np.random.default_rng(0).normal(size=(2000, 16)).astype("float32")
    jobs = {
        "seconds_training": lambda model: model.fit(images[:1600], images[:1600], verbose=0),
        "seconds_decoding": lambda model: model.layers[1].predict(latent, verbose=0),
    }
    seconds: dict = {job: {name: [] for name in models} for job in jobs}
    for turn in range(rounds + 1):
        for name, model in models.items():
            for job, run in jobs.items():
                start = time.process_time()
                run(model)
                if turn:  # the first one traces
                    seconds[job][name].append(time.process_time() - start)
    return {
        name: {
            job: round(float(np.median(np.divide(spent[name], spent[BASE]))), 2)
            for job, spent in seconds.items()
        }
        for name in models
    }


def main(seeds: list[int], names: list[str]) -> None:
    chosen = {name: UPSAMPLERS[name] for name in names or UPSAMPLERS}
    images, _ = datasets.fashion_mnist("train")
    unseen, _ = datasets.fashion_mnist("validation")
    mean = measures(np.broadcast_to(images.mean(axis=0), unseen.shape), unseen)
    perfect = measures(unseen, np.zeros_like(unseen))
    baselines = {
        "mean image": {key: np.round(value, 5).tolist() for key, value in mean.items()},
        "images": {key: round(perfect[key], 5) for key in ("drawn_2", "drawn_4", "grid_drawn")},
    }
    costs = timed(chosen, images)
    found = datasets.measurements("upsamplers")["upsamplers"] if names else {}
    for name, enlarge in chosen.items():
        found[name] = counted(autoencoder(enlarge, 0)) | costs[name] | {"runs": []}
    for seed in seeds:
        for name, enlarge in chosen.items():
            row = trained(enlarge, seed, images, unseen)
            found[name]["runs"].append(row)
            print(seed, f"{name:32}", row["mse"], row["grid_errors"], row["grid_drawn"], flush=True)
    script, about = "tests/evidence/upsamplers.py", " ".join(ABOUT.split())
    ordered = {name: found[name] for name in UPSAMPLERS if name in found}
    print(store("upsamplers", about, script, seeds, baselines=baselines, upsamplers=ordered))


def longer(epochs: int = 15, seeds: tuple[int, ...] = (0, 1, 2, 3)) -> None:
    """The validation error alone, over more epochs."""
    images, _ = datasets.fashion_mnist("train")
    unseen, _ = datasets.fashion_mnist("validation")
    found: dict[str, list] = {name: [] for name in LONGER}
    for seed in seeds:
        for name, errors in found.items():
            model = autoencoder(UPSAMPLERS[name], seed)
            fitted = model.fit(
                images, images, epochs=epochs, validation_data=(unseen, unseen), verbose=0
            )
            errors.append(np.round(fitted.history["val_loss"], 5).tolist())
            print(seed, name, errors[-1], flush=True)
    about = "Mean squared validation error after each epoch, a list for each seed; see upsamplers."
    script = "tests/evidence/upsamplers.py"
    print(store("upsamplers-longer", about, script, list(seeds), mse=found))


if __name__ == "__main__" and sys.argv[1:] == ["longer"]:
    longer()
elif __name__ == "__main__":
    main(list(range(int(sys.argv[1]) if len(sys.argv) > 1 else 10)), sys.argv[2:])
