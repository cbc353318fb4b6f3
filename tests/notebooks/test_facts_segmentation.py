"""The facts that notebook 03 relies on, checked against TensorFlow and Keras themselves."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder.lab import datasets

L = keras.layers
RNG = np.random.default_rng
SPLITS = ("train", "validation", "test")


def components(mask):
    """Number each 4-connected component by its largest pixel index."""
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        spread = labels.copy()
        for near, far in [(np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])]:
            np.maximum(spread[near], labels[far], out=spread[near])
            np.maximum(spread[far], labels[near], out=spread[far])
        spread *= mask
        if np.array_equal(spread, labels):
            return labels
        labels = spread


def numbers(split):
    """(512, W) labels of a whole strip of nuclei."""
    return datasets.nuclei_strip(split, instances=True)[1][..., 0]


# -------------------------------------------------------------------------------------- scores
def test_dice_is_twice_iou_over_one_plus_iou_for_one_class_of_pooled_pixels():
    for seed in range(20):
        first, second = RNG(seed).uniform(size=(2, 50)) < RNG(seed).uniform(size=(2, 1))
        if not (first | second).any():
            continue
        iou = (first & second).sum() / (first | second).sum()
        dice = 2 * (first & second).sum() / (first.sum() + second.sum())
        assert dice == pytest.approx(2 * iou / (1 + iou))


def test_averaged_over_two_classes_iou_and_dice_may_disagree_on_which_answer_is_better():
    even, uneven = np.array([0.5, 0.5]), np.array([1, 0.05])
    dices = [np.mean(2 * ious / (1 + ious)) for ious in (even, uneven)]
    assert uneven.mean() > even.mean() and dices[1] < dices[0]
    assert np.round(dices, 3).tolist() == [0.667, 0.548]


def test_an_answer_that_finds_nothing_has_about_four_fifths_of_the_pixels_right():
    shares = [np.mean(datasets.nuclei(split)[1] == 0) for split in SPLITS]
    assert np.round(shares, 2).tolist() == [0.78, 0.83, 0.82]


# --------------------------------------------------------------------------------------- skips
def test_adding_a_skip_equals_concatenation_with_tied_weights():
    x, skip = RNG(0).normal(size=(2, 1, 7, 9, 4)).astype("float32")
    kernel = RNG(1).normal(size=(3, 3, 4, 5)).astype("float32")
    added = keras.ops.conv(x + skip, kernel, padding="same")
    tied = np.concatenate([kernel, kernel], axis=2)
    joined = keras.ops.conv(np.concatenate([x, skip], axis=-1), tied, padding="same")
    assert np.allclose(added, joined, atol=1e-4)


def test_adding_before_a_convolution_leaves_the_mixture_to_the_layers_that_made_both():
    """A 1x1 convolution on each side of the sum is any concatenation's 1x1 convolution."""
    x, skip = RNG(0).normal(size=(2, 1, 7, 9, 4)).astype("float32")
    kernel = RNG(1).normal(size=(1, 1, 8, 5)).astype("float32")
    joined = keras.ops.conv(np.concatenate([x, skip], axis=-1), kernel)
    parted = [keras.ops.conv(*pair) for pair in ((x, kernel[:, :, :4]), (skip, kernel[:, :, 4:]))]
    assert np.allclose(joined, parted[0] + parted[1], atol=1e-4)


# ----------------------------------------------------------------------- batch normalization
@pytest.mark.parametrize("momentum", [0.99, 0.9])
def test_after_n_steps_momentum_to_the_n_of_a_moving_average_is_its_start(momentum):
    layer = L.BatchNormalization(momentum=momentum)
    x = RNG(0).normal(3, 2, (64, 1)).astype("float32")
    for _ in range(60):
        layer(x, training=True)
    left = momentum**60
    assert float(layer.moving_mean[0]) == pytest.approx((1 - left) * x.mean(), rel=1e-3)
    assert float(layer.moving_variance[0]) == pytest.approx(left + (1 - left) * x.var(), rel=1e-3)
    assert left == pytest.approx({0.99: 0.547, 0.9: 0.0018}[momentum], abs=5e-4)


