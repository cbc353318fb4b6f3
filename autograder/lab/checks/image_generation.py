"""Visible checks of assignment 06-image-generation.

Each check calls a public `expect_...` function with small examples. The hidden tests call the same
functions with other sizes, so that a student whose answer fails there is told why in the same
words. Answers are known because the inputs are made from them: standard deviations before their
logarithms, angles before their vectors; for the losses, Keras is the oracle.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from autograder.lab import checking, graphs, models, training
from autograder.lab.checking import visible_check
from autograder.lab.training import quick_to_train
from autograder.lab.trial import Mistake, Trial

__all__ = ["gradients", "quick_to_train"]
_SEED = 6
_IMAGE = (28, 28, 1)


# ------------------------------------------------------------------------------ build_generator
@visible_check("latent_dim", "upsampler", points=9)
def build_generator(trial: Trial) -> None:
    """Structure only: the defaults, another size, the cure, and an upsampler that is none."""
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
        trial.fail(
            'With "transpose" it should grow by strided Conv2DTranspose layers; it has none.'
        )
    if upsampler == "resize" and strided:
        trial.fail(
            'With "resize" no Conv2DTranspose may have a stride: '
            f"{', '.join(layer.name for layer in strided)} has one.",
            "Such a layer stamps a kernel while it enlarges; something else has to enlarge here.",
        )
    training.expect_trainable(trial, model)
    latents = generator.normal(size=(16, latent_dim)).astype("float32")
    if np.ptp(models.run(trial, model, latents), axis=0).max() < 1e-6:
        trial.fail("Every latent vector gives the same image: the output ignores the input.")
    pixels = models.run(trial, model, 100 * latents)
    low, high = float(pixels.min()), float(pixels.max())
    if not np.isfinite(pixels).all() or low < -1 or high > 1:
        trial.fail(
            f"For large latent vectors its pixels lie between {low:.3g} and {high:.3g}; tanh ends "
            "at -1 and 1."
        )
    if low >= 0:
        trial.fail(
            f"For large latent vectors its pixels lie between {low:.3g} and {high:.3g}: the dark "
            "half of the range, below 0, cannot be reached.",
            "The images of this notebook lie in [-1, 1]. Which activation has that range, and does "
            "anything before it cut the negative half off?",
        )
    training.expect_gradients(trial, model, latents)
    return model


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
    _call(trial, kind, dtype, mean, 2 * np.log(std), eps)
    trial.expect(
        mean + std * eps,
        mistakes=[
            Mistake("log_var is taken for the standard deviation itself.",
                    mean + 2 * np.log(std) * eps),
            Mistake("the noise is scaled by the variance; a standard deviation is its square root.",
                    mean + std**2 * eps),
            Mistake("log_var is taken for the logarithm of a variance's fourth root: count the "
                    "halves.", mean + np.sqrt(std) * eps),
            Mistake("the noise is not scaled: log_var is not used.", mean + eps),
            Mistake("the noise is divided by the standard deviation.", mean + eps / std),
            Mistake("the mean is missing.", std * eps),
            Mistake("the noise is missing.", mean + std),
        ],
        rtol=1e-4,
    )  # fmt: skip


def expect_sample_gradients(
    trial: Trial, shape: tuple[int, int], generator: np.random.Generator
) -> None:
    """The gradient of a sample's sum for mean, log_var and eps."""
    mean, eps = generator.normal(0, 1, (2, *shape))
    std = generator.uniform(0.5, 2, shape)
    _expect_slopes(
        trial,
        (mean, 2 * np.log(std), eps),
        [np.ones(shape), std * eps / 2, std],
        "mean and log_var",
    )


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

    The log ratio of two normal densities is a polynomial of degree 2, whose mean under q two points
    give exactly: one standard deviation to the left and to the right of its mean.
    """
    mean = generator.normal(0, 1.5, shape) * (not standard)
    std = np.ones(shape) if standard else generator.uniform(0.2, 2, shape)
    log_var = 2 * np.log(std)
    sides = [_log_normal(z, mean, std) - _log_normal(z, 0, 1) for z in (mean - std, mean + std)]
    parts = np.mean(sides, axis=0)  # (N, D)
    expected = parts.sum(axis=1)
    _call(trial, kind, dtype, mean, log_var)
    result = trial.result
    if isinstance(result, np.ndarray) and result.shape == shape:
        trial.fail(
            f"It returned an array of shape {shape}: one number for each latent entry.",
            f"One number for each image is asked for, shape {expected.shape}.",
        )
    if np.ndim(result) == 0 and isinstance(result, np.ndarray | np.generic | float):
        trial.fail(
            "It returned a single number.",
            f"One number for each image is asked for, {expected.shape}: which axis is summed?",
        )
    trial.expect(
        expected,
        mistakes=[
            Mistake("the sum over the latent entries is a mean.", parts.mean(axis=1)),
            Mistake("the factor 1/2 is missing.", 2 * expected),
            Mistake("the sign is turned: a divergence is never negative.", -expected),
            Mistake("the mean is not squared.", (parts + (mean - mean**2) / 2).sum(axis=1)),
            Mistake("log_var is taken for the variance.",
                    (parts + (log_var - std**2) / 2).sum(axis=1)),
            Mistake("the standard deviation stands where the variance belongs.",
                    (parts + (std - std**2) / 2).sum(axis=1)),
            Mistake("the means are left out: a code far from 0 should cost something.",
                    (parts - mean**2 / 2).sum(axis=1)),
            Mistake("the constant is missing: it should be 0 for a standard normal.",
                    (parts + 0.5).sum(axis=1)),
            Mistake("two distributions have changed places.", lambda: np.sum(
                np.log(std) + (1 + mean**2) / (2 * std**2) - 0.5, axis=1)),
        ],
        rtol=1e-4,
        atol=1e-5,
    )  # fmt: skip


def _log_normal(z: np.ndarray, mean: np.ndarray | float, std: np.ndarray | float) -> np.ndarray:
    """log of the normal density, up to a constant that ratios lose."""
    return -np.log(std) - ((z - mean) / std) ** 2 / 2


def expect_divergence_gradients(
    trial: Trial, shape: tuple[int, int], generator: np.random.Generator
) -> None:
    """The gradient of the sum of all divergences, by central differences of their oracle."""
    mean = generator.normal(0, 1, shape)
    std = generator.uniform(0.5, 2, shape)
    _expect_slopes(trial, (mean, 2 * np.log(std)), [mean, (std**2 - 1) / 2], "mean and log_var")


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
    plane, _ = np.linalg.qr(generator.normal(size=(dimensions, 2)))  # (D, 2), orthonormal
    turns = np.linspace(0, 1, steps)
    circle = np.stack([np.cos(turns * angle), np.sin(turns * angle)])  # (2, steps)
    weights = np.linalg.solve(circle[:, [0, -1]], circle)  # (2, steps): of the two directions
    z0, z1 = ((plane @ circle[:, [0, -1]]) * lengths).T.astype(dtype)
    given = np.stack([z0, z1]).astype("float64")
    _call(trial, "array", dtype, z0, z1, steps)
    straight = np.stack([1 - turns, turns]).T
    open_ended = np.linspace(0, 1, steps, endpoint=False) * angle
    unfinished = np.linalg.solve(
        circle[:, [0, -1]], np.stack([np.cos(open_ended), np.sin(open_ended)])
    )
    directions = given / np.linalg.norm(given, axis=1, keepdims=True)
    trial.expect(
        weights.T @ given,
        mistakes=[
            Mistake("every step lies on the straight line, which leaves the sphere on its way.",
                    straight @ given),
            Mistake("the last step is not z1: both ends belong to the walk.",
                    unfinished.T @ given),
            Mistake("it walks from z1 to z0.", weights.T[::-1] @ given),
            Mistake("both vectors have lost their lengths: the formula takes z0 and z1 themselves, "
                    "only the angle is one of directions.", weights.T @ directions),
            Mistake("the division by sin(w) is missing.", np.sin(angle) * weights.T @ given),
            Mistake("the angle is that of vectors whose lengths were not divided away.",
                    lambda: _walk_by(np.arccos(np.clip(given[0] @ given[1], -1, 1)), given, steps)),
        ],
        rtol=1e-4 if dtype == "float32" else 1e-6,
    )  # fmt: skip


def _walk_by(angle: float, given: np.ndarray, steps: int) -> np.ndarray:
    """What a wrong angle makes of a walk; nan where it is 0."""
    if np.sin(angle) <= 0:
        return np.full((steps, given.shape[1]), np.nan)
    turns = np.linspace(0, angle, steps)
    ends = np.array([[1, np.cos(angle)], [0, np.sin(angle)]])
    return np.linalg.solve(ends, np.stack([np.cos(turns), np.sin(turns)])).T @ given


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
    _call(trial, "array", dtype, z0, z1, steps)
    where = {1: "have the same direction", -1: "point in opposite directions"}
    why = where.get(np.sign(ratio), "have no angle between them, since one is zero")
    result = trial.result
    if isinstance(result, np.ndarray) and result.shape == (steps, dimensions):
        if not np.isfinite(result).all():
            trial.fail(
                f"{int((~np.isfinite(result)).sum())} of {result.size} entries are nan or inf.",
                f"Here z0 and z1 {why}, so sin(w) is 0, or nothing at all.",
            )
        if np.abs(result).max() > 1e3 * np.abs([z0, z1]).max():
            trial.fail(
                f"An entry is {np.abs(result).max():.3g} in size.",
                f"Here z0 and z1 {why}: sin(w) is 0 up to rounding, so comparing it with exactly 0 "
                "does not find the case.",
            )
    trial.expect(
        np.linspace(z0.astype("float64"), z1.astype("float64"), steps),
        [Mistake("the walk stands still at z0.", np.tile(z0, (steps, 1)))],
        rtol=1e-4,
    )


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
        trial.fail(
            f"The model's output has shape {shape}, but one logit for each image is asked for, "
            "shape (1,)."
        )
    training.expect_trainable(trial, model)
    name = _last_activation(model)
    if name is not None:
        trial.fail(
            f"It ends in {name}. A logit is any real number: the losses below turn it into a "
            "probability themselves.",
            *(["Over a single unit softmax is 1 everywhere."] if name == "softmax" else []),
        )
    images = generator.uniform(-1, 1, (16, *_IMAGE)).astype("float32")
    logits = models.run(trial, model, images)
    if np.ptp(logits) < 1e-7:
        trial.fail("Every image gets the same logit: the output ignores the input.")
    training.expect_gradients(trial, model, images)
    return model


def _last_activation(model: keras.Model) -> str | None:
    """The name of the activation in which a model ends; `None` where there is none."""
    for layer in reversed(models.layers_of(model)):
        name = type(layer).__name__
        if name in ("Reshape", "Flatten", "Dropout"):
            continue
        if name in ("ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"):
            return name if name != "Softmax" else "softmax"
        activation = getattr(layer, "activation", None)
        found = "linear" if activation is None else getattr(activation, "__name__", str(activation))
        return None if found == "linear" else found
    return None


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
    _call(trial, kind, dtype, real, fake)
    _expect_finite(trial, size)
    on_real, on_fake = _cross_entropy(1, real), _cross_entropy(0, fake)
    everything = np.concatenate([-real, fake])
    trial.expect(
        on_real + on_fake,
        mistakes=[
            Mistake("the sum of the two means is halved.", (on_real + on_fake) / 2),
            Mistake("real and fake have changed places: it rewards being fooled.",
                    _cross_entropy(0, real) + _cross_entropy(1, fake)),
            Mistake("fakes are rewarded for looking real: that is the other player's wish.",
                    on_real + _cross_entropy(1, fake)),
            Mistake("the fakes are not counted.", on_real),
            Mistake("the real images are not counted.", on_fake),
            Mistake("the sign is turned.", -on_real - on_fake),
            Mistake("the logits are summed up, not averaged.",
                    on_real * len(real) + on_fake * len(fake)),
            Mistake("both batches are thrown together before the mean is taken.",
                    2 * _cross_entropy(0, everything)),
            Mistake("the logits went through a sigmoid first.",
                    lambda: _cross_entropy(1, _sigmoid(real)) + _cross_entropy(0, _sigmoid(fake))),
        ],
        rtol=1e-4,
    )  # fmt: skip


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
    _call(trial, kind, dtype, fake)
    _expect_finite(trial, size)
    wanted = _cross_entropy(1, fake)
    trial.expect(
        wanted,
        mistakes=[
            Mistake("it rewards being caught: the generator wants the logit of a fake to rise.",
                    _cross_entropy(0, fake)),
            Mistake("it is the minimax loss: its gradient vanishes while the discriminator wins.",
                    -_cross_entropy(0, fake)),
            Mistake("the sign is turned.", -wanted),
            Mistake("the logits are averaged as they are.", -fake.mean()),
            Mistake("the logits are summed up, not averaged.", wanted * len(fake)),
            Mistake("it is halved.", wanted / 2),
            Mistake("the logits went through a sigmoid first.",
                    lambda: _cross_entropy(1, _sigmoid(fake))),
        ],
        rtol=1e-4,
    )  # fmt: skip


def expect_loss_gradients(
    trial: Trial, real_count: int | None, fake_count: int, generator: np.random.Generator
) -> None:
    """Gradients of a loss for each batch of logits; some of the logits are 200 in size."""
    fake = _logits(generator, fake_count, 200)
    if real_count is None:
        _expect_slopes(trial, (fake,), [_slope(1, fake)], "the logits")
        return
    real = _logits(generator, real_count, 200)
    _expect_slopes(trial, (real, fake), [_slope(1, real), _slope(0, fake)], "the logits")


def _logits(generator: np.random.Generator, count: int, size: float) -> np.ndarray:
    """(count, 1) logits whose largest and smallest are `size` and -`size`."""
    logits = generator.uniform(-size, size, (count, 1))
    logits[:2, 0] = (size, -size)[:count]
    return logits


def _cross_entropy(label: int, logits: np.ndarray) -> float:
    labels = np.full(logits.shape, label, "float64")
    return float(np.mean(keras.ops.binary_crossentropy(labels, logits, from_logits=True)))


def _slope(label: int, logits: np.ndarray) -> np.ndarray:
    """The gradient of the mean cross-entropy for each logit."""
    return (_sigmoid(logits) - label) / logits.size


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return np.asarray(keras.ops.sigmoid(x))


def _expect_finite(trial: Trial, size: float) -> None:
    """A loss is one number, and no overflow."""
    result = trial.result
    if isinstance(result, np.ndarray) and result.size > 1:
        trial.fail(
            f"It returned an array of shape {result.shape}; one number is asked for, the mean."
        )
    if isinstance(result, np.ndarray) and result.ndim:
        trial.fail(f"One number is asked for, but it returned an array of shape {result.shape}.")
    if isinstance(result, np.ndarray):
        trial.result = result = result[()]
    if isinstance(result, float | np.floating) and not np.isfinite(result):
        trial.fail(
            f"It returned {result} where logits are up to {size:g} in size.",
            "exp(200) is too large for float32: is there a function that gives log(1 + exp(x)) "
            "without computing exp(x) first, and without the logarithm of a rounded 0?",
        )


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
    trial: Trial, arguments: tuple[np.ndarray, ...], expected: list[np.ndarray], names: str
) -> None:
    """Compare the gradients of one function, taken where it runs, with known ones."""

    def take(*arrays: np.ndarray) -> Any:
        return checking.student_side(gradients)(trial.function, *arrays)

    take.__name__ = getattr(trial.function, "__name__", trial.name)
    inner = Trial(take, trial.name, trial.parameters)
    found = inner.call(*(a.astype("float32") for a in arguments))
    trial.calls += 1
    about = "This was about its gradient, on tensors under a GradientTape."
    for index, wanted in enumerate(expected):
        parameter = trial.parameters[index]
        if not isinstance(found, list) or len(found) != len(expected) or found[index] is None:
            inner.fail(
                f"No gradient reaches `{parameter}`, so nothing could be trained through it. Does "
                "every step stay a tensor? NumPy functions end the tape; keras.ops keep it.",
                about,
            )
        slope = found[index]
        if not np.isfinite(slope).all():
            inner.fail(
                f"The gradient for `{parameter}` is not finite.",
                "A value may be finite where its gradient is not: 0 times infinity is nan.",
                about,
            )
        if slope.shape != wanted.shape or not np.allclose(slope, wanted, rtol=1e-3, atol=1e-5):
            inner.fail(
                f"The gradient for `{parameter}` is not that of the value. Was a part of the "
                "computation cut off, clipped or rounded?",
                about,
            )


def _call(trial: Trial, kind: str, dtype: str, *arguments: Any) -> None:
    """Call with arrays (not in C order) or tensors; a tensor that comes back becomes an array."""
    given = []
    for value in arguments:
        if isinstance(value, np.ndarray):
            value = np.asfortranarray(value.astype(dtype))
            value = tf.constant(value) if kind == "tensor" else value
        given.append(value)
    result = trial.call(*given)
    if hasattr(result, "shape") and not isinstance(result, np.ndarray | np.generic):
        trial.result = keras.ops.convert_to_numpy(result)
