"""Visible checks of assignment 06-image-generation, for its notebook and its hidden tests.

Answers are known because the inputs are made from them: standard deviations before their
logarithms, angles before their vectors; for the losses, Keras is the oracle.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from autograder.lab import checking, graphs, models, training
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.shown import plain
from autograder.lab.training import quick_to_train
from autograder.lab.trial import Trial

__all__ = ["gradients", "quick_to_train"]
_SEED = 6
_IMAGE = (28, 28, 1)


# ------------------------------------------------------------------------------ build_generator
@visible_check("latent_dim", "upsampler", points=9)
def build_generator(trial: Trial) -> None:
    """Structure only: the defaults, another size, the cure, and an unknown upsampler."""
    generator = np.random.default_rng(_SEED)
    expect_generator(trial, (), generator)
    expect_generator(trial, (5,), generator)
    expect_generator(trial, (8, "resize"), generator)
    trial.expect_error(ValueError, ("upsampler",), 8, "nearest")


def expect_generator(trial: Trial, arguments: tuple, generator: np.random.Generator) -> keras.Model:
    """Build one generator and judge everything but what it learns.

    Args:
        trial: Of the student's builder.
        arguments: None, one or two of `latent_dim` and `upsampler`.
        generator: Draws the latent vectors.
    """
    latent_dim, upsampler = arguments + (64, "transpose")[len(arguments) :]
    trial.call(*arguments)
    model = models.expect_model(trial, (latent_dim,))
    models.expect_output_shape(trial, model, _IMAGE)
    strided = graphs.strided_transposes(model)
    if upsampler == "transpose" and not strided:
        trial.report("no-transpose")
    if upsampler == "resize" and strided:
        names = ", ".join(layer.name for layer in strided)
        trial.report("strided-transpose", at=strided[0], layers=names)
    if upsampler != "transpose":
        _expect_resizing(trial, graphs.steps_of(model))
    training.expect_trainable(trial, model)
    latents = generator.normal(size=(16, latent_dim)).astype("float32")
    with models.random_weights(model, generator):
        if np.ptp(models.run(trial, model, latents), axis=0).max() < 1e-6:
            trial.report("same-image")
        pixels = models.run(trial, model, 100 * latents)
    low, high = float(pixels.min()), float(pixels.max())
    if not np.isfinite(pixels).all() or low < -1 or high > 1:
        trial.report("beyond-tanh", low=low, high=high)
    if low >= 0:
        trial.report("no-dark-half", low=low, high=high)
    training.expect_gradients(trial, model, latents)
    return model


_RESIZING = ("UpSampling2D", "Resizing", "Resize", "Repeat")
_PADDING = ("ZeroPadding2D", "Pad", "Conv2DTranspose")  # these without a stride


def _expect_resizing(trial: Trial, steps: list[graphs.Step]) -> None:
    """Feature maps must grow by resizing, followed by a convolution, and by nothing else."""
    heights: list[int] = []  # of the last feature map on the way to each step
    grown = None
    for step in steps:
        before = max((heights[index] for index in step.inputs), default=0)
        is_map = len(step.shape) == 4
        heights.append(step.shape[1] if is_map else before)
        kind = type(step.operation).__name__
        if is_map and 0 < before < step.shape[1] and kind not in _PADDING:
            if kind not in _RESIZING:
                trial.report("grows-otherwise", operation=kind, before=before, after=step.shape[1])
            grown = step
    if grown is None:
        trial.report("no-resizing")
    convolutions = [s for s in steps if isinstance(s.operation, keras.layers.Conv2D)]
    if not any(graphs.leads_to(steps, grown, s) for s in convolutions):
        trial.report("unmixed")


# ------------------------------------------------------------------------------ reparameterize
@visible_check("mean", "log_var", "eps", points=4)
def reparameterize(trial: Trial) -> None:
    """Arrays, then tensors, then the gradient for each of the three arguments."""
    generator = np.random.default_rng(_SEED)
    expect_sample(trial, (2, 3), generator)
    expect_sample(trial, (3, 2), generator, kind="tensor")
    expect_sample_gradients(trial, (2, 2), generator)


def expect_sample(
    trial: Trial,
    shape: tuple[int, int],
    generator: np.random.Generator,
    dtype: str = "float32",
    kind: str = "array",
) -> None:
    """Compare one call; the standard deviation was drawn first, its logarithm is handed over."""
    mean, eps = generator.normal(0, 2, (2, *shape))
    std = generator.uniform(0.3, 3, shape)
    call = partial(_as_given, kind, dtype, lambda mean, std, eps: (mean, 2 * np.log(std), eps))
    trial.compare(_sample, mean, std, eps, mistakes=_wrong_samples, call=call, rtol=1e-4)


def _sample(mean: np.ndarray, std: np.ndarray, eps: np.ndarray) -> np.ndarray:
    return mean + std * eps


def _wrong_samples(mean: np.ndarray, std: np.ndarray, eps: np.ndarray) -> Mistakes:
    return {
        "log-var-as-std": mean + 2 * np.log(std) * eps,
        "variance": mean + std**2 * eps,
        "too-many-halves": mean + np.sqrt(std) * eps,
        "log-var-unused": mean + eps,
        "divided": mean + eps / std,
        "no-mean": std * eps,
        "no-noise": mean + std,
    }


def expect_sample_gradients(
    trial: Trial, shape: tuple[int, int], generator: np.random.Generator
) -> None:
    """The gradient of a sample's sum for mean, log_var and eps."""
    mean, eps = generator.normal(0, 1, (2, *shape))
    std = generator.uniform(0.5, 2, shape)
    slopes = [np.ones(shape), std * eps / 2, std]
    _expect_slopes(trial, (mean, 2 * np.log(std), eps), slopes)


