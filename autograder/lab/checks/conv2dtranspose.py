"""Visible checks of assignment 02-conv2dtranspose.

Each check calls a public `expect_...` function with small examples. The hidden tests call the same
functions with other sizes, so that a student whose answer fails there is told why in the same
words. Keras is the oracle: its operations, its gradients and its image resizing.
"""

import functools

import keras
import numpy as np
import tensorflow as tf

from autograder.lab import graphs, models, training
from autograder.lab.checking import visible_check
from autograder.lab.training import quick_to_train, train_briefly  # noqa: F401 - for hidden tests
from autograder.lab.trial import Mistake, Trial

_SEED = 2


# ------------------------------------------------------------------------------ build_upsampler
@visible_check("input_shape", "filters", points=6)
def build_upsampler(trial: Trial) -> None:
    """A square and a non-square input; the numbers come from Keras' operations."""
    generator = np.random.default_rng(_SEED)
    expect_upsampler(trial, (4, 4, 1), 2, generator)
    expect_upsampler(trial, (3, 5, 2), 4, generator)


def expect_upsampler(
    trial: Trial, input_shape: tuple[int, int, int], filters: int, generator: np.random.Generator
) -> None:
    """Build once, look at the layers, then give them random weights and compare the numbers."""
    trial.call(input_shape, filters)
    model = models.expect_model(trial, input_shape)
    layers = models.layers_of(model)
    transposes = [x for x in layers if isinstance(x, keras.layers.Conv2DTranspose)]
    convolutions = [x for x in layers if isinstance(x, keras.layers.Conv2D)]
    if len(transposes) != 1 or len(convolutions) != 1:
        trial.fail(
            "One Conv2DTranspose and one Conv2D are asked for; "
            f"it has {len(transposes)} and {len(convolutions)}."
        )
    up, last = transposes[0], convolutions[0]
    if layers.index(up) > layers.index(last):
        trial.fail("The Conv2D comes before the Conv2DTranspose: upsample first.")
    for layer, size, count, stride in [(up, 3, filters, 2), (last, 1, 1, 1)]:
        kind, given = type(layer).__name__, tuple(layer.kernel_size)
        if given != (size, size):
            trial.fail(f"The {kind} has a kernel of {given}; {size}x{size} is asked for.")
        if tuple(layer.strides) != (stride, stride):
            trial.fail(f"The {kind} has strides {tuple(layer.strides)}; {stride} is asked for.")
        if layer.filters != count:
            says = {True: "; one output channel is asked for", False: f"; {count} are asked for"}
            trial.fail(f"The {kind} has {layer.filters} filters{says[layer is last]}.")
    rows, columns, _ = input_shape
    if up.padding == "valid" and model.outputs[0].shape[1] != 2 * rows:
        trial.fail(
            f"The output is {model.outputs[0].shape[1]}x{model.outputs[0].shape[2]} instead of "
            f"{2 * rows}x{2 * columns}.",
            "This is what comes out if the padding stays at its default: `valid` keeps every "
            "entry that a stamp touches.",
        )
    models.expect_output_shape(trial, model, (2 * rows, 2 * columns, 1))
    for layer in (up, last):
        layer.set_weights([generator.normal(0, 1, w.shape) for w in layer.get_weights()])
    x = generator.normal(0, 1, (2, *input_shape)).astype("float32")
    if last.use_bias:  # so that pixels before the last activation have both signs
        last.bias.assign(last.bias - np.median(_upsampled(x, up, last, "relu", "linear")))
    trial.result = models.run(trial, model, x)
    wrong_activations = [
        ("the layer in the middle has no activation.", "linear", "sigmoid"),
        ("the layer in the middle has a sigmoid; inside a network ReLU is asked for.",
         "sigmoid", "sigmoid"),
        ("the last layer has no activation, so it is not a number between 0 and 1.",
         "relu", "linear"),
        ("no layer has an activation.", "linear", "linear"),
        ("ReLU comes last: it does not end at 1.", "relu", "relu"),
        ("tanh comes last: it ends in [-1, 1].", "relu", "tanh"),
        ("the activations of the two layers have changed places.", "sigmoid", "relu"),
    ]  # fmt: skip
    trial.expect(
        _upsampled(x, up, last, "relu", "sigmoid"),
        mistakes=[
            Mistake("a softmax comes last: over a single channel it is 1 everywhere.",
                    np.ones((2, 2 * rows, 2 * columns, 1))),
            *(
                Mistake(says, lambda a=inner, b=outer: _upsampled(x, up, last, a, b))
                for says, inner, outer in wrong_activations
            ),
        ],
        rtol=1e-4,
    )  # fmt: skip


