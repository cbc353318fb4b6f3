"""Networks, training and scores of notebook 03, for the programs in this folder that measure them.

Encoder, decoder block and training are the notebook's own, with the settings that it holds fixed as
arguments. All programs run on one thread, so that a seed gives the same numbers again.
"""

import os

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import time
from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

L = keras.layers
MOMENTUM = 0.9


def encode(x: Any, base_filters: int = 16, momentum: float = MOMENTUM, levels: int = 3) -> list:
    """The last feature map of each level; a level has half the size and twice the maps."""
    found = []
    for level in range(levels):
        x = L.MaxPooling2D()(x) if level else x
        for _ in range(2):
            x = L.Conv2D(base_filters * 2**level, 3, padding="same", use_bias=False)(x)
            x = L.BatchNormalization(momentum=momentum)(x)
            x = L.ReLU()(x)
        found.append(x)
    return found


def decoder_block(
    x: Any, skip: Any, filters: int, join: str = "concatenate", momentum: float = MOMENTUM
) -> Any:
    """Double a feature map, join the skip if there is one, convolve."""
    x = L.Conv2DTranspose(filters, 2, strides=2, padding="same", activation="relu")(x)
    if skip is not None:
        x = (L.Concatenate() if join == "concatenate" else L.Add())([x, skip])
    x = L.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = L.BatchNormalization(momentum=momentum)(x)
    return L.ReLU()(x)


def network(
    shape: tuple,
    num_classes: int = 1,
    base_filters: int = 16,
    join: str | None = "concatenate",
    levels: int = 3,
    momentum: float = MOMENTUM,
) -> keras.Model:
    """The FCN (`join=None`) or the U-Net, whose skips are concatenated or added (`join="add"`)."""
    image = keras.Input(shape)
    *skips, x = encode(image, base_filters, momentum, levels)
    for level in reversed(range(levels - 1)):
        skip = skips[level] if join else None
        x = decoder_block(x, skip, base_filters * 2**level, join or "", momentum)
    activation = "sigmoid" if num_classes == 1 else "softmax"
    return keras.Model(image, L.Conv2D(num_classes, 1, activation=activation)(x))


FCN = {"FCN": None}
JOINS = FCN | {"U-Net, added": "add", "U-Net": "concatenate"}


# ---------------------------------------------------------------------------------------- training
def dice_loss(y_true: Any, y_pred: Any) -> Any:
    """Soft Dice loss over everything at once, with eps 1."""
    overlap = keras.ops.sum(y_true * y_pred)
    return 1 - (2 * overlap + 1) / (keras.ops.sum(y_true) + keras.ops.sum(y_pred) + 1)


def cross_entropy(y_true: Any, y_pred: Any) -> Any:
    """Binary cross-entropy, averaged over pixels."""
    return keras.ops.mean(keras.losses.binary_crossentropy(y_true, y_pred))


def cross_entropy_and_dice(y_true: Any, y_pred: Any) -> Any:
    """The sum of both."""
    return cross_entropy(y_true, y_pred) + dice_loss(y_true, y_pred)


def train(
    model: keras.Model,
    images: np.ndarray,
    masks: np.ndarray,
    steps: int,
    seed: int,
    loss: Callable,
    batch_size: int = 8,
    rate: float = 1e-2,
    change: Callable | None = None,
    watch: Callable | None = None,
    watched_steps: Iterable[int] = (),
) -> tuple[keras.Model, list[float], list]:
    """Train a copy with new weights by Adam, whose rate falls along half a cosine.

    Args:
        model: The model to copy.
        images: (N, H, W, C).
        masks: (N, H, W, 1).
        steps: Number of steps.
        seed: Of the weights, and of the choice of images.
        loss: Of y_true (float32) and y_pred.
        batch_size: Images in a step.
        rate: The first step size.
        change: Draws an augmentation: of the images, the masks and a generator.
        watch: Called with the model after each of the watched steps.
        watched_steps: Their numbers, from 1.

    Returns:
        The trained copy, the seconds of each step, and what was watched.
    """
    keras.utils.set_random_seed(seed)
    model = keras.models.clone_model(model)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps))
    optimizer.build(model.trainable_variables)

    @tf.function(autograph=False)
    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return value

    generator, seconds, watched = np.random.default_rng(seed), [], []
    wanted = set(watched_steps)
    for count in range(1, steps + 1):
        chosen = generator.integers(len(images), size=batch_size)
        x, y = images[chosen], masks[chosen].astype("float32")
        if change:
            x, y = change(x, y, generator)
        start = time.perf_counter()
        step(x, y).numpy()
        seconds.append(time.perf_counter() - start)
        if watch and count in wanted:
            watched.append(watch(model))
    return model, seconds, watched


def probabilities(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """What the model answers, in the mode in which it is used."""
    return np.asarray(model(images, training=False))


# ------------------------------------------------------------------------------------------ scores
def iou(truth: np.ndarray, answer: np.ndarray) -> float:
    """Intersection over union of two masks of 0 and 1 (or False and True)."""
    truth, answer = np.asarray(truth) > 0, np.asarray(answer) > 0
    return float((truth & answer).sum() / max((truth | answer).sum(), 1))


def box_mean(x: np.ndarray, size: int) -> np.ndarray:
    """The mean over a window around each pixel, of the pixels inside: (N, H, W, 1), the same."""
    return np.asarray(keras.ops.average_pool(x.astype("float32"), size, 1, "same"))


def largest_near(x: np.ndarray, size: int) -> np.ndarray:
    """The largest value in a window around each pixel: (N, H, W, 1), the same."""
    return np.asarray(keras.ops.max_pool(x.astype("float32"), size, 1, "same"))


def best_threshold(score: np.ndarray, truth: np.ndarray) -> float:
    """The level above which the score's pixels overlap most with the truth."""
    order = np.argsort(score, axis=None)
    sorted_truth = truth.ravel()[order] > 0
    below = np.concatenate([[0], np.cumsum(sorted_truth)[:-1]])  # true pixels that are lost
    answered = score.size - np.arange(score.size)
    ious = (below.max() + sorted_truth[-1] - below) / (answered + below)
    best = int(np.argmax(ious))
    ordered = score.ravel()[order]
    return float((ordered[best] + ordered[max(best - 1, 0)]) / 2)


def spread(values: Iterable[float]) -> dict[str, float]:
    """Mean, standard deviation, smallest and largest."""
    values = [float(value) for value in values]
    found = {"mean": np.mean(values), "sd": np.std(values), "min": min(values), "max": max(values)}
    return {key: round(float(value), 4) for key, value in found.items()}


# --------------------------------------------------------------------------------------- instances
