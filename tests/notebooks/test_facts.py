"""The facts that the notebooks rely on, checked against TensorFlow and Keras themselves."""

import itertools
import math

import keras
import numpy as np
import pytest
import tensorflow as tf

L = keras.layers
RNG = np.random.default_rng


def every(*axes):
    return list(itertools.product(*axes))


def transposed(x, kernel, stride, padding="valid"):
    """(H, W), (kh, kw) -> what Keras' transposed convolution makes of them."""
    image, weights = x[None, :, :, None], kernel[:, :, None, None]
    y = keras.ops.conv_transpose(image, weights, strides=stride, padding=padding)
    return np.asarray(y)[0, :, :, 0]


def correlated(x, kernel, stride=1):
    image, weights = x[None, :, :, None], kernel[:, :, None, None]
    return np.asarray(keras.ops.conv(image, weights, strides=stride, padding="valid"))[0, :, :, 0]


def stamped(x, kernel, stride):
    height = (x.shape[0] - 1) * stride + kernel.shape[0]
    width = (x.shape[1] - 1) * stride + kernel.shape[1]
    total = np.zeros((height, width))
    for (row, column), value in np.ndenumerate(x):
        top, left = row * stride, column * stride
        total[top : top + kernel.shape[0], left : left + kernel.shape[1]] += value * kernel
    return total


def phase_sums(kernel, stride):
    return np.array([[kernel[p::stride, q::stride].sum() for q in range(stride)]
                     for p in range(stride)])  # fmt: skip


def unevenness(image, stride):
    """Standard deviation of the phase means over the root mean square."""
    sides = [n - n % stride for n in image.shape]
    cut = image[: sides[0], : sides[1]]
    means = [cut[p::stride, q::stride].mean() for p in range(stride) for q in range(stride)]
    return np.std(means) / np.sqrt(np.mean(cut**2))


# --------------------------------------------------------------------------------------- sizes
SIZES = list(every([1, 2, 3, 7], [1, 2, 3, 4, 5], [1, 2, 3], ["valid", "same"]))


@pytest.mark.parametrize(("n", "k", "s", "padding"), SIZES)
def test_the_output_length_follows_the_table(n, k, s, padding):
    for p in [None, *range(s)]:
        if p is None:
            expected = (n - 1) * s + max(k, s) if padding == "valid" else n * s
        else:
            expected = (n - 1) * s + p + (k if padding == "valid" else k % 2)
        layer = L.Conv2DTranspose(1, k, strides=s, padding=padding, output_padding=p)
        assert tuple(layer.compute_output_shape((None, n, n, 1))[1:3]) == (expected, expected)
        fails = padding == "same" and k % 2 == 0 and p == 0
        if not fails and expected > 0:
            called = layer(np.ones((1, n, n, 1), "float32"))
            assert tuple(called.shape[1:3]) == (expected, expected)


@pytest.mark.parametrize("k", [2, 4, 6])
def test_same_with_an_even_kernel_and_no_output_padding_builds_but_fails_when_called(k):
    layer = L.Conv2DTranspose(1, k, strides=2, padding="same", output_padding=0)
    layer.build((None, 7, 7, 1))
    with pytest.raises((tf.errors.OpError, ValueError)):
        layer(np.ones((1, 7, 7, 1), "float32"))


@pytest.mark.parametrize(("k", "s"), every([1, 2, 3, 4, 5], [1, 2, 3]))
def test_same_is_valid_cropped(k, s):
    x, kernel = RNG(0).normal(size=(4, 5)), RNG(1).normal(size=(k, k))
    top = max(k - s, 0) // 2
    valid = transposed(x, kernel, s)[top : top + 4 * s, top : top + 5 * s]
    np.testing.assert_allclose(valid, transposed(x, kernel, s, "same"), atol=1e-6)


