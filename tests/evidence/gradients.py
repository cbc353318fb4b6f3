"""Measures the period that strided layers print into gradients, and what its cure costs.

`python tests/evidence/gradients.py` takes about 10 minutes of one core and writes
`data/measurements-gradients.json`.
"""

import os

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import time
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from stored import store

from autograder.lab import datasets

L = keras.layers
SEEDS = range(5)
ABOUT = """\
depth: two layers of each kind (16 channels, ReLU, random weights) and a random linear read-out;
standard deviation of the 16 phase means of the mean absolute gradient at period 4, over their mean,
16 pixels away from the border; 80 inputs of 64x64 pixels, normal noise or photographs; a list over
the seeds. energies: one strided layer with 16 random kernels on noise: correlation over phases,
kernel sizes and seeds of the mean absolute gradient with the root of the phase's energy (sum of
squares of its taps over all kernels), and with the number of its taps, each over its mean over the
phases; spread: root mean square relative difference of gradient and root energy. What arrives from
above is `noise`, or `one vector`: a random linear read-out of the means of the channels.
classifiers: Fashion-MNIST, two stages of 16 and 32 channels and a dense layer, 8,000 images:
accuracy on 1,000 validation images after 2 epochs, for each seed; multiply_adds of the two
convolutions for one image; seconds: CPU time of the second epoch; depth of the trained network on
validation images (28x28, 8 pixels away from the border)."""


# ---------------------------------------------------------------------------------------- layers
def strided(size: int) -> Callable:
    return lambda x, filters: L.Conv2D(filters, size, strides=2, padding="same", activation="relu")(
        x
    )


def then(reduce: Callable, late: bool = False) -> Callable:
    """A 3x3 convolution of stride 1 and a reduction, ReLU between them or late."""

    def layer(x: Any, filters: int) -> Any:
        x = L.Conv2D(filters, 3, padding="same", activation=None if late else "relu")(x)
        return L.ReLU()(reduce(x)) if late else reduce(x)

    return layer


def smoothed(*row: float, late: bool = False) -> Callable:
    """A fixed blur with stride 2."""
    taps = np.outer(row, row) / np.sum(row) ** 2

    def reduce(x: Any) -> Any:
        fixed = keras.initializers.Constant(taps[:, :, None, None].repeat(x.shape[-1], axis=2))
        return L.DepthwiseConv2D(
            len(row), strides=2, padding="same", use_bias=False, depthwise_initializer=fixed,
            trainable=False,
        )(x)  # fmt: skip

    return then(reduce, late)


LAYERS = {
    "strided 3x3": strided(3),
    "strided 2x2": strided(2),
    "strided 4x4": strided(4),
    "max pooling 3 by 2": then(lambda x: L.MaxPooling2D(3, 2, "same")(x)),
    "average pooling 3 by 2": then(lambda x: L.AveragePooling2D(3, 2, "same")(x)),
    "max pooling 2": then(lambda x: L.MaxPooling2D(2)(x)),
    "average pooling 2": then(lambda x: L.AveragePooling2D(2)(x)),
    "[1,2,1] by 2": smoothed(1, 2, 1),
    "[1,3,3,1] by 2": smoothed(1, 3, 3, 1),
    "[1,3,3,1] by 2, then ReLU": smoothed(1, 3, 3, 1, late=True),
    "no stride": then(lambda x: x),
}


def stages(layer: Callable, side: int, filters: tuple[int, int]) -> tuple[Any, Any]:
    x = given = keras.Input((side, side, 1))
    for count in filters:
        x = layer(x, count)
    return given, x


def reader(layer: Callable, side: int) -> keras.Model:
    """Two layers of a kind, and one number read out of the means of the channels."""
    given, x = stages(layer, side, (16, 16))
    return keras.Model(given, L.Dense(1)(L.GlobalAveragePooling2D()(x)))


# -------------------------------------------------------------------------------------- measures
def gradients(model: keras.Model, inputs: np.ndarray, seed: int) -> np.ndarray:
    """(N, H, W, C) -> (N, H, W, C): of a random combination of the outputs of each input."""
    weights = np.random.default_rng(seed).normal(size=(len(inputs), *model.output_shape[1:]))
    x = tf.Variable(inputs)
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(model(x) * weights.astype("float32"))
    return tape.gradient(total, x).numpy()


