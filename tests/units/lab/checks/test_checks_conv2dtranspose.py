"""What the checks of assignment 02 do beyond what the answers of the catalogue show."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab.checks import conv2dtranspose as check

L = keras.layers


def up(filters, strides=2, activation="relu"):
    return L.Conv2DTranspose(filters, 3, strides, padding="same", activation=activation)


def last(activation="sigmoid"):
    return L.Conv2D(1, 1, activation=activation)


@pytest.mark.parametrize(
    ("layers", "kind"),
    [
        (lambda filters: [last(), up(filters)], "convolution-first"),
        (lambda filters: [up(filters, strides=1), last()], "strides"),
        (lambda filters: [up(filters + 1), last()], "filters"),
        (lambda filters: [up(filters, activation=None), last(None)], "no-activation"),
        (lambda filters: [L.UpSampling2D(), up(filters, strides=1), last()], "extra-layer"),
        (lambda filters: [up(filters), L.Dense(filters, activation="relu"), last()], "extra-layer"),
        (lambda filters: [up(filters), last("relu"), L.Softmax()], "softmax-at-the-end"),
    ],
)
def test_a_rare_mistake_in_an_upsampler_is_named(layers, kind):
    with pytest.raises(lab.CheckFailed) as failure:
        check.build_upsampler(
            lambda shape, filters: keras.Sequential([keras.Input(shape), *layers(filters)])
        )
    assert failure.value.finding.kind == kind


def test_the_place_of_another_activation_and_the_extra_layer_are_named():
    def built(*layers):
        return lambda shape, filters: keras.Sequential(
            [keras.Input(shape), up(filters, activation=None), *(make() for make in layers)]
        )

    for layers, says in [
        ([L.LeakyReLU, last], "The activation in the middle is leaky_relu instead of relu."),
        (
            [L.ReLU, lambda: last("elu"), lambda: L.Activation("sigmoid")],
            "The activation at the end is elu, then sigmoid instead of sigmoid.",
        ),
        ([L.ReLU, L.LayerNormalization, last], "should not have: LayerNormalization."),
    ]:
        with pytest.raises(lab.CheckFailed) as failure:
            check.build_upsampler(built(*layers))
        assert says in failure.value.finding.sentence


@pytest.mark.parametrize("layer", [L.Identity, lambda: L.Activation("linear"), L.ReLU])
def test_a_layer_that_changes_nothing_does_no_harm(layer):
    def build(shape, filters):
        return keras.Sequential([keras.Input(shape), up(filters), layer(), last()])

    check.build_upsampler(build)


def of_tent(tent):
    """A kernel that is the product of a tent with itself; `tent` gets the factor and the size."""

    def kernel(factor, channels):
        one = tent(factor, 2 * factor - factor % 2)
        return (np.outer(one, one)[:, :, None, None] * np.eye(channels)).astype("float32")

    return kernel


def around(center, reach=lambda factor, size: factor):
    return lambda f, k: 1 - np.abs(np.arange(k) - center(f, k)) / reach(f, k)


def middle(factor, size):
    return (size - 1) / 2


@pytest.mark.parametrize(
    ("tent", "kind"),
    [
        (around(lambda f, k: k // 2), "even-half-right"),
        (around(lambda f, k: f - 1), "even-half-left"),
        (around(lambda f, k: f if f % 2 else f - 0.5), "odd-one-right"),
        (around(lambda f, k: f - 0.5), "odd-half-right"),
        (around(lambda f, k: k / 2), "always-half-right"),
        (around(lambda f, k: f), "half-or-one-right"),
        (around(lambda f, k: f - 0.5 if f % 2 else f - 1), "centers-swapped"),
        (around(middle, lambda f, k: k // 2), "zero-ends"),
        (lambda f, k: 1 - np.abs(np.linspace(-1, 1, k)), "zero-ends"),
        (around(middle, lambda f, k: (k + 1) / 2), "another-slope"),
        (around(middle, lambda f, k: k), "another-slope"),
        (lambda f, k: np.abs(np.arange(k) - middle(f, k)) / f, "valley"),
        (lambda f, k: np.minimum(around(middle)(f, k) + (1 - f % 2) / 2 / f, 1), "odd-formula"),
        (lambda f, k: np.exp(-(((np.arange(k) - middle(f, k)) / f) ** 2)), "values"),
        (lambda f, k: around(middle)(f, k) ** 2, "values"),
    ],
)
def test_what_is_wrong_with_a_tent_is_named_if_it_is_known(tent, kind):
    with pytest.raises(lab.CheckFailed) as failure:
        check.bilinear_kernel(of_tent(tent))
    finding = failure.value.finding
    assert (finding.kind, finding.recognized) == (kind, kind != "values")
    assert len(finding.yours) == len(finding.wanted) > 3


@pytest.mark.parametrize("shift", [0.5, -0.5, 1])
def test_a_tent_off_its_center_shifts_every_image_by_as_much(shift):
    """What the sentences of `bilinear_kernel` say of the sides, in one dimension."""
    factor, x = 4, np.arange(8.0)
    tent = np.maximum(1 - np.abs(np.arange(9) - 3.5 - shift) / factor, 0)[:, None, None]
    y = np.asarray(keras.ops.conv_transpose(x[None, :, None], tent, factor, "valid"))[0, 2:-4, 0]
    centers = (np.arange(len(y)) + 0.5) / factor - 0.5
    assert np.allclose((y - (centers - shift / factor))[8:-8], 0)


@pytest.mark.parametrize(
    ("stamp", "kind"),
    [
        (lambda a, b, f: np.minimum(a, b), "smaller-of-two"),
        (lambda a, b, f: a + b, "averaged"),
        (lambda a, b, f: 1 - np.hypot(1 - a, 1 - b), "one-distance"),
        (lambda a, b, f: np.maximum(a + b - 1, 0), "one-distance"),
        (lambda a, b, f: a + 0 * b, "one-axis"),
        (lambda a, b, f: np.sqrt(a * b), "values"),
    ],
)
def test_what_is_done_with_the_two_weights_instead_of_their_product_is_named(stamp, kind):
    def kernel(factor, channels):
        size = 2 * factor - factor % 2
        tent = 1 - np.abs(np.arange(size) - middle(factor, size)) / factor
        made = stamp(tent[:, None], tent[None, :], factor)
        return (made[:, :, None, None] * np.eye(channels)).astype("float32")

    with pytest.raises(lab.CheckFailed) as failure:
        check.bilinear_kernel(kernel)
    assert failure.value.finding.kind == kind


def test_a_bias_left_out_is_told_from_one_that_is_turned_round():
    def without(size, inputs, outputs, use_bias=True):
        return int(np.prod(np.broadcast_to(size, 2))) * inputs * outputs

    for count, kind in [
        (without, "no-bias"),
        (lambda *a: without(*a) + (a[2] if a[3:] == (False,) else 0), "bias-turned-round"),
    ]:
        with pytest.raises(lab.CheckFailed) as failure:
            check.count_parameters(count)
        assert failure.value.finding.kind == kind


@pytest.mark.parametrize("change", [lambda x: x[:, -1:], lambda x: 2 * x])
def test_a_gradient_that_is_wrong_in_another_way_gets_no_cause(change):
    def gradient(kernel, upstream, stride):
        rows, columns = (
            (n - 1) * stride + k for n, k in zip(upstream.shape[1:3], kernel.shape[:2], strict=True)
        )
        y = keras.ops.conv_transpose(upstream, kernel, strides=stride)
        return change(y[:, :rows, :columns])

    with pytest.raises(lab.CheckFailed) as failure:
        check.conv_input_gradient(gradient)
    assert not failure.value.finding.recognized


def test_a_right_size_made_by_slicing_is_a_hidden_wrong_size():
    def sliced(model):
        new = keras.models.clone_model(model)
        image = keras.Input(model.input_shape[1:])
        return keras.Model(image, new(image)[:, :28, :28])

    with pytest.raises(lab.CheckFailed) as failure:
        check.repair_decoder(sliced)
    finding = failure.value.finding
    assert finding.kind == "size-hidden" and "Conv2D, GetItem instead of" in finding.remarks[0]
    assert "ends at 30x30 (3x3 valid, then 3x3 same)" in finding.remarks[1]


@pytest.mark.parametrize(
    "settings", [(4, "same", 0), (3, "same", 0), (4, "valid", 0), (4, "same", None), (4, "same", 1)]
)
def test_a_decoder_is_said_to_fail_only_if_it_does(settings):
    model = check.broken_decoder(2, settings, (3, "same", None))
    try:
        model(np.zeros((1, 7, 7, 2)))
        fails = False
    except tf.errors.OpError:
        fails = True
    assert any(map(check._fails, model.layers)) == fails


def decoder(*layers):
    """A builder of a decoder with these layers after the first feature map."""
    return lambda latent_dim: keras.Sequential(
        [keras.Input((latent_dim,)), L.Dense(7 * 7 * 4), L.Reshape((7, 7, 4))]
        + [make() for make in layers]
    )


@pytest.mark.parametrize(
    ("layers", "kind"),
    [
        ([lambda: up(4), lambda: up(4), last, L.Softmax], "softmax-of-one"),
        ([lambda: up(4), lambda: up(4), lambda: L.Conv2D(2, 3)], "output-shape"),
        ([lambda: up(4), lambda: L.Conv2DTranspose(4, 3, 2), last], "valid-padding"),
        ([lambda: up(4), lambda: up(4), lambda: up(4), last], "output-shape"),
    ],
)
def test_why_a_decoder_is_wrong_is_named(layers, kind):
    with pytest.raises(lab.CheckFailed) as failure:
        check.build_decoder(decoder(*layers))
    assert failure.value.finding.kind == kind


def test_a_decoder_with_the_right_layers_must_keep_its_channels():
    def doubled(model):
        def fixed(layer):
            config = layer.get_config()
            if isinstance(layer, L.Conv2DTranspose):
                config.update(padding="same", output_padding=None)
            return type(layer).from_config(config)

        new = keras.models.clone_model(model, clone_function=fixed)
        y = new.outputs[0]
        return keras.Model(new.inputs, keras.ops.concatenate([y, y], axis=-1))

    with pytest.raises(lab.CheckFailed, match="ends with 2 channels") as failure:
        check.repair_decoder(doubled)
    assert failure.value.finding.kind == "wrong-channels"


@pytest.mark.parametrize(
    ("layers", "kind"),
    [
        ([lambda: up(4), lambda: up(4), L.Flatten, lambda: L.Dense(784)], "vector-again"),
        ([lambda: up(4), lambda: up(784), L.GlobalMaxPooling2D], "vector-again"),
        (
            [lambda: up(4), lambda: up(4), lambda: L.Reshape((3136,)), lambda: L.Dense(784)],
            "vector-again",
        ),
        (
            [
                *(lambda: up(4), L.Flatten, lambda: L.Dense(196)),
                *(lambda: L.Reshape((14, 14, 1)), lambda: up(1)),
            ],
            "",
        ),
        ([lambda: up(4), lambda: up(1), L.Flatten], ""),
        ([lambda: up(4), lambda: up(4), lambda: L.Dense(1)], ""),
    ],
)
def test_an_image_drawn_from_a_vector_again_is_told_from_one_of_feature_maps(layers, kind):
    ends = [lambda: L.Activation("sigmoid"), lambda: L.Reshape((28, 28, 1))]
    try:
        check.build_decoder(decoder(*layers, *ends))
        found = ""
    except lab.CheckFailed as failure:
        found = failure.finding.kind
    assert found == kind


@pytest.mark.parametrize(("activation", "says"), [("sigmoid", True), ("relu", False)])
def test_sigmoids_alone_inside_are_suspected_when_a_decoder_does_not_learn(activation, says):
    trial = check.build_decoder.trial(lambda latent_dim: None)
    inside = [lambda: up(4, activation=activation), lambda: up(4, activation="sigmoid")]
    model = decoder(*inside, last)(8)
    check.suspect(trial, model)
    with pytest.raises(lab.CheckFailed) as failure:
        trial.fail("It does not learn.")
    assert ("sigmoid inside" in " ".join(failure.value.finding.remarks)) == says


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


def fitting(n, kernel_size, stride, padding):
    """The right answer for every input of the visible check but an n that is too small."""
    last = (
        (n - kernel_size) // stride * stride if padding == "valid" else (n - 1) // stride * stride
    )
    least = kernel_size if padding == "valid" else kernel_size % 2
    default = max(kernel_size, stride) if padding == "valid" else stride
    return None if n == last + default else n - last - least


def refused(function):
    """What the check of `output_padding_for` finds in an answer."""
    with pytest.raises(lab.CheckFailed) as failure:
        check.output_padding_for(function)
    return failure.value.finding


def test_none_and_ints_are_shown_as_they_come_back():
    found = refused(lambda *setting: fitting(*setting) or 0)
    assert (found.kind, found.expected, found.returned) == ("zero-for-none", "None", "0")
    assert found.call == "output_padding_for(9, 4, 3, 'same')  # expected None"
    found = refused(lambda *setting: None)
    assert (found.expected, found.returned) == ("1", "None")
    assert found.differs == "a number is expected, not None"
    found = refused(lambda *setting: (fitting(*setting),) * 2)
    assert (found.kind, found.recognized, found.returned) == ("values", False, "(None, None)")
    found = refused(
        lambda *setting: None if fitting(*setting) is None else float(fitting(*setting))
    )
    assert (found.kind, found.returned) == ("type", "1.0")


def test_only_a_refusal_of_small_inputs_is_called_one():
    def refuses(*setting):
        if setting[0] < setting[1]:
            raise ValueError("n")
        return fitting(*setting)

    def fails(*setting):
        if setting[2] > setting[1]:
            raise ValueError("stride")
        return fitting(*setting)

    assert refused(refuses).kind == "refuses-small-inputs"
    assert refused(fails).kind == "raises-ValueError"


def test_a_right_answer_that_refuses_nothing_is_told_so():
    assert refused(fitting).kind == "no-error"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda d, z, n, stride: d - n, "surplus"),
        (lambda d, z, n, stride: None if n % stride == 0 else stride - n % stride, "surplus"),
        (lambda d, z, n, stride: None if n == d else abs(n - d), "from-the-default"),
        (lambda d, z, n, stride: d - z, "n-left-out"),
        (lambda d, z, n, stride: None if n % stride == 0 else 1, "one-int"),
        (lambda d, z, n, stride: None if n == d else n % stride, "parity-ignored"),
        (lambda d, z, n, stride: None if n == d else z - n, "values"),
        (lambda d, z, n, stride: n % stride, "values"),
    ],
)
def test_what_is_done_with_the_lengths_is_named_if_it_is_known(answer, kind):
    def padding_for(n, kernel_size, stride, padding):
        if padding == "valid":
            start = (n - kernel_size) // stride * stride
            return answer(start + max(kernel_size, stride), start + kernel_size, n, stride)
        start = (n - 1) // stride * stride
        return answer(start + stride, start + kernel_size % 2, n, stride)

    assert refused(padding_for).kind == kind


def test_a_port_by_an_operation_is_told_that_the_operation_fails_only_if_it_does():
    def port(make):
        def built(weight, bias, stride, padding):
            image = keras.Input((None, None, weight.shape[0]))
            return keras.Model(image, make(image, np.moveaxis(weight, (0, 1), (3, 2)).copy()))

        return built

    for make, kind in [
        (lambda x, kernel: keras.ops.conv_transpose(x, kernel, 2), "operation-for-layer"),
        (lambda x, kernel: L.Conv2DTranspose(2, 4, 2, "same", 0)(x), "fails-when-called"),
    ]:
        with pytest.raises(lab.CheckFailed) as failure:
            check.port_conv_transpose(port(make))
        assert failure.value.finding.kind == kind


@pytest.mark.parametrize("digits", [2, 3, 5])
def test_a_rounded_deviation_is_named(digits):
    def answer(kernel_size, stride, in_channels):
        sides = np.broadcast_to(kernel_size, 2)
        return round(float(stride * (2 / (in_channels * np.prod(sides))) ** 0.5), digits)

    with pytest.raises(lab.CheckFailed) as failure:
        check.transposed_he_stddev(answer)
    assert failure.value.finding.kind == "result-rounded"


@pytest.mark.parametrize(("taps", "named"), [(np.floor, "whole-taps"), (np.round, "values")])
def test_rounded_products_are_named_where_they_explain_the_numbers(taps, named):
    def answer(kernel_size, stride, in_channels):
        sides = np.broadcast_to(kernel_size, 2)
        return float((2 / (in_channels * np.prod(taps(sides / stride)))) ** 0.5)

    with pytest.raises(lab.CheckFailed) as failure:
        check.transposed_he_stddev(answer)
    assert failure.value.finding.kind == named
