"""The facts that the notebooks rely on, checked against TensorFlow and Keras themselves."""

import itertools
import math

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder.lab import datasets

L = keras.layers
RNG = np.random.default_rng


def every(*axes):
    return list(itertools.product(*axes))


def transposed(x, kernel, stride, padding="valid", output_padding=None):
    """(H, W), (kh, kw) -> what Keras' transposed convolution makes of them."""
    image, weights = x[None, :, :, None], kernel[:, :, None, None]
    y = keras.ops.conv_transpose(
        image, weights, strides=stride, padding=padding, output_padding=output_padding
    )
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


@pytest.mark.parametrize(("k", "s"), [(1, 2), (1, 3), (2, 3), (2, 5)])
def test_a_kernel_below_the_stride_is_not_cropped_although_floor_division_says_so(k, s):
    assert (k - s) // 2 < 0
    x, kernel = RNG(20).normal(size=(4, 5)), RNG(21).normal(size=(k, k))
    same = transposed(x, kernel, s, "same")
    np.testing.assert_allclose(same, transposed(x, kernel, s))  # (4 * s, 5 * s) both


@pytest.mark.parametrize(("n", "back"), [(13, 14), (14, 14), (15, 16), (25, 26), (7, 8)])
def test_two_sizes_share_an_output_size_under_same(n, back):
    down = L.Conv2D(1, 3, strides=2, padding="same")
    up = L.Conv2DTranspose(1, 3, strides=2, padding="same")
    shape = up.compute_output_shape(down.compute_output_shape((None, n, n, 1)))
    assert tuple(shape)[1:3] == (back, back)


PADDINGS = [(k, s, p) for k, s in every([1, 2, 3, 4, 5], [2, 3, 4]) for p in range(s)]


@pytest.mark.parametrize(("k", "s", "p"), [(k, s, p) for k, s, p in PADDINGS if k % 2 or p])
def test_output_padding_says_where_same_begins_to_keep(k, s, p):
    x, kernel = RNG(22).normal(size=(6, 5)), RNG(23).normal(size=(k, k))
    sides = [(n - 1) * s + k % 2 + p for n in x.shape]
    top = max(k - k % 2 - p, 0) // 2  # for None, p is s - k % 2
    full = np.pad(transposed(x, kernel, s, output_padding=0), (0, s))
    kept = transposed(x, kernel, s, "same", p)
    np.testing.assert_allclose(kept, full[top:, top:][: sides[0], : sides[1]], atol=1e-6)


def test_at_stride_two_the_row_more_of_an_odd_kernel_comes_at_the_top():
    x = RNG(24).normal(size=(4, 5))
    for k in (3, 5, 7):
        kernel = RNG(k).normal(size=(k, k))
        none, zero, one = (transposed(x, kernel, 2, "same", p) for p in (None, 0, 1))
        np.testing.assert_allclose(none, one)  # 8x10
        np.testing.assert_allclose(zero, one[1:, 1:], atol=1e-6)  # 7x9
    for k, shift in [(1, 0), (3, 1), (5, 2)]:  # at stride 4 a shift by two, too
        kernel = RNG(k).normal(size=(k, k))
        none, zero = (transposed(x, kernel, 4, "same", p) for p in (None, 0))
        rows, columns = zero.shape
        moved = none[shift : shift + rows, shift : shift + columns]
        np.testing.assert_allclose(zero, moved, atol=1e-6)


@pytest.mark.parametrize(("k", "s", "p"), PADDINGS)
def test_output_padding_adds_zeros_at_the_end_under_valid(k, s, p):
    x, kernel = RNG(25).normal(size=(4, 3)), RNG(26).normal(size=(k, k))
    padded = transposed(x, kernel, s, output_padding=p)
    expected = np.pad(stamped(x, kernel, s), (0, p))
    np.testing.assert_allclose(padded, expected, atol=1e-6)


