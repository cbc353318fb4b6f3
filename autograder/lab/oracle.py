"""What Keras says a convolution or its transpose gives; where the checks get right answers from.

Arrays go in and come out, in float64 unless a gradient is taken, so that checks and hidden tests
read like the formulas that they test. The checks of all assignments call this module, and so do
hidden tests and figures.
"""

import keras
import numpy as np
import tensorflow as tf


def conv2d(x: np.ndarray, kernel: np.ndarray, *, stride: int) -> np.ndarray:
    """Keras' valid convolution of one channel: (H, W), (kh, kw) -> (h, w)."""
    y = keras.ops.conv(
        _double(x)[None, :, :, None],
        _double(kernel)[:, :, None, None],
        strides=stride,
        padding="valid",
    )
    return np.asarray(y)[0, :, :, 0]


def conv2d_transpose(
    x: np.ndarray, kernel: np.ndarray, stride: int, padding: str = "valid"
) -> np.ndarray:
    """Keras' transposed convolution of one channel: (H, W), (kh, kw) -> (rows, columns).

    With `padding="valid"` one axis has `(n-1)*stride + max(k, stride)` entries, so a kernel that is
    smaller than the stride leaves zeros at the end.
    """
    one, stamp = x[None, :, :, None], kernel[:, :, None, None]
    return conv_transpose(one, stamp, stride=stride, padding=padding)[0, :, :, 0]


def stamps(x: np.ndarray, kernel: np.ndarray, *, stride: int) -> np.ndarray:
    """Keras' result without the zeros that it adds where the kernel is smaller than the stride."""
    rows, columns = ((n - 1) * stride + k for n, k in zip(x.shape, kernel.shape, strict=True))
    return conv2d_transpose(x, kernel, stride)[:rows, :columns]


def conv_transpose(
    x: np.ndarray, kernel: np.ndarray, *, stride: int | tuple[int, int], padding: str = "valid"
) -> np.ndarray:
    """Keras' transposed convolution of a batch: (N, H, W, in), (kh, kw, out, in) -> (N, ..., out).

    Its height and width are those of `conv2d_transpose`.
    """
    given = _double(x), _double(kernel)
    y = keras.ops.conv_transpose(*given, strides=stride, padding=padding)  # pyright: ignore[reportArgumentType]
    return np.asarray(y)


def flat_response(kernel: np.ndarray, *, stride: int) -> np.ndarray:
    """One period of Keras' transposed convolution of ones, far from the border."""
    reach = -(-max(kernel.shape) // stride)  # stamps that may reach a pixel along one axis
    y = conv2d_transpose(np.ones((2 * reach + 1,) * 2), kernel, stride)
    start = reach * stride
    return y[start : start + stride, start : start + stride]


def input_gradient(
    shape: tuple[int, ...],
    kernel: np.ndarray,
    upstream: np.ndarray | float,
    *,
    stride: int,
    padding: str = "valid",
) -> np.ndarray:
    """TensorFlow's gradient of a convolution with respect to its input, in the kernel's dtype.

    Args:
        shape: Of the input: (N, H, W, in).
        kernel: (kh, kw, in, out).
        upstream: The gradient with respect to the output, (N, h, w, out), or the same for each
            entry of it.
        stride: Of the convolution.
        padding: Of the convolution: "valid" or "same".
    """
    x = tf.Variable(tf.zeros(shape, kernel.dtype))
    edges = "SAME" if padding == "same" else "VALID"
    with tf.GradientTape() as tape:
        y = tf.nn.conv2d(x, np.array(kernel, order="C"), stride, edges)
        weighted = tf.reduce_sum(y * np.array(upstream, kernel.dtype, order="C"))
    return np.asarray(tape.gradient(weighted, x))


def _double(x: np.ndarray) -> np.ndarray:
    return np.array(x, dtype="float64", order="C")