# --------------------------------------------------------------------------------------- views
@pytest.mark.parametrize(("shape", "s"), every([(2, 2), (3, 3), (3, 4), (5, 3)], [1, 2]))
def test_five_views_give_the_same_numbers(shape, s):
    x, kernel = RNG(2).normal(size=(4, 5)), RNG(3).normal(size=shape)
    expected = stamped(x, kernel, s)
    rows, columns = expected.shape
    np.testing.assert_allclose(transposed(x, kernel, s), expected, atol=1e-6)

    spread = np.zeros(((4 - 1) * s + 1, (5 - 1) * s + 1))
    spread[::s, ::s] = x
    padded = np.pad(spread, [(n - 1, n - 1) for n in shape])
    np.testing.assert_allclose(correlated(padded, kernel[::-1, ::-1]), expected, atol=1e-6)

    gathered = np.zeros_like(expected)
    for i, j in np.ndindex(rows, columns):
        for a, b in np.ndindex(x.shape):
            if 0 <= i - a * s < shape[0] and 0 <= j - b * s < shape[1]:
                gathered[i, j] += x[a, b] * kernel[i - a * s, j - b * s]
    np.testing.assert_allclose(gathered, expected, atol=1e-6)

    matrix = np.stack([correlated(basis.reshape(rows, columns), kernel, s).ravel()
                       for basis in np.eye(rows * columns)], axis=1)  # fmt: skip
    np.testing.assert_allclose((matrix.T @ x.ravel()).reshape(rows, columns), expected, atol=1e-6)

    image = tf.Variable(np.zeros((1, rows, columns, 1)))
    with tf.GradientTape() as tape:
        down = tf.nn.conv2d(image, kernel[:, :, None, None], s, "VALID")
        total = tf.reduce_sum(down * x[None, :, :, None])
    np.testing.assert_allclose(tape.gradient(total, image)[0, :, :, 0], expected, atol=1e-6)


@pytest.mark.parametrize("s", [1, 2, 3])
def test_the_transpose_has_the_array_of_the_convolution_and_is_its_adjoint(s):
    down = L.Conv2D(3, 4, strides=s, use_bias=False)
    up = L.Conv2DTranspose(2, 4, strides=s, use_bias=False)
    side = 3 * s + 4
    x = RNG(4).normal(size=(1, side, side, 2)).astype("float32")
    y = RNG(5).normal(size=(1, 4, 4, 3)).astype("float32")
    down.build((None, None, None, 2))
    up.build((None, None, None, 3))
    assert down.kernel.shape == up.kernel.shape == (4, 4, 2, 3)
    up.kernel.assign(down.kernel)
    one, other = np.sum(np.asarray(down(x)) * y), np.sum(x * np.asarray(up(y)))
    assert math.isclose(one, other, rel_tol=1e-4, abs_tol=1e-4)


def test_the_transpose_restores_the_shape_and_not_the_content():
    x, kernel = RNG(6).normal(size=(9, 9)), RNG(7).normal(size=(3, 3))
    back = transposed(correlated(x, kernel, 2), kernel, 2)
    assert back.shape == x.shape
    scale = np.vdot(back, x) / np.vdot(back, back)  # the kindest one
    assert np.linalg.norm(scale * back - x) > 0.5 * np.linalg.norm(x)


# ------------------------------------------------------------------------------------- overlap
@pytest.mark.parametrize(("k", "s"), every(range(1, 7), [1, 2, 3]))
def test_a_phase_receives_so_many_taps(k, s):
    counts = transposed(np.ones((12, 1)), np.ones((k, 1)), s)[:, 0]
    middle = counts[6 * s : 10 * s]
    for p in range(s):
        np.testing.assert_allclose(middle[p::s], math.ceil((k - p) / s), atol=1e-5)


@pytest.mark.parametrize(("k", "ratio"), [(2, 1), (3, 4), (4, 1), (5, 2.25)])
def test_largest_over_smallest_overlap_at_stride_two(k, ratio):
    taps = [math.ceil((k - p) / 2) for p in range(2)]
    assert (max(taps) / min(taps)) ** 2 == ratio


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_random_kernels_are_uneven_whether_or_not_the_stride_divides_their_size(k):
    generator = RNG(8)
    scores = []
    for _ in range(300):
        sums = phase_sums(generator.normal(size=(k, k)), 2)
        scores.append(np.std(sums) / np.sqrt(np.mean(sums**2)))
    # 0.75 = the root mean square share of the variance that is left around the mean of four
    assert 0.7 < np.mean(scores) < 0.9
    assert 0.8 < math.sqrt(np.mean(np.square(scores))) < 0.92


def test_a_kernel_whose_size_the_stride_does_not_divide_can_be_even():
    row = np.array([0.2, 0.5, 0.6, 0.5, 0.2])
    np.testing.assert_allclose(phase_sums(np.outer(row, row), 2), 1)
    interior = transposed(np.ones((8, 8)), np.outer(row, row), 2)[5:-5, 5:-5]
    np.testing.assert_allclose(interior, 1, atol=1e-6)


@pytest.mark.parametrize(("k", "s"), every([2, 3, 4, 5], [2, 3]))
def test_a_flat_input_stays_flat_exactly_where_the_phase_sums_are_equal(k, s):
    kernel = RNG(9).normal(size=(k, k))
    sums = phase_sums(kernel, s)
    interior = transposed(np.ones((12, 12)), kernel, s)[3 * s : 9 * s, 3 * s : 9 * s]
    for p, q in np.ndindex(s, s):
        np.testing.assert_allclose(interior[p::s, q::s], sums[p, q], atol=1e-5)