# ------------------------------------------------------------------------------ kl_divergence
@visible_check("mean", "log_var", points=5)
def kl_divergence(trial: Trial) -> None:
    """Zero for the standard normal itself, then arrays, tensors and gradients."""
    generator = np.random.default_rng(_SEED)
    expect_divergence(trial, (2, 3), generator, standard=True)
    expect_divergence(trial, (3, 4), generator)
    expect_divergence(trial, (4, 2), generator, kind="tensor")
    expect_divergence_gradients(trial, (2, 3), generator)


def expect_divergence(
    trial: Trial,
    shape: tuple[int, int],
    generator: np.random.Generator,
    dtype: str = "float32",
    kind: str = "array",
    *,
    standard: bool = False,
) -> None:
    """Compare one call with the mean log ratio of both densities.

    The log ratio of two normal densities is a polynomial of degree 2, so two points give its mean
    under q exactly: one standard deviation to the left and to the right of its mean.
    """
    mean = generator.normal(0, 1.5, shape) * (not standard)
    std = np.ones(shape) if standard else generator.uniform(0.2, 2, shape)
    call = partial(_as_given, kind, dtype, lambda mean, std: (mean, 2 * np.log(std)))
    oracle, mistakes = _divergence, _wrong_divergences
    trial.compare(oracle, mean, std, mistakes=mistakes, call=call, rtol=1e-4, atol=1e-5)


