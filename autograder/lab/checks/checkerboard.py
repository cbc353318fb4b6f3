"""Visible checks of assignment 04-checkerboard-artifacts.

Each check calls a public `expect_...` function with small examples. The hidden tests call the same
functions with other sizes, so that a student whose answer fails there is told why in the same
words. The right answers come from Keras' operations and gradients, or from examples that were made
so that the answer is known.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from autograder.lab import checking, graphs, models, oracle
from autograder.lab.checking import visible_check
from autograder.lab.trial import Mistake, Trial

_SEED = 4


# ------------------------------------------------------------------------------ overlap_count
@visible_check("n", "kernel_size", "stride", points=4)
def overlap_count(trial: Trial) -> None:
    """Uneven and even overlap, stride 1, and stamps that do not touch."""
    for arguments in [(3, 3, 2), (3, 4, 2), (2, 3, 1), (2, 2, 3)]:
        expect_overlap(trial, *arguments)


def expect_overlap(trial: Trial, n: int, kernel_size: int, stride: int) -> None:
    """Compare one map with what Keras makes of an input and a kernel of ones."""
    side = kernel_size + stride * (n - 1)
    ones = oracle.conv2d_transpose(np.ones((n, n)), np.ones((kernel_size,) * 2), stride)
    expected = np.rint(ones[:side, :side]).astype(int)
    line = expected[0]
    cropped = oracle.conv2d_transpose(np.ones((n, n)), np.ones((kernel_size,) * 2), stride, "same")
    trial.call(n, kernel_size, stride)
    trial.expect(
        expected,
        mistakes=[
            Mistake("the counts of the two axes are added; a stamp must reach a pixel along both.",
                    line[:, None] + line),
            Mistake("it only says whether a stamp touches a pixel, not how many do.",
                    np.minimum(expected, 1)),
            Mistake("the map ends with the cropped output of `same`; every touched pixel counts.",
                    np.rint(cropped).astype(int)),
            Mistake("kernel size and stride have changed places.",
                    lambda: _swapped_overlap(n, kernel_size, stride)),
        ],
    )  # fmt: skip
    if trial.result.dtype.kind not in "iu":
        trial.fail(f"The counts have dtype {trial.result.dtype}; integers are asked for.")


def _swapped_overlap(n: int, kernel_size: int, stride: int) -> np.ndarray:
    length = (n - 1) * kernel_size + stride
    ones = oracle.conv2d_transpose(np.ones((n, n)), np.ones((stride, stride)), kernel_size)
    return np.rint(ones[:length, :length])


# ------------------------------------------------------------------------------ phase_sums
@visible_check("kernel", "stride", points=3)
def phase_sums(trial: Trial) -> None:
    """A square kernel, a non-square one, and one that is smaller than the stride."""
    generator = np.random.default_rng(_SEED)
    for shape, stride in [((3, 3), 2), ((4, 5), 2), ((2, 5), 3)]:
        expect_phase_sums(trial, generator.integers(-4, 6, shape).astype("float32"), stride)


def expect_phase_sums(trial: Trial, kernel: np.ndarray, stride: int) -> None:
    """Compare one matrix with the interior of Keras' output for an input of ones."""
    expected = _flat_response(kernel, stride=stride)
    counts = _flat_response(np.ones_like(kernel), stride=stride)
    trial.call(kernel, stride)
    trial.expect(
        expected,
        mistakes=[
            Mistake("each phase is averaged over its entries; a sum is asked for.",
                    expected / np.maximum(counts, 1)),
            Mistake("the entries of each phase are counted, not added.", counts),
            Mistake("rows and columns have changed places.", expected.T),
            Mistake("the kernel is cut into blocks; a phase takes every stride-th entry.",
                    lambda: _blocks(kernel, stride)),
            Mistake("the kernel is turned by 180 degrees.",
                    lambda: _flat_response(kernel[::-1, ::-1], stride=stride)),
        ],
    )  # fmt: skip


