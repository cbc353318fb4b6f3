"""Each visible check of assignment 06: right answers pass, misconceptions are named."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab.checks import image_generation as check
from autograder.lab.figures import image_generation as figures

L = keras.layers
ops = keras.ops
EXERCISES = [
    "build_generator",
    "reparameterize",
    "kl_divergence",
    "interpolate",
    "build_discriminator",
    "discriminator_loss",
    "generator_loss",
]


# ------------------------------------------------------------------------------ answers
def generator(
    latent_dim=64, upsampler="transpose", last="tanh", trainable=True, always=None, zero=False
):
    if upsampler not in ("transpose", "resize"):
        raise ValueError(f"unknown upsampler {upsampler}")
    start = {"kernel_initializer": "zeros"} if zero else {}
    model = keras.Sequential([keras.Input((latent_dim,))])
    model.add(L.Dense(7 * 7 * 8, activation="relu", trainable=trainable, **start))
    model.add(L.Reshape((7, 7, 8)))
    for filters in (8, 4):
        if (always or upsampler) == "transpose":
            model.add(L.Conv2DTranspose(filters, 3, 2, padding="same", activation="relu"))
        else:
            model.add(L.UpSampling2D())
            model.add(L.Conv2D(filters, 3, padding="same", activation="relu"))
    model.add(L.Conv2D(1, 3, padding="same", activation=last))
    return model


def functional_generator(latent_dim=64, upsampler="transpose"):
    if upsampler not in ("transpose", "resize"):
        raise ValueError("no such upsampler")
    z = keras.Input((latent_dim,))
    x = L.Reshape((7, 7, 4))(L.Dense(196)(z))
    for filters in (6, 1):
        if upsampler == "transpose":
            x = L.Conv2DTranspose(filters, 4, strides=2, padding="same")(x)
        else:
            x = L.Conv2DTranspose(filters, 3, padding="same")(L.UpSampling2D()(x))
        x = L.LeakyReLU()(L.BatchNormalization()(x)) if filters > 1 else x
    return keras.Model(z, L.Activation("tanh")(x))


def any_upsampler(latent_dim=64, upsampler="transpose"):
    return generator(latent_dim, upsampler if upsampler == "transpose" else "resize")


def relu_before_tanh(latent_dim=64, upsampler="transpose"):
    model = generator(latent_dim, upsampler, "relu")
    return keras.Sequential([keras.Input((latent_dim,)), *model.layers, L.Activation("tanh")])


def sample(mean, log_var, eps):
    return mean + ops.exp(0.5 * log_var) * eps


def divergence(mean, log_var):
    return -0.5 * ops.sum(1 + log_var - mean**2 - ops.exp(log_var), axis=-1)


def numpy_divergence(mean, log_var):
    return 0.5 * np.sum(mean**2 + np.exp(log_var) - 1 - log_var, axis=1)


def in_place(mean, log_var, eps):
    eps *= 2
    return sample(mean, log_var, eps / 2)


def walk(z0, z1, steps, measure=True, end=1.0, flat=1e-4, divide=True, unit=False):
    if steps < 2:
        raise ValueError("too few steps")
    z0, z1 = z0.astype("float64"), z1.astype("float64")
    t = np.linspace(0, 1, steps, endpoint=bool(end))[:, None]
    long = np.linalg.norm(z0) * np.linalg.norm(z1)
    cosine = z0 @ z1 / (long or 1) if measure else z0 @ z1
    w = np.arccos(np.clip(cosine, -1, 1)) if long else 0
    if np.sin(w) <= flat:
        return z0 + t * (z1 - z0)
    if unit:
        z0, z1 = z0 / np.linalg.norm(z0), z1 / np.linalg.norm(z1)
    return (np.sin((1 - t) * w) * z0 + np.sin(t * w) * z1) / (np.sin(w) if divide else 1)


def unguarded_walk(z0, z1, steps):
    if steps < 2:
        raise ValueError("steps")
    t = np.linspace(0, 1, steps)[:, None]
    with np.errstate(all="ignore"):
        w = np.arccos(np.clip(z0 @ z1 / np.linalg.norm(z0) / np.linalg.norm(z1), -1, 1))
        w = w if w > 1e-3 else np.float64(0)
        return (np.sin((1 - t) * w) * z0 + np.sin(t * w) * z1) / np.sin(w)


def half_guarded_walk(z0, z1, steps):
    if steps < 2:
        raise ValueError("steps")
    z0, z1 = z0.astype("float64"), z1.astype("float64")
    t = np.linspace(0, 1, steps)[:, None]
    w = np.arccos(np.clip(z0 @ z1 / np.linalg.norm(z0) / np.linalg.norm(z1), -1, 1))
    if w < 1e-3:
        return z0 + t * (z1 - z0)
    return (np.sin((1 - t) * w) * z0 + np.sin(t * w) * z1) / np.sin(w)


def still_walk(z0, z1, steps):
    out = walk(z0, z1, steps)
    straight = abs(abs(z0 @ z1) - np.linalg.norm(z0) * np.linalg.norm(z1)) < 1e-4
    return np.tile(z0, (steps, 1)) if straight else out


def discriminator(last=None, units=1, trainable=True, zero=False, extra=()):
    start = {"kernel_initializer": "zeros"} if zero else {}
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            L.Conv2D(8, 3, strides=2, padding="same", activation="relu", trainable=trainable),
            L.Conv2D(8, 4, strides=2, padding="same"),
            L.LeakyReLU(),
            L.Flatten(),
            L.Dense(units, activation=last, **start),
            *extra,
        ]
    )


def pooled_discriminator():
    image = keras.Input((28, 28, 1))
    x = L.MaxPooling2D()(L.Conv2D(6, 3, activation="relu")(image))
    return keras.Model(image, L.Dense(1)(L.Dropout(0.2)(L.GlobalAveragePooling2D()(x))))


def soft(x):
    return ops.mean(ops.softplus(x))


def both(real, fake):
    return soft(-real) + soft(fake)


def entropy(real, fake):
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    return loss(np.ones(real.shape), real) + loss(np.zeros(fake.shape), fake)


def naive(x):
    return ops.mean(ops.log(1 + ops.exp(x)))


def numpy_soft(x):
    x = np.asarray(x)
    return float(np.mean(np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))))


# ------------------------------------------------------------------------------ right answers
RIGHT = [
    ("build_generator", generator),
    ("build_generator", functional_generator),
    ("reparameterize", sample),
    ("reparameterize", lambda m, v, e: m + tf.sqrt(tf.exp(v)) * e),
    ("kl_divergence", divergence),
    ("kl_divergence", lambda m, v: tf.reduce_sum(m**2 + tf.exp(v) - v - 1, 1) / 2),
    ("interpolate", walk),
    ("interpolate", lambda *a: tf.constant(walk(*a))),
    ("build_discriminator", discriminator),
    ("build_discriminator", pooled_discriminator),
    ("build_discriminator", lambda: discriminator(extra=[L.Activation("linear")])),
    ("discriminator_loss", both),
    ("discriminator_loss", entropy),
    ("generator_loss", lambda x: soft(-x)),
    ("generator_loss", lambda x: ops.mean(ops.logaddexp(0.0 * x, -x))),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_passes(name, answer, capsys):
    getattr(check, name)(answer)
    assert f"✓ {name}: right on" in capsys.readouterr().out
    assert getattr(check, name).outcome == "right"


# ------------------------------------------------------------------------------ wrong answers
WRONG = [
    ("build_generator", lambda *a: generator(*a, last="sigmoid"), "no-dark-half"),
    ("build_generator", relu_before_tanh, "no-dark-half"),
    ("build_generator", lambda *a: generator(*a, last=None), "beyond-tanh"),
    ("build_generator", lambda *a: generator(*a, always="resize"), "no-transpose"),
    ("build_generator", lambda *a: generator(*a, always="transpose"), "strided-transpose"),
    ("build_generator", any_upsampler, "no-error"),
    ("build_generator", lambda *a: generator(64, *a[1:]), "input-shape"),
    ("build_generator", lambda *a: generator(*a, trainable=False), "frozen"),
    ("build_generator", lambda *a: generator(*a, zero=True), "same-image"),
    ("build_generator", lambda *a: None, "not-a-model"),
    ("reparameterize", lambda m, v, e: m + v * e, "log-var-as-std"),
    ("reparameterize", lambda m, v, e: m + ops.exp(v) * e, "variance"),
    ("reparameterize", lambda m, v, e: m + ops.exp(v / 4) * e, "too-many-halves"),
    ("reparameterize", lambda m, v, e: m + e, "log-var-unused"),
    ("reparameterize", lambda m, v, e: m + ops.exp(-v / 2) * e, "divided"),
    ("reparameterize", lambda m, v, e: ops.exp(v / 2) * e, "no-mean"),
    ("reparameterize", lambda m, v, e: m + ops.exp(v / 2), "no-noise"),
    ("reparameterize", in_place, "changes-argument"),
    ("reparameterize", lambda m, v, e: m + np.exp(v / 2) * e, "no-slope"),
    ("kl_divergence", lambda m, v: divergence(m, v) / m.shape[1], "mean-over-entries"),
    ("kl_divergence", lambda m, v: 2 * divergence(m, v), "no-half"),
    ("kl_divergence", lambda m, v: -divergence(m, v), "sign-turned"),
    ("kl_divergence", lambda m, v: ops.sum(m + ops.exp(v) - 1 - v, 1) / 2, "not-squared"),
    ("kl_divergence", lambda m, v: ops.sum(m**2 + v - 1 - v, 1) / 2, "log-var-as-variance"),
    (
        "kl_divergence",
        lambda m, v: ops.sum(m**2 + ops.exp(v / 2) - 1 - v, 1) / 2,
        "std-as-variance",
    ),
    ("kl_divergence", lambda m, v: divergence(0 * m, v), "no-means"),
    ("kl_divergence", lambda m, v: ops.sum(m**2 + ops.exp(v) - v, 1) / 2, "no-constant"),
    ("kl_divergence", lambda m, v: ops.mean(divergence(m, v)), "single-number"),
    ("kl_divergence", lambda m, v: m**2 + ops.exp(v) - 1 - v, "number-for-each-entry"),
    ("kl_divergence", numpy_divergence, "no-slope"),
    (
        "kl_divergence",
        lambda m, v: ops.sum(v + (1 + m**2) / ops.exp(v) - 1, 1) / 2,
        "swapped",
    ),
    ("interpolate", lambda a, b, n: np.linspace(a, b, n), "straight"),
    ("interpolate", lambda *a: walk(*a, end=0), "no-end"),
    ("interpolate", lambda a, b, n: walk(b, a, n), "backward"),
    ("interpolate", lambda *a: walk(*a, unit=True), "lengths-lost"),
    ("interpolate", lambda *a: walk(*a, divide=False), "no-division"),
    ("interpolate", lambda *a: walk(*a, measure=False), "lengths-not-divided"),
    ("interpolate", unguarded_walk, "not-finite"),
    ("interpolate", half_guarded_walk, "values"),
    ("interpolate", still_walk, "stands-still"),
    (
        "interpolate",
        lambda a, b, n: walk(a, b, max(n, 2)),
        "no-error",
    ),
    ("build_discriminator", lambda: discriminator("sigmoid"), "activation"),
    ("build_discriminator", lambda: discriminator("tanh"), "activation"),
    ("build_discriminator", lambda: discriminator("softmax"), "softmax"),
    ("build_discriminator", lambda: discriminator(extra=[L.ReLU()]), "activation"),
    ("build_discriminator", lambda: discriminator(extra=[L.Softmax()]), "softmax"),
    (
        "build_discriminator",
        lambda: discriminator(extra=[L.Activation("sigmoid"), L.Reshape((1,))]),
        "activation",
    ),
    ("build_discriminator", lambda: discriminator(units=2), "not-one-logit"),
    ("build_discriminator", lambda: discriminator(trainable=False), "frozen"),
    ("build_discriminator", lambda: discriminator(zero=True), "same-logit"),
    ("discriminator_loss", lambda r, f: both(r, f) / 2, "halved"),
    ("discriminator_loss", lambda r, f: both(-r, -f), "labels-swapped"),
    ("discriminator_loss", lambda r, f: soft(-r) + soft(-f), "fakes-rewarded"),
    ("discriminator_loss", lambda r, f: soft(-r), "no-fakes"),
    ("discriminator_loss", lambda r, f: soft(f), "no-real-images"),
    ("discriminator_loss", lambda r, f: -both(r, f), "sign-turned"),
    ("discriminator_loss", lambda r, f: both(r, f) * 4, "summed"),
    (
        "discriminator_loss",
        lambda r, f: 2 * soft(ops.concatenate([-ops.convert_to_tensor(r), f])),
        "one-batch",
    ),
    ("discriminator_loss", lambda r, f: both(ops.sigmoid(r), ops.sigmoid(f)), "sigmoid-first"),
    ("discriminator_loss", lambda r, f: naive(-r) + naive(f), "overflow"),
    ("discriminator_loss", lambda r, f: numpy_soft(-r) + numpy_soft(f), "no-slope"),
    ("discriminator_loss", lambda r, f: ops.softplus(-r) + ops.softplus(f), "not-a-number"),
    ("discriminator_loss", lambda r, f: both(r, f)[None], "not-a-number"),
    ("generator_loss", soft, "rewards-being-caught"),
    ("generator_loss", lambda x: -soft(x), "minimax"),
    ("generator_loss", lambda x: -soft(-x), "sign-turned"),
    ("generator_loss", lambda x: -ops.mean(x), "plain-logits"),
    ("generator_loss", lambda x: soft(-x) * 4, "summed"),
    ("generator_loss", lambda x: soft(-x) / 2, "halved"),
    ("generator_loss", lambda x: soft(-ops.sigmoid(x)), "sigmoid-first"),
    ("generator_loss", lambda x: naive(-x), "overflow"),
    ("generator_loss", lambda x: numpy_soft(-x), "no-slope"),
]


@pytest.mark.filterwarnings("ignore:You are using a softmax")
@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize(("name", "answer", "kind"), WRONG)
def test_a_misconception_is_named(name, answer, kind):
    with pytest.raises(lab.CheckFailed) as failure:
        getattr(check, name)(answer)
    assert failure.value.finding.kind == kind
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
@pytest.mark.parametrize("value", [None, 3, "text", (), np.zeros(3), keras.Sequential()])
def test_a_result_of_another_kind_is_explained(name, value):
    with pytest.raises(lab.CheckFailed):
        getattr(check, name)(lambda *arguments: value)
    assert getattr(check, name).outcome == "wrong"


def test_the_exercises_are_worth_40_points():
    assert sum(getattr(check, name).points for name in EXERCISES) == 40


# ------------------------------------------------------------------------------ gradients
def test_gradients_are_those_of_the_sum_and_none_where_no_tape_runs():
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    assert [g.tolist() for g in check.gradients(lambda a, b: a * b, x, y)] == [[3, 4], [1, 2]]
    assert check.gradients(lambda a, b: a, x, y)[1] is None
    assert check.gradients(lambda a, b: 3.0, x, y) == [None, None]


def test_a_gradient_that_is_not_finite_is_named():
    def hidden_overflow(x):
        return ops.mean(ops.where(x < -30, -x, ops.log(1 + ops.exp(-x))))

    with pytest.raises(lab.CheckFailed, match="The gradient for `fake_logits` is not finite"):
        check.generator_loss(hidden_overflow)


# ------------------------------------------------------------------------------ the instrument
def test_white_noise_has_no_grid_and_a_faint_grid_shows():
    noise = np.random.default_rng(0).normal(size=(500, 28, 28, 1))
    grid = np.zeros((28, 28, 1))
    grid[::2] = 1
    assert 0.9 < figures.grid_peak(noise) < 1.1
    assert figures.grid_peak(noise + 0.2 * grid) > 2
    assert figures.grid_peak(3 * noise) == pytest.approx(figures.grid_peak(noise))


def test_the_spectrum_s_three_frequencies_are_the_spread_of_the_phase_means():
    image = np.random.default_rng(1).normal(size=(1, 28, 28, 1))
    power = figures.mean_spectrum(image)
    by_spectrum = np.sqrt((power[14, 0] + power[0, 14] + power[14, 14]) / power.sum())
    phases = [image[0, p::2, q::2].mean() for p in (0, 1) for q in (0, 1)]
    assert by_spectrum == pytest.approx(np.std(phases) / np.sqrt((image**2).mean()))
