"""What the checks of assignment 03 do beyond what the answers of the catalogue show."""

import keras
import pytest

from autograder import lab
from autograder.lab.checks import segmentation as check

L = keras.layers


def network(shape, count, base=16, last=None):
    image = keras.Input(shape)
    levels = [image]
    for width in (base, 2 * base, 4 * base):
        x = levels[-1] if width == base else L.MaxPooling2D()(levels[-1])
        levels.append(L.Conv2D(width, 3, padding="same", activation="relu")(x))
    _, full, half, x = levels
    for level, width in [(half, 2 * base), (full, base)]:
        x = L.Concatenate()([L.Conv2DTranspose(width, 2, strides=2)(x), level])
        x = L.Conv2D(width, 3, padding="same", activation="relu")(x)
    last = last or ("sigmoid" if count == 1 else "softmax")
    return keras.Model(image, L.Conv2D(count, 1, activation=last)(x))


def test_a_network_inside_a_model_is_judged_by_its_own_layers():
    def nested(shape, count, base=16):
        image = keras.Input(shape)
        return keras.Model(image, network(shape, count, base)(image))

    check.build_unet(nested)
    with pytest.raises(lab.CheckFailed) as failure:
        check.build_fcn(nested)
    assert failure.value.finding.kind == "joins"


def test_a_network_that_ends_in_relu_gives_no_probabilities():
    keras.utils.set_random_seed(0)
    with pytest.raises(lab.CheckFailed) as failure:
        check.build_unet(lambda shape, count, base: network(shape, count, base, last="relu"))
    kinds = ("no-probabilities", "same-probability", "several-classes")  # its weights are random
    assert failure.value.finding.kind in kinds


def test_a_block_may_enlarge_to_another_number_of_channels():
    def block(shape, skip_shape, filters):
        x, skip = keras.Input(shape), skip_shape and keras.Input(skip_shape)
        y = L.Conv2DTranspose(9, 4, strides=2, padding="same")(x)
        y = L.Concatenate()([y, skip]) if skip_shape else y
        y = L.Conv2D(filters, 3, padding="same")(y)
        return keras.Model([x, skip] if skip_shape else x, y)

    check.decoder_block(block)
