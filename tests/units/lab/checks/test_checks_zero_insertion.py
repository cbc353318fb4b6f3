"""What the checks of assignment 01 do beyond what the answers of the catalogue show."""

from functools import partial

import numpy as np
import pytest

from autograder import lab
from autograder.lab import adjoints
from autograder.lab.checks import zero_insertion as check


def matrix(kernel, shape, stride, order="C"):
    columns = []
    for unit in np.eye(shape[0] * shape[1]):
        image = unit.reshape(shape, order=order)
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        columns.append((windows * kernel).sum(axis=(2, 3))[::stride, ::stride].ravel(order))
    return np.stack(columns, axis=1)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda *a: matrix(*a).tolist(), "returns-list"),
        (lambda *a: matrix(*a).T, "transposed"),
        (lambda kernel, shape, stride: matrix(kernel, shape, 1), "stride-not-used"),
        (lambda *a: matrix(*a)[1:], "cut-off"),
        (lambda kernel, *a: matrix(kernel[::-1, ::-1], *a), "kernel-turned"),
        (lambda *a: matrix(*a, order="F"), "column-by-column"),
        (lambda *a: 2 * matrix(*a), "values"),
    ],
)
def test_a_wrong_matrix_of_a_random_kernel_is_explained(answer, kind):
    generator = np.random.default_rng(0)
    trial = check.conv_matrix.trial(answer)
    with pytest.raises(lab.CheckFailed) as failure:
        check.expect_matrix(trial, check.draw(generator, (3, 2)), (6, 5), 2, generator)
    assert failure.value.finding.kind == kind


@pytest.mark.parametrize("layout", ["rows", "columns", "sliced", "reversed"])
def test_layouts_hold_the_same_numbers_in_other_places(layout):
    plain = check.draw(np.random.default_rng(0), (3, 4), "float32")
    drawn = check.draw(np.random.default_rng(0), (3, 4), "float32", layout)
    np.testing.assert_array_equal(drawn, plain)
    assert drawn.dtype == np.float32
    strides = {"rows": (16, 4), "columns": (4, 12), "sliced": (64, 8), "reversed": (-16, -4)}
    assert drawn.strides == strides[layout]


def pixels_by_column(kernel, shape, stride):
    by_row = matrix(kernel, shape, stride).reshape(-1, *shape)
    return by_row.transpose(0, 2, 1).reshape(len(by_row), -1)


def test_pixels_that_alone_are_numbered_column_by_column_are_named():
    with pytest.raises(lab.CheckFailed) as failure:
        check.conv_matrix(pixels_by_column)
    assert failure.value.finding.kind == "pixels-column-by-column"


def test_a_small_matrix_is_drawn_beside_the_right_one():
    with pytest.raises(lab.CheckFailed) as failure:
        check.conv_matrix(lambda *a: matrix(*a).astype(int))
    finding = failure.value.finding
    assert finding.kind == "truncated"
    assert len(finding.yours) == len(finding.wanted) == len(finding.wanted_values) <= 8


def is_adjoint(forward, backward, input_shape, output_shape, rng, tolerance=1e-6):
    x, y = rng.normal(size=input_shape), rng.normal(size=output_shape)
    there, back = forward(x), backward(y)
    lengths = [np.sqrt(np.sum(v * v)) for v in (there, y, x, back)]
    allowed = tolerance * (lengths[0] * lengths[1] + lengths[2] * lengths[3])
    return abs(np.sum(there * y) - np.sum(x * back)) <= allowed


def verdict(answer, pair, seed=0):
    """The kind of what is said of an answer's verdict on a pair; empty if it is right."""
    trial = check.is_adjoint.trial(partial(adjoints.judged, answer))
    try:
        check.expect_verdict(trial, pair, np.random.default_rng(seed))
    except lab.CheckFailed as failure:
        return failure.finding.kind
    return ""


SIZES = [((3, 2), (3, 3), 2), ((2, 2, 2), (3, 3, 3), 2)]


@pytest.mark.parametrize(("small", "size", "stride"), SIZES)
@pytest.mark.parametrize("kind", adjoints.BROKEN)
def test_a_broken_pair_is_seen_by_a_right_answer_and_the_right_pair_passes(
    kind, small, size, stride
):
    generator = np.random.default_rng(0)
    for scale in (1e-12, 1, 1e12):
        pair = adjoints.broken(kind, generator, small, size, stride).times(scale)
        right = adjoints.adjoint(generator, small, size, stride).times(scale)
        for turned in (False, True):
            assert verdict(is_adjoint, pair.reversed() if turned else pair) == ""
            assert verdict(is_adjoint, right.reversed() if turned else right) == ""
        assert verdict(lambda *_: True, pair) == verdict(lambda *_: False, right) == "values"


def test_arrays_of_any_number_of_axes_are_mapped():
    pair = adjoints.adjoint(np.random.default_rng(0), (2, 1, 3, 2), (5,))
    assert pair.shapes == ((5,), (2, 1, 3, 2))
    assert verdict(is_adjoint, pair) == ""


def test_messages_speak_of_the_functions_that_are_handed_over():
    with pytest.raises(lab.CheckFailed) as failure:
        check.is_adjoint(partial(adjoints.judged, lambda *_: True))
    assert "forward = a function, backward = a function" in failure.value.finding.call


