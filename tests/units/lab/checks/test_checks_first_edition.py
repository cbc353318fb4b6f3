"""The checks of retired exercises still tell right answers from wrong ones."""

import numpy as np
import pytest

from autograder import lab
from autograder.lab.checks import first_edition, zero_insertion


def there(x, kernel, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3))[::stride, ::stride]


def back(y, kernel, stride):
    (h, w), (kh, kw) = y.shape, kernel.shape
    output = np.zeros(((h - 1) * stride + kh, (w - 1) * stride + kw))
    for i, j in np.ndindex(h, w):
        output[i * stride : i * stride + kh, j * stride : j * stride + kw] += y[i, j] * kernel
    return output


def pair(kernel, x, y, stride, turn=1):
    forward, way_back = there(x, kernel, stride), back(y, kernel[::turn, ::turn], stride)
    if forward.shape != y.shape or way_back.shape != x.shape:
        raise ValueError("x and y do not belong together")
    return float((forward * y).sum()), float((x * way_back).sum())


def error(x, kernel, stride, root=0.5):
    z = back(there(x, kernel, stride), kernel, stride)
    if not z.any():
        return 1.0
    best = (x * z).sum() / (z * z).sum() * z
    return float((((x - best) ** 2).sum() / (x**2).sum()) ** root)


@pytest.mark.parametrize(
    ("check", "right", "wrong", "kind"),
    [
        (first_edition.adjoint_pair, pair, lambda *a: pair(*a, -1), "turned-on-the-way-back"),
        (first_edition.round_trip_error, error, lambda *a: error(*a, 1), "squared"),
    ],
)
def test_a_retired_check_still_judges(check, right, wrong, kind):
    check(right)
    assert check.outcome == "right"
    with pytest.raises(lab.CheckFailed) as failure:
        check(wrong)
    assert failure.value.finding.kind == kind


def test_shapes_that_do_not_fit_must_still_be_refused():
    def broadcasts(kernel, x, y, stride):
        forward, way_back = there(x, kernel, stride), back(y, kernel, stride)
        return float((forward * y[:1, :1]).sum()), float((x[:1, :1] * way_back).sum())

    trial = zero_insertion.adjoint_pair.trial(broadcasts)
    with pytest.raises(lab.CheckFailed) as failure:
        zero_insertion.expect_bad_shapes(trial, *(np.ones((n, n)) for n in (3, 6, 2)), 2)
    assert failure.value.finding.kind == "no-error"


def test_a_retired_exercise_is_on_the_scoreboard_only_if_its_check_was_run(monkeypatch):
    retired = zero_insertion.adjoint_pair
    monkeypatch.setattr(retired, "outcome", "not run")
    assert "adjoint_pair" not in repr(lab.scoreboard(zero_insertion))
    monkeypatch.setattr(retired, "outcome", "right")
    assert "adjoint_pair" in repr(lab.scoreboard(zero_insertion))