# ------------------------------------------------------------------------------------- nuclei
@pytest.mark.parametrize(
    ("split", "count", "merged"), [("train", 89, 26), ("validation", 15, 4), ("test", 21, 4)]
)
def test_the_binary_truth_merges_nuclei_that_touch(split, count, merged):
    labels = numbers(split)
    parts = components(labels > 0)
    pairs = set(zip(parts[labels > 0], labels[labels > 0], strict=True))
    parts_of = [part for part, _ in pairs]
    assert len({label for _, label in pairs}) == count
    assert len({label for part, label in pairs if parts_of.count(part) > 1}) == merged


@pytest.mark.parametrize(("split", "alone"), [("train", 89), ("validation", 15), ("test", 20)])
def test_inside_their_borders_touching_nuclei_come_apart(split, alone):
    labels = numbers(split)
    inside = labels > 0
    for axis in (0, 1):
        differ = np.diff(labels, axis=axis) != 0
        for place in (0, differ.shape[axis]):
            inside &= ~np.insert(differ, place, False, axis=axis)
    assert len(np.unique(components(inside))) - 1 == alone


# --------------------------------------------------------------------------------------- losses
def at_logits(loss, side, p=0.1):
    """Gradients of a loss at the logits, summed over an object in 100x100 and over the rest."""
    truth = np.zeros((1, 100, 100, 1), "float32")
    truth[:, :side, :side] = 1
    logits = tf.fill(truth.shape, float(np.log(p / (1 - p))))
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(tf.constant(truth), keras.ops.sigmoid(logits))
    slope = np.asarray(tape.gradient(value, logits), "float64")
    return slope[truth == 1].sum(), slope[truth == 0].sum()


def cross_entropy(y_true, y_pred):
    return keras.ops.mean(keras.losses.binary_crossentropy(y_true, y_pred))


def soft_dice(eps):
    def loss(y_true, y_pred):
        areas = keras.ops.sum(y_true) + keras.ops.sum(y_pred)
        return 1 - (2 * keras.ops.sum(y_true * y_pred) + eps) / (areas + eps)

    return loss


@pytest.mark.parametrize("side", [4, 8, 16, 32])
def test_gradients_at_the_logits_of_both_losses_are_what_the_formulas_say(side):
    n, pixels, p = side**2, 100**2, 0.1
    found = at_logits(cross_entropy, side)
    assert found == pytest.approx((-n * (1 - p) / pixels, (pixels - n) * p / pixels), rel=1e-3)
    overlap, areas = 2 * n * p + 1, n + pixels * p + 1
    background = p * (1 - p) * overlap / areas**2
    expected = n * (background - p * (1 - p) * 2 / areas), (pixels - n) * background
    assert at_logits(soft_dice(1), side) == pytest.approx(expected, rel=1e-3)


def test_a_small_object_is_outweighed_70_to_1_in_cross_entropy_and_hardly_in_dice():
    inside, outside = at_logits(cross_entropy, 4)
    assert (round(inside, 4), round(outside, 4)) == (-0.0014, 0.0998)
    inside, outside = at_logits(soft_dice(1), 4)
    assert (round(inside, 4), round(outside, 4)) == (-0.0028, 0.0036)


def test_with_eps_1_dice_too_prefers_an_empty_answer_to_a_small_object_and_with_a_small_eps_not():
    for side, eps, prefers_empty in [(4, 1, True), (8, 1, True), (16, 1, False), (4, 1e-6, False)]:
        assert (sum(at_logits(soft_dice(eps), side)) > 0) == prefers_empty


def test_an_empty_image_alone_makes_dice_jump_and_beside_others_it_hardly_counts():
    truth = np.zeros((8, 64, 64, 1), "float32")
    truth[1:, 20:40, 20:40] = 1
    answer = truth.copy()
    answer[0, 0, 0] = 1  # one wrong pixel in the empty image
    by_image = [float(soft_dice(1)(truth[i : i + 1], answer[i : i + 1])) for i in range(8)]
    assert by_image == pytest.approx([0.5] + [0] * 7)
    assert float(soft_dice(1)(truth, answer)) < 2e-4


# -------------------------------------------------------------------------------------- masks
def resized(masks, side, method):
    """(N, H, W, 1) masks by tf.image.resize, cut off to integers as sparse losses do."""
    values = tf.image.resize(masks.astype("float32"), (side, side), method=method)
    return np.floor(np.asarray(values)[..., 0] + 1e-4).astype(int)