def _upsampled(x, up, last, inner: str, outer: str) -> np.ndarray:
    """What the two layers' weights give with these activations, by Keras' operations."""
    y = keras.ops.conv_transpose(x, up.kernel, strides=2, padding="same")
    y = keras.activations.get(inner)(y if up.bias is None else y + up.bias)
    y = keras.ops.conv(y, last.kernel)
    return np.asarray(keras.activations.get(outer)(y if last.bias is None else y + last.bias))


# ------------------------------------------------------------------------------ count_parameters
@visible_check("kernel_size", "in_channels", "out_channels", "use_bias", points=4)
def count_parameters(trial: Trial) -> None:
    """An int, a pair, and no bias; a layer that Keras builds is counted."""
    for arguments in [(3, 8, 4), (3, 4, 8), ((2, 5), 3, 6), (4, 5, 2, False)]:
        expect_parameters(trial, *arguments)


def expect_parameters(
    trial: Trial, size: int | tuple[int, int], inputs: int, outputs: int, *use_bias: bool
) -> None:
    """Compare one count with that of a layer that Keras builds."""
    bias = outputs if not use_bias or use_bias[0] else 0
    total = _counted(size, inputs, outputs, bool(bias))
    rows, columns = size if isinstance(size, tuple) else (size, size)
    trial.call(size, inputs, outputs, *use_bias)
    trial.expect(
        total,
        mistakes=[
            Mistake("the bias is counted once for each input channel.", total - bias + inputs),
            Mistake("the bias is left out.", total - bias),
            Mistake("one bias serves the whole layer.", total - bias + 1),
            Mistake("a bias is counted although use_bias is False.", total - bias + outputs),
            *(
                Mistake("a pair is taken for a square.", side**2 * inputs * outputs + bias)
                for side in (rows, columns)
            ),
            *(
                Mistake("the kernel has no entry for each pair of an input and an output channel: "
                        "one of the two is missing.", rows * columns * count + bias)
                for count in (inputs, outputs)
            ),
        ],
    )  # fmt: skip


@functools.cache
def _counted(size, inputs: int, outputs: int, use_bias: bool) -> int:
    layer = keras.layers.Conv2DTranspose(outputs, size, strides=2, use_bias=use_bias)
    layer.build((None, 7, 7, inputs))
    return int(layer.count_params())


# ------------------------------------------------------------------------------ final_activation
@visible_check("task", points=3)
def final_activation(trial: Trial) -> None:
    """Each kind of output once, and a task that does not exist."""
    for task, activation, mistakes in [
        ("binary-mask", "sigmoid", [
            Mistake("softmax runs over a single channel: it is 1 everywhere.", "softmax"),
            Mistake("nothing bounds the output, which should be a probability.", "linear"),
            Mistake("ReLU may exceed 1, which is no probability.", "relu")]),
        ("multi-class-mask", "softmax", [
            Mistake("each class is judged alone, so a pixel's probabilities do not sum to 1.",
                    "sigmoid")]),
        ("image-in-0-1", "sigmoid", [
            Mistake("the output also takes values below 0.", "tanh"),
            Mistake("the output does not end at 1.", "relu")]),
        ("image-in-minus1-1", "tanh", [
            Mistake("values below 0 cannot be reached.", "sigmoid"),
            Mistake("the output has no bounds.", "linear")]),
        ("regression", "linear", [
            Mistake("negative values cannot be reached.", "relu"),
            Mistake("None stands for it: Keras takes that, too, but a name is asked for.", None)]),
    ]:  # fmt: skip
        trial.call(task)
        trial.expect(activation, mistakes)
    trial.expect_error(ValueError, ("task",), "binary_mask")


