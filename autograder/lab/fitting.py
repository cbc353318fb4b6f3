"""A network to be fitted, and images to fit it to: what the checks of `fit_unet` hand over.

Objects and ground differ in the direction of their stripes alone, so no threshold finds them, and
a network of five kernels does within a hundred steps. All images have the same mean, so the moving
average of the first layer tells how many steps were taken.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from autograder.lab import graphs, models

SIDE = 16
_MEAN, _MOMENTUM = 0.5, 0.98
_LEAST_LEFT = 1e-3  # of the moving averages' start, with which steps can still be told


def striped(generator: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Images of one rectangle each, striped across, on a ground that is striped upright.

    Returns:
        Images, float32 in [0, 1], and masks, int64, both of shape (count, 16, 16, 1).
    """
    rows, columns = np.indices((SIDE, SIDE))
    images = np.empty((count, SIDE, SIDE, 1))
    masks = np.empty(images.shape, "int64")
    for image, mask in zip(images, masks, strict=True):
        (top, left), (height, width) = generator.uniform([4, 3], [SIDE - 4, 7], (2, 2)).T
        mask[..., 0] = (abs(rows - top) < height) & (abs(columns - left) < width)
        across, upright = (
            np.sin(2 * np.pi * (place / generator.uniform(3, 5) + generator.uniform()))
            for place in (rows, columns)
        )
        stripes = np.where(mask[..., 0], across, upright)
        image[..., 0] = np.clip(stripes + generator.normal(0, 0.1, stripes.shape), -1.2, 1.2)
    centered = images - images.mean(axis=(1, 2), keepdims=True)
    return (_MEAN + 0.2 * centered).astype("float32"), masks


def network() -> keras.Model:
    """A small U-Net of one skip, with the same random weights each time; it has not learned yet."""
    layers, image = keras.layers, keras.Input((SIDE, SIDE, 1))
    bare = {"use_bias": False}  # of few weights, a step of `fit` is ready sooner
    x = layers.BatchNormalization(momentum=_MOMENTUM, center=False, scale=False)(image)
    skip = layers.Conv2D(16, 3, padding="same", activation="relu", **bare)(x)
    x = layers.MaxPooling2D()(skip)
    x = layers.Conv2D(32, 3, padding="same", activation="relu", **bare)(x)
    x = layers.Concatenate()([layers.Conv2DTranspose(16, 2, strides=2, **bare)(x), skip])
    model = keras.Model(image, layers.Conv2D(1, 3, padding="same", activation="sigmoid")(x))
    generator = np.random.default_rng(0)
    for weight in model.trainable_weights:
        scale = np.sqrt(1 / max(np.prod(weight.shape[:-1]), 1)) if len(weight.shape) > 1 else 0
        weight.assign(generator.normal(0, scale, weight.shape))
    return model


def steps_taken(model: keras.Model, images: np.ndarray) -> float | None:
    """How many batches of these images the network has seen in training.

    Infinity stands for too many to tell, and None for batches of something else: mean and variance
    then tell different numbers.
    """
    mean, variance = (float(np.ravel(weight)[0]) for weight in model.non_trainable_weights[:2])
    spread = float(images.var())
    left = 1 - mean / _MEAN, (variance - spread) / (1 - spread)  # of the 0 and the 1 at the start
    if max(map(abs, left)) < _LEAST_LEFT:
        return np.inf
    if min(left) < _LEAST_LEFT:
        return None
    by_mean, by_variance = np.log(left) / np.log(_MOMENTUM)
    return float(by_mean) if abs(by_mean - by_variance) < 0.5 + 0.02 * by_mean else None


def operations(model: keras.Model) -> list[tuple[str, Any, tuple[int, ...]]]:
    """The operations of a model: the class of each, the shape of what it gives, what it reads."""
    steps = graphs.steps_of(model)
    return [(type(s.operation).__name__, s.shape, s.inputs) for s in steps]


def fitted(
    fit_unet: Callable[..., Any],
    model: keras.Model,
    images: np.ndarray,
    masks: np.ndarray,
    epochs: int,
    seed: int,
) -> Any:
    """Call an answer after setting all seeds; it runs beside the answer.

    A set-up cell imports it, so that grading can call it in the student's process.

    Args:
        fit_unet: The answer.
        model: To be fitted.
        images: (N, H, W, 1).
        masks: (N, H, W, 1).
        epochs: For the answer.
        seed: Of the order of the images, and of weights that the answer makes anew.

    Returns:
        The model, or a few words on what was returned instead.
    """
    keras.utils.set_random_seed(seed)
    returned = fit_unet(model, images, masks, epochs)
    return returned if isinstance(returned, keras.Model) else models.describe(returned)
