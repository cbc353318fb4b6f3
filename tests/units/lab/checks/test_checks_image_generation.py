"""What the checks of assignment 06 do beyond what the answers of the catalogue show."""

import keras
import numpy as np
import pytest

from autograder import lab
from autograder.lab.checks import image_generation as check
from autograder.lab.figures import image_generation as figures

L = keras.layers


def discriminator(*extra):
    layers = [keras.Input((28, 28, 1)), L.Conv2D(4, 4, strides=4), L.Flatten(), L.Dense(1)]
    return lambda: keras.Sequential([*layers, *extra])


@pytest.mark.filterwarnings("ignore:You are using a softmax")
@pytest.mark.parametrize(
    ("extra", "kind"),
    [
        ([L.ReLU()], "activation"),
        ([L.Softmax()], "softmax"),
        ([L.Activation("sigmoid"), L.Reshape((1,))], "activation"),
    ],
)
def test_an_activation_is_found_wherever_the_discriminator_ends(extra, kind):
    with pytest.raises(lab.CheckFailed) as failure:
        check.build_discriminator(discriminator(*extra))
    assert failure.value.finding.kind == kind


def test_a_linear_activation_is_none():
    check.build_discriminator(discriminator(L.Activation("linear")))


def test_a_resizing_generator_may_have_transposes_without_a_stride():
    def generator(latent_dim=64, upsampler="transpose"):
        if upsampler not in ("transpose", "resize"):
            raise ValueError(f"unknown upsampler {upsampler}")
        model = keras.Sequential([keras.Input((latent_dim,)), L.Dense(196), L.Reshape((7, 7, 4))])
        for _ in range(2):
            if upsampler == "resize":
                model.add(L.UpSampling2D())
            stride = 2 if upsampler == "transpose" else 1
            model.add(L.Conv2DTranspose(4, 3, strides=stride, padding="same"))
        model.add(L.Conv2D(1, 3, padding="same", activation="tanh"))
        return model

    check.build_generator(generator)


# ------------------------------------------------------------------------------ gradients
def test_gradients_are_those_of_the_sum_and_none_where_no_tape_runs():
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    assert [g.tolist() for g in check.gradients(lambda a, b: a * b, x, y)] == [[3, 4], [1, 2]]
    assert check.gradients(lambda a, b: a, x, y)[1] is None
    assert check.gradients(lambda a, b: 3.0, x, y) == [None, None]


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
