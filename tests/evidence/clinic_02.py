"""Prints each case of notebook 02's clinic, before and after its cure.

`python tests/evidence/clinic_02.py [CASE ...]` takes about a minute and writes nothing. The body of
a function is what a cell of the notebook may say.
"""

import os

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import itertools
import sys

import keras
import numpy as np
import tensorflow as tf

from autograder.lab import datasets

L = keras.layers


def odd_sizes() -> None:
    """25 -> 13 -> 7, and back to 14 and 26: two inputs share an output size."""

    def unet(output_padding, join):
        image = keras.Input((25, 25, 1))
        options = {"kernel_size": 3, "strides": 2, "padding": "same"}
        half = L.Conv2D(4, activation="relu", **options)(image)  # (13, 13, 4)
        quarter = L.Conv2D(8, activation="relu", **options)(half)  # (7, 7, 8)
        options["output_padding"] = output_padding
        up = L.Conv2DTranspose(4, activation="relu", **options)(quarter)  # 14 or 13
        print(f"output_padding={output_padding}: {up.shape[1]} meets {half.shape[1]}")
        return keras.Model(image, L.Conv2DTranspose(1, **options)(join()([up, half])))

    for output_padding, join in [(None, L.Concatenate), (None, L.Add), (0, L.Concatenate)]:
        try:
            print("ends at", unet(output_padding, join).output_shape)
        except ValueError as error:
            print(f"ValueError: {error}")


def even_kernel() -> None:
    """`same`, an even kernel and `output_padding=0`: promised, built, and refused when called."""
    for output_padding in [0, 1, None]:
        layer = L.Conv2DTranspose(4, 4, strides=2, padding="same", output_padding=output_padding)
        model = keras.Sequential([keras.Input((7, 7, 8)), layer])
        print(f"output_padding={output_padding}: promised {model.output_shape[1:3]},", end=" ")
        try:
            print("made", model(np.zeros((1, 7, 7, 8), "float32")).shape[1:3])
        except tf.errors.OpError as error:
            print(f"{type(error).__name__}: {error}")


def dilation() -> None:
    """Strides and dilation: the constructor refuses; a dilated kernel is a kernel with zeros."""
    try:
        L.Conv2DTranspose(1, 3, strides=2, dilation_rate=2)
    except ValueError as error:
        print(f"ValueError: {error}")
    kernel = np.arange(1.0, 10.0, dtype="float32").reshape(3, 3)
    spread = np.zeros((5, 5), "float32")
    spread[::2, ::2] = kernel
    layer = L.Conv2DTranspose(1, 5, strides=2, padding="same", use_bias=False)
    layer.build((None, None, None, 1))
    layer.set_weights([spread[:, :, None, None]])
    flat = np.ones((1, 8, 8, 1), "float32")
    drawn = np.asarray(layer(flat))  # (1, 16, 16, 1)
    print("stride 2, dilation 2, on ones:", drawn[0, 6:10, 6:10, 0].tolist())
    # Every offset is even: three of the four phases of the output receive nothing.
    ops = keras.ops.conv_transpose(flat, kernel[:, :, None, None], 2, "same", dilation_rate=2)
    print("keras.ops.conv_transpose does not refuse; largest difference:", np.ptp(ops - drawn))