@pytest.mark.parametrize(("k", "s"), every([1, 2, 3, 4], [2, 3]))
def test_resize_convolution_is_one_transposed_convolution_with_a_folded_stamp(k, s):
    kernel, x = RNG(10).normal(size=(k, k)), RNG(11).normal(size=(6, 6))
    resized = correlated(x.repeat(s, 0).repeat(s, 1), kernel)
    side = k + s - 1
    folded = np.zeros((side, side))
    for i, j in np.ndindex(s, s):
        folded[i : i + k, j : j + k] += kernel[::-1, ::-1]
    one = transposed(x, folded, s)[k - 1 : k - 1 + len(resized), k - 1 : k - 1 + len(resized)]
    np.testing.assert_allclose(one[k:-k, k:-k], resized[k:-k, k:-k], atol=1e-5)
    np.testing.assert_allclose(phase_sums(folded, s), phase_sums(folded, s)[0, 0])


@pytest.mark.parametrize("s", [2, 3, 4])
def test_the_bilinear_stamp_enlarges_as_tensorflow_does_away_from_borders(s):
    size = 2 * s - s % 2
    row = 1 - np.abs(np.arange(size) - (size - 1) / 2) / s
    np.testing.assert_allclose(phase_sums(np.outer(row, row), s), 1)
    x = RNG(12).normal(size=(6, 7))
    ours = transposed(x, np.outer(row, row), s, "same")
    theirs = tf.image.resize(x[..., None], (6 * s, 7 * s), "bilinear").numpy()[..., 0]
    np.testing.assert_allclose(ours[s:-s, s:-s], theirs[s:-s, s:-s], atol=1e-5)


# ----------------------------------------------------------------------------------- sub-pixel
@pytest.mark.parametrize(("factor", "channels"), every([2, 3], [1, 3]))
def test_equal_sub_kernels_are_tiled_over_the_last_axis_in_tensorflow(factor, channels):
    base = RNG(13).normal(size=(3, 3, 2, channels))
    flat = np.ones((1, 8, 8, 2))
    found = {}
    for order, kernel in [("tiled", np.tile(base, (1, 1, 1, factor**2))),
                          ("repeated", np.repeat(base, factor**2, axis=3))]:  # fmt: skip
        fine = tf.nn.depth_to_space(tf.nn.conv2d(flat, kernel, 1, "VALID"), factor).numpy()[0]
        found[order] = max(unevenness(fine[..., c], factor) for c in range(channels))
    assert found["tiled"] < 1e-6
    assert channels == 1 or found["repeated"] > 0.1


def test_strided_convolution_and_pooling_print_checkerboards_into_gradients():
    image = tf.Variable(np.zeros((1, 13, 13, 1)))
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(tf.nn.conv2d(image, np.ones((3, 3, 1, 1)), 2, "VALID"))
    gradient = tape.gradient(total, image).numpy()[0, 2:10, 2:10, 0]
    assert sorted(set(gradient.ravel())) == [1, 2, 4]
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(tf.nn.max_pool2d(image + RNG(14).normal(size=image.shape), 2, 2,
                                               "VALID"))  # fmt: skip
    assert (tape.gradient(total, image).numpy() != 0).mean() < 0.3


# --------------------------------------------------------------------------------------- costs
@pytest.mark.parametrize("k", [2, 3, 4])
def test_a_transposed_convolution_multiplies_so_often_for_each_output_pixel(k):
    inputs = 10 * 10
    assert inputs * k**2 / (inputs * 2**2) == {2: 1, 3: 2.25, 4: 4}[k]


def test_three_quarters_of_a_spread_image_are_zeros():
    spread = np.zeros((200, 200))
    spread[::2, ::2] = 1
    assert (spread == 0).mean() == 0.75


def test_dice_follows_from_iou():
    generator = RNG(15)
    for _ in range(20):
        one, other = generator.random((2, 8, 8)) < 0.4
        both, either = (one & other).sum(), (one | other).sum()
        iou, dice = both / either, 2 * both / (one.sum() + other.sum())
        assert math.isclose(dice, 2 * iou / (1 + iou))


def test_bilinear_resizing_invents_labels():
    mask = np.array([[0, 0, 5], [0, 5, 5], [5, 5, 0]])
    sides = (6, 6)
    smooth = tf.image.resize(mask[..., None], sides, "bilinear").numpy()
    near = tf.image.resize(mask[..., None], sides, "nearest").numpy()
    assert set(np.unique(near)) == {0, 5}
    assert len(np.unique(smooth)) > 2
