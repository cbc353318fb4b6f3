"""The facts of notebook 04: order, instrument, cures and gradients. Each test's name is a claim."""

import itertools
import math

import keras
import numpy as np
import pytest
import tensorflow as tf
from evidence.instruments import grid_scores, phase_mean_scores
from evidence.stamps import (
    box,
    cubic,
    evened,
    full,
    icnr,
    lanczos,
    mirrored,
    order_by_moments,
    order_by_response,
    outer,
    sampled,
    spread,
    tent,
)

from autograder.lab import datasets

L = keras.layers
RNG = np.random.default_rng


def transposed(x, kernel, stride, padding="valid"):
    """(H, W), (kh, kw) -> what Keras' transposed convolution makes of them."""
    image, weights = x[None, :, :, None], kernel[:, :, None, None]
    y = keras.ops.conv_transpose(image, weights, strides=stride, padding=padding)
    return np.asarray(y)[0, :, :, 0]


def convolved(x, kernel, padding="same"):
    image, weights = x[None, :, :, None], kernel[:, :, None, None]
    return np.asarray(keras.ops.conv(image, weights, padding=padding))[0, :, :, 0]


def mean_of(x, size):
    """The mean of each size x size window, stride 1."""
    return convolved(x, np.ones((size, size)) / size**2, "valid")


def repeated(x, factor):
    return x.repeat(factor, 0).repeat(factor, 1)


def phase_sums(kernel, stride):
    phases = np.ndindex(stride, stride)
    return np.array([kernel[p::stride, q::stride].sum() for p, q in phases])


def score(image, stride):
    image = np.asarray(image)
    return float(grid_scores(image.reshape(1, *image.shape[:2], -1), stride)[0])


def old_score(image, stride):
    return float(phase_mean_scores(image[None, ..., None], stride)[0])


def order(kernel, stride):
    """By both methods, which must agree."""
    found = order_by_moments(kernel, stride)
    assert found == order_by_response(kernel, stride)
    return found


# -------------------------------------------------------------------------------------- counts
def test_a_random_kernel_of_any_size_is_about_as_uneven():
    generator = RNG(0)
    for size in (2, 3, 4, 5):
        sums = np.array([phase_sums(generator.normal(size=(size, size)), 2) for _ in range(4000)])
        ratio = math.sqrt(np.mean(sums.var(axis=1) / np.mean(sums**2, axis=1)))
        assert ratio == pytest.approx(math.sqrt(0.75), abs=0.02), size  # 0.87


def test_with_a_mean_of_twice_the_deviation_even_counts_halve_the_unevenness_and_no_more():
    generator, found = RNG(1), []
    for size in (2, 3, 4, 5):
        kernels = generator.normal(size=(4000, size, size)) + 2
        sums = np.array([phase_sums(kernel, 2) for kernel in kernels])
        found.append(np.mean(sums.std(axis=1) / np.sqrt(np.mean(sums**2, axis=1))))
    np.testing.assert_allclose(found, [0.38, 0.46, 0.19, 0.30], atol=0.015)


def on_the_line(kernel):
    """The response at half the sampling rate along rows and some frequency along columns."""
    signs = (-1.0) ** np.arange(len(kernel))
    return abs(signs @ kernel @ np.exp(1j * np.arange(kernel.shape[1])))


def test_a_4x4_kernel_mirrored_in_both_axes_is_flat_since_it_is_a_3x3_after_a_box():
    kernel = mirrored(RNG(2).normal(size=(2, 2)))
    assert order(kernel, 2) == 1
    assert on_the_line(kernel) < 1e-12 and on_the_line(kernel.T) < 1e-12


def test_a_random_4x4_kernel_of_equal_phase_sums_is_flat_and_no_3x3_after_a_box():
    kernel = RNG(2).normal(size=(4, 4))
    for p, q in np.ndindex(2, 2):
        kernel[p::2, q::2] -= kernel[p::2, q::2].mean() - 0.1
    assert order(kernel, 2) == 1
    assert on_the_line(kernel) > 0.1


