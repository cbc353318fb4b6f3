"""Models that an exercise asks to rebuild with other layers, and what is compared afterwards.

A rebuilt model is judged by its structure: which operations its output was computed by, from what,
with which settings and weights. Nothing here rebuilds one; the checks of assignment 04 say which
layers stand in the place of which.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import numpy as np

from autograder.lab import graphs, models

Signature = tuple[str, tuple[tuple[str, str], ...]]  # class, and its settings as text
Replaced = Callable[[Any], list[Signature]]  # what stands in the place of a layer


# ------------------------------------------------------------------------------ models to rebuild
def chain(
    transposes: Sequence[tuple[int, int]],
    *,
    input_shape: tuple[int, int, int] = (4, 6, 3),
    use_bias: bool = True,
    activation: str = "relu",
) -> keras.Sequential:
    """A Sequential decoder with `Conv2DTranspose` layers of these (kernel size, stride).

    Every layer has a name of its own: grading makes the model in one process and the student's
    layers in another, and names that Keras counts up in both could meet in the student's model.
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
    return keras.Sequential(layers)


def with_skips(
    merge: str,
    *,
    kernel_size: int | tuple[int, int] = 3,
    stride: int = 2,
    input_shape: tuple[int, int, int] = (12, 6, 2),
) -> keras.Model:
    """A small U-shaped model: three feature maps of it are read twice.

    Its layers have names of their own, as those of `chain`.

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
    **options: Any,
) -> keras.Sequential:
    """A Sequential decoder of `UpSampling2D` and `Conv2D` layers of these (kernel size, factor).

    Its layers have names of their own, as those of `chain`; a `BatchNormalization` stands behind
    the first pair, a `Conv2D` at the end.

    Args:
        pairs: Kernel size and factor of each pair.
        input_shape: (height, width, channels).
        filters: Of the pairs' convolutions.
        use_bias: Of the same.
        activation: Of the same.
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
    return keras.Sequential(layers)


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


# ------------------------------------------------------------------------------ what is compared
def signatures_of(layer: keras.Operation | None, *, weights: bool = False) -> list[Signature]:
    """Class and settings of a layer; nothing of an input.

    An activation counts as a layer of its own, whether it is an argument, a layer or an operation.

    Args:
        layer: A layer or operation of a model.
        weights: Have the layer's weights tell it apart, too.
    """
    if layer is None:
        return []
    maker: Any = type(layer)
    kind, settings = maker.__name__, dict(models.settings_of(layer))
    activation = models.activation_of(layer)
    made = [(kind, settings)]
    if "filters" in settings:
        settings.pop("activation")
    elif kind == "Activation":
        made = []
    elif activation and not hasattr(layer, "activation"):  # such as ReLU, a layer or an operation
        made = [] if settings == models.settings_of(maker()) else made
    if weights and getattr(layer, "weights", None):
        settings["weights"] = _digest(layer)
    if activation:
        made.append(("Activation", {"activation": activation}))
    return [as_signature(name, settings) for name, settings in made]


def _digest(layer: Any) -> str:
    return hashlib.sha256(b"".join(w.tobytes() for w in layer.get_weights())).hexdigest()


def as_signature(name: str, settings: Mapping[str, Any]) -> Signature:
    """A class and its settings as what can be compared and counted."""
    return name, tuple(sorted((key, str(value)) for key, value in settings.items()))


def as_text(signature: Signature) -> str:
    """A signature as messages show it."""
    name, settings = signature
    return f"{name}({', '.join(f'{key}={value}' for key, value in settings)})"


def resized_instead(layer: Any, order: Sequence[int] = (0, 1, 2)) -> list[Signature]:
    """What stands in the place of a strided transposed convolution, in the order of computation.

    Args:
        layer: The transposed convolution.
        order: Another order of the resize (0), the convolution (1) and the activation (2).
    """
    upsampling = models.settings_of(keras.layers.UpSampling2D(layer.strides))
    (_, settings), *activation = signatures_of(layer)
    convolution = {**dict(settings), "strides": (1, 1)}
    parts = [as_signature("UpSampling2D", upsampling), as_signature("Conv2D", convolution)]
    parts += activation
    return [parts[index] for index in order if index < len(parts)]


def signatures_in(model: keras.Model, replaced: Replaced | None = None) -> list[Signature]:
    """The signatures of all operations; `replaced` gives those of a strided transpose."""
    return [s for step in graphs.steps_of(model) for s in _signatures(step.operation, replaced)]


def structure_of(
    model: keras.Model,
    replaced: Replaced | None = None,
    *,
    ordered: bool = True,
    weights: bool = False,
) -> tuple:
    """What the output was computed by, as nested tuples of signatures.

    Args:
        model: Built.
        replaced: Gives the signatures for a strided transpose.
        ordered: Let the order matter in which a layer reads several feature maps.
        weights: Let weights matter, except those of a `Conv2D` behind an `UpSampling2D`.
    """
    made: list[tuple] = []
    for step in graphs.steps_of(model):
        inputs = tuple(made[index] for index in step.inputs)
        if not ordered:
            inputs = tuple(sorted(inputs, key=repr))
        behind = bool(inputs) and inputs[0][0][0] == "UpSampling2D"
        is_free = behind and isinstance(step.operation, keras.layers.Conv2D)
        for signature in _signatures(step.operation, replaced, weights and not is_free):
            inputs = ((signature, inputs),)
        made.append(inputs[0] if inputs else (("input", ()), ()))
    return made[-1]


def _signatures(
    layer: keras.Operation | None, replaced: Replaced | None, weights: bool = False
) -> list[Signature]:
    if replaced is not None and graphs.is_strided_transpose(layer):
        return replaced(layer)
    return signatures_of(layer, weights=weights)


def resizes_of(model: keras.Model) -> list[tuple[Any, Any]]:
    """Each `UpSampling2D` with the `Conv2D` that reads it, where a mean can take its place.

    Nearest, by the same factor along both axes; a convolution with padding `same`, and with an odd
    square kernel that is not smaller than the factor.
    """
    steps = graphs.steps_of(model)
    read = [
        (steps[step.inputs[0]].operation, step.operation)
        for step in steps
        if isinstance(step.operation, keras.layers.Conv2D)
    ]
    return [
        (upsampling, layer)
        for upsampling, layer in read
        if isinstance(upsampling, keras.layers.UpSampling2D)
        and upsampling.interpolation == "nearest"
        and len({*upsampling.size}) == len({*layer.kernel_size}) == 1
        and layer.kernel_size[0] % 2 == 1
        and layer.kernel_size[0] >= upsampling.size[0]
        and layer.padding == "same"
    ]


def operations_behind(model: keras.Model, layer: keras.Layer) -> list[Any]:
    """The operations that compute one after the other on what a layer gives, up to a branch."""
    steps = graphs.steps_of(model)
    (here,) = (step for step in steps if step.operation is layer)
    found = []
    while len(readers := [step for step in steps if here.index in step.inputs]) == 1:
        (here,) = readers
        found.append(here.operation)
    return found


def holds(model: keras.Model, *arrays: Any) -> bool:
    """Return True if each of these arrays is a weight of a model."""
    weights = model.get_weights()
    return all(
        any(w.shape == np.shape(a) and np.allclose(w, a, atol=1e-5) for w in weights)
        for a in arrays
    )
