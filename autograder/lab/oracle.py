"""What Keras says a convolution or its transpose gives; the checks' only source of right answers.

Plain two-dimensional arrays go in and come out, in float64, so that checks and hidden tests read
like the formulas that they test.
"""

import keras
import numpy as np


def conv2d(x: np.ndarray, kernel: np.ndarray, *, stride: int) -> np.ndarray:
    """Keras' valid convolution of one channel: (H, W), (kh, kw) -> (h, w)."""
    y = keras.ops.conv(
        _image(x), _double(kernel)[:, :, None, None], strides=stride, padding="valid"
    )
    return np.asarray(y)[0, :, :, 0]


def conv2d_transpose(
    x: np.ndarray, kernel: np.ndarray, stride: int, padding: str = "valid"
) -> np.ndarray:
    """Keras' transposed convolution of one channel: (H, W), (kh, kw) -> (rows, columns).

    With `padding="valid"` one axis has `(n-1)*stride + max(k, stride)` entries, so a kernel that is
    smaller than the stride leaves zeros at the end.
    """
    y = keras.ops.conv_transpose(
        _image(x), _double(kernel)[:, :, None, None], strides=stride, padding=padding
    )
    return np.asarray(y)[0, :, :, 0]


def _double(x: np.ndarray) -> np.ndarray:
    return np.array(x, dtype="float64", order="C")


def _image(x: np.ndarray) -> np.ndarray:
    return _double(x)[None, :, :, None]