def drawing(draw, judge=lambda left, right: left == right):
    """An answer that draws with one method of the generator and judges the two numbers."""

    def answer(forward, backward, input_shape, output_shape, rng):
        x, y = draw(rng, input_shape), draw(rng, output_shape)
        return bool(judge(np.sum(forward(x) * y), np.sum(x * backward(y))))

    return answer


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng, shape: rng.normal(size=shape),
        lambda rng, shape: rng.normal(0, 1, shape),
        lambda rng, shape: rng.standard_normal(shape),
        lambda rng, shape: rng.random(shape),
        lambda rng, shape: rng.uniform(-1, 1, shape),
    ],
)
def test_equality_to_the_last_digit_is_named_whatever_is_drawn(draw):
    generator = np.random.default_rng(0)
    pairs = [adjoints.adjoint(generator, (20, 30)) for _ in range(8)]
    found = {verdict(drawing(draw), pair) for pair in pairs}  # some may be equal by luck
    assert found - {""} == {"exactly-equal"}
    assert verdict(drawing(draw, lambda *_: False), pairs[0]) == "values"


def test_a_verdict_that_is_turned_around_is_named_for_every_pair():
    generator = np.random.default_rng(0)
    pairs = [adjoints.broken(kind, generator, (2, 3)) for kind in adjoints.BROKEN]
    for pair in [adjoints.adjoint(generator, (2, 3)), *pairs]:
        assert verdict(lambda *given: not is_adjoint(*given), pair) == "inverted"


def test_the_two_directions_of_a_tolerance_are_told_apart():
    def tolerant(power):
        def answer(forward, backward, input_shape, output_shape, rng):
            x, y = rng.normal(size=input_shape), rng.normal(size=output_shape)
            there, back = forward(x), backward(y)
            size = np.linalg.norm(there) * np.linalg.norm(y)
            return bool(abs(np.sum(there * y) - np.sum(x * back)) <= 1e-6 * size**power)

        return answer

    generator = np.random.default_rng(0)
    right, wrong = (
        adjoints.adjoint(generator, (2, 3)),
        adjoints.broken("shifted", generator, (2, 3)),
    )
    for power, kind in [(0, "absolute-tolerance"), (1, ""), (2, "norms-squared")]:
        assert verdict(tolerant(power), wrong.times(1e-12 if power == 0 else 1e12)) == kind
        assert verdict(tolerant(power), right.times(1e15 if power == 0 else 1e-15)) == kind


def test_an_error_of_a_percent_is_seen_unless_zero_is_drawn():
    for seed in range(50):
        pair = adjoints.slightly_scaled(np.random.default_rng(seed))
        assert verdict(is_adjoint, pair, seed) == ""
        assert verdict(partial(is_adjoint, tolerance=1e-3), pair, seed) == ""
        assert verdict(partial(is_adjoint, tolerance=1e-2), pair, seed) == "loose-tolerance"
        zeros = drawing(lambda rng, shape: rng.integers(-1, 2, shape), np.isclose)
        assert verdict(zeros, pair, seed) == ""


def test_an_output_of_n_times_stride_entries_is_not_taken_for_a_gap_at_the_end():
    def answer(x, kernel, stride):
        output = np.zeros([n * stride for n in x.shape])
        for i, j in np.ndindex(x.shape):
            top, left = i * stride, j * stride
            window = output[top : top + kernel.shape[0], left : left + kernel.shape[1]]
            window += x[i, j] * kernel
        return output

    with pytest.raises(lab.CheckFailed) as failure:
        check.stamp(answer)
    (remark,) = failure.value.finding.remarks
    assert "`n * stride` rows and columns" in remark


def test_a_second_call_that_fails_is_told():
    kernels = [np.linalg.qr(np.random.default_rng(3).normal(size=(4, 4)))[0].reshape(4, 2, 2)]
    with pytest.raises(lab.CheckFailed) as failure:
        check.perfect_kernels(lambda: kernels.pop())
    assert failure.value.finding.kind == "raises-IndexError"


def test_a_kind_that_is_never_broken_is_refused():
    with pytest.raises(ValueError, match="no pair of this kind is broken: kernel-turned"):
        adjoints.broken("kernel-turned", np.random.default_rng(0), (2, 2), (1, 1), 1)


def test_an_unlucky_draw_is_forgiven():
    said = []

    def unlucky(*arguments):
        said.append(not said or is_adjoint(*arguments))
        return said[-1]

    assert verdict(unlucky, adjoints.broken("scaled", np.random.default_rng(0), (2, 2))) == ""
    assert said[0] and len(said) > 1


@pytest.mark.parametrize(
    ("kernels", "kind"),
    [
        (np.full((4, 2, 2), np.nan), "not-finite"),
        (np.zeros((4, 2, 2)), "zero-kernel"),
        (np.full((4, 2, 2), 0.5, "float16"), "another-dtype"),
        (np.full((4, 2, 2, 1), 0.5), "more-axes"),
        (np.ones((4, 2, 2), bool), "whole-numbers"),
    ],
)
def test_kernels_of_another_kind_are_explained(kernels, kind):
    with pytest.raises(lab.CheckFailed) as failure:
        check.perfect_kernels(lambda: kernels)
    assert failure.value.finding.kind == kind


def test_a_basis_that_is_orthonormal_to_1e_5_is_right():
    basis = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2
    check.perfect_kernels(lambda: (basis * (1 + 1e-6)).reshape(4, 2, 2))
    with pytest.raises(lab.CheckFailed) as failure:
        check.perfect_kernels(lambda: (basis * (1 + 1e-4)).reshape(4, 2, 2))
    assert failure.value.finding.kind == "another-length"
