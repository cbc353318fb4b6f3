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
