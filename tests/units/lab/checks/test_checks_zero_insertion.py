"""Each visible check of assignment 01: right answers pass, misconceptions are named."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab.checks import zero_insertion as check

EXERCISES = [
    "insert_zeros",
    "correlate2d",
    "stamp",
    "transpose_conv2d",
    "output_length",
    "transpose_conv2d_same",
    "conv_matrix",
    "adjoint_pair",
    "round_trip_error",
    "transpose_conv2d_nhwc",
]


# ------------------------------------------------------------------------------ answers
def zeros_between(x, stride):
    expanded = np.zeros([(n - 1) * stride + 1 for n in x.shape], x.dtype)
    expanded[::stride, ::stride] = x
    return expanded


def zeros_between_by_insert(x, stride):
    for axis in (0, 1):
        gaps = np.repeat(np.arange(1, x.shape[axis]), stride - 1)
        x = np.insert(x, gaps, 0, axis=axis)
    return x


def correlate(x, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)


def correlate_by_taps(x, kernel):
    rows, columns = (n - k + 1 for n, k in zip(x.shape, kernel.shape, strict=True))
    return sum(
        weight * x[i : i + rows, j : j + columns] for (i, j), weight in np.ndenumerate(kernel)
    )


def padded(x, before, after=None):
    after = before if after is None else after
    return np.pad(x, list(zip(before, after, strict=True)))


def less_one(kernel):
    return [k - 1 for k in kernel.shape]


def transposed(x, kernel, stride, turn=lambda k: k[::-1, ::-1], expand=zeros_between):
    return correlate(padded(expand(x, stride), less_one(kernel)), turn(kernel))


def stamped(x, kernel, stride, add=np.add):
    output = np.zeros([(n - 1) * stride + k for n, k in zip(x.shape, kernel.shape, strict=True)])
    for (i, j), value in np.ndenumerate(x):
        window = output[i * stride :, j * stride :][: kernel.shape[0], : kernel.shape[1]]
        window[...] = add(window, value * kernel)
    return output


def keras_valid(x, kernel, stride):
    y = keras.ops.conv_transpose(
        x[None, :, :, None].astype("float64"),
        kernel[:, :, None, None].astype("float64"),
        strides=stride,
        padding="valid",
    )
    return np.asarray(y)[0, :, :, 0]


def length(n, size, stride, padding, extra=None):
    if extra is None:
        return (n - 1) * stride + max(size, stride) if padding == "valid" else n * stride
    if extra not in range(stride):
        raise ValueError("output_padding is too large or too small")
    return (n - 1) * stride + (size if padding == "valid" else size % 2) + extra


def changed_length(change):
    """`length`, with other results where `change` gives one."""

    def answer(n, size, stride, padding, extra=None):
        right = length(n, size, stride, padding, extra)
        other = change(n, size, stride, padding, extra)
        return right if other is None else other

    return answer


def same(x, kernel, stride, starts=lambda spare: spare // 2):
    full = keras_valid(x, kernel, stride)
    top, left = (starts(max(k - stride, 0)) for k in kernel.shape)
    rows, columns = (n * stride for n in x.shape)
    return full[top : top + rows, left : left + columns]


def same_centered(x, kernel, stride):
    missing = [max(stride - k, 0) for k in kernel.shape]
    return same(x, padded(kernel, [m // 2 for m in missing], [m - m // 2 for m in missing]), stride)


def same_too_short(x, kernel, stride):
    rows, columns = transposed(x, kernel, stride).shape
    return same(x, kernel, stride)[:rows, :columns]


def matrix(kernel, shape, stride, order="C"):
    columns = []
    for unit in np.eye(shape[0] * shape[1]):
        image = unit.reshape(shape, order=order)
        columns.append(correlate(image, kernel)[::stride, ::stride].ravel(order))
    return np.stack(columns, axis=1)


def pair(kernel, x, y, stride, forth=lambda k: k, back=lambda k: k):
    if x.shape != tuple((n - 1) * stride + k for n, k in zip(y.shape, kernel.shape, strict=True)):
        raise ValueError("x does not fit")
    conv = correlate(x, forth(kernel))[::stride, ::stride]
    return float(np.sum(conv * y)), float(np.sum(x * stamped(y, back(kernel), stride)))


def unchecked_pair(kernel, x, y, stride):
    y = np.resize(y, correlate(x, kernel)[::stride, ::stride].shape)
    back = np.resize(stamped(y, kernel, stride), x.shape)
    return float(np.sum(correlate(x, kernel)[::stride, ::stride] * y)), float(np.sum(x * back))


def mute_pair(kernel, x, y, stride):
    try:
        return pair(kernel, x, y, stride)
    except ValueError:
        raise ValueError("wrong shapes") from None


def round_trip(x, kernel, stride, factor=lambda x, z: np.sum(x * z) / np.sum(z * z)):
    z = stamped(correlate(x, kernel)[::stride, ::stride], kernel, stride)
    return np.linalg.norm(x - factor(x, z) * z) / np.linalg.norm(x) if z.any() else 1.0


def unguarded_round_trip(x, kernel, stride):
    z = stamped(correlate(x, kernel)[::stride, ::stride], kernel, stride)
    with np.errstate(invalid="ignore"):
        return np.linalg.norm(x - np.sum(x * z) / np.sum(z * z) * z) / np.linalg.norm(x)


def round_trip_over(x, kernel, stride):
    z = stamped(correlate(x, kernel)[::stride, ::stride], kernel, stride)
    return round_trip(x, kernel, stride) * np.linalg.norm(x) / np.linalg.norm(z)


def maps(x, kernel, stride):
    output = tf.nn.conv2d_transpose(
        x.astype("float64"),
        kernel.astype("float64"),
        [
            len(x),
            *((n - 1) * stride + k for n, k in zip(x.shape[1:3], kernel.shape, strict=False)),
            kernel.shape[2],
        ],
        stride,
        "VALID",
    )
    return output.numpy()


def maps_by_stamps(x, kernel, stride):
    return np.stack(
        [
            np.stack(
                [
                    sum(
                        stamped(image[:, :, i], kernel[:, :, o, i], stride)
                        for i in range(image.shape[2])
                    )
                    for o in range(kernel.shape[2])
                ],
                axis=-1,
            )
            for image in x
        ]
    )


def swapped_channels(x, kernel, stride):
    swapped = kernel.swapaxes(2, 3) if kernel.shape[2] == kernel.shape[3] else kernel
    return maps(x, swapped, stride)


# ------------------------------------------------------------------------------ right answers
RIGHT = [
    ("insert_zeros", zeros_between),
    ("insert_zeros", zeros_between_by_insert),
    ("correlate2d", correlate),
    ("correlate2d", correlate_by_taps),
    ("stamp", stamped),
    ("stamp", transposed),
    ("transpose_conv2d", transposed),
    ("transpose_conv2d", stamped),
    ("output_length", length),
    ("output_length", lambda *a: np.int64(length(*a))),
    ("transpose_conv2d_same", same),
    ("transpose_conv2d_same", lambda x, k, s: same(x, k, s).astype("float32")),
    ("conv_matrix", matrix),
    ("conv_matrix", lambda k, shape, s: np.asfortranarray(matrix(k, shape, s)).astype("float32")),
    ("adjoint_pair", pair),
    ("adjoint_pair", lambda *a: tuple(np.float32(v) for v in pair(*a))),
    ("round_trip_error", round_trip),
    ("round_trip_error", lambda *a: float(round_trip(*a))),
    ("transpose_conv2d_nhwc", maps),
    ("transpose_conv2d_nhwc", maps_by_stamps),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_passes(name, answer, capsys):
    getattr(check, name)(answer)
    assert f"✓ {name}: right on" in capsys.readouterr().out
    assert getattr(check, name).outcome == "right"


# ------------------------------------------------------------------------------ wrong answers
def with_trailing_zeros(x, stride):
    return padded(zeros_between(x, stride), (0, 0), (stride - 1,) * 2)


def doubled_in_place(x, stride):
    x *= 2
    return zeros_between(x, stride)


WRONG = [
    ("insert_zeros", with_trailing_zeros, "zeros follow the last row and column"),
    ("insert_zeros", lambda x, s: zeros_between(x, s + 1), "one too many"),
    ("insert_zeros", lambda x, s: zeros_between(x, s)[::s], "but not between the rows"),
    ("insert_zeros", lambda x, s: zeros_between(x, s)[:, ::s], "but not between the columns"),
    (
        "insert_zeros",
        lambda x, s: padded(zeros_between(x, s), (s - 1,) * 2, (0, 0)),
        "before the first row",
    ),
    ("insert_zeros", lambda x, s: np.kron(x, np.ones((s, s))), "entries are repeated"),
    (
        "insert_zeros",
        lambda x, s: np.kron(x, np.ones((s, s)))[: 1 - s or None, : 1 - s or None],
        "entries are repeated",
    ),
    ("insert_zeros", lambda x, s: zeros_between(x, s).astype(float), "instead of float32"),
    ("insert_zeros", lambda x, s: x if s == 1 else zeros_between(x, s), "the caller's own array"),
    (
        "insert_zeros",
        lambda x, s: x[:, :] if s == 1 else zeros_between(x, s),
        "the caller's own array",
    ),
    ("insert_zeros", doubled_in_place, "changed its argument `x`"),
    ("correlate2d", lambda x, k: correlate(x, k[::-1, ::-1]), "leaves the kernel as it is"),
    ("correlate2d", lambda x, k: correlate(x, k[::-1]), "upside down, but not"),
    ("correlate2d", lambda x, k: correlate(x, k[:, ::-1]), "left to right, but not"),
    ("correlate2d", lambda x, k: correlate(x, k.T), r"change places \(`.T`\)"),
    ("correlate2d", lambda x, k: correlate(x, np.rot90(k)), "by 90 degrees"),
    ("correlate2d", lambda x, k: correlate(x, np.rot90(k, 3)), "by 90 degrees"),
    ("correlate2d", lambda x, k: correlate(x, k)[:-1, :-1], "last position of the window"),
    (
        "correlate2d",
        lambda x, k: padded(correlate(x, k), (0, 0), less_one(k)),
        "zeros where the window does not fit",
    ),
    (
        "correlate2d",
        lambda x, k: correlate(
            padded(x, [n // 2 for n in less_one(k)], [(n + 1) // 2 for n in less_one(k)]), k
        ),
        "padded first, so that the output has the size",
    ),
    (
        "correlate2d",
        lambda x, k: correlate(padded(x, less_one(k)), k),
        "padded first, so that every overlap counts",
    ),
    ("correlate2d", lambda x, k: correlate(x, k) / k.size, "averaged"),
    ("stamp", lambda *a: stamped(*a, add=lambda old, new: new), "replaces what is already there"),
    ("stamp", lambda x, k, s: stamped(x, k[::-1, ::-1], s), "a stamp leaves it as it is"),
    ("stamp", lambda x, k, s: stamped(x, k[::-1], s), "upside down, but not"),
    ("stamp", lambda x, k, s: stamped(x, k[:, ::-1], s), "left to right, but not"),
    ("stamp", lambda x, k, s: stamped(x, k.T, s), r"change places \(`.T`\)"),
    ("stamp", lambda x, k, s: stamped(x, np.rot90(k), s), "by 90 degrees"),
    ("stamp", lambda x, k, s: stamped(x, np.rot90(k, 3), s), "by 90 degrees"),
    ("stamp", lambda x, k, s: stamped(x, k, 1), "the stride is not used"),
    ("stamp", keras_valid, "the gap after the last stamp"),
    ("stamp", lambda *a: padded(stamped(*a), (0, 0), (1, 1)), "the output is too long"),
    ("stamp", lambda *a: padded(stamped(*a), (0, 0), (a[2],) * 2), "the output is too long"),
    ("transpose_conv2d", lambda *a: transposed(*a, turn=lambda k: k), "not turned by 180"),
    ("transpose_conv2d", lambda *a: transposed(*a, turn=np.flipud), "upside down, but not"),
    ("transpose_conv2d", lambda *a: transposed(*a, turn=np.fliplr), "left to right, but not"),
    ("transpose_conv2d", lambda *a: transposed(*a, turn=np.transpose), "`.T`"),
    (
        "transpose_conv2d",
        lambda x, k, s: padded(transposed(x, k, s), (1, 1)),
        "one too many on every side",
    ),
    (
        "transpose_conv2d",
        lambda x, k, s: correlate(zeros_between(x, s), k[::-1, ::-1]),
        "no zeros are put around the expanded input\\.",
    ),
    (
        "transpose_conv2d",
        lambda x, k, s: correlate(zeros_between(x, s), k),
        "around the expanded input, and the kernel is not turned",
    ),
    (
        "transpose_conv2d",
        lambda x, k, s: correlate(
            padded(zeros_between(x, s), [n // 2 for n in less_one(k)]), k[::-1, ::-1]
        ),
        "too few zeros are put around",
    ),
    (
        "transpose_conv2d",
        lambda *a: transposed(*a, expand=with_trailing_zeros),
        "zeros follow the last row",
    ),
    ("transpose_conv2d", lambda x, k, s: transposed(x, k, 1), "the stride is not used"),
    ("transpose_conv2d", keras_valid, "the gap after the last stamp"),
    (
        "transpose_conv2d",
        lambda x, k, s: correlate(padded(zeros_between(x, s), less_one(k.T)), k[::-1, ::-1]),
        "right where they are equal",
    ),
    (
        "output_length",
        changed_length(lambda n, k, s, p, o: length(n, k, s, p) if o == 0 else None),
        "is taken for None",
    ),
    (
        "output_length",
        changed_length(lambda n, k, s, p, o: length(n, k, s, p, 0) if o else None),
        "`output_padding` is left out",
    ),
    (
        "output_length",
        changed_length(lambda n, k, s, p, o: length(n, k, s, p) if o else None),
        "`output_padding` is left out",
    ),
    (
        "output_length",
        changed_length(lambda n, k, s, p, o: length(n, k, s, p) + o if o else None),
        "added to the length without it",
    ),
    (
        "output_length",
        changed_length(lambda n, k, s, p, o: (n - 1) * s + k if p == "valid" and not o else None),
        "smaller than the stride is left out of account",
    ),
    (
        "output_length",
        changed_length(lambda n, k, s, p, o: length(n, k, s, p, o or 0) if p == "same" else None),
        "None is taken for 0",
    ),
    (
        "output_length",
        lambda n, k, s, p, o=None: length(n, k, s, "same" if p == "valid" else "valid", o),
        "taken for the other one",
    ),
    (
        "output_length",
        changed_length(lambda n, k, s, p, o: None if o is None else n * s),
        "the length is `n \\* stride`",
    ),
    (
        "output_length",
        changed_length(lambda n, k, s, p, o: n * s + k + (o or 0) if p == "valid" else None),
        "`n - 1` steps",
    ),
    ("output_length", lambda *a: float(length(*a)), "a whole number"),
    (
        "output_length",
        lambda n, k, s, p, o=None: length(n, k, s, p, o if o is None else o % s),
        "a ValueError whose message names `output_padding`",
    ),
    ("transpose_conv2d_same", keras_valid, "nothing is cropped"),
    (
        "transpose_conv2d_same",
        lambda x, k, s: same(x, k, s, lambda n: 0) if k.shape != (3, 3) else same(x, k, s),
        "everything is cropped at the bottom and the right",
    ),
    (
        "transpose_conv2d_same",
        lambda *a: same(*a, lambda n: n),
        "everything is cropped at the top",
    ),
    (
        "transpose_conv2d_same",
        lambda x, k, s: (
            same(x, k, s, lambda n: n - n // 2) if len(x) != len(x.T) else same(x, k, s)
        ),
        "cropped on the wrong side",
    ),
    ("transpose_conv2d_same", same_too_short, "too short: fill it up"),
    ("transpose_conv2d_same", same_centered, "centered in its gap"),
    (
        "transpose_conv2d_same",
        lambda x, k, s: same(x, k[::-1, ::-1], s),
        "turned the wrong way",
    ),
    (
        "conv_matrix",
        lambda k, shape, s: matrix(k[::-1, ::-1], shape, s),
        "turned by 180 degrees",
    ),
    (
        "conv_matrix",
        lambda k, shape, s: matrix(k if shape == (3, 3) else k[::-1, ::-1], shape, s),
        "turned by 180 degrees",
    ),
    ("conv_matrix", lambda *a: matrix(*a).T, "it is the transpose"),
    (
        "conv_matrix",
        lambda k, shape, s: matrix(k, shape, s) if shape == (3, 3) else matrix(k, shape, s).T,
        "it is the transpose",
    ),
    ("conv_matrix", lambda *a: matrix(*a, order="F"), "numbered column by column"),
    (
        "conv_matrix",
        lambda k, shape, s: matrix(k, shape, s, "C" if shape == (3, 3) else "F"),
        "numbered column by column",
    ),
    ("conv_matrix", lambda k, shape, s: matrix(k, shape, 1), "the stride is not used"),
    (
        "conv_matrix",
        lambda k, shape, s: matrix(k, shape, s) if shape == (3, 3) else [matrix(k, shape, s)],
        "A dense NumPy array of numbers is wanted, not a list",
    ),
    (
        "conv_matrix",
        lambda k, shape, s: matrix(k if shape == (3, 3) else 2 * k, shape, s),
        "is not the strided correlation",
    ),
    ("adjoint_pair", lambda *a: pair(*a, back=np.rot90), "expected  \\("),
    (
        "adjoint_pair",
        lambda *a: pair(*a, back=lambda k: k[::-1, ::-1]),
        "turned once too often or not at all",
    ),
    (
        "adjoint_pair",
        lambda *a: pair(*a, forth=lambda k: k[::-1, ::-1]),
        "kernel of the convolution is turned",
    ),
    (
        "adjoint_pair",
        lambda k, *a: pair(k[::-1, ::-1], *a),
        "turned in both",
    ),
    ("adjoint_pair", lambda *a: list(pair(*a)), "a tuple of 2 is expected"),
    ("adjoint_pair", lambda *a: tuple(np.ones(2) * v for v in pair(*a)), "a number is expected"),
    ("adjoint_pair", unchecked_pair, "a ValueError whose message names `x` or `y`"),
    ("adjoint_pair", mute_pair, "a ValueError whose message names `x` or `y`"),
    (
        "round_trip_error",
        lambda *a: round_trip(*a, factor=lambda x, z: 1),
        "without the factor that brings them closest",
    ),
    (
        "round_trip_error",
        lambda x, *a: round_trip(x, *a) * np.linalg.norm(x),
        "is not divided by the length",
    ),
    ("round_trip_error", lambda *a: round_trip(*a) ** 2, "a root is missing"),
    ("round_trip_error", round_trip_over, "divided by the length of what came back"),
    (
        "round_trip_error",
        lambda *a: round_trip(*a, factor=lambda x, z: np.linalg.norm(x) / np.linalg.norm(z)),
        "scaled to the length of `x`",
    ),
    (
        "round_trip_error",
        lambda *a: round_trip(*a, factor=lambda x, z: np.sum(x * z) / np.sum(x * x)),
        "divided by the squared length of `x`",
    ),
    ("round_trip_error", unguarded_round_trip, "0 is divided by 0"),
    (
        "round_trip_error",
        lambda *a: round_trip(*a) if round_trip(*a) < 1 else 0.0,
        "counts as no error",
    ),
    ("transpose_conv2d_nhwc", swapped_channels, r"read as \(in, out\)"),
    (
        "transpose_conv2d_nhwc",
        lambda x, k, s: maps(x, k[::-1, ::-1], s),
        "turned the wrong way",
    ),
    ("transpose_conv2d_nhwc", lambda x, k, s: maps(x, k, s) / x.shape[3], "averaged"),
    (
        "transpose_conv2d_nhwc",
        lambda x, k, s: maps(x[..., :1], k[..., :1], s),
        "only one channel of the input",
    ),
    (
        "transpose_conv2d_nhwc",
        lambda x, k, s: maps(x[..., -1:], k[..., -1:], s),
        "only one channel of the input",
    ),
    (
        "transpose_conv2d_nhwc",
        lambda x, k, s: maps(np.broadcast_to(x.sum(0), x.shape), k, s),
        "images of the batch are added",
    ),
    (
        "transpose_conv2d_nhwc",
        lambda x, k, s: maps(np.broadcast_to(x[:1], x.shape), k, s),
        "every image of the batch is the first",
    ),
    (
        "transpose_conv2d_nhwc",
        lambda *a: np.moveaxis(maps(*a), 3, 1),
        "channels first",
    ),
]


@pytest.mark.parametrize(("name", "answer", "says"), WRONG)
def test_a_misconception_is_named(name, answer, says):
    with pytest.raises(lab.CheckFailed, match=f"(?i){says}"):
        getattr(check, name)(answer)
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


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("value", [None, 3, "text", (), [[1.0]], np.zeros(3), np.array([[None]])])
def test_a_result_of_another_kind_is_explained(name, value):
    with pytest.raises(lab.CheckFailed):
        getattr(check, name)(lambda *arguments: value)
    assert getattr(check, name).outcome == "wrong"


def test_the_exercises_are_worth_40_points():
    assert sum(getattr(check, name).points for name in EXERCISES) == 40


@pytest.mark.parametrize("layout", ["rows", "columns", "sliced", "reversed"])
def test_layouts_hold_the_same_numbers_in_other_places(layout):
    plain = check.draw(np.random.default_rng(0), (3, 4), "float32")
    drawn = check.draw(np.random.default_rng(0), (3, 4), "float32", layout)
    np.testing.assert_array_equal(drawn, plain)
    assert drawn.dtype == np.float32
    strides = {"rows": (16, 4), "columns": (4, 12), "sliced": (64, 8), "reversed": (-16, -4)}
    assert drawn.strides == strides[layout]
