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
    ],
)
def test_a_rare_mistake_in_an_upsampler_is_named(layers, kind):
    with pytest.raises(lab.CheckFailed) as failure:
        check.build_upsampler(
            lambda shape, filters: keras.Sequential([keras.Input(shape), *layers(filters)])
        )
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
    assert found.call == "output_padding_for(8, 3, 2, 'same')  # expected None"
    found = refused(lambda *setting: None)
    assert (found.expected, found.returned) == ("0", "None")
    assert found.differs == "a number is expected, not None"
    found = refused(lambda *setting: (fitting(*setting),) * 2)
    assert (found.kind, found.recognized, found.returned) == ("values", False, "(None, None)")
    found = refused(
        lambda *setting: None if fitting(*setting) is None else float(fitting(*setting))
    )
    assert (found.kind, found.returned) == ("type", "0.0")


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


@pytest.mark.parametrize(("taps", "named"), [(np.floor, "whole-taps"), (np.round, "values")])
def test_rounded_products_are_named_where_they_explain_the_numbers(taps, named):
    def answer(kernel_size, stride, in_channels):
        sides = np.broadcast_to(kernel_size, 2)
        return float((2 / (in_channels * np.prod(taps(sides / stride)))) ** 0.5)

    with pytest.raises(lab.CheckFailed) as failure:
        check.transposed_he_stddev(answer)
    assert failure.value.finding.kind == named
