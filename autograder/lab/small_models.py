"""Small models that checks hand to an answer: to be rebuilt with other layers, or to be audited.

Layers that an answer may keep have names of their own: grading makes a model in one process and the
student's layers in another, and names that Keras counts up in both could meet in one model.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np


def chain(
    transposes: Sequence[tuple[int, int]],
    *,
    input_shape: tuple[int, int, int] = (4, 6, 3),
    use_bias: bool = True,
    activation: str = "relu",
    by_adding: bool = False,
) -> keras.Sequential:
    """A Sequential decoder with `Conv2DTranspose` layers of these (kernel size, stride).

    Args:
        transposes: Kernel size and stride of each.
        input_shape: (height, width, channels).
        use_bias: Of the transposed convolutions.
        activation: Of the same.
        by_adding: Build it by `add`, which calls every layer again each time: what a layer calls
            its input is then a tensor of an older call.
    """
    layers: list = [keras.Input(input_shape, name="given")]
    for index, (size, stride) in enumerate(transposes):
        layers.append(
            keras.layers.Conv2DTranspose(
                5 - index,
                size,
                strides=stride,
                padding="same",
                use_bias=use_bias,
                activation=activation,
                name=f"transposed_at_{index}",
            )
        )
        layers.append(keras.layers.BatchNormalization(momentum=0.9, name=f"norm_at_{index}"))
    layers.append(
        keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid", name="last_of_chain")
    )
    return _sequential(layers, by_adding)


def _sequential(layers: list, by_adding: bool) -> keras.Sequential:
    if not by_adding:
        return keras.Sequential(layers)
    grown = keras.Sequential()
    for layer in layers:
        grown.add(layer)
    return grown


def with_skips(
    merge: str,
    *,
    kernel_size: int | tuple[int, int] = 3,
    stride: int = 2,
    input_shape: tuple[int, int, int] = (12, 6, 2),
) -> keras.Model:
    """A small U-shaped model: three feature maps of it are read twice.

    Args:
        merge: "concatenate" or "add".
        kernel_size: Of its two strided `Conv2DTranspose` layers.
        stride: Of these, and of the pooling; divides height and width.
        input_shape: (height, width, channels).
    """
    layers = keras.layers
    join = {"concatenate": layers.Concatenate, "add": layers.Add}[merge]
    image = keras.Input(input_shape, name="given")
    level = layers.Conv2D(4, 3, padding="same", activation="relu", name="level")(image)
    low = layers.MaxPooling2D(stride, name="pooled")(level)
    low = layers.Conv2D(6, 3, padding="same", activation="relu", name="low")(low)
    up = layers.Conv2DTranspose(
        4, kernel_size, strides=stride, padding="same", activation="relu", name="first"
    )(low)
    side = layers.Conv2DTranspose(
        4, kernel_size, strides=stride, padding="same", use_bias=False, name="second"
    )(low)
    x = join(name="skip")([level, up])
    x = layers.Conv2D(4, 3, padding="same", name="mixed")(x)
    x = layers.Add(name="sum")([x, layers.Dropout(0.2, name="dropped")(side), up])
    return keras.Model(image, layers.Conv2D(2, 1, activation="softmax", name="classes")(x))


def resizing(
    pairs: Sequence[tuple[int, int]],
    *,
    input_shape: tuple[int, int, int] = (3, 4, 2),
    filters: int = 3,
    use_bias: bool = True,
    activation: str = "relu",
    by_adding: bool = False,
    **options: Any,
) -> keras.Sequential:
    """A Sequential decoder of `UpSampling2D` and `Conv2D` layers of these (kernel size, factor).

    A `BatchNormalization` stands behind the first pair, a `Conv2D` at the end.

    Args:
        pairs: Kernel size and factor of each pair.
        input_shape: (height, width, channels).
        filters: Of the pairs' convolutions.
        use_bias: Of the same.
        activation: Of the same.
        by_adding: As for `chain`.
        **options: Of the `UpSampling2D` layers.
    """
    layers: list = [keras.Input(input_shape, name="given")]
    for index, (size, factor) in enumerate(pairs):
        settings = {"padding": "same", "use_bias": use_bias, "activation": activation}
        layers.append(keras.layers.UpSampling2D(factor, name=f"enlarged_at_{index}", **options))
        layers.append(keras.layers.Conv2D(filters, size, name=f"convolved_at_{index}", **settings))
        if not index:
            layers.append(keras.layers.BatchNormalization(name="norm"))
    layers.append(keras.layers.Conv2D(1, 1, activation="sigmoid", name="last_of_resizing"))
    return _sequential(layers, by_adding)


def resizing_with_skips(
    *,
    kernel_size: int = 3,
    factor: int = 2,
    input_shape: tuple[int, int, int] = (6, 12, 2),
) -> keras.Model:
    """A small U-shaped model with two pairs that are to be replaced, and two that are not.

    Of those that stay, one has a layer in between, the other resizes bilinearly.

    Args:
        kernel_size: Of the convolutions behind the resizes; odd.
        factor: Of the resizes, and of the pooling; divides height and width.
        input_shape: (height, width, channels).
    """
    layers = keras.layers
    image = keras.Input(input_shape, name="given")
    level = layers.Conv2D(3, 3, padding="same", activation="elu", name="level")(image)
    low = layers.MaxPooling2D(factor, name="pooled")(level)

    def resized(name: str, *between: keras.Layer, **options: Any) -> Any:
        x = layers.UpSampling2D(factor, name=f"{name}_enlarged", **options)(low)
        for layer in between:
            x = layer(x)
        return layers.Conv2D(3, kernel_size, padding="same", activation="tanh", name=name)(x)

    first, second = resized("first"), resized("second")
    third = resized("third", layers.ReLU(name="between"))
    fourth = resized("fourth", interpolation="bilinear")
    x = layers.Concatenate(name="skip")([level, first, layers.Dropout(0.2, name="dropped")(third)])
    x = layers.Conv2D(3, 1, name="mixed")(x)
    x = layers.Add(name="sum")([x, second, fourth, first])
    return keras.Model(image, layers.Conv2D(2, 1, activation="softmax", name="classes")(x))


def as_trained(model: keras.Model, generator: np.random.Generator) -> keras.Model:
    """The model with random weights, those at which layers start at zero or one among them."""
    for weight in model.weights:
        size = np.sqrt(2 / np.prod(weight.shape[:-1])) if "kernel" in weight.name else 0.5
        drawn = generator.normal(0, size, weight.shape)
        positive = weight.name in ("gamma", "moving_variance")
        weight.assign(1 + np.abs(drawn) if positive else drawn)
    return model


def audit_case(
    generator: np.random.Generator, period: int, channels: int, *limit: float, images: int = 4
) -> tuple[Any, ...]:
    """Small models whose images have a clear grid or none, and what `audit` is given with them.

    Each is named by what is special about it; some differ in their noise only. In "turned" the
    grids of the images cancel each other; "masked" has a grid that noise covers in training,
    "risen" has one in training only; "channel" has one in the last channel, "channels" in all but
    the first.

    Args:
        generator: Draws the grids and the noise.
        period: Of the grids.
        channels: Of the images.
        *limit: The limit, if it is given.
        images: How many each model draws.
    """
    one, number = np.ones(images), np.arange(images)
    strengths = {
        "grid": one,
        "plain": 0 * one,
        "first": number == 0,
        "others": number > 0,
        "turned": (-1.0) ** number,
        "masked": one,
        "risen": (-1.0) ** number,
    }
    if channels > 1:
        strengths |= {"channel": one, "channels": one}
    plain = _drawing_model(generator, "plain", period, channels)
    made, noises = {}, {}
    for kind in generator.permutation([*strengths]).tolist():
        content = generator.normal(size=(images, 5, 6))
        strength = strengths[kind][:, None, None] + 0 * content
        special = kind in ("masked", "risen", "channel", "channels")
        made[kind] = _drawing_model(generator, kind, period, channels) if special else plain
        noises[kind] = np.stack([content, strength], axis=-1).astype("float32")
    return made, dict(reversed(noises.items())), period, *limit


def _drawing_model(
    generator: np.random.Generator, kind: str, period: int, channels: int
) -> keras.Model:
    """Draws smooth hills from the first channel of its input, a grid from the second."""
    stamp = np.zeros((2 * period, 2 * period, channels, 2))
    rise = np.convolve(np.ones(period), np.ones(period + 1)) / period
    stamp[..., 0] = 0.002 * np.outer(rise, rise)[..., None]
    tile = generator.permutation(np.linspace(-0.02, 0.02, period**2)).reshape(period, period)
    first_lit = {"channel": channels - 1, "channels": 1}.get(kind, 0)
    stamp[:period, :period, first_lit:, 1] = tile[..., None]
    layers = keras.layers
    before = [layers.BatchNormalization()] if kind == "risen" else []
    behind = [layers.GaussianNoise(1.0)] if kind == "masked" else []
    drawing = layers.Conv2DTranspose(channels, 2 * period, strides=period, use_bias=False)
    model = keras.Sequential([keras.Input((5, 6, 2)), *before, drawing, *behind])
    drawing.set_weights([stamp])
    for layer in before:  # the variance that it has seen hides the grid
        layer.set_weights([np.ones(2), np.zeros(2), np.zeros(2), np.array([1, 1e6])])
    return model
