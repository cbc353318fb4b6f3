"""What PyTorch's ConvTranspose2d gave, against notebook 2's port, its check, and a definition.

The answers are stored; `tests/evidence/pytorch_conv_transpose.py` asked for them.
"""

from pathlib import Path

import keras
import nbformat
import numpy as np
import pytest

from autograder import cells
from autograder.lab.checks import conv2dtranspose as check

ROOT = Path(__file__).parents[2]
FOUND = np.load(ROOT / "tests/evidence/pytorch_conv_transpose.npz")
CASES = range(sum(name.startswith("weight_") for name in FOUND.files))


def case(index):
    """Weight, bias, stride, padding, image (N, H, W, in), and PyTorch's answer, channels last."""
    weight, image, answer = (
        FOUND[f"{name}_{index}"].astype("float32") for name in ("weight", "image", "outputs")
    )
    bias = FOUND[f"bias_{index}"].astype("float32") if f"bias_{index}" in FOUND.files else None
    stride, padding = (int(n) for n in FOUND[f"settings_{index}"])
    return weight, bias, stride, padding, np.moveaxis(image, 1, 3), np.moveaxis(answer, 1, 3)


def stamped(x, weight, stride, padding):
    """Every pixel multiplies the kernel, stamps it, and `padding` is cut off on each side."""
    sides = [(n - 1) * stride + k for n, k in zip(x.shape[1:3], weight.shape[2:], strict=True)]
    y = np.zeros((len(x), *sides, weight.shape[1]))
    for i, j in np.ndindex(x.shape[1:3]):
        top, left = i * stride, j * stride
        stamp = np.einsum("ni,iokl->nklo", x[:, i, j], weight)
        y[:, top : top + weight.shape[2], left : left + weight.shape[3]] += stamp
    return y[:, padding : sides[0] - padding, padding : sides[1] - padding]


@pytest.fixture(scope="module")
def port():
    notebook = nbformat.read(
        ROOT / "solutions/02-conv2dtranspose/02-conv2dtranspose.ipynb", as_version=4
    )
    names = {"keras": keras, "np": np}
    exec(cells.by_id(notebook.cells)["port_conv_transpose"].source, names)
    return names["port_conv_transpose"]


@pytest.mark.parametrize("index", CASES)
def test_the_reference_and_the_check_give_what_pytorch_gave(index, port):
    weight, bias, stride, padding, x, expected = case(index)
    added = 0 if bias is None else bias
    np.testing.assert_array_equal(stamped(x, weight, stride, padding) + added, expected)
    checked = check._ported(x, weight, stride=stride, padding=padding) + added
    np.testing.assert_allclose(checked, expected, atol=1e-5)
    model = port(weight, bias, stride, padding)
    assert model.input_shape == (None, None, None, weight.shape[0])
    np.testing.assert_allclose(model(x), expected, atol=1e-5)


def test_a_port_by_same_is_off_by_one_pixel():
    weight, bias, stride, padding, x, expected = case(1)
    assert (weight.shape[2:], stride, padding) == ((3, 3), 2, 1)
    kernel, y = np.transpose(weight, (2, 3, 1, 0)), {}
    for output_padding in (None, 0):
        y[output_padding] = np.asarray(
            keras.ops.conv_transpose(
                x, kernel, strides=2, padding="same", output_padding=output_padding
            )
            + bias
        )
    answer = np.moveaxis(FOUND["outputs_same"], 1, 3)  # with PyTorch's output_padding=1
    assert y[None].shape == answer.shape
    assert np.mean(y[None] == answer) < 0.1
    np.testing.assert_array_equal(y[None][:, 1:, 1:], answer[:, :-1, :-1])
    np.testing.assert_array_equal(y[0], expected)  # with PyTorch's 0 they agree, for Keras' 0