def test_a_sparse_loss_cuts_labels_off_to_integers():
    answer = np.array([[0.2, 0.7, 0.1]], "float32")
    loss = keras.losses.SparseCategoricalCrossentropy()(np.array([[1.9]], "float32"), answer)
    assert float(loss) == pytest.approx(-np.log(0.7))


@pytest.mark.parametrize(("side", "wrong"), [(96, 0.063), (24, 0.081)])
def test_bilinear_resizing_makes_wrong_labels_in_scenes(side, wrong):
    _, masks = datasets.fashion_scenes("validation", 60)
    labels, nearest = (resized(masks, side, method) for method in ("bilinear", "nearest"))
    assert np.mean(labels != nearest) == pytest.approx(wrong, abs=0.003)


def test_where_classes_meet_halving_invents_a_third_class_in_two_of_three_pixels():
    _, masks = datasets.fashion_scenes("validation", 60)
    labels = resized(masks, 24, "bilinear")
    sources = [masks[:, i::2, j::2, 0] for i in (0, 1) for j in (0, 1)]
    meets = np.any([source != sources[0] for source in sources], axis=0)
    invented = np.all([source != labels for source in sources], axis=0)
    assert np.mean(meets) == pytest.approx(0.098, abs=0.002)
    assert np.mean(invented) == pytest.approx(0.068, abs=0.002)
    assert np.mean(invented[meets]) == pytest.approx(0.69, abs=0.01)


def test_rounded_a_binary_mask_survives_bilinear_doubling_and_cut_off_it_does_not():
    _, masks = datasets.nuclei("validation")
    values = np.asarray(tf.image.resize(masks.astype("float32"), (128, 128)))[..., 0]
    nearest = resized(masks, 128, "nearest")
    assert np.array_equal(np.rint(values), nearest)
    assert np.mean(np.floor(values) != nearest) == pytest.approx(0.017, abs=0.001)


def test_two_random_flips_of_one_seed_flip_image_and_mask_alike_and_make_the_mask_float():
    images = RNG(0).normal(size=(32, 4, 6, 1)).astype("float32")
    first, second = (L.RandomFlip("horizontal", seed=42) for _ in range(2))
    for _ in range(3):
        flipped, mask = first(images), second((images > 0).astype("int32"))
        assert np.array_equal(np.asarray(flipped) > 0, np.asarray(mask) > 0)
        assert not np.array_equal(flipped, images) and mask.dtype == tf.float32


# ---------------------------------------------------------------------------- receptive field
def unet(levels, skips=True):
    """Two 3x3 convolutions in each level and one after each transposed convolution of 2 by 2."""
    image = keras.Input((64, 64, 1))
    x, maps = image, []
    for level in range(levels):
        x = L.AveragePooling2D(2)(x) if level else x
        for _ in range(2):
            x = L.Conv2D(2, 3, padding="same", kernel_initializer="ones")(x)
        maps.append(x)
    encoder = keras.Model(image, maps[-1])
    for skip in reversed(maps[:-1]):
        x = L.Conv2DTranspose(2, 2, strides=2, kernel_initializer="ones")(x)
        x = L.Concatenate()([x, skip]) if skips else x
        x = L.Conv2D(2, 3, padding="same", kernel_initializer="ones")(x)
    return encoder, keras.Model(image, x)


def seen(model, row):
    """How many rows of the input one output pixel depends on, before it and after it."""
    x = tf.zeros((1, 64, 64, 1))
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = model(x)[0, row, 8, 0]
    rows = np.flatnonzero(np.asarray(tape.gradient(y, x))[0, ..., 0].any(axis=1))
    return rows[0], rows[-1]


def test_one_pixel_of_the_encoders_three_levels_sees_5_14_and_32_pixels():
    sizes = []
    for levels, row in [(1, 32), (2, 16), (3, 8)]:
        first, last = seen(unet(levels)[0], row)
        sizes.append(last - first + 1)
    assert sizes == [5, 14, 32]


@pytest.mark.parametrize("skips", [True, False])
def test_one_pixel_of_the_fcn_or_unet_sees_36_or_40_pixels_and_at_most_20_to_a_side(skips):
    model = unet(3, skips)[1]
    spans = [seen(model, row) for row in range(32, 36)]
    assert [last - first + 1 for first, last in spans] == [36, 40, 40, 36]
    assert max(max(row - a, b - row) for row, (a, b) in enumerate(spans, 32)) == 20
