"""Generators of well-known tutorials, whole and untrained, rebuilt from their published sources.

Notebook 04 audits what they draw from noise before anybody has trained them. Channels, kernel
sizes, strides, activations, normalization and initial weights are those of the source that each
docstring cites; only the code is new. A seed decides all initial weights.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import keras

layers = keras.layers


class Generator(NamedTuple):
    """A generator, and what an audit of it needs to know.

    Attributes:
        build: Makes the untrained model from a seed.
        latent: Length of the noise vector that it draws one image from.
        period: The product of its strides, at most 8: in pixels of the image.
    """

    build: Callable[[int], keras.Model]
    latent: int
    period: int


def tensorflow_dcgan(seed: int) -> keras.Model:
    """The generator of TensorFlow's tutorial on digits: (N, 100) -> (N, 28, 28, 1) in [-1, 1].

    Source: "Deep Convolutional Generative Adversarial Network", TensorFlow tutorials, 2019,
    https://www.tensorflow.org/tutorials/generative/dcgan.
    """
    keras.utils.set_random_seed(seed)
    options: Any = {"padding": "same", "use_bias": False}
    return keras.Sequential(
        [
            keras.Input((100,)),
            *_projection(7, 256),
            layers.Conv2DTranspose(128, 5, strides=1, **options),  # (7, 7, 128)
            *_normalized(),
            layers.Conv2DTranspose(64, 5, strides=2, **options),  # (14, 14, 64)
            *_normalized(),
            layers.Conv2DTranspose(1, 5, strides=2, activation="tanh", **options),  # (28, 28, 1)
        ],
    )


def resize_dcgan(seed: int) -> keras.Model:
    """`tensorflow_dcgan` with resize-convolution in place of its two strided layers.

    Source: the tutorial's, changed as proposed by Odena, Dumoulin and Olah: "Deconvolution and
    Checkerboard Artifacts", Distill, 2016, https://distill.pub/2016/deconv-checkerboard/.
    """
    keras.utils.set_random_seed(seed)
    options: Any = {"padding": "same", "use_bias": False}
    return keras.Sequential(
        [
            keras.Input((100,)),
            *_projection(7, 256),
            layers.Conv2DTranspose(128, 5, strides=1, **options),  # (7, 7, 128)
            *_normalized(),
            layers.UpSampling2D(2, interpolation="nearest"),
            layers.Conv2D(64, 5, **options),  # (14, 14, 64)
            *_normalized(),
            layers.UpSampling2D(2, interpolation="nearest"),
            layers.Conv2D(1, 5, activation="tanh", **options),  # (28, 28, 1)
        ],
    )


def keras_vae(seed: int) -> keras.Model:
    """The decoder of Keras' variational autoencoder: (N, 2) -> (N, 28, 28, 1) in [0, 1].

    Source: François Chollet, "Variational AutoEncoder", Keras code examples, 2020,
    https://keras.io/examples/generative/vae/.
    """
    keras.utils.set_random_seed(seed)
    relu: Any = {"padding": "same", "activation": "relu"}
    return keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(7 * 7 * 64, activation="relu"),
            layers.Reshape((7, 7, 64)),
            layers.Conv2DTranspose(64, 3, strides=2, **relu),  # (14, 14, 64)
            layers.Conv2DTranspose(32, 3, strides=2, **relu),  # (28, 28, 32)
            layers.Conv2DTranspose(1, 3, padding="same", activation="sigmoid"),  # (28, 28, 1)
        ],
    )


def keras_dcgan(seed: int) -> keras.Model:
    """The generator of Keras' example on faces: (N, 128) -> (N, 64, 64, 3) in [0, 1].

    Source: François Chollet, "DCGAN to generate face images", Keras code examples, 2021,
    https://keras.io/examples/generative/dcgan_overriding_train_step/.
    """
    keras.utils.set_random_seed(seed)
    doubled: list[keras.Layer] = []
    for filters in (128, 256, 512):  # (16, 16), (32, 32), (64, 64)
        doubled.append(layers.Conv2DTranspose(filters, 4, strides=2, padding="same"))
        doubled.append(layers.LeakyReLU(0.2))
    return keras.Sequential(
        [
            keras.Input((128,)),
            layers.Dense(8 * 8 * 128),
            layers.Reshape((8, 8, 128)),
            *doubled,
            layers.Conv2D(3, 5, padding="same", activation="sigmoid"),  # (64, 64, 3)
        ],
    )


def pytorch_dcgan(seed: int) -> keras.Model:
    """The generator of PyTorch's tutorial on faces: (N, 100) -> (N, 64, 64, 3) in [-1, 1].

    Kernels are drawn from N(0, 0.02) and the scales of the normalization from N(1, 0.02), as
    there. The source draws its images in training mode, with the batch's own statistics.

    Source: Nathan Inkawhich, "DCGAN Tutorial", PyTorch tutorials, 2018,
    https://docs.pytorch.org/tutorials/beginner/dcgan_faces_tutorial.html.
    """
    keras.utils.set_random_seed(seed)
    grown: list[keras.Layer] = [_drawn_from_normal(512, strides=1, padding="valid")]  # (4, 4, 512)
    for filters in (256, 128, 64, 3):  # (8, 8), (16, 16), (32, 32), (64, 64)
        scales: Any = keras.initializers.RandomNormal(1, 0.02)
        grown.append(layers.BatchNormalization(epsilon=1e-5, gamma_initializer=scales))
        grown.append(layers.ReLU())
        grown.append(_drawn_from_normal(filters, strides=2, padding="same"))
    return keras.Sequential(
        [
            keras.Input((100,)),
            layers.Reshape((1, 1, 100)),
            *grown,
            layers.Activation("tanh"),
        ],
    )


GENERATORS = {
    "TensorFlow tutorial, DCGAN": Generator(tensorflow_dcgan, 100, 4),
    "Keras example, VAE": Generator(keras_vae, 2, 4),
    "Keras example, DCGAN": Generator(keras_dcgan, 128, 8),
    "PyTorch tutorial, DCGAN": Generator(pytorch_dcgan, 100, 8),
    "resize-convolution DCGAN": Generator(resize_dcgan, 100, 4),
}


def _projection(side: int, channels: int) -> list[keras.Layer]:
    """From the noise to the first feature map, (side, side, channels), as TensorFlow's."""
    dense = layers.Dense(side * side * channels, use_bias=False)
    return [dense, *_normalized(), layers.Reshape((side, side, channels))]


def _normalized() -> list[keras.Layer]:
    """What follows a layer without a bias in TensorFlow's tutorial."""
    return [layers.BatchNormalization(), layers.LeakyReLU(0.3)]


def _drawn_from_normal(filters: int, **options: Any) -> keras.Layer:
    """A 4x4 layer of PyTorch's tutorial; an initializer of its own, since each repeats itself."""
    start: Any = keras.initializers.RandomNormal(0, 0.02)
    return layers.Conv2DTranspose(filters, 4, use_bias=False, kernel_initializer=start, **options)
