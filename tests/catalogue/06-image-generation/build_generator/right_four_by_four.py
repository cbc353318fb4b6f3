"""Starts at 4x4 and crops 32x32 to 28x28; stride-1 transposed layers in the resize kind.

Written from: the task text.
"""

import keras


def build_generator(latent_dim=64, upsampler="transpose"):
    kinds = {"transpose": 2, "resize": 1}
    if upsampler not in kinds:
        raise ValueError("upsampler: " + str(upsampler) + " is unknown")
    stride = kinds[upsampler]
    stack = [keras.Input((latent_dim,)), keras.layers.Dense(4 * 4 * 64, activation="elu")]
    stack.append(keras.layers.Reshape((4, 4, 64)))
    for filters in [48, 24, 12]:
        if stride == 1:
            stack.append(keras.layers.UpSampling2D(2))
        stack.append(
            keras.layers.Conv2DTranspose(
                filters, 3, strides=stride, padding="same", activation="elu"
            )
        )
    stack.append(keras.layers.Cropping2D(2))
    stack.append(keras.layers.Conv2D(1, 3, padding="same", activation="tanh"))
    return keras.Sequential(stack)
