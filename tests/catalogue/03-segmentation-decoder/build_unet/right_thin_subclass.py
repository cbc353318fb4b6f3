"""A class of its own that hands input and output to keras.Model.

Written from: the task text.
"""

import keras


class UNet(keras.Model):
    def __init__(self, input_shape, num_classes, base_filters):
        image = keras.Input(input_shape)
        full, half, x = encode(image, base_filters)  # noqa: F821 (given)
        for skip, filters in [(half, 2 * base_filters), (full, base_filters)]:
            x = keras.layers.Conv2DTranspose(filters, 2, strides=2, activation="relu")(x)
            x = keras.layers.Concatenate()([x, skip])
            x = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
            x = keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=0.9)(x))
        last = "sigmoid" if num_classes == 1 else "softmax"
        outputs = keras.layers.Conv2D(num_classes, 1, activation=last)(x)
        super().__init__(inputs=image, outputs=outputs, name="unet")
        self.num_classes = num_classes

    def train_step(self, data):
        raise RuntimeError("not trained by fit")


def build_unet(input_shape, num_classes, base_filters=16):
    return UNet(input_shape, num_classes, base_filters)
