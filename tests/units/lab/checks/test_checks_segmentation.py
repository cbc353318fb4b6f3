"""What the checks of assignment 03 do beyond what the answers of the catalogue show."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab import fitting
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


def kind_of(check_, *arguments):
    with pytest.raises(lab.CheckFailed) as failure:
        check_(*arguments)
    return failure.value.finding.kind


@pytest.mark.parametrize("name", ["build_fcn", "build_unet"])
def test_this_edition_asks_for_a_model_of_any_size_and_the_first_did_not(name):
    def of_one_size(shape, count, base=16):
        shape = tuple(n or 16 for n in shape)
        built = network(shape, count, base)
        if name == "build_unet":
            return built
        image = keras.Input(shape)
        x = L.Conv2D(base, 3, padding="same", activation="relu")(image)
        for width in (2 * base, 4 * base):
            x = L.Conv2D(width, 3, padding="same", activation="relu")(L.MaxPooling2D()(x))
        for width in (2 * base, base):
            x = L.Conv2DTranspose(width, 2, strides=2, activation="relu")(x)
        last = "sigmoid" if count == 1 else "softmax"
        return keras.Model(image, L.Conv2D(count, 1, activation=last)(x))

    asked = getattr(check, name)
    asked(of_one_size)
    assert kind_of(asked, of_one_size, check.expect_any_size) == "input-shape"
    assert asked.outcome == "wrong"


@pytest.mark.parametrize("axis", [1, 2])
def test_a_softmax_over_rows_or_columns_is_named_by_its_axis(axis):
    def over_the_image(shape, count, base=16):
        model = network(shape, count, base, last="linear")
        return keras.Model(model.inputs, L.Softmax(axis)(model.outputs[0]))

    with pytest.raises(lab.CheckFailed, match=f"axis {axis}"):
        check.build_unet(over_the_image)


def test_an_expected_number_is_shown_in_four_digits():
    with pytest.raises(lab.CheckFailed) as failure:
        check.mean_iou(lambda *_: 0.25)
    assert failure.value.finding.expected in ("0.5556", "0.5", "0.3333")
    assert failure.value.finding.returned == "0.25"


@pytest.mark.parametrize(
    "convert", [list, np.array, tf.constant, lambda t: tuple(map(np.int64, t))]
)
def test_three_counts_may_come_in_any_sequence(convert):
    def matches(true, pred, threshold=0.5):
        if not 0.5 <= threshold < 1:
            raise ValueError("threshold")
        pairs = [(a, b) for a in np.unique(true) for b in np.unique(pred) if a and b]
        both = [
            ((true == a) & (pred == b)).sum() / ((true == a) | (pred == b)).sum() for a, b in pairs
        ]
        hits = sum(iou > threshold for iou in both)
        return convert((
            int(hits),
            len(np.setdiff1d(pred, [0])) - int(hits),
            len(np.setdiff1d(true, [0])) - int(hits),
        ))  # fmt: skip

    check.match_instances(matches)


def test_what_was_fitted_may_be_a_clone():
    def anew(model, images, masks, epochs):
        clone = keras.models.clone_model(model)
        clone.compile("adam", keras.losses.dice)
        clone.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
        return clone

    check.fit_unet(functools.partial(fitting.fitted, anew))
