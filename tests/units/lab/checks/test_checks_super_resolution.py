"""What the checks of assignment 05 do beyond what the answers of the catalogue show."""

import functools

import keras
import numpy as np
import pytest

from autograder import lab
from autograder.lab.checks import super_resolution as check

L = keras.layers


def as_model(answer):
    """What the notebook's set-up function and `functools.partial` make of a block."""

    def wrapped(function, shape, *arguments):
        entry = keras.Input(shape)
        return keras.Model(entry, function(entry, *arguments))

    return functools.partial(wrapped, answer)


def test_a_block_that_is_not_attempted_is_known_through_the_wrapper():
    def subpixel_block(x, filters, factor=2):
        raise NotImplementedError()

    with pytest.raises(lab.NotAttempted, match="not attempted yet"):
        check.subpixel_block(as_model(subpixel_block))


def test_a_lambda_layer_is_named_as_grading_names_it():
    def block(x, filters, factor=2):
        y = L.Conv2D(filters * factor**2, 3, padding="same")(x)
        return L.Lambda(lambda y: y)(keras.ops.depth_to_space(y, factor))

    with pytest.raises(lab.CheckFailed) as failure:
        check.subpixel_block(as_model(block))
    assert failure.value.finding.kind == "cannot-be-graded"
    assert "(Lambda)" in failure.value.finding.sentence


def test_a_network_keeps_its_weights_through_the_check():
    models = []

    def network(upsampler, factor=2):
        low = keras.Input((None, None, 1))
        if upsampler == "transpose":
            x = L.Conv2DTranspose(4, 2 * factor, strides=factor, padding="same")(low)
        elif upsampler == "resize":
            x = L.Conv2D(4, 3, padding="same")(L.UpSampling2D(factor)(low))
        else:
            x = keras.ops.depth_to_space(L.Conv2D(4 * factor**2, 3, padding="same")(low), factor)
        large = L.UpSampling2D(factor, interpolation="bicubic")(low)
        models.append(keras.Model(low, L.Add()([L.Conv2D(1, 3, padding="same")(x), large])))
        return models[-1]

    check.build_sr(network)
    assert all(np.abs(model.get_weights()[0]).max() > 0 for model in models)
