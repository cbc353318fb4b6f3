"""The published generators have the architecture of their sources, and weights of the seed."""

import keras
import numpy as np
import pytest

from autograder.lab import published

L = keras.layers
GENERATORS = published.GENERATORS
SHAPES = {
    "TensorFlow tutorial, DCGAN": (28, 28, 1),
    "Keras example, VAE": (28, 28, 1),
    "Keras example, DCGAN": (64, 64, 3),
    "PyTorch tutorial, DCGAN": (64, 64, 3),
    "resize-convolution DCGAN": (28, 28, 1),
}
# Trainable weights, counted by hand from the sources: kernels, biases, scales and shifts.
TRAINABLE = {
    "TensorFlow tutorial, DCGAN": 12544 * 102 + 25 * (256 * 128 + 128 * 64 + 64) + 2 * (128 + 64),
    "Keras example, VAE": 3136 * 3 + 9 * (64 * 64 + 64 * 32 + 32) + 64 + 32 + 1,
    "Keras example, DCGAN": 8192 * 129
    + 16 * (128 * 128 + 128 * 256 + 256 * 512)
    + (128 + 256 + 512)
    + 25 * 512 * 3
    + 3,
    "PyTorch tutorial, DCGAN": 16 * (100 * 512 + 512 * 256 + 256 * 128 + 128 * 64 + 64 * 3)
    + 2 * (512 + 256 + 128 + 64),
}
TRAINABLE["resize-convolution DCGAN"] = TRAINABLE["TensorFlow tutorial, DCGAN"]


@pytest.fixture(scope="module")
def models():
    return {name: generator.build(3) for name, generator in GENERATORS.items()}


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_draws_images_of_the_size_of_its_source(name, models):
    model = models[name]
    assert model.input_shape == (None, GENERATORS[name].latent)
    assert model.output_shape == (None, *SHAPES[name])
    assert sum(int(np.prod(w.shape)) for w in model.trainable_weights) == TRAINABLE[name]


@pytest.mark.parametrize("name", GENERATORS)
def test_the_period_is_the_product_of_the_strides_at_most_8(name, models):
    steps = 1
    for layer in models[name].layers:
        if isinstance(layer, L.Conv2DTranspose):
            steps *= layer.strides[0]
        elif isinstance(layer, L.UpSampling2D):
            steps *= layer.size[0]
    assert GENERATORS[name].period == min(steps, 8)


@pytest.mark.parametrize("name", GENERATORS)
def test_the_seed_alone_decides_the_weights(name, models):
    first, again, other = models[name], GENERATORS[name].build(3), GENERATORS[name].build(4)
    pairs = list(zip(first.get_weights(), again.get_weights(), other.get_weights(), strict=True))
    assert all(np.array_equal(one, same) for one, same, _ in pairs)
    assert not all(np.array_equal(one, different) for one, _, different in pairs)


def test_the_kernels_of_pytorchs_tutorial_are_drawn_one_by_one_with_deviation_two_hundredths(
    models,
):
    layers = models["PyTorch tutorial, DCGAN"].layers
    kernels = [np.asarray(x.kernel) for x in layers if isinstance(x, L.Conv2DTranspose)]
    for kernel in kernels:
        assert kernel.std() == pytest.approx(0.02, rel=0.05)
    starts = {float(kernel.ravel()[0]) for kernel in kernels}
    assert len(starts) == len(kernels)
    for layer in layers:
        if isinstance(layer, L.BatchNormalization):
            assert layer.epsilon == 1e-5
            assert np.std(layer.gamma) == pytest.approx(0.02, rel=0.3)


def test_only_the_resize_generator_has_no_strided_transposed_layer(models):
    strided = {
        name
        for name, model in models.items()
        if any(isinstance(x, L.Conv2DTranspose) and x.strides[0] > 1 for x in model.layers)
    }
    assert strided == set(GENERATORS) - {"resize-convolution DCGAN"}


@pytest.mark.parametrize("generator", GENERATORS.values(), ids=GENERATORS)
def test_each_source_is_cited_with_title_year_and_address(generator):
    said = " ".join(generator.build.__doc__.split())
    assert "Source: " in said and "https://" in said and '"' in said and "20" in said