def _flat_response(kernel: np.ndarray, *, stride: int) -> np.ndarray:
    """One period of Keras' transposed convolution of ones, far from the border."""
    reach = -(-max(kernel.shape) // stride)  # stamps that may reach a pixel along one axis
    y = oracle.conv2d_transpose(np.ones((2 * reach + 1,) * 2), kernel, stride)
    start = reach * stride
    return y[start : start + stride, start : start + stride]


def _blocks(kernel: np.ndarray, stride: int) -> np.ndarray:
    rows, columns = (np.array_split(np.arange(n), stride) for n in kernel.shape)
    return np.array([[kernel[np.ix_(r, c)].sum() for c in columns] for r in rows])


# ------------------------------------------------------------------------------ is_flat
_ODD = np.array([0.2, 0.5, 0.6, 0.5, 0.2])  # both phase sums at stride 2 are 1


@visible_check("kernel", "stride", "tol", points=3)
def is_flat(trial: Trial) -> None:
    """Kernels for which the size is misleading, and a tolerance."""
    generator = np.random.default_rng(_SEED)
    expect_flat(trial, np.ones((4, 4)), 2)
    expect_flat(trial, np.ones((3, 3)), 2)
    expect_flat(trial, generator.normal(size=(4, 4)), 2)
    expect_flat(trial, np.outer(_ODD, _ODD), 2)
    expect_flat(trial, np.outer(_ODD, [1.0, 2.0]), 2)
    expect_flat(trial, np.array([[1.0, 1.001]]), 1)
    nearly = np.ones((2, 2)) + np.array([[0, 0.03], [0, 0]])
    expect_flat(trial, nearly, 2, 0.1)
    expect_flat(trial, nearly, 2, 0.01)


def expect_flat(trial: Trial, kernel: np.ndarray, stride: int, *tol: float) -> None:
    """Compare one verdict with Keras' response to a constant image."""
    interior = _flat_response(kernel, stride=stride)
    spread = np.ptp(interior)
    expected = bool(spread <= (tol[0] if tol else 1e-6))
    sides = [n % stride == 0 for n in kernel.shape]
    says = "the tolerance is not compared with the largest minus the smallest phase sum."
    if expected != all(sides):
        says = "only the size of the kernel is looked at; its values decide."
    elif not expected and min(np.ptp(interior, axis=0).max(), np.ptp(interior, axis=1).max()) < (
        1e-9
    ):
        says = "only one of the two axes is looked at."
    trial.call(kernel, stride, *tol)
    trial.expect(expected, [Mistake(says, not expected)])


# ------------------------------------------------------------------------------ checkerboard_score
@visible_check("image", "stride", points=7)
def checkerboard_score(trial: Trial) -> None:
    """Images whose phase means and root mean square are known, then the special cases."""
    generator = np.random.default_rng(_SEED)
    expect_score(trial, (4, 4), 2, generator)
    expect_score(trial, (6, 9), 3, generator)
    expect_score(trial, (7, 5), 2, generator)
    expect_score(trial, (6, 8, 3), 2, generator)
    expect_score(trial, (6, 4, 2), 2, generator, dark=True)
    trial.expect_error(ValueError, ("image", "stride"), np.ones((2, 5)), 3)


def expect_score(
    trial: Trial,
    shape: tuple[int, ...],
    stride: int,
    generator: np.random.Generator,
    *,
    dark: bool = False,
    dtype: str = "float64",
) -> None:
    """Make an image of known phase means, and compare its score; then that of a scaled copy.

    Args:
        trial: The trial.
        shape: (H, W) or (H, W, C).
        stride: Period of the phases.
        generator: Draws the image.
        dark: Make the first channel zero everywhere.
        dtype: Of the image.
    """
    rows, columns, channels = *shape[:2], (*shape, 1)[2]
    high, wide = rows // stride, columns // stride  # whole periods
    means = generator.normal(0.4, 1, (stride, stride, channels))
    rest = generator.normal(0, 1, (high, stride, wide, stride, channels))
    rest -= rest.mean(axis=(0, 2), keepdims=True)  # changes no phase mean
    image = generator.normal(3, 1, (rows, columns, channels))
    image[: high * stride, : wide * stride] = (means[None, :, None] + rest).reshape(
        high * stride, wide * stride, channels
    )
    power = np.mean(means**2, axis=(0, 1)) + np.mean(rest**2, axis=(0, 1, 2, 3))
    spread = means.std(axis=(0, 1))
    if dark:
        image[..., 0], spread[0] = 0, 0
    expected = float(np.mean(spread / np.sqrt(power)))
    kept = slice(int(dark and channels > 1), None)  # the channels that are not dark, if any
    share = np.mean(np.arange(channels) >= int(dark))
    pixels, period = image[..., kept], means[..., kept]
    loud = np.sqrt(np.mean(pixels**2, axis=(0, 1))) + 1e-300
    sample = stride / np.sqrt(max(stride**2 - 1, 1))  # ddof=1 over ddof=0
    mistakes = [
        Mistake(says, float(np.mean(wrong) * share))
        for says, wrong in [
            ("the sample standard deviation (ddof=1) is taken; the population's is asked for.",
             spread[kept] / np.sqrt(power[kept]) * sample),
            ("the root mean square of the phase means is divided by; that of the pixels is meant.",
             spread[kept] / np.sqrt(np.mean(period**2, axis=(0, 1)))),
            ("all pixels are compared with their mean, not the phase means.",
             pixels.std(axis=(0, 1)) / loud),
            ("it divides by the root mean square of all pixels, also of those outside the region "
             "of whole periods.", spread[kept] / loud),
            ("the mean is divided by, not the root mean square.",
             spread[kept] / np.abs(period.mean(axis=(0, 1)))),
            ("nothing is divided by: the score would change when the image is scaled.",
             spread[kept]),
            ("the variance is taken instead of the standard deviation.",
             spread[kept] ** 2 / np.sqrt(power[kept])),
        ]
    ]  # fmt: skip
    if dark:
        mistakes += [
            Mistake("the channel that is zero everywhere is left out; it counts as 0.",
                    float(np.mean(spread[kept] / np.sqrt(power[kept])))),
            Mistake("0 is divided by 0 for the channel that is zero everywhere.", float("nan")),
        ]  # fmt: skip
    image = np.asfortranarray((image if len(shape) == 3 else image[..., 0]).astype(dtype))
    for factor in (1, -250):
        trial.call(image * np.array(factor, dtype), stride)
        if isinstance(trial.result, np.ndarray) and trial.result.shape == ():
            trial.result = float(trial.result)
        trial.expect(expected, mistakes, rtol=1e-4)


# ------------------------------------------------------------------------------ audit
_PRONE, _CLEAN = "prone", "clean"
_EXAMPLES = {
    _PRONE: {
        "k3s2": [("transpose", 3, 2)],
        "k4s2 twice": [("transpose", 4, 2), ("transpose", 4, 2)],
        "k2s2, k3s1": [("transpose", 2, 2), ("transpose", 3, 1)],
        "k3s2, then resize": [("transpose", 3, 2), ("resize", 3, 2)],
    },
    _CLEAN: {
        "resize": [("resize", 3, 2)],
        "k3s1 twice": [("transpose", 3, 1), ("transpose", 3, 1)],
        "bilinear": [("bilinear", 4, 2)],
    },
}


@visible_check("decoders", "seeds", points=5)
def audit(trial: Trial) -> None:
    """Seven decoders, four of them prone."""
    expect_audit(trial, *(_EXAMPLES[kind] for kind in (_PRONE, _CLEAN)), [0, 1, 2])


def expect_audit(trial: Trial, prone: dict, clean: dict, seeds: Sequence[int]) -> None:
    """Have decoders audited whose kinds are known from their layers, in a mixed order."""
    decoders = dict(sorted({**prone, **clean}.items()))
    expected = [name for name in decoders if name in prone]
    result = trial.call(decoders, list(seeds))
    if not isinstance(result, list) or not all(isinstance(name, str) for name in result):
        kind = models.describe(result)
        trial.fail(f"A list of names is wanted, but it returned {kind}.")
    for name in result:
        if name not in decoders:
            trial.fail(f"It returned the name {name!r}, which is not among the decoders.")
    for name, layers in decoders.items():
        if (name in result) == (name in prone):
            continue
        says = "prone, and it is left out" if name in prone else "not prone, and it is listed"
        lines = [f"wrong     {name!r}: {layers} is {says}."]
        strided = [layer for layer in layers if layer[0] == "transpose" and layer[2] > 1]
        if name in prone and all(k % s == 0 for _, k, s in strided):
            lines.append("Its kernel sizes are divisible by the strides; measure what it does.")
        elif name in prone and layers[-1][0] == "resize":
            lines.append(
                "Its last layer makes no grid of its own. What is the period of a grid that an "
                "earlier layer made, once later layers have enlarged it?"
            )
        elif name in clean and layers[0][0] == "bilinear":
            lines.append("It is a strided layer, but its kernel was chosen: measure what it does.")
        trial.fail(*lines)
    if result != expected:
        trial.fail(
            f"expected  {expected}",
            f"returned  {result}",
            "These are the right names; give each once, in the order of the decoders.",
        )


# ------------------------------------------------------------------------------ gradient_overlap
@visible_check("n", "kernel_size", "stride", points=4)
def gradient_overlap(trial: Trial) -> None:
    """Uneven overlap, an end that no window reaches, gaps between windows, stride 1."""
    for arguments in [(5, 3, 2), (6, 3, 2), (7, 2, 3), (4, 2, 1)]:
        expect_gradient_overlap(trial, *arguments)


def expect_gradient_overlap(trial: Trial, n: int, kernel_size: int, stride: int) -> None:
    """Compare one map with what TensorFlow's tape computes."""
    expected = _ones_gradient(n, kernel_size, stride, "VALID")
    reached = (n - kernel_size) // stride * stride + kernel_size
    trial.call(n, kernel_size, stride)
    if hasattr(trial.result, "numpy"):
        trial.result = keras.ops.convert_to_numpy(trial.result)
    trial.expect(
        expected,
        mistakes=[
            Mistake("the convolution is padded (`same`); `valid` is asked for.",
                    lambda: _ones_gradient(n, kernel_size, stride, "SAME")),
            Mistake("the map ends with the last window; it has the shape of the input.",
                    expected[:reached, :reached]),
            Mistake("the map is made of n windows along each axis; n is the size of the input.",
                    lambda: oracle.conv2d_transpose(
                        np.ones((n, n)), np.ones((kernel_size,) * 2), stride)),
            Mistake("it only says whether a window reads a pixel, not how many do.",
                    np.minimum(expected, 1)),
            Mistake("the counts of the two axes are added; a window must reach a pixel along both.",
                    expected.max(axis=0)[:, None] / expected.max() ** 0.5
                    + expected.max(axis=0) / expected.max() ** 0.5),
        ],
    )  # fmt: skip


def _ones_gradient(n: int, kernel_size: int, stride: int, padding: str) -> np.ndarray:
    x = tf.Variable(tf.zeros((1, n, n, 1)))
    with tf.GradientTape() as tape:
        y = tf.nn.conv2d(x, tf.ones((kernel_size, kernel_size, 1, 1)), stride, padding)
        summed = tf.reduce_sum(y)
    return tape.gradient(summed, x).numpy()[0, :, :, 0]


# ------------------------------------------------------------------------------ folded_kernel
@visible_check("kernel", "factor", points=5)
def folded_kernel(trial: Trial) -> None:
    """A square kernel, a non-square one, and two factors; Keras' layers draw the stamp."""
    generator = np.random.default_rng(_SEED)
    for size, factor in [((3, 3), 2), ((2, 4), 2), ((3, 2), 3), ((2, 2), 1)]:
        expect_folded(trial, generator.integers(-4, 6, size).astype("float32"), factor)


def expect_folded(trial: Trial, kernel: np.ndarray, factor: int) -> None:
    """Compare one stamp with what Keras' two layers make of a single bright pixel."""
    expected = _stamp_of_layers(kernel, factor=factor)
    trial.call(kernel, factor)
    trial.expect(
        expected,
        mistakes=[
            Mistake("the kernel is not turned: `Conv2D` correlates, a stamp convolves.",
                    lambda: _stamp_of_layers(kernel[::-1, ::-1], factor=factor)),
            Mistake("the sum is divided by factor * factor: upsampling repeats, it does not share "
                    "out.", expected / factor**2),
            Mistake("each entry of the kernel fills a block: that is the kernel enlarged.",
                    lambda: np.kron(kernel, np.ones((factor, factor)))),
            Mistake("zeros stand around the kernel: the repeated pixels are missing.",
                    lambda: np.pad(kernel[::-1, ::-1], (0, factor - 1))),
            Mistake("rows and columns have changed places.", expected.T),
        ],
    )  # fmt: skip


def _stamp_of_layers(kernel: np.ndarray, *, factor: int) -> np.ndarray:
    """What `UpSampling2D` and a `Conv2D` make of one bright pixel, without the zeros around it."""
    height, width = kernel.shape
    margin = max(height, width)  # dark pixels around the bright one
    image = np.zeros((1, 2 * margin + 1, 2 * margin + 1, 1))
    image[0, margin, margin, 0] = 1
    enlarged = np.asarray(keras.layers.UpSampling2D(factor, dtype="float64")(image))[0, :, :, 0]
    y = oracle.conv2d(enlarged, kernel, stride=1)
    top, left = margin * factor - height + 1, margin * factor - width + 1
    return y[top : top + height + factor - 1, left : left + width + factor - 1]


# ------------------------------------------------------------------------------ resize_conv
@visible_check("x", "filters", "kernel_size", "factor", points=3)
def resize_conv(trial: Trial) -> None:
    """The defaults, then another kernel size and factor; the numbers come from Keras."""
    generator = np.random.default_rng(_SEED)
    expect_resize_conv(trial, (4, 4, 2), 3, (), generator)
    expect_resize_conv(trial, (3, 5, 2), 4, (2, 3), generator)


def block_model(block, input_shape: tuple[int, ...], *arguments: int) -> keras.Model:
    """A model of what `block(x, *arguments)` does to tensors of this shape (no batch axis).

    The set-up cell imports it, so that grading can call it where the student's block is.
    """
    x = keras.Input(input_shape)
    return keras.Model(x, block(x, *arguments))


def expect_resize_conv(
    trial: Trial,
    input_shape: tuple[int, int, int],
    filters: int,
    options: tuple[int, ...],
    generator: np.random.Generator,
) -> None:
    """Make a model of the block, look at its layers, then compare its numbers."""
    size, factor = (*options, *(3, 2)[len(options) :])
    block = partial(checking.student_side(block_model), trial.function)
    blocks = Trial(block, trial.name, trial.parameters)
    blocks.calls = trial.calls
    model = blocks.call(input_shape, filters, *options)
    trial.calls = blocks.calls
    shape = tuple(input_shape)
    model = models.expect_model(blocks, shape)
    layers = models.layers_of(model)
    kinds = [type(layer).__name__ for layer in layers]
    if any(kind == "Conv2DTranspose" for kind in kinds):
        blocks.fail("It has a Conv2DTranspose; this block does without.")
    if kinds == ["Conv2D", "UpSampling2D"]:
        blocks.fail("The convolution comes before the upsampling: then pixels are only repeated.")
    if kinds != ["UpSampling2D", "Conv2D"]:
        names = ", ".join(kinds) or "no layer"
        blocks.fail(f"An UpSampling2D, then a Conv2D are asked for; it has {names}.")
    upsampling, convolution = layers
    for says, now, then in [
        ("UpSampling2D repeats by", tuple(upsampling.size), (factor, factor)),
        ("UpSampling2D has interpolation =", upsampling.interpolation, "nearest"),
        ("The Conv2D has filters =", convolution.filters, filters),
        ("The Conv2D has kernel_size =", tuple(convolution.kernel_size), (size, size)),
        ("The Conv2D has strides =", tuple(convolution.strides), (1, 1)),
        ("The Conv2D has padding =", convolution.padding, "same"),
        ("The Conv2D has activation =", keras.activations.serialize(convolution.activation),
         "linear"),
    ]:  # fmt: skip
        if now != then:
            blocks.fail(f"{says} {now}; {then} is asked for.")
    rows, columns, _ = shape
    models.expect_output_shape(blocks, model, (rows * factor, columns * factor, filters))
    weights = [generator.normal(size=w.shape) for w in convolution.get_weights()]
    convolution.set_weights(weights)
    x = generator.normal(size=(2, *shape)).astype("float32")
    large = np.repeat(np.repeat(x, factor, axis=1), factor, axis=2)
    expected = np.asarray(keras.ops.conv(large, weights[0].astype("float32"), padding="same"))
    blocks.result = models.run(blocks, model, x)
    blocks.expect(expected + (weights[1] if convolution.use_bias else 0), rtol=1e-4)


# ------------------------------------------------------------------------------ replace_transposed
@visible_check("model", points=6)
def replace_transposed(trial: Trial) -> None:
    """A chain, then models in which a feature map has two readers."""
    expect_replaced(trial, chain([(3, 2), (4, 2)]))
    expect_replaced(trial, chain([(5, 3), (3, 1)], use_bias=False, activation="elu"))
    expect_replaced(trial, with_skips("concatenate"))
    expect_replaced(trial, with_skips("add", kernel_size=(2, 3)))


def chain(
    transposes: Sequence[tuple[int, int]],
    *,
    input_shape: tuple[int, int, int] = (4, 6, 3),
    use_bias: bool = True,
    activation: str = "relu",
) -> keras.Sequential:
    """A Sequential decoder with `Conv2DTranspose` layers of these (kernel size, stride).

    Every layer has a name of its own: grading makes the model in one process and the student's
    layers in another, and names that Keras counts up in both could meet in the student's model.
    """
    layers: list[keras.Layer] = [keras.Input(input_shape, name="given")]
    for index, (size, stride) in enumerate(transposes):
        layers.append(
            keras.layers.Conv2DTranspose(
                5 - index,
                size,
                strides=stride,
                padding="same",
                use_bias=use_bias,
                activation=activation,
                name=f"transposed_at_{index}",
            )
        )
        layers.append(keras.layers.BatchNormalization(momentum=0.9, name=f"norm_at_{index}"))
    layers.append(
        keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid", name="last_of_chain")
    )
    return keras.Sequential(layers)


def with_skips(
    merge: str,
    *,
    kernel_size: int | tuple[int, int] = 3,
    stride: int = 2,
    input_shape: tuple[int, int, int] = (12, 6, 2),
) -> keras.Model:
    """A small U-shaped model: three feature maps of it are read twice.

    Its layers have names of their own, as those of `chain`.

    Args:
        merge: "concatenate" or "add".
        kernel_size: Of its two strided `Conv2DTranspose` layers.
        stride: Of these, and of the pooling; divides height and width.
        input_shape: (height, width, channels).
    """
    layers = keras.layers
    join = {"concatenate": layers.Concatenate, "add": layers.Add}[merge]
    image = keras.Input(input_shape, name="given")
    level = layers.Conv2D(4, 3, padding="same", activation="relu", name="level")(image)
    low = layers.MaxPooling2D(stride, name="pooled")(level)
    low = layers.Conv2D(6, 3, padding="same", activation="relu", name="low")(low)
    up = layers.Conv2DTranspose(
        4, kernel_size, strides=stride, padding="same", activation="relu", name="first"
    )(low)
    side = layers.Conv2DTranspose(
        4, kernel_size, strides=stride, padding="same", use_bias=False, name="second"
    )(low)
    x = join(name="skip")([level, up])
    x = layers.Conv2D(4, 3, padding="same", name="mixed")(x)
    x = layers.Add(name="sum")([x, layers.Dropout(0.2, name="dropped")(side), up])
    return keras.Model(image, layers.Conv2D(2, 1, activation="softmax", name="classes")(x))


def expect_replaced(trial: Trial, model: keras.Model) -> None:
    """Have one model rebuilt; look at its layers, at what reads what, and at the argument."""
    before = models.fingerprint(model)
    new = trial.call(model)
    strided = graphs.strided_transposes(model)
    what = ", ".join(
        f"{t.kernel_size[0]}x{t.kernel_size[1]} stride {t.strides[0]}" for t in strided
    )
    kind = "Sequential" if isinstance(model, keras.Sequential) else "functional"
    about = f"given     a {kind} model with the transposed convolutions {what}"
    if new is model or models.fingerprint(model) != before:
        trial.fail(
            about,
            "It changed the model that it was given: the caller still needs it."
            if models.fingerprint(model) != before
            else "It returned the very model that it was given.",
        )
    if isinstance(new, keras.Sequential) and not new.built:
        models.run(trial, new, np.zeros((1, *model.inputs[0].shape[1:]), "float32"))
    new = models.expect_model(trial, tuple(model.inputs[0].shape[1:]))
    left = graphs.strided_transposes(new)
    if left:
        trial.fail(about, f"It still has {len(left)} strided Conv2DTranspose.")
    now, wanted = _settings(new, replaced=False), _settings(model, replaced=True)
    missing, extra = (_names(a - b) for a, b in ((wanted, now), (now, wanted)))
    if missing or extra:
        trial.fail(
            about,
            *([f"missing   {missing}"] if missing else []),
            *([f"too many  {extra}"] if extra else []),
            "Filters, kernel size, activation and use_bias of a replaced layer are kept, its "
            "stride becomes the upsampling, and every other layer stays as it was.",
        )
    models.expect_output_shape(trial, new, tuple(model.outputs[0].shape[1:]))
    if _graph(new, replaced=False) != _graph(model, replaced=True):
        trial.fail(
            about,
            "It has the right layers, but one of them reads another feature map than before. "
            "Each layer should read what replaced its inputs, in the same order.",
        )
    shape = (1, *new.inputs[0].shape[1:])
    y = models.run(trial, new, np.ones(shape, "float32"))
    if y.shape[1:] != tuple(model.outputs[0].shape[1:]):
        trial.fail(about, f"Called on an array of shape {shape}, it gives {y.shape}.")


_CONVOLUTION_KEYS = ("filters", "kernel_size", "strides", "padding", "activation", "use_bias")


def _signature(layer: keras.Layer) -> tuple[str, str]:
    """Class and settings of a layer, those left out that a replacement may choose."""
    settings = layer.get_config()
    if isinstance(layer, keras.layers.Conv2D | keras.layers.Conv2DTranspose):
        settings = {key: settings[key] for key in _CONVOLUTION_KEYS}
    free = ("initializer", "regularizer", "constraint", "name", "dtype", "trainable")
    kept = {k: v for k, v in settings.items() if not k.endswith(free)}
    return type(layer).__name__, ", ".join(f"{k}={v}" for k, v in sorted(kept.items()))


def _expected_signatures(layer: keras.Layer, replaced: bool) -> list[tuple[str, str]]:
    """Of the layer, or of the two layers that should stand where a strided transpose stood."""
    strided = isinstance(layer, keras.layers.Conv2DTranspose) and max(layer.strides) > 1
    if not (replaced and strided):
        return [_signature(layer)]
    kind, settings = _signature(layer)
    settings = settings.replace(f"strides={layer.strides}", "strides=(1, 1)")
    return [
        _signature(keras.layers.UpSampling2D(layer.strides)),
        (kind.removesuffix("Transpose"), settings),
    ]


def _settings(model: keras.Model, replaced: bool) -> Counter:
    return Counter(
        signature
        for layer in models.layers_of(model)
        for signature in _expected_signatures(layer, replaced)
    )


def _names(signatures: Counter) -> str:
    return "; ".join(f"{kind}({settings})" for kind, settings in signatures.elements())


def _graph(model: keras.Model, replaced: bool) -> tuple:
    """What the output was computed by, as nested tuples of signatures."""
    made: list[tuple] = []
    for step in graphs.steps_of(model):
        inputs = tuple(made[index] for index in step.inputs)
        if step.operation is not None:
            for signature in _expected_signatures(step.operation, replaced):
                inputs = ((signature, inputs),)
        made.append(inputs[0] if inputs else ("input",))
    return made[-1]