@pytest.mark.parametrize("size", [2, 4, 6])
def test_a_size_that_the_stride_divides_evens_the_counts_and_not_the_sums(size):
    assert np.ptp(phase_sums(np.ones((size, size)), 2)) == 0
    flat = [order(RNG(seed).normal(size=(size, size)), 2) for seed in range(50)]
    assert set(flat) == {0}


# -------------------------------------------------------------------------------------- orders
R = RNG(3).normal(size=(3, 3))
ORDERS = [
    ("nearest", box(2), 2, 1),
    ("nearest + random 3x3", full(box(2), R), 2, 1),
    ("nearest + [1,2,1]", full(box(2), outer(1, 2, 1)), 2, 3),
    ("nearest + [1,2,1] by 3", full(box(3), outer(1, 2, 1)), 3, 1),
    ("equal sub-kernels", icnr(2, R), 2, 1),
    ("random sub-kernels", RNG(4).normal(size=(6, 6)), 2, 0),
    ("random + box", full(R, box(2)), 2, 1),
    ("random + box twice", full(R, box(2, 2)), 2, 2),
    ("random + [1,3,3,1]", full(R, outer(1, 3, 3, 1)), 2, 3),
    ("random + [1,3,3,1] by 3", full(R, outer(1, 3, 3, 1)), 3, 0),
    ("[.2,.5,.6,.5,.2]", outer(0.2, 0.5, 0.6, 0.5, 0.2), 2, 2),
    ("Keras' bilinear", sampled(tent, 2, 1, True), 2, 3),
    ("Keras' bilinear by 3", sampled(tent, 3, 1, True), 3, 2),
    ("Keras' bilinear by 4", sampled(tent, 4, 1, True), 4, 2),
    ("corner-aligned tent", sampled(tent, 2, 1, False), 2, 2),
    ("Keys' cubic", sampled(cubic(-0.5), 2, 2, True), 2, 3),
    ("cubic with -0.75", sampled(cubic(-0.75), 2, 2, True), 2, 1),
    ("Lanczos 3, normalized", evened(sampled(lanczos, 2, 3, True), 2), 2, 1),
    ("U-Net's random 2x2", RNG(5).normal(size=(2, 2)), 2, 0),
    ("FCN-8s' 16x16", sampled(tent, 8, 1, True), 8, 2),
    ("FCN-16s' 32x32", sampled(tent, 16, 1, True), 16, 2),
]


@pytest.mark.parametrize(
    ("name", "kernel", "stride", "expected"), ORDERS, ids=lambda v: str(v)[:24]
)
def test_orders_of_well_known_upsamplers(name, kernel, stride, expected):
    assert order(kernel, stride) == expected


@pytest.mark.parametrize(("s", "size"), [(2, 4), (3, 5), (4, 8)])
def test_keras_bilinear_resize_is_the_half_pixel_tent_away_from_borders(s, size):
    kernel = sampled(tent, s, 1, True)
    assert kernel.shape == (size, size)
    x = RNG(6).normal(size=(9, 8))
    resized = L.UpSampling2D(s, interpolation="bilinear", dtype="float64")(x[None, ..., None])
    ours = transposed(x, kernel, s, "same")[s:-s, s:-s]
    np.testing.assert_allclose(ours, np.asarray(resized)[0, s:-s, s:-s, 0], atol=1e-6)
    if s == 2:
        np.testing.assert_allclose(kernel * 16, outer(1, 3, 3, 1))


@pytest.mark.parametrize(("s", "before"), list(itertools.product([2, 3], [0, 1, 2])))
def test_a_box_of_the_stride_adds_one_to_the_order_of_a_random_kernel(s, before):
    kernel = full(RNG(7).normal(size=(3, 4)), box(s, before))
    assert [order(full(kernel, box(s, more)), s) for more in (0, 1, 2)] == [
        before, before + 1, before + 2
    ]  # fmt: skip