def port() -> None:
    """PyTorch's ConvTranspose2d(3, stride=2, padding=1, output_padding=1) by Keras' `same`."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(1, 16, 16, 1)).astype("float32")
    kernel = generator.normal(size=(3, 3, 1, 1)).astype("float32")
    valid = np.asarray(keras.ops.conv_transpose(x, kernel, strides=2, padding="valid"))  # 33x33
    same = np.asarray(keras.ops.conv_transpose(x, kernel, strides=2, padding="same"))  # 32x32
    torch = valid[:, 1:, 1:]  # 32x32: padding crops 1 on both sides, output_padding gives 1 back
    spectrum = np.fft.fft2(same[0, :, :, 0]) * np.conj(np.fft.fft2(torch[0, :, :, 0]))
    peak = np.unravel_index(np.fft.ifft2(spectrum).real.argmax(), (32, 32))
    print("cross-correlation peaks at a shift of", [int(n) for n in peak], "pixels")
    print("relative difference:", np.linalg.norm(same - torch) / np.linalg.norm(torch))
    print("after the shift, equal:", np.allclose(same[:, 1:, 1:], torch[:, :-1, :-1], atol=1e-5))


def ports() -> None:
    """Which of PyTorch's settings Keras' `same` is, by the rows that it crops."""
    x = np.random.default_rng(0).normal(size=(1, 9, 9, 1))
    for size, padding, extra in [(2, 0, 0), (3, 1, 0), (3, 1, 1), (4, 1, 0), (5, 2, 0), (5, 2, 1)]:
        kernel = np.random.default_rng(size).normal(size=(size, size, 1, 1))
        full = np.asarray(keras.ops.conv_transpose(x, kernel, strides=2, padding="valid"))
        side = 16 + size - 2 * padding + extra
        full = np.pad(full, [(0, 0), (0, 1), (0, 1), (0, 0)])
        torch = full[:, padding : padding + side, padding : padding + side]
        given = None if side == 18 else 0
        same = keras.ops.conv_transpose(x, kernel, 2, "same", output_padding=given)
        equal = torch.shape == same.shape and np.allclose(torch, same)
        print(f"k={size}, padding={padding}, output_padding={extra}: {side}x{side}", end=", ")
        print(f"Keras' same, output_padding={given}: {'equal' if equal else 'different'}")


def initializers() -> None:
    """Root mean square of each layer's ReLU outputs, 4x4 at stride 2, five seeds; 1 keeps it."""

    def growth(channels, name, seed):
        keras.utils.set_random_seed(seed)
        x = np.random.default_rng(seed).normal(size=(4, 8, 8, channels[0])).astype("float32")
        sizes = []
        for inputs, outputs in itertools.pairwise(channels):
            right = keras.initializers.RandomNormal(stddev=2 * np.sqrt(2 / (4 * 4 * inputs)))
            options = {"activation": "relu", "kernel_initializer": name or right}
            layer = L.Conv2DTranspose(outputs, 4, 2, "same", **options)
            x = np.asarray(layer(x))[:, 4:12, 4:12]  # away from the border, of constant size
            sizes.append(np.sqrt(np.mean(x**2)))
        return sizes

    for channels in [[64] * 6, [128, 64, 32, 16, 8, 4], [1024, 256, 64, 16, 4]]:
        print(channels)
        for name in ["glorot_uniform", "he_normal", None]:
            sizes = np.array([growth(channels, name, seed) for seed in range(5)])
            print(f"  {name or 'corrected':15}", np.round(sizes.mean(0), 3), end=" ")
            print("last layer, smallest and largest", np.round(np.sort(sizes[:, -1])[[0, -1]], 3))


def one_initializer() -> None:
    """256 -> 16 channels, 4x4, stride 2: what he_normal draws, and what keeps the variance."""
    settings = [(256, 16, 4, 2), (64, 64, 4, 2), (64, 16, 4, 2), (256, 16, 3, 1), (16, 64, 4, 2)]
    for inputs, outputs, size, stride in [*settings, (21, 21, 64, 32)]:  # the last is FCN-32s
        layer = L.Conv2DTranspose(outputs, size, stride, kernel_initializer="he_normal")
        layer.build((None, None, None, inputs))
        drawn, right = np.std(layer.kernel), stride * np.sqrt(2 / (size * size * inputs))
        print(
            f"{inputs} -> {outputs}, {size}x{size}, stride {stride}: he_normal {drawn:.4f},",
            end=" ",
        )
        print(f"right {right:.4f}, {drawn / right:.3f} times;", end=" ")
        print(f"sqrt(in/out)/stride {np.sqrt(inputs / outputs) / stride:.3f}")


