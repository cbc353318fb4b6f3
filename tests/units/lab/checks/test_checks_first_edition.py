"""The checks of retired exercises still tell right answers from wrong ones."""

import keras
import numpy as np
import pytest

from autograder import lab
from autograder.lab.checks import checkerboard, first_edition, zero_insertion


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


def sums(kernel, stride):
    return np.array(
        [[kernel[p::stride, q::stride].sum() for q in range(stride)] for p in range(stride)]
    )


def flat(kernel, stride, tol=1e-6):
    return bool(np.ptp(sums(kernel, stride)) <= tol)


def score(image, stride, measure=np.std):
    if min(image.shape[:2]) < stride:
        raise ValueError("image")
    rows, columns = (n // stride * stride for n in image.shape[:2])
    x = image[:rows, :columns].reshape(rows, columns, -1)
    blocks = x.reshape(rows // stride, stride, columns // stride, stride, -1).mean(axis=(0, 2))
    loud = np.sqrt((x**2).mean(axis=(0, 1)))
    return float(np.mean(measure(blocks, axis=(0, 1)) / np.where(loud > 0, loud, 1)))


def prone(decoders, seeds):
    def draws(layers):
        return any(kind == "transpose" and stride > 1 for kind, _, stride in layers)

    return [name for name, layers in decoders.items() if draws(layers)]


def block(x, filters, kernel_size=3, factor=2, activation=None):
    x = keras.layers.UpSampling2D(factor)(x)
    options = {"padding": "same", "activation": activation}
    return keras.layers.Conv2D(filters, kernel_size, **options)(x)


def replaced(model, parts=slice(None)):
    def copy(layer):
        settings = layer.get_config()
        if not isinstance(layer, keras.layers.Conv2DTranspose) or max(layer.strides) == 1:
            return type(layer).from_config(settings)
        kept = {k: settings[k] for k in ("filters", "kernel_size", "activation", "use_bias")}
        pair = [
            keras.layers.UpSampling2D(layer.strides),
            keras.layers.Conv2D(padding="same", **kept),
        ]
        return keras.Sequential(pair[parts])

    return keras.models.clone_model(model, clone_function=copy)  # with new weights


@pytest.mark.parametrize(
    ("check", "right", "wrong", "kind"),
    [
        (first_edition.is_flat, flat, lambda k, s, tol=1e-6: flat(k, s), "tolerance"),
        (first_edition.checkerboard_score, score, lambda *a: score(*a, np.var), "variance"),
        (first_edition.audit, prone, lambda d, s: list(d), "bilinear-listed"),
        (first_edition.resize_conv, block, lambda *a: block(*a, activation="relu"), "activation"),
        (
            first_edition.replace_transposed,
            replaced,
            lambda model: replaced(model, slice(None, None, -1)),
            "another-input",
        ),
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


def test_a_retired_check_takes_the_place_of_todays_by_its_name(monkeypatch):
    retired, today = checkerboard.audit, checkerboard.audit_models
    assert (retired.name, today.name) == ("audit", "audit")
    for check in (retired, today):
        monkeypatch.setattr(check, "outcome", "not run")
    assert repr(lab.scoreboard(checkerboard)).count("audit ") == 1
    monkeypatch.setattr(retired, "outcome", "right")
    board = repr(lab.scoreboard(checkerboard))
    assert board.count("audit ") == 1
    assert "✓ right" in board


def test_a_retired_exercise_is_on_the_scoreboard_only_if_its_check_was_run(monkeypatch):
    retired = zero_insertion.adjoint_pair
    monkeypatch.setattr(retired, "outcome", "not run")
    assert "adjoint_pair" not in repr(lab.scoreboard(zero_insertion))
    monkeypatch.setattr(retired, "outcome", "right")
    assert "adjoint_pair" in repr(lab.scoreboard(zero_insertion))
