"""Strided convolutions of its own, all in one Sequential.

Written from: the task text.
"""

import keras


def build_fcn(input_shape, num_classes, base_filters=16):
    model = keras.Sequential([keras.Input(input_shape)])
    for width, stride in [(1, 1), (2, 2), (4, 2), (4, 1)]:
        model.add(keras.layers.Conv2D(width * base_filters, 3, strides=stride, padding="same"))
        model.add(keras.layers.BatchNormalization())
        model.add(keras.layers.ReLU())
    for width in (2, 1):
        model.add(keras.layers.Conv2DTranspose(width * base_filters, 4, strides=2, padding="same"))
        model.add(keras.layers.BatchNormalization())
        model.add(keras.layers.ReLU())
    activation = "sigmoid" if num_classes == 1 else "softmax"
    model.add(keras.layers.Conv2D(num_classes, 3, padding="same", activation=activation))
    return model