# ------------------------------------------------------------------------------ nearest_layer
@visible_check("factor", "channels", points=5)
def nearest_layer(trial: Trial) -> None:
    """Two factors, one and three channels; repeated pixels are what must come out."""
    generator = np.random.default_rng(_SEED)
    expect_nearest(trial, 2, 1, [(3, 3), (2, 4)], generator)
    expect_nearest(trial, 3, 2, [(2, 3)], generator)


def expect_nearest(
    trial: Trial,
    factor: int,
    channels: int,
    sizes: list[tuple[int, int]],
    generator: np.random.Generator,
) -> None:
    """Ask for one layer, then call it on images of several sizes."""
    layer = trial.call(factor, channels)
    if not isinstance(layer, keras.layers.Conv2DTranspose):
        trial.fail(f"A Conv2DTranspose layer is wanted, but it returned {models.describe(layer)}.")
    if not layer.built:
        trial.fail(
            "The layer is not built: it has no weights yet. layer.build(...) takes an input "
            "shape, in which None stands for what is not fixed."
        )
    if layer.trainable or layer.trainable_weights:
        trial.fail("The layer would be changed by training: its weights should be fixed.")
    if layer.use_bias and np.any(keras.ops.convert_to_numpy(layer.bias)):
        trial.fail("The bias is not zero: nearest-neighbor upsampling adds nothing.")
    for rows, columns in sizes:
        x = generator.integers(-9, 9, (2, rows, columns, channels)).astype("float32")
        right = np.repeat(np.repeat(x, factor, axis=1), factor, axis=2)
        y = models.run(trial, layer, x)
        about = f"The layer was called on an array of shape {x.shape}"
        mixed = np.broadcast_to(right.sum(-1, keepdims=True), right.shape)
        spread = np.zeros_like(right)
        spread[:, ::factor, ::factor] = x
        for says, wrong in [
            ("every channel also receives the others: a channel should go to itself only.", mixed),
            ("each pixel is copied once, and zeros stand around it.", spread),
            ("each pixel is shared out among its copies instead of repeated.", right / factor**2),
        ]:
            recognizable = y.shape == right.shape and not np.array_equal(wrong, right)
            if recognizable and np.allclose(y, wrong, atol=1e-4):
                trial.fail(f"{about}.", f"This is what comes out if {says}")
        if y.shape != right.shape:
            trial.fail(f"{about} and gave {y.shape} instead of {right.shape}.")
        if not np.allclose(y, right, atol=1e-4):
            trial.fail(
                f"{about}; {int((~np.isclose(y, right, atol=1e-4)).sum())} of {y.size} entries "
                "are not those of the nearest pixel.",
                "Each input pixel should fill a block of factor x factor output pixels.",
            )


# ------------------------------------------------------------------------------ bilinear_kernel
@visible_check("factor", "channels", points=6)
def bilinear_kernel(trial: Trial) -> None:
    """An even and an odd factor, then two channels; Keras' own resizing draws the kernel."""
    for factor, channels in [(2, 1), (3, 1), (2, 2)]:
        expect_bilinear(trial, factor, channels)