def test_a_box_can_add_two_where_the_only_obstacle_is_diagonal():
    assert order(np.eye(2), 2) == 0
    assert order(full(np.eye(2), box(2)), 2) == 2
    assert order(full(np.eye(2), box(2, 2)), 2) == 3  # from here on the axes are the obstacle


def test_two_filters_of_order_0_can_have_order_1_together():
    one, other = outer(1, 1), outer(1, 0, 1)
    assert order(one, 4) == order(other, 4) == 0
    assert order(full(one, other), 4) == 1  # a box of 4


def test_nearest_and_a_3x3_have_more_than_order_1_only_where_its_alternating_sums_vanish():
    signs = np.array([1, -1, 1])
    for kernel in (outer(1, 2, 1), np.outer([1, 2, 1], [-1, 0, 1]), np.pad(np.eye(2), (0, 1))):
        assert not np.any([signs @ kernel.sum(axis=axis) for axis in (0, 1)])
        assert order(full(box(2), kernel), 2) > 1
    for seed in range(50):
        kernel = RNG(seed).normal(size=(3, 3))
        assert np.any([signs @ kernel.sum(axis=axis) for axis in (0, 1)])
        assert order(full(box(2), kernel), 2) == 1


def test_usual_later_layers_leave_the_grid_of_an_earlier_one_and_ones_of_4x4_remove_it():
    first = spread(R, 2)  # a random 3x3 by 2, seen by a second layer by 2
    for later in (box(2), full(box(2), R.T), outer(1, 3, 3, 1), full(outer(1, 3, 3, 1), R.T)):
        assert order(later, 2) >= 1
        assert order(full(first, later), 4) == 0
    assert order(full(first, box(4)), 4) == 1
    assert order(full(spread(outer(1, 3, 3, 1), 2), outer(1, 3, 3, 1)), 4) == 3


def test_two_convolutions_after_u_nets_2x2_leave_its_grid():
    generator = RNG(8)
    stamp = generator.normal(size=(2, 2))
    for _ in range(2):
        stamp = full(stamp, generator.normal(size=(3, 3)))
        assert order(stamp, 2) == 0


# ------------------------------------------------------------------------------- what it means
def test_order_1_survives_relu_and_any_number_of_channels_and_layers():
    keras.utils.set_random_seed(0)
    generator = keras.Sequential([keras.Input((12, 12, 3))])
    for filters in (8, 8, 2):
        generator.add(L.UpSampling2D(2))
        generator.add(L.Conv2D(filters, 3, padding="same", activation="relu", dtype="float64",
                               bias_initializer="glorot_normal"))  # fmt: skip
    x = np.ones((1, 12, 12, 1)) * RNG(9).normal(size=3)
    inside = np.asarray(generator(x))[0, 24:72, 24:72]
    assert np.ptp(inside, axis=(0, 1)).max() < 1e-5 < inside.max()


def test_higher_orders_do_not_survive_relu_since_what_it_bends_is_no_ramp():
    kernel = sampled(tent, 3, 1, False)
    assert order(kernel, 3) == 2
    ramp = np.tile(np.linspace(-1, 1, 40), (40, 1))
    bends = np.linspace(-0.9, 0.9, 64)
    hidden = np.mean([np.maximum(ramp - bend, 0) for bend in bends], axis=0)

    def grid(image):
        """Largest difference of the three phases, once the slow part is taken off."""
        row = transposed(image, kernel, 3)[60, 30:90]
        row = (
            row
            - np.convolve(np.pad(row, 3, "reflect", reflect_type="odd"), np.ones(3) / 3, "same")[
                3:-3
            ]
        )
        return np.ptp(row[6:54].reshape(-1, 3).mean(axis=0))

    assert grid(ramp) < 1e-9
    assert grid(hidden) > 1e-5