def test_an_even_kernel_without_output_padding_fails_in_the_op_of_a_gradient():
    layer = L.Conv2DTranspose(4, 4, strides=2, padding="same", output_padding=0)
    model = keras.Sequential([keras.Input((7, 7, 8)), layer])
    assert model.output_shape == (None, 12, 12, 4)
    # Its type and text depend on the machine.
    with pytest.raises(tf.errors.OpError, match=r"\[Op:Conv2DBackpropInput\]"):
        model(np.zeros((1, 7, 7, 8), "float32"))


def test_messages_of_sizes_that_do_not_match_say_what_the_notebook_quotes():
    fine, coarse = keras.Input((14, 14, 4)), keras.Input((13, 13, 4))
    with pytest.raises(ValueError, match="requires inputs with matching shapes except for the"):
        L.Concatenate()([fine, coarse])
    with pytest.raises(ValueError, match="Inputs have incompatible shapes"):
        L.Add()([fine, coarse])
    with pytest.raises(ValueError, match="not supported in conjunction with `dilation_rate > 1`"):
        L.Conv2DTranspose(1, 3, strides=2, dilation_rate=2)
    model = keras.Sequential([keras.Input((26, 26, 1)), L.Activation("sigmoid")])
    model.compile(loss="mse")
    with pytest.raises(ValueError, match="Dimensions must be equal, but are 28 and 26"):
        model.fit(np.zeros((4, 26, 26, 1)), np.zeros((4, 28, 28, 1)), verbose=0)


TORCH = [(2, 0, 0, True), (3, 1, 0, True), (3, 1, 1, False), (4, 1, 0, True), (5, 2, 0, True),
         (5, 2, 1, False)]  # fmt: skip


@pytest.mark.parametrize(("k", "padding", "extra", "same"), TORCH)
def test_same_is_pytorch_only_where_both_crop_alike(k, padding, extra, same):
    x, kernel = RNG(27).normal(size=(6, 7)), RNG(28).normal(size=(k, k))
    full = np.pad(stamped(x, kernel, 2), (0, extra))
    torch = full[padding : len(full) - padding, padding : full.shape[1] - padding]
    given = None if torch.shape == (12, 14) else 0
    ours = transposed(x, kernel, 2, "same", given)
    assert ours.shape == torch.shape
    assert np.allclose(ours, torch) == same
    if not same:  # Keras' result lies one pixel lower and further right
        np.testing.assert_allclose(ours[1:, 1:], torch[:-1, :-1], atol=1e-6)


def runs_to(m, k, s, padding, output_padding):
    """The length that the layer makes of m when it is called; 0 where TensorFlow refuses."""
    layer = L.Conv2DTranspose(1, k, strides=s, padding=padding, output_padding=output_padding)
    try:
        return layer(np.ones((1, m, m, 1), "float32")).shape[1]
    except tf.errors.OpError:
        return 0


@pytest.mark.parametrize(("k", "s", "padding"), every(range(1, 6), range(1, 5), ["valid", "same"]))
def test_the_default_or_one_output_padding_restores_every_length(k, s, padding):
    """Tried once for n up to 14, k and s up to 12, too: 3,240 settings, no exception."""
    needed = set()
    for m, ns in itertools.groupby(
        range(k if padding == "valid" else 1, k + 2 * s + 1),
        lambda n: (n - k) // s + 1 if padding == "valid" else -(-n // s),
    ):
        lengths = {p: runs_to(m, k, s, padding, p) for p in (None, *range(s))}
        for n in ns:
            fitting = [p for p, length in lengths.items() if length == n]
            assert fitting and len(set(fitting) - {None}) <= 1
            needed.add(fitting[0])
    if s == 1:
        assert needed == {None}
    if padding == "same" and k % 2 == 0:  # what TensorFlow refuses is never needed
        assert 0 not in needed
    if padding == "valid" and k >= s:
        assert 0 not in needed