def centers() -> None:
    """How far the center of a stamp lies from the center of its pixel, in output pixels."""
    for stride in [2, 3, 4]:
        for size in range(1, 8):
            spot = np.zeros((1, 9, 9, 1))
            spot[0, 4, 4] = 1
            stamp = np.ones((size, size, 1, 1))
            drawn = np.asarray(keras.ops.conv_transpose(spot, stamp, stride, "same"))[0, :, :, 0]
            center = np.average(np.arange(9 * stride), weights=drawn.sum(axis=1))
            shift = center - (4 * stride + (stride - 1) / 2)
            excess = size - stride
            formula = excess / 2 if excess < 0 else excess % 2 / 2
            print(f"s={stride}, k={size}: {shift:+.1f} (formula {formula:+.1f})", end="; ")
        print()


TENT = np.outer([0.5, 1, 0.5], [0.5, 1, 0.5])
BILINEAR = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 16


def enlarged(x: np.ndarray, how: str, times: int) -> np.ndarray:
    """(N, h, w, 1) -> (N, h * 2**times, ...), doubled by a stamp or resized at once."""
    if how == "resize":
        sides = [n * 2**times for n in x.shape[1:3]]
        return tf.image.resize(x, sides, "bilinear").numpy()
    kernel = {"3x3": TENT, "4x4": BILINEAR}[how][:, :, None, None]
    for _ in range(times):
        x = np.asarray(keras.ops.conv_transpose(x, kernel, 2, "same"))
    return x


def masks() -> None:
    """Masks of nuclei averaged down and enlarged again: shift in pixels, and IoU at 0.5."""
    mask = datasets.nuclei("validation")[1].astype("float64")  # (8, 64, 64, 1)
    mask = np.pad(mask, [(0, 0), (16, 16), (16, 16), (0, 0)])  # the border plays no part
    places = np.arange(96)[None, :, None, None]
    for times in [1, 2, 3]:
        small = np.asarray(keras.ops.average_pool(mask, 2**times))
        for how in ["3x3", "4x4", "resize"]:
            large = enlarged(small, how, times)
            down = (large * places).sum() / large.sum() - (mask * places).sum() / mask.sum()
            inside, truth = large >= 0.5, mask > 0
            iou = (inside & truth).sum() / (inside | truth).sum()
            print(f"{2**times} times, {how:6}: down by {down:+.2f}, IoU {iou:.3f}")


def lines() -> None:
    """Lines of 2 pixels at 8 places, averaged 2x2 and enlarged: IoU at half the largest value."""
    truth = np.zeros((8, 32, 32, 1), bool)
    for place in range(8):
        truth[place, 12 + place : 14 + place] = True
    small = np.asarray(keras.ops.average_pool(truth.astype("float64"), 2))
    for how in ["3x3", "4x4", "resize"]:
        large = enlarged(small, how, 1)
        inside = large >= 0.5 * large.max(axis=(1, 2, 3), keepdims=True)
        inside[:, :, [0, -1]] = truth[:, :, [0, -1]]  # without the border
        ious = (inside & truth).sum((1, 2, 3)) / (inside | truth).sum((1, 2, 3))
        print(f"{how:6}: IoU {np.round(ious, 2).tolist()}, mean {ious.mean():.3f}")


def round_trips() -> None:
    """The same stamps behind a strided convolution: the encoder's own shift takes it back."""
    places, spot = np.arange(64), np.zeros((1, 64, 64, 1))
    spot[0, 30:32, 30:32] = 1  # its center is 30.5
    for what, small in {
        "average pooling": keras.ops.average_pool(spot, 2),
        "Conv2D 3x3, stride 2, same": keras.ops.conv(spot, TENT[:, :, None, None], 2, "same"),
        "Conv2D 4x4, stride 2, same": keras.ops.conv(spot, BILINEAR[:, :, None, None], 2, "same"),
    }.items():
        for how in ["3x3", "4x4"]:
            drawn = enlarged(np.asarray(small), how, 1)[0, :, :, 0].sum(axis=1)
            print(f"{what}, then {how}: down by {np.average(places, weights=drawn) - 30.5:+.2f}")