def expect_bilinear(trial: Trial, factor: int, channels: int) -> None:
    """Compare one kernel with what bilinear resizing makes of a single bright pixel."""
    stamp = _bilinear_stamp(factor)
    eye = np.eye(channels, dtype="float32")
    size = len(stamp)
    trial.call(factor, channels)
    shaped = hasattr(trial.result, "shape") and hasattr(trial.result, "dtype")
    if shaped and not isinstance(trial.result, np.ndarray):
        trial.result = keras.ops.convert_to_numpy(trial.result)
    if shaped and channels == 1 and trial.result.shape == (size, size):
        trial.fail("The two channel axes are missing: a layer's kernel has shape (k, k, out, in).")
    if shaped and trial.result.shape == (channels, channels, size, size) and channels != size:
        trial.fail("The channel axes come first; in Keras they come last: (k, k, out, in).")
    box = np.ones((factor, factor))
    wide = np.convolve(np.ones(factor), np.ones(factor))
    centered = 1 - np.abs(np.arange(2 * factor) - factor + 0.5) / factor
    trial.expect(
        stamp[:, :, None, None] * eye,
        mistakes=[
            Mistake(says, (wrong[:, :, None, None] * pair).astype("float32"))
            for says, wrong, pair in [
                ("every channel also receives the others.", stamp, np.ones_like(eye)),
                ("the kernel is divided by its sum: then the image is darkened by factor**2.",
                 stamp / stamp.sum(), eye),
                ("the middle is 1 and the formula for odd sizes is used for an even one.",
                 np.outer(wide, wide) / factor**2, eye),
                ("k is 2 * factor although the factor is odd.", np.outer(centered, centered), eye),
                ("the tent has not been scaled to a weight of 1 at an input pixel.",
                 stamp / stamp.max(), eye),
                ("it repeats the nearest pixel.", box, eye),
            ]
        ],
        dtype="float32",
    )  # fmt: skip


def _bilinear_stamp(factor: int) -> np.ndarray:
    """The response of bilinear resizing to one bright pixel, without the zeros around it."""
    image = np.zeros((1, 5, 5, 1), "float32")
    image[0, 2, 2, 0] = 1
    enlarged = keras.ops.image.resize(image, (5 * factor, 5 * factor), interpolation="bilinear")
    enlarged = np.asarray(enlarged)[0, :, :, 0]
    reached = np.flatnonzero(enlarged.max(axis=0) > 1e-6)
    return enlarged[np.ix_(reached, reached)].astype("float64")


# ------------------------------------------------------------------------------ conv_input_gradient
@visible_check("kernel", "upstream", "stride", points=5)
def conv_input_gradient(trial: Trial) -> None:
    """One channel, then several and a non-square kernel; TensorFlow's gradient is the oracle."""
    for kernel_shape, size, stride in [
        ((3, 3, 1, 1), (2, 2), 2),
        ((3, 3, 1, 1), (3, 3), 1),
        ((3, 2, 2, 3), (2, 3), 2),
        ((2, 2, 2, 2), (2, 3), 3),
    ]:
        expect_input_gradient(trial, kernel_shape, size, stride, np.random.default_rng(_SEED))


def expect_input_gradient(
    trial: Trial,
    kernel_shape: tuple[int, int, int, int],
    size: tuple[int, int],
    stride: int,
    generator: np.random.Generator,
    images: int = 1,
    dtype: str = "float32",
) -> None:
    """Compare one gradient with what TensorFlow's tape computes."""
    kernel = np.asfortranarray(generator.integers(-4, 5, kernel_shape).astype(dtype))
    upstream = np.asfortranarray(
        generator.integers(-4, 5, (images, *size, kernel_shape[3])).astype(dtype)
    )
    expected = _gradient(kernel, upstream, stride=stride)
    result = trial.call(kernel, upstream, stride)
    if hasattr(result, "shape") and not isinstance(result, np.ndarray):
        trial.result = keras.ops.convert_to_numpy(result)
    mistakes = [
        Mistake("the kernel is turned by 180 degrees; the layer's stamp is the kernel itself.",
                lambda: _gradient(kernel[::-1, ::-1], upstream, stride=stride)),
        Mistake("a stride that is larger than the kernel leaves zeros after the last stamp; the "
                "gradient ends with the last window.",
                lambda: np.asarray(keras.ops.conv_transpose(
                    upstream, kernel, strides=stride, padding="valid"))),
        Mistake("`padding` is `same`, which belongs to another convolution.",
                lambda: np.asarray(keras.ops.conv_transpose(
                    upstream, kernel, strides=stride, padding="same"))),
    ]  # fmt: skip
    if kernel_shape[2] == kernel_shape[3]:
        swapped = Mistake(
            "the kernel's two channel axes are swapped.",
            lambda: _gradient(np.swapaxes(kernel, 2, 3), upstream, stride=stride),
        )
        mistakes.insert(1, swapped)
    trial.expect(expected, mistakes, rtol=1e-4)