def test_nearest_and_a_random_3x3_draw_a_grid_on_a_ramp_and_not_on_a_constant():
    ramp = np.tile(np.arange(12.0), (12, 1))
    enlarged = convolved(repeated(ramp, 2), R)[6:-6, 6:-6]
    slopes = np.diff(enlarged, axis=1)[0]
    np.testing.assert_allclose(slopes[::2], slopes[0])
    np.testing.assert_allclose(slopes[1::2], slopes[1])
    assert abs(slopes[0] - slopes[1]) > 0.1
    assert np.ptp(convolved(repeated(np.ones((12, 12)), 2), R)[6:-6, 6:-6]) < 1e-6
    smooth = L.UpSampling2D(2, interpolation="bilinear")(ramp[None, ..., None])
    smooth = convolved(np.asarray(smooth)[0, ..., 0].astype("float64"), R)[6:-6, 6:-6]
    assert np.ptp(np.diff(smooth, axis=1)) < 1e-5


@pytest.mark.parametrize("m", [0, 1, 2, 3])
def test_on_a_wave_of_twice_the_length_the_grid_is_2_to_the_order_times_smaller(m):
    kernel = full(RNG(10).normal(size=(3, 3)) + 0.5, box(2, m))
    grids = []
    for length in (64, 128):
        wave = np.cos(2 * np.pi * 2 * np.arange(length) / length)  # two waves at stride 2
        row = transposed(np.tile(wave, (20, 1)), kernel, 2)[20, length // 2 : length // 2 + length]
        power = np.abs(np.fft.rfft(row)) ** 2
        grids.append(math.sqrt(power[length // 2 - 1] / power[1]))
    assert grids[0] / grids[1] == pytest.approx(2**m, rel=0.15)


# -------------------------------------------------------------------------------------- cures
@pytest.mark.parametrize(("s", "k"), [(2, 3), (3, 3), (2, 5), (3, 5), (2, 7), (4, 5)])
def test_a_strided_layer_and_a_mean_equal_nearest_and_a_convolution_borders_included(s, k):
    kernel, x = RNG(11).normal(size=(k, k)), RNG(12).normal(size=(6, 5))
    resized = convolved(repeated(x, s), kernel)
    strided = transposed(x, kernel[::-1, ::-1] * s**2, s)
    more = s - 1 - (k - 1) // 2
    folded = mean_of(np.pad(strided, max(more, 0)), s)
    if more < 0:
        folded = folded[-more:more, -more:more]
    np.testing.assert_allclose(folded, resized, rtol=0, atol=1e-12)


def test_the_mean_that_makes_it_so_costs_a_quarter_of_the_multiply_adds():
    assert 9 * 4 / (3 * 3 * 2 * 2 * 4) == 0.25  # for each pixel that is enlarged to 2x2


def test_equal_sub_kernels_are_a_convolution_and_then_nearest():
    x, kernel = RNG(13).normal(size=(1, 6, 5, 2)), RNG(14).normal(size=(3, 3, 2, 3))
    tiled = keras.ops.tile(kernel, (1, 1, 1, 4))
    dealt = tf.nn.depth_to_space(tf.nn.conv2d(x, tiled, 1, "SAME"), 2).numpy()[0]
    low = tf.nn.conv2d(x, kernel, 1, "SAME").numpy()[0]
    np.testing.assert_allclose(dealt, repeated(low, 2), atol=1e-12)


def test_a_constraint_on_a_2x2_stamp_leaves_one_number():
    stamp = np.full((2, 2), 0.7)
    assert order(stamp, 2) == 1
    assert order(stamp + np.array([[0, 0.01], [0, 0]]), 2) == 0


# ----------------------------------------------------------------------------------- instrument
def test_the_score_of_a_checkerboard_at_strides_1_to_4_is_0_1_0_1():
    board = np.indices((12, 12)).sum(axis=0) % 2.0
    assert [score(board, s) for s in (1, 2, 3, 4)] == [0, 1, 0, 1]
    rows, columns = np.indices((24, 24))
    assert score(0.3 * rows + 0.7 * columns + 0.1 * ((rows + columns) % 2), 2) == pytest.approx(1)


def test_the_old_score_is_blind_on_a_wave_and_the_new_one_is_not():
    rows, columns = np.indices((64, 64))
    image = np.sin(2 * np.pi * columns / 16) * (1 + 0.3 * (-1) ** (rows + columns))
    assert old_score(image, 2) < 1e-10
    assert score(image, 2) == pytest.approx(0.732, abs=0.001)


def test_the_old_score_falls_with_brightness_and_the_new_one_does_not():
    image = np.indices((48, 48)).sum(axis=0) % 2 - 0.5 + RNG(15).normal(size=(48, 48)) * 0.1
    old, new = ([of(image + offset, 2) for offset in (0, 1, 10, 100)] for of in (old_score, score))
    assert old[0] > 0.9 and old[1] < 0.5 and old[2] < 0.06 and old[3] < 0.006
    np.testing.assert_allclose(new, new[0], atol=1e-9)
    assert score(image + 1e6, 2) == 0  # what is left of the pixels' differences is too small


@pytest.mark.parametrize("s", [2, 3, 4])
def test_stripes_whose_period_divides_the_stride_are_the_grid_and_others_are_not(s):
    for period in range(2, 9):
        stripes = np.tile((np.arange(48) % period < period / 2).astype(float), (48, 1))
        assert (score(stripes, s) > 0.9) == (s % period == 0)


def test_the_score_measures_regularity_and_not_strength():
    rows, columns = np.indices((40, 40))
    for strength in (1e-3, 1.0):
        assert score(1 + strength * ((rows + columns) % 2), 2) == pytest.approx(1)
    noise = RNG(16).normal(size=(40, 40))
    assert score(noise + 0.3 * (-1.0) ** (rows + columns), 2) < 0.1


def test_repeated_pixels_are_a_grid_on_a_slope_and_bilinear_ones_are_not():
    ramp = np.tile(np.arange(24.0), (24, 1))
    assert score(repeated(ramp, 2), 2) > 0.9
    smooth = L.UpSampling2D(2, interpolation="bilinear", dtype="float64")(ramp[None, ..., None])
    assert score(np.asarray(smooth)[0, 4:-4, 4:-4], 2) == 0


# ------------------------------------------------------------------------------------- gradients
def mean_gradient(model, inputs, period, edge, seed=0):
    """Phase means of the mean absolute gradient of a random combination of the outputs."""
    x = tf.Variable(inputs)
    with tf.GradientTape() as tape:
        y = model(x)
        total = tf.reduce_sum(y * RNG(seed).normal(size=y.shape).astype("float32"))
    inside = np.abs(tape.gradient(total, x)).mean(axis=(0, 3))[edge:-edge, edge:-edge]
    side = len(inside) // period
    return inside.reshape(side, period, side, period).mean((0, 2))


def depth(reduction):
    """How much the mean absolute gradient of two such layers on noise varies with the phase."""
    keras.utils.set_random_seed(0)
    x = given = keras.Input((48, 48, 1))
    for _ in range(2):
        x = reduction(x)
    model = keras.Model(given, L.GlobalAveragePooling2D()(x))
    means = mean_gradient(model, RNG(17).normal(size=(64, 48, 48, 1)).astype("float32"), 4, 12)
    return means.std() / means.mean()


def convolution(x, stride=1):
    return L.Conv2D(8, 3, strides=stride, padding="same", activation="relu")(x)


def smoothed(x):
    taps = outer(1, 3, 3, 1)[:, :, None, None].repeat(8, axis=2) / 64
    blur = L.DepthwiseConv2D(4, strides=2, padding="same", use_bias=False, trainable=False,
                             depthwise_initializer=keras.initializers.Constant(taps))  # fmt: skip
    return blur(convolution(x))


def test_windows_that_overlap_unevenly_print_a_period_into_gradients_and_2x2_pooling_does_not():
    assert depth(lambda x: convolution(x, 2)) > 0.2
    assert depth(lambda x: L.MaxPooling2D(3, 2, "same")(convolution(x))) > 0.06
    assert depth(lambda x: L.AveragePooling2D(3, 2, "same")(convolution(x))) > 0.1
    floor = depth(convolution)
    for reduction in (
        lambda x: L.MaxPooling2D(2)(convolution(x)),
        lambda x: L.AveragePooling2D(2)(convolution(x)),
        smoothed,
    ):
        assert depth(reduction) < 2.5 * floor < 0.05


@pytest.mark.parametrize("size", [3, 4, 5])
def test_the_mean_gradient_follows_the_energy_of_the_phases_where_noise_arrives(size):
    keras.utils.set_random_seed(size)
    given = keras.Input((48, 48, 1))
    layer = L.Conv2D(16, size, strides=2, activation="relu")
    model = keras.Model(given, layer(given))
    inputs = RNG(18).normal(size=(64, 48, 48, 1)).astype("float32")
    means = mean_gradient(model, inputs, 2, 8).ravel()
    kernel = np.asarray(layer.kernel)
    energy = [np.sum(kernel[p::2, q::2] ** 2) for p, q in np.ndindex(2, 2)]
    np.testing.assert_allclose(
        means / means.mean(), np.sqrt(energy) / np.mean(np.sqrt(energy)), rtol=0.03
    )


# ---------------------------------------------------------------------------------------- stored
def test_the_audit_finds_four_published_generators_at_every_number_of_seeds_and_not_the_resized():
    for name, row in datasets.measurements("audit")["generators"].items():
        low, mean = min(row["grid"]), np.mean(row["grid"])
        if name == "resize-convolution DCGAN":
            assert max(row["grid"]) < 1e-4 and max(row["training"]) < 1e-4
        else:
            assert mean > 0.18 and low > 0.05 and np.mean(row["training"]) > 0.15
            assert np.mean(sorted(row["grid"])[:4]) > 0.1  # any four seeds


def test_the_old_score_saw_nothing_of_two_published_generators():
    rows = datasets.measurements("audit")["generators"]
    blind = {name for name, row in rows.items() if max(row["phase_means"]) < 0.05}
    assert {"Keras example, VAE", "Keras example, DCGAN"} <= blind


def test_the_new_score_alarms_less_and_misses_weak_grids_in_texture():
    found = datasets.measurements("grid-score")
    new, old = (found["all"][name] for name in ("grid_score", "phase_means"))
    assert new["false_alarms"] < 0.05 < 0.15 < old["false_alarms"]
    contents = {name: row["grid_score"] for name, row in found["contents"].items()}
    for smooth in ("constant", "ramp", "wave of 32 px", "photograph"):
        assert contents[smooth]["misses"][1] <= 0.1 and contents[smooth]["false_alarms"] < 0.01
    for texture in ("white noise", "square stripes", "wave of 8 px"):
        assert contents[texture]["misses"][1] > 0.8
    added = found["ways"]["added"]
    assert added["phase_means"]["auc"][0] > 0.9 > 0.75 > added["grid_score"]["auc"][0]
    assert found["zero_from"][0] > 500


def test_three_methods_agree_on_the_flat_orders():
    rows = datasets.measurements("orders")["orders"]
    assert len(rows) > 70
    for name, _, *found in rows:
        assert len({order for order in found if order is not None}) == 1, name


def test_the_slopes_of_the_grid_on_waves_are_the_orders():
    for name, row in datasets.measurements("orders")["waves"].items():
        assert row["slope"][0] == pytest.approx(-int(name.split()[1][0]), abs=0.1)