def borders() -> None:
    """An image of ones enlarged by the bilinear stamp, and by resizing."""
    ones = np.ones((1, 5, 5, 1))
    for factor in [2, 3, 4]:
        size = 2 * factor - factor % 2
        row = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor
        kernel = np.outer(row, row)[:, :, None, None]
        drawn = np.asarray(keras.ops.conv_transpose(ones, kernel, factor, "same"))[0, :, :, 0]
        resized = tf.image.resize(ones, (5 * factor, 5 * factor), "bilinear").numpy()
        print(
            f"times {factor}: a row {np.round(drawn[2 * factor], 3)[: factor + 1].tolist()},",
            end=" ",
        )
        print(f"corner {drawn[0, 0]:.3f}; resized {resized.min():.3f} to {resized.max():.3f}")


def linear_maps() -> None:
    """What undoes a 4x4 average at stride 2 best: relative error over 1,000 unseen images."""
    average = np.ones((4, 4, 1, 1)) / 16
    seen, unseen = (datasets.fashion_mnist(split)[0][..., 0] for split in ("train", "validation"))
    seen, unseen = (x.reshape(len(x), 784).astype("float64") for x in (seen, unseen))
    basis = np.eye(784).reshape(784, 28, 28, 1)
    matrix = np.asarray(keras.ops.conv(basis, average, 2)).reshape(784, 169)  # x @ matrix: 13x13
    small = seen @ matrix
    taps = np.eye(16).reshape(16, 4, 4, 1, 1)
    stamped = [
        np.asarray(keras.ops.conv_transpose(small[:500].reshape(-1, 13, 13, 1), tap, 2)).ravel()
        for tap in taps
    ]
    best = np.linalg.lstsq(np.stack(stamped, axis=1), seen[:500].ravel())[0].reshape(4, 4, 1, 1)
    coarse = (unseen @ matrix).reshape(-1, 13, 13, 1)
    attempts = {"transpose": coarse.reshape(-1, 169) @ matrix.T}
    attempts["best 4x4 kernel"] = keras.ops.conv_transpose(coarse, best, 2)
    attempts["pseudo-inverse"] = unseen @ matrix @ np.linalg.pinv(matrix)
    for weight in [1e-3, 1e-1, 1, 10]:
        learned = np.linalg.solve(small.T @ small + weight * np.eye(169), small.T @ seen)
        attempts[f"ridge, weight {weight:g}"] = unseen @ matrix @ learned
    for name, drawn in attempts.items():
        errors = np.linalg.norm(np.reshape(drawn, (-1, 784)) - unseen, axis=1)
        pooled = np.linalg.norm(errors) / np.linalg.norm(unseen)
        each = np.mean(errors / np.linalg.norm(unseen, axis=1))
        print(f"{name:20} pooled {pooled:.3f}, mean of images {each:.3f}")


def wrong_target() -> None:
    """A decoder that ends at 26x26, fitted to images of 28x28."""
    model = keras.Sequential(
        [
            keras.Input((7, 7, 8)),
            L.Conv2DTranspose(4, 3, 2, "same", output_padding=0, activation="relu"),  # 13x13
            L.Conv2DTranspose(1, 3, 2, "same", activation="sigmoid"),  # 26x26
        ]
    )
    model.compile("adam", loss="mse")
    try:
        model.fit(np.zeros((4, 7, 7, 8)), np.zeros((4, 28, 28, 1)), verbose=0)
    except ValueError as error:
        print(f"ValueError: {error}")


CASES = (
    *(odd_sizes, even_kernel, dilation, port, ports, one_initializer, initializers, centers),
    *(masks, lines, round_trips, borders, linear_maps, wrong_target),
)

if __name__ == "__main__":
    for case in CASES:
        if not sys.argv[1:] or case.__name__ in sys.argv[1:]:
            print(f"--- {case.__name__}: {case.__doc__}")
            case()