def _gradient(kernel: np.ndarray, upstream: np.ndarray, *, stride: int) -> np.ndarray:
    rows, columns = (
        (n - 1) * stride + k for n, k in zip(upstream.shape[1:3], kernel.shape[:2], strict=True)
    )
    x = tf.Variable(np.zeros((len(upstream), rows, columns, kernel.shape[2]), kernel.dtype))
    with tf.GradientTape() as tape:
        summed = tf.reduce_sum(tf.nn.conv2d(x, np.array(kernel, order="C"), stride, "VALID")
                               * np.array(upstream, order="C"))  # fmt: skip
    return tape.gradient(summed, x).numpy()


# ------------------------------------------------------------------------------ repair_decoder
@visible_check("model", points=5)
def repair_decoder(trial: Trial) -> None:
    """Four decoders: too large, too small, both layers wrong, and one that fails when called."""
    for channels, first, second in [
        (8, (3, "valid", None), (3, "same", None)),  # ends at 30x30
        (4, (3, "same", 0), (5, "same", None)),  # ends at 26x26
        (6, (3, "valid", None), (3, "valid", None)),  # ends at 31x31
        (4, (4, "same", 0), (4, "same", None)),  # fails when called
    ]:
        expect_repaired(trial, broken_decoder(channels, first, second))


def broken_decoder(
    channels: int,
    first: tuple[int, str, int | None],
    second: tuple[int, str, int | None],
    *,
    filters: tuple[int, int] = (6, 4),
    between: bool = False,
    use_bias: bool = True,
    activation: str = "relu",
) -> keras.Sequential:
    """A decoder from 7x7 whose layers have these (kernel size, padding, output_padding).

    Args:
        channels: Channels of the 7x7 input.
        first: The first `Conv2DTranspose`, of stride 2.
        second: The second one.
        filters: Of the first and the second one.
        between: Put `BatchNormalization`, an `Activation` and a 3x3 `Conv2D` between them.
        use_bias: Of both.
        activation: Of both, or of the layers between them.
    """
    layers: list[keras.Layer] = [keras.Input((7, 7, channels))]
    for count, (size, padding, output_padding) in zip(filters, (first, second), strict=True):
        layers.append(
            keras.layers.Conv2DTranspose(
                count,
                size,
                strides=2,
                padding=padding,
                output_padding=output_padding,
                use_bias=use_bias,
                activation=None if between else activation,
            )
        )
        if between:
            layers.append(keras.layers.BatchNormalization(momentum=0.9))
            layers.append(keras.layers.Activation(activation))
            layers.append(keras.layers.Conv2D(count, 3, padding="same", activation="elu"))
    layers.append(keras.layers.Conv2D(1, 3, padding="same", activation="sigmoid"))
    return keras.Sequential(layers)