@pytest.mark.parametrize(
    ("n", "k", "padding", "output_padding"),
    [(25, 3, "same", 0), (13, 3, "same", 0), (7, 4, "same", 1), (8, 3, "valid", 1)],
)
def test_with_the_fitting_output_padding_the_layer_is_the_adjoint(n, k, padding, output_padding):
    x, kernel = RNG(0).normal(size=(1, n, n, 1)), RNG(1).normal(size=(k, k, 1, 1))
    y = keras.ops.conv(x, kernel, strides=2, padding=padding)
    z = RNG(2).normal(size=y.shape)
    back = keras.ops.conv_transpose(
        z, kernel, strides=2, padding=padding, output_padding=output_padding
    )
    np.testing.assert_allclose(np.sum(y * z), np.sum(x * back))


# --------------------------------------------------------------------------------------- weights
@pytest.mark.parametrize(
    ("initializer", "expected"),
    [
        (lambda channels: keras.initializers.HeNormal(seed=0), [0.71, 0.50, 0.35, 0.25]),
        (
            lambda channels: keras.initializers.RandomNormal(
                stddev=2 * math.sqrt(2 / (16 * channels)), seed=0
            ),
            [1, 1, 1, 1],
        ),
    ],
)
def test_the_spread_through_layers_of_stride_2_depends_on_the_start(initializer, expected):
    """Root mean square before each ReLU, away from the border, of halving channel counts."""
    x = np.maximum(RNG(0).normal(size=(2, 7, 7, 256)), 0).astype("float32")
    for channels, inside in zip([128, 64, 32, 16], expected, strict=True):
        start = initializer(x.shape[-1])
        layer = L.Conv2DTranspose(channels, 4, 2, padding="same", kernel_initializer=start)
        z = np.asarray(layer(x))
        x = np.maximum(z, 0)
        assert np.sqrt(np.mean(z[:, 4:-4, 4:-4] ** 2)) == pytest.approx(inside, rel=0.15)


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


def test_stamping_at_stride_one_is_the_full_convolution():
    x, kernel = RNG(30).normal(size=(6, 5)), RNG(31).normal(size=(3, 4))
    row = stamped(x[:1], kernel[:1], 1)[0]
    np.testing.assert_allclose(row, np.convolve(x[0], kernel[0]))
    sides = (6 + 3 - 1, 5 + 4 - 1)
    product = np.fft.rfft2(x, sides) * np.fft.rfft2(kernel, sides)
    np.testing.assert_allclose(stamped(x, kernel, 1), np.fft.irfft2(product, sides), atol=1e-12)


@pytest.mark.parametrize(("k", "s"), every([2, 3, 4, 5], [2, 3]))
def test_each_phase_of_the_output_is_stamped_with_a_kernel_of_its_own(k, s):
    x, kernel = RNG(32).normal(size=(4, 5)), RNG(33).normal(size=(k, k))
    whole = stamped(x, kernel, s)
    for p, q in np.ndindex(min(k, s), min(k, s)):
        own = stamped(x, kernel[p::s, q::s], 1)
        np.testing.assert_allclose(whole[p::s, q::s], own, atol=1e-12)


def test_the_adjoint_identity_does_not_see_a_kernel_turned_in_both_maps():
    x, y = RNG(34).normal(size=(7, 9)), RNG(35).normal(size=(3, 4))
    kernel = RNG(36).normal(size=(3, 3))
    turned = kernel[::-1, ::-1]
    down, up = correlated(x, turned, 2), transposed(y, turned, 2)
    assert math.isclose(np.vdot(down, y), np.vdot(x, up), rel_tol=1e-9)
    assert not np.allclose(down, correlated(x, kernel, 2))
    assert not math.isclose(np.vdot(down, y), np.vdot(x, transposed(y, kernel, 2)), rel_tol=1e-3)


def test_four_haar_filters_at_stride_two_are_undone_by_their_transpose():
    rows = np.array([[1, 1], [1, -1]]) / np.sqrt(2)
    bank = np.stack([np.outer(a, b) for a in rows for b in rows], axis=-1)[:, :, None]
    down = L.Conv2D(4, 2, strides=2, use_bias=False)  # the bank: (2, 2, 1, 4)
    up = L.Conv2DTranspose(1, 2, strides=2, use_bias=False)
    x = RNG(37).normal(size=(1, 8, 10, 1)).astype("float32")
    up(down(x))
    down.kernel.assign(bank)
    up.kernel.assign(bank)
    np.testing.assert_allclose(up(down(x)), x, atol=1e-6)


