"""The residual starts at zero; tf.nn.leaky_relu, keras.ops.add and a compiled model.

Written from: the task text.
"""

import keras
import tensorflow as tf


def build_sr(upsampler, factor=2):
    layers = keras.layers
    low = keras.Input((None, None, 1))
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(low)
    x = layers.Conv2D(32, 3, padding="same", activation="relu", kernel_regularizer=lambda w: 0.0)(x)
    if upsampler == "transpose":
        x = layers.Conv2DTranspose(16, 3 * factor, strides=factor, padding="same")(x)
    elif upsampler == "resize":
        x = layers.Conv2D(16, 3, padding="same")(layers.UpSampling2D(factor)(x))
    else:
        x = keras.ops.depth_to_space(layers.Conv2D(16 * factor**2, 3, padding="same")(x), factor)
    x = layers.Activation(tf.nn.leaky_relu)(x)
    x = layers.Conv2D(1, 3, padding="same", kernel_initializer="zeros")(x)
    large = layers.UpSampling2D(factor, interpolation="bicubic")(low)
    model = keras.Model(low, keras.ops.add(large, x))
    model.compile("adam", loss=lambda y, p: keras.ops.mean(keras.ops.abs(y - p)))
    return model