def expect_repaired(trial: Trial, broken: keras.Sequential) -> None:
    """Have one decoder repaired; look at its size, its layers, and at the argument."""
    before = models.fingerprint(broken)
    old = models.layers_of(broken)
    rows, columns = broken.outputs[0].shape[1:3]
    repaired = trial.call(broken)
    what = ", then ".join(
        f"{layer.kernel_size[0]}x{layer.kernel_size[1]} {layer.padding}"
        + ("" if layer.output_padding is None else f" output_padding={layer.output_padding}")
        for layer in old
        if isinstance(layer, keras.layers.Conv2DTranspose)
    )
    about = f"given     a decoder that ends at {rows}x{columns} or fails ({what})"
    if repaired is broken or models.fingerprint(broken) != before:
        trial.fail(
            about,
            "It returned the very model that it was given."
            if models.fingerprint(broken) == before
            else "It changed the model that it was given: the caller still needs it. "
            "Setting an attribute of a layer that is built changes what it says, not what it does.",
        )
    if isinstance(repaired, keras.Sequential) and not repaired.built:
        models.run(trial, repaired, np.zeros((1, *broken.inputs[0].shape[1:]), "float32"))
    model = models.expect_model(trial, broken.inputs[0].shape[1:])
    new = models.layers_of(model)
    kinds = [[type(layer).__name__ for layer in layers] for layers in (new, old)]
    if kinds[0] != kinds[1]:
        extra = "Cropping or padding hides the wrong size; the layer's own setting is at fault."
        hidden = any(k.startswith(("Cropping", "ZeroPadding", "Resizing")) for k in kinds[0])
        trial.fail(
            about,
            f"It has the layers {', '.join(kinds[0])}; {', '.join(kinds[1])} are asked for.",
            *([extra] if hidden else []),
        )
    for index, (layer, original) in enumerate(zip(new, old, strict=True)):
        for key, (now, then) in _settings(layer, original).items():
            if now != then:
                trial.fail(
                    about,
                    f"Layer {index} ({kinds[0][index]}) had {key} = {then}, and now it has {now}. "
                    "Only padding and output_padding of the strided layers are wrong.",
                )
    y = models.run(trial, model, np.zeros((2, *broken.inputs[0].shape[1:]), "float32"))
    if y.shape[1:3] != (28, 28):
        trial.fail(about, f"It ends at {y.shape[1]}x{y.shape[2]} instead of 28x28.")
    if y.shape[3] != broken.outputs[0].shape[3]:
        trial.fail(about, f"It ends with {y.shape[3]} channels.")


_FREE = {"name", "dtype", "trainable"}
_CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.Conv2DTranspose)


def _settings(layer: keras.Layer, original: keras.Layer) -> dict[str, tuple]:
    """Setting -> (of the new layer, of the original one), for those that must be kept."""
    now, then = layer.get_config(), original.get_config()
    if isinstance(original, _CONVOLUTIONS):
        keys = {"filters", "kernel_size", "strides", "activation", "use_bias"}
        if max(original.strides) == 1:
            keys |= {"padding"}
    else:
        keys = {k for k in then if not k.endswith(("initializer", "regularizer", "constraint"))}
    return {key: (now.get(key), then[key]) for key in sorted(keys - _FREE)}


# ------------------------------------------------------------------------------ build_decoder
@visible_check("latent_dim", points=6)
def build_decoder(trial: Trial) -> None:
    """Structure only, for two sizes of the latent vector; the notebook trains it."""
    for latent_dim in (8, 3):
        expect_decoder(trial, latent_dim, np.random.default_rng(_SEED))


def expect_decoder(trial: Trial, latent_dim: int, generator: np.random.Generator) -> keras.Model:
    """Build one decoder and judge everything but what it learns."""
    trial.call(latent_dim)
    model = models.expect_model(trial, (latent_dim,))
    models.expect_output_shape(trial, model, (28, 28, 1))
    strided = graphs.strided_transposes(model)
    if len(strided) < 2:
        trial.fail(
            "At least two strided Conv2DTranspose layers are asked for, one for each doubling; "
            f"it has {len(strided)}."
        )
    sizes = graphs.feature_map_sizes(model)
    for side in (7, 14):
        if (side, side) not in sizes:
            seen = ", ".join(dict.fromkeys(f"{a}x{b}" for a, b in sizes))
            trial.fail(f"No feature map is {side}x{side}; those of the model are {seen}.")
    training.expect_trainable(trial, model)
    latents = (100 * generator.normal(size=(16, latent_dim))).astype("float32")
    images = models.run(trial, model, latents)
    if not np.isfinite(images).all() or images.min() < 0 or images.max() > 1:
        trial.fail(
            f"For large latent vectors its pixels lie between {images.min():.3g} and "
            f"{images.max():.3g}; an image in [0, 1] is asked for."
        )
    if np.ptp(models.run(trial, model, latents / 100), axis=0).max() < 1e-6:
        trial.fail("Every latent vector gives the same image: the output ignores the input.")
    training.expect_gradients(trial, model, latents / 100)
    return model