def _divergence(mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    return _log_ratios(mean, std).sum(axis=1)


def _log_ratios(mean: np.ndarray, std: np.ndarray) -> np.ndarray:
    """For each entry the mean of log q - log p under q."""
    sides = [_log_normal(z, mean, std) - _log_normal(z, 0, 1) for z in (mean - std, mean + std)]
    return np.mean(sides, axis=0)


def _wrong_divergences(mean: np.ndarray, std: np.ndarray) -> Mistakes:
    log_var, parts = 2 * np.log(std), _log_ratios(mean, std)
    right = parts.sum(axis=1)
    return {
        "number-for-each-entry": parts,
        "single-number": [float(x) for x in (right.mean(), right.sum(), parts.mean())],
        "summed-over-images": [parts.sum(axis=0), parts.mean(axis=0)],
        "mean-over-entries": parts.mean(axis=1),
        "no-half": 2 * right,
        "not-squared": [(parts + (m - mean**2) / 2).sum(axis=1) for m in (mean, np.abs(mean))],
        "log-var-as-variance": (parts + (log_var - std**2) / 2).sum(axis=1),
        "std-as-variance": (parts + (std - std**2) / 2).sum(axis=1),
        "no-means": (parts - mean**2 / 2).sum(axis=1),
        "no-constant": (parts + 0.5).sum(axis=1),
        "swapped": np.sum(np.log(std) + (1 + mean**2) / (2 * std**2) - 0.5, axis=1),
    }


def _log_normal(z: np.ndarray, mean: np.ndarray | float, std: np.ndarray | float) -> np.ndarray:
    """log of the normal density, up to a constant that ratios lose."""
    return -np.log(std) - ((z - mean) / std) ** 2 / 2


def expect_divergence_gradients(
    trial: Trial, shape: tuple[int, int], generator: np.random.Generator
) -> None:
    """The gradient of the sum of all divergences, by central differences of their oracle."""
    mean = generator.normal(0, 1, shape)
    std = generator.uniform(0.5, 2, shape)
    _expect_slopes(trial, (mean, 2 * np.log(std)), [mean, (std**2 - 1) / 2])


# ------------------------------------------------------------------------------ interpolate
@visible_check("z0", "z1", "steps", points=6)
def interpolate(trial: Trial) -> None:
    """A quarter circle, two lengths, parallel and opposite directions, and too few steps."""
    generator = np.random.default_rng(_SEED)
    expect_walk(trial, 2, 3, np.pi / 2, (1, 1), generator)
    expect_walk(trial, 5, 4, 2.0, (1, 1.5), generator)
    for ratio in (2.0, -1.0):
        expect_straight(trial, 3, 5, ratio, generator)
    trial.expect_error(ValueError, ("steps",), np.zeros(2), np.ones(2), 1)


def expect_walk(
    trial: Trial,
    dimensions: int,
    steps: int,
    angle: float,
    lengths: tuple[float, float],
    generator: np.random.Generator,
    dtype: str = "float64",
) -> None:
    """Compare one walk; its two directions are made with a known angle between them."""
    given = generator.normal(size=(dimensions, 2)), angle, *map(float, lengths), steps
    trial.compare(
        _walk,
        *given,
        mistakes=_wrong_walks,
        call=partial(_as_given, "array", dtype, lambda *given: (*_ends(*given[:4]), given[4])),
        rtol=1e-4 if dtype == "float32" else 1e-6,
    )


def _ends(plane: np.ndarray, angle: float, *lengths: float) -> np.ndarray:
    """Two vectors (2, D) of known lengths and with a known angle between them."""
    if not 0 < angle < np.pi or plane.shape[1] != 2:
        raise ValueError("the angle could not be told from the vectors")
    plane, _ = np.linalg.qr(plane)  # (D, 2), orthonormal
    return ((plane @ _on_circle([0, angle])) * lengths).T


def _walk(plane: np.ndarray, angle: float, one: float, two: float, steps: int) -> np.ndarray:
    return _steps(_ends(plane, angle, one, two), angle, np.linspace(0, 1, steps))


def _wrong_walks(plane: np.ndarray, angle: float, *rest: Any) -> Mistakes:
    *lengths, steps = rest
    ends, unit = _ends(plane, angle, *lengths), _ends(plane, angle, 1, 1)
    shares = np.linspace(0, 1, steps)
    right, product = _steps(ends, angle, shares), ends[0] @ ends[1]
    return {
        "straight": np.linspace(ends[0], ends[1], steps),
        "no-end": _steps(ends, angle, np.linspace(0, 1, steps, endpoint=False)),
        "backward": right[::-1],
        "lengths-lost": _steps(unit, angle, shares),
        "no-division": np.sin(angle) * right,
        "lengths-not-divided": _steps(ends, np.arccos(product), shares)
        if abs(product) < 1
        else None,
    }


def _on_circle(angles: Sequence[float] | np.ndarray) -> np.ndarray:
    return np.stack([np.cos(angles), np.sin(angles)])  # (2, N)


def _steps(ends: np.ndarray, angle: float, shares: np.ndarray) -> np.ndarray:
    """The walk between two ends as if this angle were between them; nan where its sine is 0."""
    if np.sin(angle) <= 0:
        return np.full((len(shares), ends.shape[1]), np.nan)
    return np.linalg.solve(_on_circle([0, angle]), _on_circle(shares * angle)).T @ ends


def expect_straight(
    trial: Trial,
    dimensions: int,
    steps: int,
    ratio: float,
    generator: np.random.Generator,
    dtype: str = "float32",
) -> None:
    """One walk between z0 and ratio * z0: the same direction, the opposite one, or none (0)."""
    z0 = generator.normal(size=dimensions).astype(dtype)
    z1 = (ratio * z0).astype(dtype)
    trial.call(z0, z1, steps)
    trial.result = plain(trial.result)
    trial.about({1: "same-direction", -1: "opposite-directions", 0: "no-angle"}[np.sign(ratio)])
    result = trial.result
    if isinstance(result, np.ndarray) and result.shape == (steps, dimensions):
        if not np.isfinite(result).all():
            count = int((~np.isfinite(result)).sum())
            trial.report("not-finite", count=count, size=result.size)
        if np.abs(result).max() > 1e3 * np.abs([z0, z1]).max():
            trial.report("too-large", largest=np.abs(result).max())
    straight = np.linspace(z0.astype("float64"), z1.astype("float64"), steps)
    trial.expect(straight, {"stands-still": np.tile(z0, (steps, 1))}, rtol=1e-4)


# ------------------------------------------------------------------------------ build_discriminator
@visible_check(points=7)
def build_discriminator(trial: Trial) -> None:
    """Structure only; the notebook trains it."""
    expect_discriminator(trial, np.random.default_rng(_SEED))


def expect_discriminator(trial: Trial, generator: np.random.Generator) -> keras.Model:
    """Build one discriminator and judge everything but what it learns."""
    trial.call()
    model = models.expect_model(trial, _IMAGE)
    shape = tuple(model.outputs[0].shape[1:])
    if shape != (1,):
        trial.report("not-one-logit", shape=shape)
    training.expect_trainable(trial, model)
    name = _last_activation(graphs.steps_of(model))
    if name is not None:
        trial.report("softmax" if name == "softmax" else "activation", activation=name)
    images = generator.uniform(-1, 1, (16, *_IMAGE)).astype("float32")
    logits = []
    for _ in range(12):
        with models.random_weights(model, generator):
            logits.append(models.run(trial, model, 1000 * images))
        if np.min(logits) < -1 and np.max(logits) > 1:
            break
    if max(np.ptp(batch) for batch in logits) < 1e-7:
        trial.report("same-logit")
    low, high = np.min(logits), np.max(logits)
    if low >= 0 or high <= 0 or (low >= -1 and high <= 1):
        trial.report("bounded", low=low, high=high)
    training.expect_gradients(trial, model, images)
    return model


def _last_activation(steps: list[graphs.Step]) -> str | None:
    """The name of the activation in which a model ends, or `None`."""
    step = steps[-1]
    while type(step.operation).__name__ in ("Reshape", "Flatten", "Dropout", "Squeeze"):
        step = steps[step.inputs[0]]
    return models.activation_of(step.operation)


# ------------------------------------------------------------------------------ the two losses
@visible_check("real_logits", "fake_logits", points=5)
def discriminator_loss(trial: Trial) -> None:
    """Arrays, tensors, logits of 200, and gradients."""
    generator = np.random.default_rng(_SEED)
    expect_discriminator_loss(trial, 4, 4, generator)
    expect_discriminator_loss(trial, 2, 3, generator, kind="tensor")
    expect_discriminator_loss(trial, 3, 3, generator, size=200)
    expect_loss_gradients(trial, 2, 3, generator)


@visible_check("fake_logits", points=4)
def generator_loss(trial: Trial) -> None:
    """Arrays, tensors, logits of 200, and gradients."""
    generator = np.random.default_rng(_SEED)
    expect_generator_loss(trial, 4, generator)
    expect_generator_loss(trial, 3, generator, kind="tensor")
    expect_generator_loss(trial, 3, generator, size=200)
    expect_loss_gradients(trial, None, 3, generator)


def expect_discriminator_loss(
    trial: Trial,
    real_count: int,
    fake_count: int,
    generator: np.random.Generator,
    dtype: str = "float32",
    kind: str = "array",
    size: float = 3,
) -> None:
    """Compare one call with Keras' cross-entropy; `size` bounds the logits."""
    real, fake = (_logits(generator, n, size) for n in (real_count, fake_count))
    call = partial(_as_given, kind, dtype, lambda *logits: logits)
    oracle, mistakes = _discriminator_loss, _wrong_discriminator_losses
    trial.compare(oracle, real, fake, mistakes=mistakes, call=call, rtol=1e-4, size=size)


def _discriminator_loss(real: np.ndarray, fake: np.ndarray) -> float:
    return _cross_entropy(1, real) + _cross_entropy(0, fake)


def _wrong_discriminator_losses(real: np.ndarray, fake: np.ndarray) -> Mistakes:
    on_real, on_fake = _cross_entropy(1, real), _cross_entropy(0, fake)
    everything = np.concatenate([-real, fake])
    return {
        **_overflows(on_real + on_fake, real, fake),
        "halved": (on_real + on_fake) / 2,
        "labels-swapped": _cross_entropy(0, real) + _cross_entropy(1, fake),
        "fakes-rewarded": on_real + _cross_entropy(1, fake),
        "no-fakes": on_real,
        "no-real-images": on_fake,
        "summed": on_real * len(real) + on_fake * len(fake),
        "one-batch": 2 * _cross_entropy(0, everything),
        "sigmoid-first": _cross_entropy(1, _sigmoid(real)) + _cross_entropy(0, _sigmoid(fake)),
    }


def expect_generator_loss(
    trial: Trial,
    count: int,
    generator: np.random.Generator,
    dtype: str = "float32",
    kind: str = "array",
    size: float = 3,
) -> None:
    """Compare one call with Keras' cross-entropy; `size` bounds the logits."""
    fake = _logits(generator, count, size)
    call = partial(_as_given, kind, dtype, lambda *logits: logits)
    oracle, mistakes = _generator_loss, _wrong_generator_losses
    trial.compare(oracle, fake, mistakes=mistakes, call=call, rtol=1e-4, size=size)


def _generator_loss(fake: np.ndarray) -> float:
    return _cross_entropy(1, fake)


def _wrong_generator_losses(fake: np.ndarray) -> Mistakes:
    right = _generator_loss(fake)
    return {
        **_overflows(right, fake),
        "rewards-being-caught": _cross_entropy(0, fake),
        "minimax": -_cross_entropy(0, fake),
        "plain-logits": -float(fake.mean()),
        "summed": right * len(fake),
        "halved": right / 2,
        "sigmoid-first": _cross_entropy(1, _sigmoid(fake)),
    }


def _overflows(right: float, *logits: np.ndarray) -> Mistakes:
    """What exp or the logarithm of a rounded sigmoid makes of large logits."""
    large = max(np.abs(batch).max() for batch in logits) > 15
    return {"overflow": [v if large else right for v in (np.inf, np.nan, -np.inf)]}


def expect_loss_gradients(
    trial: Trial, real_count: int | None, fake_count: int, generator: np.random.Generator
) -> None:
    """Gradients of a loss for each batch of logits; some of the logits are 200 in size."""
    fake = _logits(generator, fake_count, 200)
    if real_count is None:
        _expect_slopes(trial, (fake,), [_slope(1, fake)])
        return
    real = _logits(generator, real_count, 200)
    _expect_slopes(trial, (real, fake), [_slope(1, real), _slope(0, fake)])


def _logits(generator: np.random.Generator, count: int, size: float) -> np.ndarray:
    """(count, 1) logits whose largest and smallest are `size` and -`size`."""
    logits = generator.uniform(-size, size, (count, 1)).round(1)
    logits[:2, 0] = (size, -size)[:count]
    return logits


def _cross_entropy(label: int, logits: np.ndarray) -> float:
    if logits.shape[1] != 1:
        raise ValueError("one logit for each image is expected")
    labels = np.full(logits.shape, label, "float64")
    return float(np.asarray(keras.ops.binary_crossentropy(labels, logits, from_logits=True)).mean())


def _slope(label: int, logits: np.ndarray) -> np.ndarray:
    """The gradient of the mean cross-entropy for each logit."""
    return (_sigmoid(logits) - label) / logits.size


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(keras.ops.sigmoid(x))


# ------------------------------------------------------------------------------ for all of them
def gradients(function: Callable, *arrays: np.ndarray) -> list[np.ndarray | None]:
    """The gradient of the sum of `function(*arrays)` for each array; `None` where none flows.

    Notebook 06 imports it in its set-up cell, so that grading can run it beside the student's
    function (see `lab.student_side`).
    """
    tensors = [tf.constant(array) for array in arrays]
    with tf.GradientTape() as tape:
        for tensor in tensors:
            tape.watch(tensor)
        result = function(*tensors)
        if not tf.is_tensor(result):
            return [None] * len(arrays)
        total = tf.reduce_sum(result)
    slopes = tape.gradient(total, tensors)
    return [None if slope is None else np.asarray(slope) for slope in slopes]


def _expect_slopes(
    trial: Trial, arguments: tuple[np.ndarray, ...], expected: list[np.ndarray]
) -> None:
    """Compare the gradients of one function, taken where it runs, with known ones."""

    def take(*arrays: np.ndarray) -> Any:
        return checking.student_side(gradients)(trial.function, *arrays)

    take.__name__ = getattr(trial.function, "__name__", trial.name)
    inner = Trial(take, trial.name, trial.parameters, trial.module)
    found = inner.call(*(a.astype("float32") for a in arguments))
    trial.calls += 1
    inner.about("about-gradients")
    for index, right in enumerate(expected):
        parameter = trial.parameters[index]
        if not isinstance(found, list) or len(found) != len(expected) or found[index] is None:
            inner.report("no-slope", parameter=parameter)
        slope = found[index]
        if not np.isfinite(slope).all():
            inner.report("slope-not-finite", parameter=parameter)
        if slope.shape != right.shape or not np.allclose(slope, right, rtol=1e-3, atol=1e-5):
            inner.report("wrong-slope", parameter=parameter)


def _as_given(kind: str, dtype: str, make: Callable[..., Iterable], *given: Any) -> tuple:
    """The arguments that `make` gives, their arrays not in C order, or as tensors."""
    arguments = []
    for value in make(*given):
        if isinstance(value, np.ndarray):
            value = np.asfortranarray(value.astype(dtype))
            value = tf.constant(value) if kind == "tensor" else value
        arguments.append(value)
    return tuple(arguments)
