"""Each visible check of assignment 05: right answers pass, misconceptions are named."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab.checks import super_resolution as check

L = keras.layers
EXERCISES = ["psnr", "macs_per_pixel", "depth_to_space", "subpixel_block", "icnr", "build_sr"]


# ------------------------------------------------------------------------------ answers
def decibels(a, b, max_val=1.0, axis=(1, 2, 3), factor=10, power=2, reduce=np.mean):
    with np.errstate(divide="ignore"):
        return factor * np.log10(max_val**power / reduce((a - b) ** 2, axis=axis))


def absolute(a, b, max_val=1.0):
    with np.errstate(divide="ignore"):
        return 20 * np.log10(max_val / np.abs(a - b).mean(axis=(1, 2, 3)))


def natural(a, b, max_val=1.0):
    with np.errstate(divide="ignore"):
        return 10 * np.log(max_val**2 / np.mean((a - b) ** 2, axis=(1, 2, 3)))


def not_a_number(a, b, max_val=1.0):
    result = decibels(a, b, max_val)
    return np.where(np.isinf(result), np.nan, result)


def subtract_in_place(a, b, max_val=1.0):
    a -= b
    return decibels(a, 0, max_val)


def cost(upsampler, kernel_size, factor, transpose=1.0, resize=1.0, subpixel=1.0):
    scale = {"transpose": transpose, "resize": resize, "subpixel": subpixel}[upsampler]
    return scale * kernel_size**2 / (factor**2 if upsampler == "transpose" else 1)


def spread(x, factor, split="pqc", order="hpwqc"):
    """Depth to space with the last axis read as `split` and the result's axes in `order`."""
    n, h, w, d = x.shape
    sizes = {"p": factor, "q": factor, "c": d // factor**2}
    y = np.einsum(f"nhw{split}->n{order}", x.reshape(n, h, w, *(sizes[a] for a in split)))
    return y.reshape(n, h * factor, w * factor, -1)


def reshaped(x, factor):
    n, h, w, d = x.shape
    return x.reshape(n, h * factor, w * factor, d // factor**2)


def block(x, filters, factor=2, split=None, multiple=None, **options):
    options = {"padding": "same", **options}
    y = L.Conv2D(filters * (multiple or factor**2), 3, **options)(x)
    if split is None:
        return keras.ops.depth_to_space(y, factor) if multiple is None else y
    _, h, w, _ = x.shape
    sizes = {"p": factor, "q": factor, "c": filters}
    y = L.Reshape((h, w, *(sizes[a] for a in split)))(y)
    y = L.Permute((1, 3 + split.index("p"), 2, 3 + split.index("q"), 3 + split.index("c")))(y)
    return L.Reshape((h * factor, w * factor, filters))(y)


def as_model(answer):
    """What the notebook's set-up function and `functools.partial` make of a block."""

    def wrapped(function, shape, *arguments):
        entry = keras.Input(shape)
        result = function(entry, *arguments)
        return keras.Model(entry, result) if isinstance(result, keras.KerasTensor) else result

    return functools.partial(wrapped, answer)


def kernel(shape, factor, rng, arrange=np.tile):
    small = rng.normal(0, 0.1, (*shape[:3], shape[3] // factor**2))
    return arrange(small, factor**2).astype("float32")


def repeated(small, times):
    return np.repeat(small, times, axis=-1)


def network(upsampler, factor=2, size=(None, None, 1), kind="bilinear", last=None, end="add"):
    low = keras.Input(size)
    x = L.Conv2D(4, 3, padding="same", activation="relu")(low)
    if upsampler == "transpose":
        x = L.Conv2DTranspose(4, 2 * factor, strides=factor, padding="same")(x)
    elif upsampler == "resize":
        x = L.Conv2D(4, 3, padding="same")(L.UpSampling2D(factor)(x))
    else:
        x = keras.ops.depth_to_space(L.Conv2D(4 * factor**2, 3, padding="same")(x), factor)
    x = L.Conv2D(1, 3, padding="same")(x)
    if end == "add":
        x = L.Add()([x, L.UpSampling2D(factor, interpolation=kind)(low)])
    return keras.Model(low, L.Activation(last)(x) if last else x)


def clipped(upsampler, factor=2):
    inner = network(upsampler, factor)
    return keras.Model(inner.input, keras.ops.clip(inner.output, 0, 1))


def deaf(upsampler, factor=2):
    low = keras.Input((None, None, 1))
    x = L.Conv2DTranspose if upsampler == "transpose" else L.UpSampling2D
    y = x(1, 2, strides=factor, padding="same") if upsampler == "transpose" else x(factor)
    y = L.Conv2D(1, 3, padding="same", kernel_initializer="zeros")(y(low))
    return keras.Model(low, L.Add()([y, L.UpSampling2D(factor, interpolation="bicubic")(low)]))


# ------------------------------------------------------------------------------ right answers
RIGHT = [
    ("psnr", decibels),
    ("psnr", lambda a, b, max_val=1.0: tf.image.psnr(a, b, max_val)),
    ("macs_per_pixel", cost),
    ("depth_to_space", spread),
    ("subpixel_block", as_model(block)),
    ("subpixel_block", as_model(functools.partial(block, split="pqc", use_bias=False))),
    ("icnr", kernel),
    ("icnr", lambda *a: tf.constant(kernel(*a))),
    ("build_sr", network),
    ("build_sr", functools.partial(network, kind="bicubic")),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_passes(name, answer, capsys):
    getattr(check, name)(answer)
    assert f"✓ {name}: right on" in capsys.readouterr().out
    assert getattr(check, name).outcome == "right"


# ------------------------------------------------------------------------------ wrong answers
def varied(function, **options):
    return functools.partial(function, **options)


WRONG = [
    ("psnr", varied(decibels, axis=None), "shared-error"),
    ("psnr", lambda a, b, max_val=1.0: decibels(a, b), "no-max-val"),
    ("psnr", varied(decibels, power=1), "max-val-not-squared"),
    ("psnr", varied(decibels, factor=20), "factor-20"),
    ("psnr", varied(decibels, factor=-10), "sign-turned"),
    ("psnr", varied(decibels, reduce=np.sum), "summed-error"),
    ("psnr", natural, "natural-logarithm"),
    ("psnr", absolute, "absolute-error"),
    ("psnr", not_a_number, "nan"),
    ("psnr", subtract_in_place, "changes-argument"),
    ("macs_per_pixel", lambda u, k, f: float(k**2), "whole-kernel"),
    ("macs_per_pixel", lambda u, k, f: cost(u, k, f, transpose=f), "factor-once"),
    ("macs_per_pixel", lambda u, k, f: cost(u, k, f, resize=1 / f**2), "low-resolution"),
    ("macs_per_pixel", lambda u, k, f: cost(u, k, f, subpixel=1 / f**2), "too-few-channels"),
    ("macs_per_pixel", lambda u, k, f: cost(u, k, f, subpixel=f**2), "too-many-channels"),
    ("macs_per_pixel", lambda u, k, f: cost(u, k, f) / k, "one-side"),
    ("depth_to_space", reshaped, "reshape-only"),
    ("depth_to_space", varied(spread, order="hqwpc"), "rows-and-columns"),
    ("depth_to_space", varied(spread, split="cpq"), "torch-order"),
    ("depth_to_space", varied(spread, split="cqp"), "rows-and-columns"),
    ("depth_to_space", lambda x, f: spread(x, f).astype("float16"), "dtype"),
    ("depth_to_space", lambda x, f: tf.nn.depth_to_space(x, f), "tensor"),
    ("subpixel_block", as_model(varied(block, activation="relu")), "activation"),
    ("subpixel_block", as_model(varied(block, padding="valid")), "valid-padding"),
    ("subpixel_block", as_model(varied(block, split="cpq")), "torch-order"),
    ("subpixel_block", as_model(varied(block, split="qpc")), "rows-and-columns"),
    ("subpixel_block", as_model(varied(block, multiple=1)), "filters"),
    ("subpixel_block", as_model(varied(block, multiple=4)), "output-shape"),
    ("subpixel_block", as_model(lambda x, *a: keras.ops.relu(block(x, *a))), "activation-after"),
    ("subpixel_block", as_model(lambda x, *a: L.Conv2D(4, 3)(block(x, *a))), "not-one-convolution"),
    (
        "subpixel_block",
        as_model(lambda x, n, f=2: L.Conv2DTranspose(n, 3, f, padding="same")(x)),
        "strided-transpose",
    ),
    ("subpixel_block", as_model(lambda x, *a: None), "not-a-model"),
    (
        "subpixel_block",
        as_model(lambda x, *a: L.Lambda(lambda y: y)(block(x, *a))),
        "lambda",
    ),
    ("icnr", varied(kernel, arrange=repeated), "torch-order"),
    ("icnr", lambda s, f, rng: rng.normal(size=s).astype("float32"), "grid"),
    ("icnr", lambda s, f, rng: kernel(s, f, np.random.default_rng()), "unseeded"),
    ("icnr", lambda s, f, rng: kernel(s, f, np.random.default_rng(1)), "rng-unused"),
    ("icnr", lambda s, f, rng: np.full(s, 0.5, "float32"), "constant"),
    ("icnr", lambda s, f, rng: kernel(s, f, rng).astype("float64"), "kernel-dtype"),
    ("icnr", lambda s, f, rng: kernel((*s[:3], 4 * s[3]), f, rng), "kernel-shape"),
    (
        "icnr",
        lambda s, f, rng: np.tile(rng.normal(size=(*s[:3], 1)), s[3]).astype("float32"),
        "equal-channels",
    ),
    (
        "icnr",
        lambda s, f, rng: np.broadcast_to(kernel((1, 1, *s[2:]), f, rng), s),
        "one-position",
    ),
    ("icnr", lambda s, f, rng: 0 * kernel(s, f, rng), "constant"),
    ("build_sr", varied(network, size=(14, 14, 1)), "one-size"),
    ("build_sr", varied(network, size=(None, None, 3)), "input-shape"),
    ("build_sr", lambda u, f=2: network("resize", f), "no-transpose"),
    ("build_sr", lambda u, f=2: network("transpose", f), "strided-transpose"),
    ("build_sr", lambda u, f=2: network(u, 2), "size"),
    ("build_sr", varied(network, end="none"), "no-residual"),
    ("build_sr", varied(network, last="sigmoid"), "sigmoid-after-sum"),
    ("build_sr", varied(network, last="relu"), "relu-after-sum"),
    ("build_sr", varied(network, last="tanh"), "tanh-after-sum"),
    ("build_sr", clipped, "clipped"),
    ("build_sr", varied(network, kind="nearest"), "nearest"),
    ("build_sr", deaf, "only-the-input"),
    ("build_sr", lambda u, f=2: network("resize" if u == "subpixel" else u, f), "same-network"),
]


@pytest.mark.parametrize(("name", "answer", "kind"), WRONG)
def test_a_misconception_is_named(name, answer, kind):
    with pytest.raises(lab.CheckFailed) as failure:
        getattr(check, name)(answer)
    assert failure.value.finding.kind == kind
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


def test_a_block_that_is_not_attempted_is_known_through_the_wrapper():
    def subpixel_block(x, filters, factor=2):
        raise NotImplementedError()

    with pytest.raises(lab.NotAttempted, match="not attempted yet"):
        check.subpixel_block(as_model(subpixel_block))


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("value", [None, 3, "text", (), np.zeros(3), keras.Sequential()])
def test_a_result_of_another_kind_is_explained(name, value):
    with pytest.raises(lab.CheckFailed):
        getattr(check, name)(lambda *arguments: value)
    assert getattr(check, name).outcome == "wrong"


def test_the_exercises_are_worth_40_points():
    assert sum(getattr(check, name).points for name in EXERCISES) == 40


def test_a_network_keeps_its_weights_through_the_check():
    models = []

    def kept(*arguments):
        models.append((network(*arguments), arguments))
        return models[-1][0]

    check.build_sr(kept)
    assert all(np.abs(model.get_weights()[0]).max() > 0 for model, _ in models)
