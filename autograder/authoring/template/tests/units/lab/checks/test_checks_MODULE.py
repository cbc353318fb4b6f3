"""Visible checks of ASSIGNMENT: right answers pass, mistakes are named."""

import numpy as np
import pytest

from autograder import lab
from autograder.lab.checks import MODULE as check


def means(x, factor):
    rows, columns = (n // factor for n in x.shape)
    blocks = [np.hsplit(band[:, : columns * factor], columns) for band in bands(x, rows, factor)]
    return np.array([[block.mean() for block in row] for row in blocks])


def bands(x, rows, factor):
    return [x[i * factor : (i + 1) * factor] for i in range(rows)]


def sums(x, factor):
    return means(x, factor) * factor**2


def every_second(x, factor):
    return x[: len(x) - factor + 1 : factor, : x.shape[1] - factor + 1 : factor]


def overlapping(x, factor):
    return np.lib.stride_tricks.sliding_window_view(x, (factor, factor)).mean(axis=(2, 3))


def test_a_right_answer_passes(capsys):
    check.average_pool(means)
    assert "right on 3 examples" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [(sums, "sum"), (every_second, "subsampling"), (overlapping, "blocks-overlap")],
)
def test_a_mistake_is_named(wrong, kind):
    with pytest.raises(lab.CheckFailed) as failure:
        check.average_pool(wrong)
    assert failure.value.finding.kind == kind
