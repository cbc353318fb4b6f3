"""Each visible check of assignment 02: right answers pass, misconceptions are named."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab.checks import conv2dtranspose as check

L = keras.layers
EXERCISES = [
    "build_upsampler",
    "count_parameters",
    "final_activation",
    "nearest_layer",
    "bilinear_kernel",
    "conv_input_gradient",
    "repair_decoder",
    "build_decoder",
]


# ------------------------------------------------------------------------------ answers
def upsampler(shape, filters, inner="relu", outer="sigmoid", padding="same", size=3, last=1):
    return keras.Sequential(
        [
            keras.Input(shape),
            L.Conv2DTranspose(filters, size, strides=2, padding=padding, activation=inner),
            L.Conv2D(1, last, padding="same", activation=outer),
        ]
    )


def functional_upsampler(input_shape, filters):
    image = keras.Input(input_shape)
    x = L.Conv2DTranspose(filters, (3, 3), strides=(2, 2), padding="same")(image)
    x = L.Conv2D(1, 1)(L.ReLU()(x))
    return keras.Model(image, L.Activation("sigmoid")(x))


def parameters(kernel_size, inputs, outputs, use_bias=True):
    size = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    return size[0] * size[1] * inputs * outputs + (outputs if use_bias else 0)


ACTIVATIONS = {
    "binary-mask": "sigmoid",
    "multi-class-mask": "softmax",
    "image-in-0-1": "sigmoid",
    "image-in-minus1-1": "tanh",
    "regression": "linear",
}


def activation(task, **changed):
    if task not in ACTIVATIONS:
        raise ValueError(f"unknown task {task}")
    return changed.get(task.replace("-", "_"), ACTIVATIONS[task])


def fixed(kernel, factor, **options):
    """A built layer of stride `factor` with this (kh, kw, out, in) kernel."""
    options = {"use_bias": False, "trainable": False, **options}
    layer = L.Conv2DTranspose(kernel.shape[2], kernel.shape[:2], strides=factor, **options)
    layer.build((None, None, None, kernel.shape[3]))
    layer.kernel.assign(kernel)
    return layer


def nearest(factor, channels, scale=1.0, mix=False, **options):
    pairs = np.ones((channels, channels)) if mix else np.eye(channels)
    return fixed(scale * np.ones((factor, factor, 1, 1)) * pairs, factor, **options)


def single_copy(factor, channels):
    kernel = np.zeros((factor, factor, channels, channels))
    kernel[0, 0] = np.eye(channels)
    return fixed(kernel, factor)


def tent(factor, channels, size=None, center=None, mix=False):
    size = size or 2 * factor - factor % 2
    center = (size - 1) / 2 if center is None else center
    line = 1 - np.abs(np.arange(size) - center) / factor
    pairs = np.ones((channels, channels)) if mix else np.eye(channels)
    return (np.outer(line, line)[:, :, None, None] * pairs).astype("float32")


def gradient(kernel, upstream, stride):
    rows, columns = (
        (n - 1) * stride + k for n, k in zip(upstream.shape[1:3], kernel.shape[:2], strict=True)
    )
    y = keras.ops.conv_transpose(upstream, kernel, strides=stride, padding="valid")
    return np.asarray(y)[:, :rows, :columns]


def gradient_as_tensor(kernel, upstream, stride):
    return tf.convert_to_tensor(gradient(kernel, upstream, stride))


def repaired(model, change=lambda layer, config: config, extra=()):
    layers = [keras.Input(model.input_shape[1:])]
    for layer in model.layers:
        config = layer.get_config()
        if isinstance(layer, L.Conv2DTranspose):
            config.update(padding="same", output_padding=None)
        layers.append(type(layer).from_config(change(layer, config)))
    return keras.Sequential([*layers, *extra])


def cloned_repair(model):
    def fix(layer):
        config = layer.get_config()
        if isinstance(layer, L.Conv2DTranspose):
            config.update(padding="same", output_padding=None)
        return type(layer).from_config(config)

    return keras.models.clone_model(model, clone_function=fix)


def repair_in_place(model):
    for layer in model.layers:
        if isinstance(layer, L.Conv2DTranspose):
            layer.padding, layer.output_padding = "same", None
    return keras.models.clone_model(model)


def odd_only(layer, config):
    if isinstance(layer, L.Conv2DTranspose):
        config["output_padding"] = 1
    return config


def decoder(latent_dim, last="sigmoid", start=7, trainable=True, strides=(2, 2), filters=(8, 4)):
    layers = [
        keras.Input((latent_dim,)),
        L.Dense(start * start * 8, activation="relu", trainable=trainable),
        L.Reshape((start, start, 8)),
    ]
    for count, stride in zip(filters, strides, strict=True):
        layers.append(
            L.Conv2DTranspose(count, 3, strides=stride, padding="same", activation="relu")
        )
    return keras.Sequential([*layers, L.Conv2D(1, 3, padding="same", activation=last)])


def functional_decoder(latent_dim):
    z = keras.Input((latent_dim,))
    x = L.Reshape((7, 7, 4))(L.Dense(196)(z))
    x = L.LeakyReLU()(L.BatchNormalization()(L.Conv2DTranspose(8, 4, 2, padding="same")(x)))
    return keras.Model(z, L.Conv2DTranspose(1, 4, 2, padding="same", activation="sigmoid")(x))


def resized_decoder(latent_dim):
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            L.Dense(7 * 7 * 4),
            L.Reshape((7, 7, 4)),
            L.UpSampling2D(2),
            L.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid"),
        ]
    )


def deaf_decoder(latent_dim):
    zero = {"kernel_initializer": "zeros", "bias_initializer": "zeros"}
    model = decoder(latent_dim)
    return keras.models.clone_model(
        model,
        clone_function=lambda layer: type(layer).from_config(
            {**layer.get_config(), **(zero if isinstance(layer, L.Dense) else {})}
        ),
    )


def half_dead_decoder(latent_dim):
    z = keras.Input((latent_dim,))
    x = L.Reshape((7, 7, 4))(L.Dense(196)(z))
    dead = L.Conv2DTranspose(4, 3, strides=2, padding="same")(x)
    x = L.Conv2DTranspose(4, 3, strides=2, padding="same")(x)
    x = L.Add()([x, L.Rescaling(0.0)(dead)])
    return keras.Model(z, L.Conv2DTranspose(1, 3, 2, padding="same", activation="sigmoid")(x))


def repaired_without_input(model):
    return keras.Sequential(cloned_repair(model).layers)


# ------------------------------------------------------------------------------ right answers
RIGHT = [
    ("build_upsampler", upsampler),
    ("build_upsampler", functional_upsampler),
    ("count_parameters", parameters),
    ("count_parameters", lambda *a: np.int64(parameters(*a))),
    ("final_activation", activation),
    ("nearest_layer", nearest),
    ("nearest_layer", lambda f, c: nearest(f, c, use_bias=True, padding="same")),
    ("bilinear_kernel", tent),
    ("bilinear_kernel", lambda f, c: tf.constant(tent(f, c))),
    ("conv_input_gradient", gradient),
    ("conv_input_gradient", gradient_as_tensor),
    ("repair_decoder", repaired),
    ("repair_decoder", cloned_repair),
    ("repair_decoder", repaired_without_input),
    ("build_decoder", decoder),
    ("build_decoder", functional_decoder),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_passes(name, answer, capsys):
    getattr(check, name)(answer)
    assert f"✓ {name}: right on" in capsys.readouterr().out
    assert getattr(check, name).outcome == "right"


# ------------------------------------------------------------------------------ wrong answers
WRONG = [
    ("build_upsampler", lambda s, f: upsampler(s, f, inner=None), "middle has no activation"),
    ("build_upsampler", lambda s, f: upsampler(s, f, outer=None), "last layer has no activation"),
    ("build_upsampler", lambda s, f: upsampler(s, f, outer="tanh"), "tanh comes last"),
    ("build_upsampler", lambda s, f: upsampler(s, f, outer="relu"), "ReLU comes last"),
    ("build_upsampler", lambda s, f: upsampler(s, f, outer="softmax"), "1 everywhere"),
    ("build_upsampler", lambda s, f: upsampler(s, f, "sigmoid"), "inside a network ReLU"),
    ("build_upsampler", lambda s, f: upsampler(s, f, "sigmoid", "relu"), "changed places"),
    ("build_upsampler", lambda s, f: upsampler(s, f, None, None), "no layer has an activation"),
    ("build_upsampler", lambda s, f: upsampler(s, f, padding="valid"), "stays at its default"),
    ("build_upsampler", lambda s, f: upsampler(s, f, size=2), r"kernel of \(2, 2\); 3x3"),
    ("build_upsampler", lambda s, f: upsampler(s, f, last=3), r"kernel of \(3, 3\); 1x1"),
    ("build_upsampler", lambda s, f: upsampler(s, f + 1), "has 3 filters; 2 are asked for"),
    ("build_upsampler", lambda s, f: upsampler(s[::-1], f), r"input has shape \(1, 4, 4\)"),
    ("build_upsampler", lambda s, f: upsampler((4, 4, s[2]), f), r"instead of \(3, 5, 2\)"),
    ("build_upsampler", lambda s, f: None, r"returned None \(is a `return` missing\?\)"),
    ("build_upsampler", lambda s, f: L.Conv2D(1, 1), "returned a single layer, Conv2D"),
    ("build_upsampler", lambda s, f: upsampler(s, f).outputs[0], "returned the output tensor"),
    ("build_upsampler", lambda s, f: keras.Sequential([L.Conv2D(1, 1)]), "keras.Input"),
    ("build_upsampler", lambda s, f: keras.Sequential, "the class Sequential itself"),
    ("build_upsampler", lambda s, f: [1], "a list of 1"),
    ("count_parameters", lambda *a: parameters(*a[:3], False), "the bias is left out"),
    ("count_parameters", lambda k, i, o, b=True: parameters(k, o, i, b), "each input channel"),
    ("count_parameters", lambda *a: parameters(*a[:3]), "although use_bias is False"),
    ("count_parameters", lambda *a: parameters(*a[:3], False) + 1, "serves the whole layer"),
    ("count_parameters", lambda k, i, o, b=True: parameters(k, 1, o, b), "one of the two"),
    (
        "count_parameters",
        lambda k, *a: parameters(k if isinstance(k, int) else k[0], *a),
        "a pair is taken for a square",
    ),
    ("count_parameters", lambda *a: float(parameters(*a)), "a whole number"),
    ("final_activation", lambda t: activation(t, binary_mask="softmax"), "1 everywhere"),
    ("final_activation", lambda t: activation(t, multi_class_mask="sigmoid"), "do not sum to 1"),
    ("final_activation", lambda t: activation(t, image_in_0_1="tanh"), "values below 0"),
    ("final_activation", lambda t: activation(t, image_in_minus1_1="sigmoid"), "below 0 cannot"),
    ("final_activation", lambda t: activation(t, regression="relu"), "negative values"),
    ("final_activation", lambda t: activation(t, regression=None), "None stands for it"),
    ("final_activation", ACTIVATIONS.get, "a ValueError whose message names `task`"),
    ("nearest_layer", lambda f, c: nearest(f, c, mix=True), "receives the others"),
    ("nearest_layer", lambda f, c: nearest(f, c, 1 / f**2), "shared out among its copies"),
    ("nearest_layer", single_copy, "zeros stand around it"),
    ("nearest_layer", lambda f, c: nearest(f, c, trainable=True), "changed by training"),
    ("nearest_layer", lambda f, c: nearest(2, c), "instead of"),
    ("nearest_layer", lambda f, c: L.UpSampling2D(f), "returned a single layer, UpSampling2D"),
    ("nearest_layer", lambda f, c: L.Conv2DTranspose(c, f), "not built"),
    (
        "nearest_layer",
        lambda f, c: nearest(f, c, use_bias=True, bias_initializer="ones"),
        "bias is not zero",
    ),
    ("bilinear_kernel", lambda f, c: tent(f, c, mix=True), "receives the others"),
    ("bilinear_kernel", lambda f, c: tent(f, c) / tent(f, c).sum(), "divided by its sum"),
    ("bilinear_kernel", lambda f, c: tent(f, c, 2 * f - 1, f - 1), "used for an even one"),
    ("bilinear_kernel", lambda f, c: tent(f, c, 2 * f), "although the factor is odd"),
    ("bilinear_kernel", lambda f, c: tent(f, c) / tent(f, c).max(), "has not been scaled"),
    ("bilinear_kernel", lambda f, c: tent(f, c)[:, :, 0, 0], "channel axes are missing"),
    ("bilinear_kernel", lambda f, c: tent(f, c).transpose(2, 3, 0, 1), "channel axes come first"),
    ("bilinear_kernel", lambda f, c: tent(f, c).astype("float64"), "instead of float32"),
    ("bilinear_kernel", lambda f, c: np.ones((f, f, c, c), "float32"), "repeats the nearest"),
    ("conv_input_gradient", lambda k, u, s: gradient(k[::-1, ::-1], u, s), "turned by 180"),
    (
        "conv_input_gradient",
        lambda k, u, s: keras.ops.conv_transpose(u, k, strides=s, padding="same"),
        "`padding` is `same`",
    ),
    (
        "conv_input_gradient",
        lambda k, u, s: keras.ops.conv_transpose(u, k, strides=s, padding="valid"),
        "larger than the kernel leaves zeros",
    ),
    ("repair_decoder", lambda m: m, "the very model"),
    ("repair_decoder", repair_in_place, "changed the model"),
    ("repair_decoder", keras.models.clone_model, "It ends at 30x30 instead of 28x28"),
    ("repair_decoder", lambda m: repaired(m, odd_only), "It ends at 25x25 instead of 28x28"),
    (
        "repair_decoder",
        lambda m: repaired(m, lambda x, c: x.get_config(), [L.Cropping2D(1)]),
        "hides the wrong size",
    ),
    (
        "repair_decoder",
        lambda m: repaired(m, lambda x, c: {**c, "kernel_size": 3} if "filters" in c else c),
        r"had kernel_size = \(5, 5\)",
    ),
    (
        "repair_decoder",
        lambda m: repaired(m, lambda x, c: {**c, "activation": None} if "filters" in c else c),
        "had activation = relu",
    ),
    ("repair_decoder", lambda m: None, "returned None"),
    ("build_decoder", lambda d: decoder(d, "linear"), "pixels lie between"),
    ("build_decoder", lambda d: decoder(d, "tanh"), "pixels lie between"),
    ("build_decoder", lambda d: decoder(d, start=14, strides=(1, 2)), "two strided"),
    ("build_decoder", resized_decoder, "two strided"),
    ("build_decoder", lambda d: decoder(8), r"instead of \(3,\)"),
    ("build_decoder", lambda d: decoder(d, trainable=False), "trainable=False"),
    ("build_decoder", deaf_decoder, "ignores the input"),
    ("build_decoder", lambda d: decoder(d, "softmax"), "ignores the input"),
    ("build_decoder", half_dead_decoder, "receives no gradient"),
    ("build_decoder", lambda d: decoder(d, filters=(8, 4), strides=(4, 2)), r"\(56, 56, 1\)"),
    ("build_decoder", lambda d: decoder(d)(np.zeros((1, d))), "an object of type EagerTensor"),
]


@pytest.mark.filterwarnings("ignore:You are using a softmax")
@pytest.mark.parametrize(("name", "answer", "says"), WRONG)
def test_a_misconception_is_named(name, answer, says):
    with pytest.raises(lab.CheckFailed, match=f"(?i){says}"):
        getattr(check, name)(answer)
    assert getattr(check, name).outcome == "wrong"


def stub(*arguments):
    raise NotImplementedError()


def broken(*arguments):
    return arguments[99]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_stub_and_an_exception_are_told_apart(name):
    for function, outcome in [(stub, "not attempted"), (broken, "raises")]:
        with pytest.raises(lab.CheckFailed):
            getattr(check, name)(function)
        assert getattr(check, name).outcome == outcome


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("value", [None, 3, "text", (), np.zeros(3), keras.Sequential()])
def test_a_result_of_another_kind_is_explained(name, value):
    with pytest.raises(lab.CheckFailed):
        getattr(check, name)(lambda *arguments: value)
    assert getattr(check, name).outcome == "wrong"


def test_the_exercises_are_worth_40_points():
    assert sum(getattr(check, name).points for name in EXERCISES) == 40


@pytest.mark.parametrize(
    ("first", "second", "ends_at"),
    [
        ((3, "valid", None), (3, "same", None), 30),
        ((3, "same", 0), (5, "same", None), 26),
        ((3, "valid", None), (3, "valid", 0), 31),
    ],
)
def test_a_broken_decoder_ends_where_its_settings_lead(first, second, ends_at):
    model = check.broken_decoder(4, first, second)
    assert model.output_shape == (None, ends_at, ends_at, 1)
    assert model(np.zeros((1, 7, 7, 4))).shape == (1, ends_at, ends_at, 1)


def test_even_kernel_without_output_padding_fails_only_when_called():
    model = check.broken_decoder(4, (4, "same", 0), (4, "same", None))
    with pytest.raises(tf.errors.OpError):
        model(np.zeros((1, 7, 7, 4)))
