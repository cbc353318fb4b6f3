"""Asks PyTorch what its ConvTranspose2d gives, and stores the answers beside this file.

Run once, where PyTorch is installed, for example with pip's package `torch` for the CPU; the course
and its tests do not need it. All numbers are whole and small, so every answer is exact. The layout
is PyTorch's own: images (N, C, H, W), weights (in, out, kh, kw). `outputs_same` is the case that
ports by Keras' `padding="same"` are meant for: 3x3 at stride 2, padding 1, output_padding 1.
"""

import datetime
from pathlib import Path

import numpy as np
import torch

CASES = [  # shape of the weight, shape of the input, bias?, stride, padding
    ((1, 1, 3, 3), (1, 1, 2, 3), False, 2, 0),
    ((2, 3, 3, 3), (2, 2, 3, 4), True, 2, 1),
    ((3, 2, 4, 4), (1, 3, 3, 2), True, 2, 1),
    ((2, 2, 5, 5), (1, 2, 3, 4), False, 2, 2),
    ((2, 3, 3, 5), (2, 2, 2, 3), True, 2, 1),
    ((2, 4, 4, 2), (1, 2, 3, 5), False, 1, 0),
    ((3, 3, 3, 3), (1, 3, 4, 3), True, 1, 1),
    ((3, 2, 1, 1), (2, 3, 3, 2), True, 2, 0),  # kernels smaller than the stride
    ((2, 2, 2, 2), (1, 2, 2, 3), False, 3, 0),
    ((2, 3, 2, 3), (1, 2, 3, 2), True, 3, 1),
    ((2, 2, 1, 1), (1, 2, 3, 4), True, 3, 2),  # more padding than kernel
    ((2, 1, 5, 1), (1, 2, 2, 4), True, 3, 2),
]


def answer(weight, bias, stride, padding, output_padding, image):
    """What the layer gives for an image, as whole numbers."""
    inputs, outputs, *size = weight.shape
    layer = torch.nn.ConvTranspose2d(
        inputs, outputs, size, stride, padding, output_padding, bias=bias is not None
    )
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weight))
        if bias is not None:
            layer.bias.copy_(torch.from_numpy(bias))
        y = layer(torch.from_numpy(image).float()).numpy()
    assert np.array_equal(y, np.round(y))
    return y.astype("int16")


def main():
    """Draw weights and images, ask, and write everything to one file."""
    generator = np.random.default_rng(0)
    stored = {"torch": torch.__version__, "date": str(datetime.date.today())}
    for index, (shape, size, has_bias, stride, padding) in enumerate(CASES):
        weight = generator.integers(-4, 5, shape).astype("int8")
        bias = generator.integers(1, 9, shape[1]).astype("int8") if has_bias else None
        image = generator.integers(-4, 5, size).astype("int8")
        stored |= {f"weight_{index}": weight, f"image_{index}": image}
        stored |= {} if bias is None else {f"bias_{index}": bias}
        stored[f"settings_{index}"] = np.array([stride, padding], "int8")
        stored[f"outputs_{index}"] = answer(weight, bias, stride, padding, 0, image)
        if index == 1:
            stored["outputs_same"] = answer(weight, bias, stride, padding, 1, image)
    np.savez_compressed(Path(__file__).with_suffix(".npz"), **stored)


if __name__ == "__main__":
    main()