def phase_means(gradient: np.ndarray, period: int, edge: int) -> np.ndarray:
    """(N, H, W, C) -> (period, period): of the mean absolute gradient away from the border."""
    inside = np.abs(gradient).mean(axis=(0, 3))[edge:-edge, edge:-edge]
    side = len(inside) // period
    return inside.reshape(side, period, side, period).mean((0, 2))


def depth(gradient: np.ndarray, period: int = 4, edge: int = 16) -> float:
    means = phase_means(gradient, period, edge)
    return float(means.std() / means.mean())


def depths() -> dict:
    photographs, found = datasets.photographs(), {}
    for name, layer in LAYERS.items():
        found[name] = row = {"noise": [], "photographs": []}
        for seed in SEEDS:
            keras.utils.set_random_seed(seed)
            model = reader(layer, 64)
            noise = np.random.default_rng(seed).normal(size=photographs.shape).astype("float32")
            for kind, inputs in (("noise", noise), ("photographs", photographs)):
                row[kind].append(round(depth(gradients(model, inputs, seed)), 4))
        print(
            name,
            {kind: (round(np.mean(v), 3), min(v), max(v)) for kind, v in row.items()},
            flush=True,
        )
    return found


def energies() -> dict:
    """One strided layer: the mean absolute gradient at a phase against its taps."""
    found = {}
    for above in ("noise", "one vector"):
        seen, roots, counts = [], [], []
        for size in (3, 4, 5):
            for seed in SEEDS:
                keras.utils.set_random_seed(seed)
                given = keras.Input((64, 64, 1))
                layer = L.Conv2D(16, size, strides=2, activation="relu")
                features = layer(given)
                read = L.Dense(1)(L.GlobalAveragePooling2D()(features))
                model = keras.Model(given, features if above == "noise" else read)
                noise = np.random.default_rng(seed).normal(size=(80, 64, 64, 1))
                means = phase_means(gradients(model, noise.astype("float32"), seed), 2, 16)
                kernel = np.asarray(layer.kernel)
                parts = [kernel[p::2, q::2] for p, q in np.ndindex(2, 2)]
                for values, into in (
                    (means.ravel(), seen),
                    (np.sqrt([np.sum(part**2) for part in parts]), roots),
                    (np.array([float(np.prod(part.shape[:2])) for part in parts]), counts),
                ):
                    into.extend(values / values.mean())
        difference = np.sqrt(np.mean((np.array(seen) / roots - 1) ** 2))
        found[above] = {
            "correlation_root_energy": round(float(np.corrcoef(seen, roots)[0, 1]), 4),
            "correlation_taps": round(float(np.corrcoef(seen, counts)[0, 1]), 4),
            "spread": round(float(difference), 4),
        }
        print(above, found[above], flush=True)
    return found


def classifiers() -> dict:
    (images, labels), (unseen, truth) = (
        datasets.fashion_mnist(split) for split in ("train", "validation")
    )
    found = {}
    for name in ("strided 3x3", "[1,3,3,1] by 2", "max pooling 2"):
        found[name] = row = {"accuracy": [], "depth": [], "seconds": []}
        for seed in SEEDS:
            keras.utils.set_random_seed(seed)
            given, x = stages(LAYERS[name], 28, (16, 32))
            model = keras.Model(given, L.Dense(10)(L.Flatten()(x)))
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
            model.compile(keras.optimizers.Adam(2e-3), loss=loss, metrics=["accuracy"])
            model.fit(images, labels, epochs=1, verbose=0)
            start = time.process_time()
            model.fit(images, labels, epochs=1, verbose=0)
            row["seconds"].append(round(time.process_time() - start, 2))
            row["accuracy"].append(round(float(model.evaluate(unseen, truth, verbose=0)[1]), 3))
            row["depth"].append(round(depth(gradients(model, unseen, seed), edge=8), 3))
        sides = (14, 7) if name == "strided 3x3" else (28, 14)
        row["multiply_adds"] = sides[0] ** 2 * 9 * 16 + sides[1] ** 2 * 9 * 16 * 32
        print(name, row, flush=True)
    return found


def main() -> None:
    found = {"energies": energies(), "depth": depths(), "classifiers": classifiers()}
    about = " ".join(ABOUT.split())
    print(store("gradients", about, "tests/evidence/gradients.py", list(SEEDS), **found))


if __name__ == "__main__":
    main()