@pytest.mark.parametrize(("side", "k"), every([2, 3, 4, 7], [1, 2, 3]))
def test_one_kernel_at_stride_two_sends_different_images_to_one_output(side, k):
    k = min(k, side)
    images = np.eye(side**2).reshape(-1, side, side)
    matrix = np.stack([correlated(x, RNG(30).normal(size=(k, k)), 2).ravel() for x in images])
    assert np.linalg.matrix_rank(matrix) <= matrix.shape[1] < side**2


# --------------------------------------------------------------------------------------- shift
@pytest.mark.parametrize(("k", "s"), every(range(1, 8), [2, 3, 4]))
def test_same_centers_a_stamp_on_its_pixel_only_where_size_and_stride_match_in_parity(k, s):
    spot = np.zeros((9, 9))
    spot[4, 4] = 1
    rows = transposed(spot, np.ones((k, k)), s, "same").sum(axis=1)
    shift = np.average(np.arange(9 * s), weights=rows) - (4 * s + (s - 1) / 2)
    assert shift == pytest.approx((k - s) / 2 - max(k - s, 0) // 2)
    if k >= s:
        assert shift == pytest.approx((k - s) % 2 / 2)


SHIFTS = [(3, 3, 0), (4, 4, 0), (3, 4, -0.5), (4, 3, 0.5), (2, 3, 0.5), (2, 4, 0)]


@pytest.mark.parametrize(("down", "up", "shift"), SHIFTS)
def test_the_transpose_takes_back_the_shift_of_the_convolution_of_its_size(down, up, shift):
    rows = {2: [0.5, 0.5], 3: [0.5, 1, 0.5], 4: [0.25, 0.75, 0.75, 0.25]}  # 2 is average pooling
    spot = np.zeros((1, 32, 32, 1))
    spot[0, 14:16, 14:16] = 1
    small = keras.ops.conv(spot, np.outer(rows[down], rows[down])[:, :, None, None], 2, "same")
    large = transposed(np.asarray(small)[0, :, :, 0], np.outer(rows[up], rows[up]), 2, "same")
    assert np.average(np.arange(32), weights=large.sum(axis=1)) - 14.5 == pytest.approx(shift)


# ------------------------------------------------------------------------------------- overlap
@pytest.mark.parametrize(("k", "s"), every(range(1, 7), [1, 2, 3]))
def test_a_phase_receives_so_many_taps(k, s):
    counts = transposed(np.ones((12, 1)), np.ones((k, 1)), s)[:, 0]
    middle = counts[6 * s : 10 * s]
    for p in range(s):
        np.testing.assert_allclose(middle[p::s], math.ceil((k - p) / s), atol=1e-5)


def test_a_stride_above_the_size_leaves_outputs_without_a_stamp():
    reached = transposed(np.ones((5, 6)), np.ones((3, 3)), 4, "same")
    assert (reached == 0).mean() == 7 / 16


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


@pytest.mark.parametrize("s", [2, 3, 4])
def test_at_the_border_the_bilinear_stamp_fades_and_resizing_does_not(s):
    size = 2 * s - s % 2
    row = 1 - np.abs(np.arange(size) - (size - 1) / 2) / s
    drawn = transposed(np.ones((6, 6)), np.outer(row, row), s, "same")
    assert drawn[3 * s, 0] == pytest.approx((s + 1) / (2 * s))
    assert drawn[0, 0] == pytest.approx(((s + 1) / (2 * s)) ** 2)
    np.testing.assert_allclose(drawn[s:-s, s:-s], 1)
    np.testing.assert_allclose(tf.image.resize(np.ones((6, 6, 1)), (6 * s, 6 * s)), 1)


# ------------------------------------------------------------------------------------- initial
INITIAL = [(256, 16, 4, 2, 2), (64, 64, 4, 2, 0.5), (64, 16, 4, 2, 1), (256, 16, 3, 1, 4)]


@pytest.mark.parametrize(("inputs", "outputs", "k", "s", "times"), INITIAL)
def test_he_normal_takes_outputs_for_inputs_and_knows_no_stride(inputs, outputs, k, s, times):
    initializer = keras.initializers.HeNormal(seed=0)
    layer = L.Conv2DTranspose(outputs, k, strides=s, kernel_initializer=initializer)
    layer.build((None, None, None, inputs))
    right = s * math.sqrt(2 / (k * k * inputs))
    assert times == math.sqrt(inputs / outputs) / s
    assert np.std(layer.kernel) == pytest.approx(times * right, rel=0.02)


@pytest.mark.parametrize(("k", "s"), [(4, 2), (3, 2), (5, 2), (2, 2), (3, 3), (3, 1)])
def test_the_corrected_deviation_keeps_the_variance(k, s):
    x = np.maximum(RNG(40).normal(size=(8, 12, 12, 64)), 0) * math.sqrt(2)  # mean square 1
    kernel = RNG(41).normal(scale=s * math.sqrt(2 / (k * k * 64)), size=(k, k, 64, 64))
    y = np.maximum(keras.ops.conv_transpose(x, kernel, s)[:, 2 * s : -2 * s, 2 * s : -2 * s], 0)
    assert np.mean(y**2) == pytest.approx(1, abs=0.1)


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


# ----------------------------------------------------------------------------- notebook 02 measures
def test_a_pixel_that_is_wrong_enough_gets_no_gradient_through_a_sigmoid():
    for logit, through_sigmoid, from_logits in [(-5.0, -0.993, -0.993), (-20.0, 0, -1)]:
        z, truth = tf.Variable([[logit]]), np.ones((1, 1), "float32")
        with tf.GradientTape(persistent=True) as tape:
            one = keras.losses.BinaryCrossentropy()(truth, tf.sigmoid(z))
            other = keras.losses.BinaryCrossentropy(from_logits=True)(truth, z)
        slopes = [float(tape.gradient(loss, z)[0, 0]) for loss in (one, other)]
        np.testing.assert_allclose(slopes, [through_sigmoid, from_logits], atol=1e-3)


def test_the_stored_measurements_say_of_upsamplers_what_notebook_02_says():
    stored = datasets.measurements("upsamplers")
    ways = stored["upsamplers"]
    runs = {name: np.array([run["mse"][-1] for run in one["runs"]]) for name, one in ways.items()}
    means = {name: errors.mean() for name, errors in runs.items()}
    best, second, *_, worst = sorted(means, key=means.get)
    assert {best, second} == {"nearest + 3x3", "sub-pixel 3x3, ICNR"}
    assert worst == "transposed 2x2"
    for name in (best, second):
        assert 1.55 < ways[name]["seconds_training"] < 1.85
        assert ways[name]["multiply_adds"] == 4 * ways["transposed 3x3"]["multiply_adds"]
    for better in ("transposed 5x5", "transposed 4x4, bilinear start"):
        assert means[better] < min(means["transposed 3x3"], means["transposed 4x4"]) - 2e-4
    assert means["transposed 4x4, corrected start"] < means["transposed 4x4"] - 2e-4
    for k in (3, 4):
        times = [ways[f"transposed {k}x{k}{start}"]["seconds_training"] for start in (
            "", ", corrected start")]  # fmt: skip
        assert max(times) / min(times) < 1.09
    for name, one in ways.items():
        before, after = np.mean([np.array(r["grid_drawn"])[[0, -1]] for r in one["runs"]], axis=0)
        assert after < 1.15
        flat = "+" in name or "bilinear" in name or "ICNR" in name
        assert before < 1.15 if flat else before > 5
    longer = datasets.measurements("upsamplers-longer")["mse"]
    late = [np.mean(runs, axis=0)[-1] for runs in longer.values()]
    assert max(late) < 1.03 * min(late)
    assert stored["baselines"]["images"]["grid_drawn"] == pytest.approx(0.98, abs=0.005)
    assert stored["baselines"]["mean image"]["mse"] == pytest.approx(0.087, abs=5e-4)
