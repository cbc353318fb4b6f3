"""What the checks of assignment 01 do beyond what the answers of the catalogue show."""

import numpy as np
import pytest

from autograder import lab
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
        (lambda *a: matrix(*a).tolist(), "not-a-matrix"),
        (lambda *a: matrix(*a).T, "transposed"),
        (lambda kernel, shape, stride: matrix(kernel, shape, 1), "stride-not-used"),
        (lambda *a: matrix(*a)[1:], "wrong-shape"),
        (lambda kernel, *a: matrix(kernel[::-1, ::-1], *a), "kernel-turned"),
        (lambda *a: matrix(*a, order="F"), "column-by-column"),
        (lambda *a: 2 * matrix(*a), "another-product"),
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
