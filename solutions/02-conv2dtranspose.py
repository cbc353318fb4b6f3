# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2 · Conv2DTranspose: the layer at work
#
# In [notebook 1](../01-zero-insertion/01-zero-insertion.ipynb) you built a transposed convolution in NumPy. Here you put Keras' layer to
# work. You build the typical small upsampler, give the layer kernels that you choose yourself, cure
# decoders whose sizes, initial weights or pixels have gone wrong, carry weights over from PyTorch,
# and finally train a decoder that draws clothes from 16 numbers.
#
# **You need to know** how to build and train a small CNN in Keras, and what [notebook 1](../01-zero-insertion/01-zero-insertion.ipynb) showed: what
# a stamp is, how long the output is, and what `same` crops. Nothing here imports its functions.
#
# **Time**: about 170 minutes; eleven exercises, 40 points.
#
# **Predict, then run**: as in [notebook 1](../01-zero-insertion/01-zero-insertion.ipynb), write your guess into the cell with the question before you
# read on. Guesses stay here and earn nothing.
#
# **How it is graded**: below every exercise stands a cell with a *visible check*. It calls your
# function on a few small examples, and where something is wrong it says what came back and which
# misconception that looks like. *Hidden tests*, run by your instructor, decide the points; they use
# other sizes and values, and ask for nothing that the task's text does not say.
# Grading has Python's standard library, NumPy, Matplotlib, TensorFlow and Keras, and nothing else.
# Before you submit, choose **Kernel, Restart Kernel and Run All Cells** and look at the table at
# the end. You may submit with exercises left open: each exercise counts for itself. Of a model,
# its layers and weights are graded: build it of Keras' own layers and functions, with no `Lambda`
# and no layer or function of your own inside.

# %% [markdown]
# ## Set-up
#
# Run this cell first; the first time it takes up to a minute.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import importlib.util

if importlib.util.find_spec("autograder") is None:
    raise RuntimeError("The course is not installed here: set it up as its README says.")

from autograder import lab  # isort: skip  (first: it quiets TensorFlow's start-up lines)
import keras
import numpy as np
import tensorflow as tf

from autograder.lab import datasets
from autograder.lab.checks import conv2dtranspose as check
from autograder.lab.figures import conv2dtranspose as figures

# %% [markdown]
# The pictures are from Fashion-MNIST (Xiao, Rasul and Vollgraf 2017): clothes, 28x28 gray pixels.
# The course carries the official 10,000-image *test* split, split again class by class: 8,000
# images to train with, 1,000 to validate with, and 1,000 that only the hidden tests use, so that
# your decoder is judged on images that it never saw.

# %% nbgrader={"grade": false, "grade_id": "setup_data", "locked": true, "schema_version": 3, "solution": false, "task": false}
images, _ = datasets.fashion_mnist("train")  # (8000, 28, 28, 1), float32 in [0, 1]
validation, _ = datasets.fashion_mnist("validation")  # (1000, 28, 28, 1)

# %% [markdown]
# **What you will build.** The figure shows one image, its 7x7 average at the same scale, and two
# enlargements of those 49 numbers: by repeating pixels and by bilinear interpolation. You will
# write both as fixed kernels of a `Conv2DTranspose`; the second one differs at the border, as you
# will see. Both know nothing of clothes. Your trained decoder at the end gets 16 numbers instead of
# 49, and does know.

# %%
original = validation[4:5]  # (1, 28, 28, 1)
small = keras.ops.average_pool(original, 4)  # (1, 7, 7, 1)
enlarged = {
    kind: np.asarray(keras.ops.image.resize(small, (28, 28), interpolation=kind))[0]
    for kind in ["nearest", "bilinear"]
}  # (28, 28, 1) each
figures.image_row(
    [original[0], np.asarray(small)[0], enlarged["nearest"], enlarged["bilinear"]],
    ["original, 28x28", "average, 7x7", "pixels repeated", "bilinear"],
    "Fixed kernels enlarge an image but invent no detail",
)

# %% [markdown]
# ## 1 · The typical small upsampler
#
# The seed of every decoder in this course is two layers long. A `Conv2DTranspose` doubles height
# and width and ends in ReLU, like any layer inside a network; a 1x1 `Conv2D` then mixes its feature
# maps into one number for each pixel, and a sigmoid makes that number a gray value or a
# probability:
#
# `Input -> Conv2DTranspose(3x3, stride 2, ReLU) -> Conv2D(1x1, sigmoid) -> Output`
#
# ### Exercise 1 · `build_upsampler`
#
# 3 points, 8 minutes, difficulty 1 of 5
#
# Build this model for an input of shape `(height, width, channels)`, with `filters` feature maps
# after the first layer and one output channel. Height and width of the output are exactly twice
# those of the input, which need not be square.
#
# The activations may be arguments of the two layers or layers of their own. Use one
# `Conv2DTranspose`, one `Conv2D` and no other layer that changes a number, no `Lambda`, and return
# a `keras.Model` (a `Sequential` is one).
#
# Expected: for `build_upsampler((4, 6, 2), 5)` the cell after the check prints the shapes
# `(8, 12, 5)` and `(8, 12, 1)`.
#
# <details><summary>Hint 1</summary>
#
# Begin with `keras.Input(input_shape)`, so that the model knows its sizes and has weights at once.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Which of the two paddings of [notebook 1](../01-zero-insertion/01-zero-insertion.ipynb) promises exactly `stride` times the input?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "build_upsampler", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_upsampler(input_shape, filters):
    """Build Input -> Conv2DTranspose(3x3, stride 2, ReLU) -> Conv2D(1x1, sigmoid).

    input_shape: (height, width, channels); filters: int, feature maps after the first layer
    returns: keras.Model from (height, width, channels) to (2*height, 2*width, 1)

    build_upsampler((4, 6, 2), 5).output_shape is (None, 8, 12, 1).
    """
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Conv2DTranspose(
                filters, 3, strides=2, padding="same", activation="relu"
            ),  # (2*height, 2*width, filters)
            keras.layers.Conv2D(1, 1, activation="sigmoid"),  # (2*height, 2*width, 1)
        ]
    )
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_build_upsampler", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.build_upsampler(build_upsampler)
### BEGIN HIDDEN TESTS
trial, generator = check.build_upsampler.trial(build_upsampler), lab.rng("build_upsampler")
for input_shape, filters in [((5, 3, 3), 7), ((1, 1, 4), 1)]:
    check.expect_upsampler(trial, input_shape, filters, generator)
### END HIDDEN TESTS

# %%
with lab.needs("build_upsampler"):
    upsampler = build_upsampler((4, 6, 2), 5)
    for layer in upsampler.layers:
        print(f"{type(layer).__name__:16}", layer.output.shape[1:])

# %% [markdown]
# ## 2 · What the layer learns: its kernel
#
# A `Conv2D` from 2 to 3 channels has a kernel of shape `(kh, kw, in, out) = (3, 3, 2, 3)`. The
# layer that *transposes* it goes from 3 channels back to 2, and its kernel has shape `(kh, kw, out,
# in) = (3, 3, 2, 3)`: the very same array. The picture shows the six 3x3 slices of one such array.
# The row is the input channel of the `Conv2D` and the output channel of the `Conv2DTranspose`; for
# the column it is the other way round.

# %%
figures.kernel_layout(np.random.default_rng(1).normal(size=(3, 3, 2, 3)))

# %% [markdown]
# Then count what is learned. Three layers that differ only in their stride, applied to images of
# two sizes:

# %%
for stride in [1, 2, 4]:
    layer = keras.layers.Conv2DTranspose(4, 3, strides=stride, padding="same")
    shapes = [layer(np.zeros((1, n, n, 8), "float32")).shape[1:] for n in (7, 14)]
    print(f"stride {stride}: 7x7x8 -> {shapes[0]}, 14x14x8 -> {shapes[1]},", end=" ")
    print(layer.count_params(), "parameters")

# %% [markdown]
# ### Exercise 2 · `count_parameters`
#
# 3 points, 6 minutes, difficulty 1 of 5
#
# Say how many numbers a `Conv2DTranspose` learns: its kernel, and one bias for each output channel
# unless `use_bias` is False. `kernel_size` is an int or a pair `(kh, kw)`; return an int.
#
# Expected: `count_parameters(3, 8, 4)` is 292, the number printed for every stride above.
#
# <details><summary>Hint 1</summary>
#
# Multiply the four numbers of the kernel's shape.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `isinstance(kernel_size, int)` tells an int from a pair.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "count_parameters", "locked": false, "schema_version": 3, "solution": true, "task": false}
def count_parameters(kernel_size, in_channels, out_channels, use_bias=True):
    """Count the parameters of a Conv2DTranspose.

    kernel_size: int or (int, int); in_channels, out_channels: int; use_bias: bool
    returns: int

    count_parameters(1, 2, 3) is 9: six kernel entries and three biases.
    """
    ### BEGIN SOLUTION
    height, width = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    return height * width * in_channels * out_channels + out_channels * use_bias
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_count_parameters", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.count_parameters(count_parameters)
### BEGIN HIDDEN TESTS
trial = check.count_parameters.trial(count_parameters)
generator = lab.rng("count_parameters")
for size in [1, 4, (1, 7), (5, 2), (3, 3)]:
    inputs, outputs = (int(n) for n in generator.choice(np.arange(3, 40), 2, replace=False))
    for use_bias in [(), (True,), (False,)]:
        check.expect_parameters(trial, size, inputs, outputs, *use_bias)
### END HIDDEN TESTS

# %% [markdown]
# The stride costs no parameters. Does it cost anything else? The third layer above stamps 3x3
# kernels 4 pixels apart.

# %%
lab.predict(
    "untouched pixels",
    "A 3x3 kernel at stride 4: what share of the output pixels does no stamp reach?",
    options=["none", "about a quarter", "almost half"],
    guess=None,
)

# %%
layer = keras.layers.Conv2DTranspose(
    1, 3, strides=4, padding="same", use_bias=False, kernel_initializer="ones"
)
reached = np.asarray(layer(np.ones((1, 14, 14, 1), "float32")))[0, :, :, 0]
untouched = float(np.mean(reached == 0))
print(f"{untouched:.2%} of {reached.shape[0]}x{reached.shape[1]} pixels are 0, whatever is learned")
shares = {"none": 0, "about a quarter": 0.25, "almost half": 0.45}
lab.outcome("untouched pixels", min(shares, key=lambda name: abs(shares[name] - untouched)))

# %% [markdown]
# Those pixels hold nothing but the bias. A kernel smaller than the stride leaves holes in every
# output; a later layer has to fill them.

# %% [markdown]
# ## 3 · What the last layer promises
#
# The last activation decides which numbers can come out, whatever the network learns. The curves
# show four activations of a single logit; the gray band is the range of a picture in [0, 1].

# %%
figures.activation_ranges()

# %% [markdown]
# A fifth one, softmax, looks at all channels of a pixel at once and returns probabilities that sum
# to 1. Look at what happens when there is only one channel.

# %%
logits = np.array([[-3.0, 0.0, 2.0]], dtype="float32")  # (1 pixel, 3 channels)
print("three channels:", np.round(tf.nn.softmax(logits).numpy(), 3))
one = np.array([[-3.0], [0.0], [2.0]], dtype="float32")  # (3 pixels, 1 channel)
print("one channel:   ", tf.nn.softmax(one).numpy().ravel())

# %% [markdown]
# ### Exercise 3 · `final_activation`
#
# 2 points, 4 minutes, difficulty 1 of 5
#
# Return the Keras name of the last activation, as a lower-case string, for each of these outputs;
# for any other `task`, raise a `ValueError` whose message contains the word `task`.
#
# | task | the network should give, for each pixel |
# |---|---|
# | `"binary-mask"` | one channel: the probability that the pixel belongs to the object |
# | `"multi-class-mask"` | one channel for each class: probabilities that sum to 1 |
# | `"image-in-0-1"` | a gray value from 0 to 1 |
# | `"image-in-minus1-1"` | a gray value from -1 to 1 |
# | `"regression"` | any real number, for example a height in meters |
#
# Expected: four different names; three of them stand in the figure's legend.
#
# <details><summary>Hint 1</summary>
#
# Keras' name for "no activation" is `"linear"`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "final_activation", "locked": false, "schema_version": 3, "solution": true, "task": false}
def final_activation(task):
    """Name the last activation of a network that predicts an image or a mask.

    task: str, one of the five in the table above
    returns: str, the name of a Keras activation
    raises: ValueError, whose message names `task`, for anything else
    """
    ### BEGIN SOLUTION
    activations = {
        "binary-mask": "sigmoid",
        "multi-class-mask": "softmax",
        "image-in-0-1": "sigmoid",
        "image-in-minus1-1": "tanh",
        "regression": "linear",
    }
    if task not in activations:
        raise ValueError(f"task must be one of {sorted(activations)}, not {task!r}")
    return activations[task]
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_final_activation", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.final_activation(final_activation)
### BEGIN HIDDEN TESTS
trial = check.final_activation.trial(final_activation)
for task in ["image-in-0-1", "multi-class-mask", "binary-mask", "image-in-minus1-1", "regression"]:
    check.expect_activation(trial, task)
for task in ["segmentation", "", "image", "mask", "image-in-0-255", "sigmoid", None]:
    trial.expect_error(ValueError, ["task"], task)
### END HIDDEN TESTS

# %% [markdown]
# For masks there is a second way: end linearly, and let the loss apply the activation with
# `from_logits=True`. Is that only a matter of taste? The cell takes a pixel that belongs to the
# object, for which the network is more and more wrong, and prints the loss and its gradient three
# ways: after TensorFlow's sigmoid, after Keras' sigmoid, and from logits.

# %%
truth = np.ones((1, 1), "float32")
from_logits = keras.losses.BinaryCrossentropy(from_logits=True)
ways = {
    "tf.sigmoid": lambda z: keras.losses.BinaryCrossentropy()(truth, tf.sigmoid(z)),
    "Keras' sigmoid": lambda z: keras.losses.BinaryCrossentropy()(truth, keras.ops.sigmoid(z)),
    "from logits": lambda z: from_logits(truth, z),
}
for logit in [-5.0, -20.0, -40.0]:
    print(f"logit {logit:5}:", end="")
    for name, loss_of in ways.items():
        z = tf.Variable([[logit]])
        with tf.GradientTape() as tape:
            loss = loss_of(z)
        slope = float(tape.gradient(loss, z)[0, 0])
        print(f"   {name} {float(loss):6.3f}, gradient {slope:6.3f}", end="")
    print()

# %% [markdown]
# A probability that is close enough to 0 is clipped by the loss and gets no gradient, so the
# network cannot learn from its worst mistakes. Keras' own sigmoid escapes: the loss finds the
# logits behind it, as long as nothing stands between the two. `from_logits=True` does not depend on
# that. Its price is that the model's outputs are logits, and whoever uses it must apply the
# sigmoid.

# %% [markdown]
# ## 4 · A kernel that you choose: nearest neighbor
#
# Nothing forces a kernel to be learned. `UpSampling2D` enlarges an image by repeating pixels, and
# has no weights at all:

# %%
x = np.array([[1.0, 2.0], [3.0, 4.0]], dtype="float32")  # (2, 2)
repeated = np.asarray(keras.layers.UpSampling2D(2)(x[None, :, :, None]))[0, :, :, 0]  # (4, 4)
figures.number_grids(
    [x, repeated],
    ["2x2 input", "UpSampling2D(2)"],
    "Each pixel fills a block of 2 x 2",
    marks=[(0, 1, 1, 1), (0, 2, 2, 2)],
)

# %% [markdown]
# Read the right grid as stamps: which kernel, stamped at which stride, leaves such blocks? And with
# several channels, what must the kernel's last two axes `(out, in)` hold, so that channels do not
# mix?
#
# ### Exercise 4 · `nearest_layer`
#
# 4 points, 10 minutes, difficulty 2 of 5
#
# Return a `Conv2DTranspose` that enlarges any image with `channels` channels by `factor` (an int, 1
# or more) by repeating pixels. It must be built, so that its weights exist, work for images of any
# height and width, and be fixed: `trainable` is False, and there is no bias or a bias of zeros.
#
# Expected: from the left grid the right one; the cell after the check prints a largest difference
# of 0.0 for both sizes.
#
# <details><summary>Hint 1</summary>
#
# Each input pixel fills a block of its own, and blocks do not overlap. How large is the kernel, how
# large the stride, and what are its entries?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `layer.build((None, None, None, channels))` makes the weights for images of any size;
# `layer.set_weights([...])` fills them.
#
# </details>
# <details><summary>Hint 3</summary>
#
# `kernel[i, j]` is a matrix of shape `(out, in)`. The matrix that hands every channel to itself
# only is the identity.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "nearest_layer", "locked": false, "schema_version": 3, "solution": true, "task": false}
def nearest_layer(factor, channels):
    """Make a fixed Conv2DTranspose that repeats pixels.

    factor: int >= 1; channels: int
    returns: built keras.layers.Conv2DTranspose, not trainable,
        (N, H, W, channels) -> (N, H*factor, W*factor, channels) for any H and W

    nearest_layer(2, 1) turns the image [[1, 2]] into [[1, 1, 2, 2], [1, 1, 2, 2]].
    """
    ### BEGIN SOLUTION
    layer = keras.layers.Conv2DTranspose(
        channels, factor, strides=factor, use_bias=False, trainable=False
    )
    layer.build((None, None, None, channels))
    kernel = np.ones((factor, factor, 1, 1)) * np.eye(channels)  # (factor, factor, out, in)
    layer.set_weights([kernel])
    return layer
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_nearest_layer", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.nearest_layer(nearest_layer)
### BEGIN HIDDEN TESTS
trial, generator = check.nearest_layer.trial(nearest_layer), lab.rng("nearest_layer")
for factor, channels in [(4, 3), (2, 5), (3, 1), (1, 2), (5, 2)]:
    check.expect_nearest(trial, factor, channels, [(1, 1), (4, 2), (3, 7)], generator)
### END HIDDEN TESTS

# %%
with lab.needs("nearest_layer"):
    layer = nearest_layer(4, 1)
    for batch in [small, validation[:2]]:  # (1, 7, 7, 1), (2, 28, 28, 1)
        difference = np.abs(layer(batch) - keras.layers.UpSampling2D(4)(batch)).max()
        print("from", tuple(batch.shape), "largest difference:", difference)

# %% [markdown]
# ## 5 · A smoother start: the bilinear kernel
#
# Bilinear interpolation enlarges without blocks. Is it a transposed convolution, too? If so, one
# bright pixel shows its stamp. The cell resizes a row with a single 1, by factors of 2, 3 and 4;
# the figure shows the output pixels that are not 0.

# %%
row = np.zeros((1, 1, 5, 1), dtype="float32")  # one row of 5 pixels
row[0, 0, 2, 0] = 1
stamps = {}
for factor in [2, 3, 4]:
    wide = np.asarray(tf.image.resize(row, (1, 5 * factor), "bilinear")).ravel()  # (5*factor,)
    stamps[factor] = wide[wide > 0]
    print(f"factor {factor}:", np.round(stamps[factor], 3))
figures.stamp_profiles(stamps)

# %% [markdown]
# A *tent*: the weight falls off linearly with the distance from the pixel's center, and reaches
# zero at the center of the next input pixel, `factor` output pixels away. The tent covers `k = 2 *
# factor - factor % 2` output pixels. For an even factor the center lies between two output pixels,
# so no weight is 1; for an odd one the middle weight is 1. In two dimensions the weight is the
# product of the two axes' weights.
#
# Long, Shelhamer and Darrell (2015, section 4.3) start the upsampling layers inside their
# segmentation network this way and let them learn; the last one, to the full image, they fix as it
# is. Their published code fixes all of them; its README says that this made no significant
# difference.
#
# ### Exercise 5 · `bilinear_kernel`
#
# 4 points, 12 minutes, difficulty 3 of 5
#
# Return the kernel, float32 of shape `(k, k, channels, channels)` with
# `k = 2 * factor - factor % 2`, with which a `Conv2DTranspose` of stride `factor` enlarges
# bilinearly away from the border. Each channel goes to itself only; `factor` is an int, 1 or more.
#
# Expected: the weights of the figure, multiplied for the two axes.
# `bilinear_kernel(2, 1)[:, :, 0, 0]` has the corner 0.0625 and, in the middle, four times 0.5625.
#
# <details><summary>Hint 1</summary>
#
# Number the k output pixels 0, 1, ..., k-1. Where, on that scale, is the center of the tent? Try k
# = 4 and k = 5.
#
# </details>
# <details><summary>Hint 2</summary>
#
# With the center at `c = (k - 1) / 2`, the weight of pixel `i` along one axis is
# `1 - abs(i - c) / factor`.
#
# </details>
# <details><summary>Hint 3</summary>
#
# `np.outer` multiplies the weights of two axes to a `(k, k)` array; then the identity matrix of
# exercise 4 again.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "bilinear_kernel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def bilinear_kernel(factor, channels):
    """Make the kernel of a Conv2DTranspose with stride `factor` that enlarges bilinearly.

    factor: int >= 1; channels: int
    returns: float32 array of shape (k, k, channels, channels), k = 2*factor - factor % 2

    The middle row of bilinear_kernel(3, 1)[:, :, 0, 0] is [1/3, 2/3, 1, 2/3, 1/3].
    """
    ### BEGIN SOLUTION
    size = 2 * factor - factor % 2
    tent = 1 - np.abs(np.arange(size) - (size - 1) / 2) / factor  # (k,)
    stamp = np.outer(tent, tent)[:, :, None, None]  # (k, k, 1, 1)
    return (stamp * np.eye(channels)).astype("float32")  # (k, k, channels, channels)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_bilinear_kernel", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.bilinear_kernel(bilinear_kernel)
### BEGIN HIDDEN TESTS
trial, generator = check.bilinear_kernel.trial(bilinear_kernel), lab.rng("bilinear_kernel")
for factor, channels in [(4, 1), (5, 3), (2, 3), (3, 2), (8, 1), (1, 2)]:
    check.expect_bilinear(trial, factor, channels)
    x = generator.random((1, 5, 7, channels)).astype("float32")
    ours = keras.ops.conv_transpose(x, trial.result, strides=factor, padding="same")
    resized = tf.image.resize(x, (5 * factor, 7 * factor), "bilinear")
    inside = np.asarray(ours - resized)[:, factor:-factor, factor:-factor]
    assert np.abs(inside).max() < 1e-5, "It does not enlarge an image as tf.image.resize does."
### END HIDDEN TESTS

# %% [markdown]
# Now the effect. The left image is what the layer with your kernel makes of the 7x7 average, the
# middle one is TensorFlow's own resizing, and the right map is where they differ: at the border,
# where the layer finds zeros outside the image while `resize` repeats the edge.

# %%
with lab.needs("bilinear_kernel"):
    layer = keras.layers.Conv2DTranspose(1, 8, strides=4, padding="same", use_bias=False)
    layer.build((None, None, None, 1))
    layer.set_weights([bilinear_kernel(4, 1)])
    ours = np.asarray(layer(small))[0, :, :, 0]  # (28, 28)
    theirs = enlarged["bilinear"][:, :, 0]  # (28, 28)
    difference = np.abs(ours - theirs)
    print(f"largest difference, two pixels from the border on: {difference[2:-2, 2:-2].max():.5f}")
    flat = np.asarray(layer(np.ones((1, 7, 7, 1), "float32")))[0, :, :, 0]
    print(
        f"a white image: {flat[2:-2, 2:-2].min():.4f} to {flat[2:-2, 2:-2].max():.4f} inside,",
        end=" ",
    )
    print(f"{flat[14, 0]:.4f} at the edge, {flat[0, 0]:.4f} in the corner")
    figures.difference_row(
        [ours, theirs],
        ["Conv2DTranspose", "tf.image.resize"],
        difference,
        "The same image, except at the border",
    )

# %% [markdown]
# ## 6 · It is the gradient of a convolution
#
# You have used a transposed convolution in nearly every CNN that you trained. When Keras trains a
# `Conv2D` that is not the first layer, it sends the gradient of the loss backward through it, from
# the layer's output to its input. Here is that step by itself: a 5x5 input, a 3x3 kernel with the
# numbers 1 to 9, stride 2, and an upstream gradient (the gradient with respect to the 2x2 output)
# of 1, 0, 0 and 10.

# %%
kernel = np.arange(1.0, 10.0, dtype="float32").reshape(3, 3, 1, 1)  # (kh, kw, Cin, Cout)
x = tf.Variable(tf.random.stateless_normal((1, 5, 5, 1), seed=(0, 0)))
upstream = np.array([[1.0, 0.0], [0.0, 10.0]], dtype="float32")  # (2, 2)
with tf.GradientTape() as tape:
    y = keras.ops.conv(x, kernel, strides=2)  # (1, 2, 2, 1)
    loss = tf.reduce_sum(y * upstream[None, :, :, None])
gradient = tape.gradient(loss, x)[0, :, :, 0].numpy()  # (5, 5)
figures.number_grids(
    [upstream, gradient],
    ["upstream gradient", "gradient for the input"],
    "Going backward, a convolution stamps its kernel",
    marks=[(1, 1, 1, 1), (2, 2, 3, 3)],
)

# %% [markdown]
# Each number of the upstream gradient, multiplied by the kernel, is stamped at the window that it
# came from; the outlined window holds 10 times the kernel, and 9 more in its first entry, where the
# other stamp ends. Seen from the other side, an input pixel collects a share of every output that
# it took part in.
#
# ### Exercise 6 · `conv_input_gradient`
#
# 4 points, 10 minutes, difficulty 2 of 5
#
# For `y = conv2d_valid(x, kernel, stride)`, return the gradient of `sum(y * upstream)` with respect
# to `x`, by a transposed convolution. `kernel` is the convolution's, `upstream` has the shape of
# `y`, and the result has `(h - 1) * stride + kh` rows and `(w - 1) * stride + kw` columns, also
# where the stride is larger than the kernel.
#
# Arrays are float32 or float64, of any memory layout, and need not be square; leave them unchanged.
# Return an array or a tensor. (A gradient tape would do, but the point is to see that you need
# none.)
#
# Expected: with the arrays above, the right grid.
#
# <details><summary>Hint 1</summary>
#
# `keras.ops.conv_transpose(inputs, kernel, strides=..., padding=...)` is the layer without its
# weights. Section 2 says which layout its kernel has.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Keras' `valid` output has `(h - 1) * stride + max(kh, stride)` rows. What are the rows that are
# too many when the stride is larger, and what do they hold?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_input_gradient", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_input_gradient(kernel, upstream, stride):
    """Compute the gradient of sum(conv2d_valid(x, kernel, stride) * upstream) with respect to x.

    kernel: (kh, kw, Cin, Cout); upstream: (N, h, w, Cout); stride: int >= 1
    returns: (N, (h-1)*stride+kh, (w-1)*stride+kw, Cin), array or tensor

    For a kernel of shape (1, 2, 1, 1) with entries 1, 2 and upstream [[3, 0]]
    (N = Cout = 1), stride 1, the result is [[3, 6, 0]].
    """
    ### BEGIN SOLUTION
    rows = (upstream.shape[1] - 1) * stride + kernel.shape[0]
    columns = (upstream.shape[2] - 1) * stride + kernel.shape[1]
    x = keras.ops.conv_transpose(upstream, kernel, strides=stride, padding="valid")
    return x[:, :rows, :columns]  # (N, rows, columns, Cin)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_conv_input_gradient", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.conv_input_gradient(conv_input_gradient)
### BEGIN HIDDEN TESTS
trial = check.conv_input_gradient.trial(conv_input_gradient)
generator = lab.rng("conv_input_gradient")
for shape, size, stride, images_in, dtype in [
    ((3, 3, 2, 4), (4, 4), 1, 2, "float32"),
    ((4, 2, 3, 3), (3, 5), 2, 3, "float64"),
    ((2, 5, 1, 2), (1, 4), 3, 1, "float64"),
    ((1, 1, 2, 3), (3, 2), 2, 2, "float32"),
    ((3, 3, 3, 1), (1, 1), 2, 1, "float32"),
]:
    check.expect_input_gradient(trial, shape, size, stride, generator, images_in, dtype)
### END HIDDEN TESTS

# %%
with lab.needs("conv_input_gradient"):
    yours = np.asarray(conv_input_gradient(kernel, upstream[None, :, :, None], 2))[0, :, :, 0]
    print("largest difference from the tape:", np.abs(yours - gradient).max())

# %% [markdown]
# This is more than a curiosity: TensorFlow computes the layer by the very operation that computes
# this gradient, and error messages name it. You meet one in the next section.

# %% [markdown]
# ## 7 · When sizes go wrong
#
# [Notebook 1](../01-zero-insertion/01-zero-insertion.ipynb) derived how long an output is, and which setting TensorFlow refuses. In a model, such a
# mistake shows at different times. The three decoders below start at 7x7 and should end at 28x28.
# The cell prints what their summaries promise, what a call gives, and the error of training the
# first one on 28x28 images.

# %%
for name, (first, second) in {
    "valid, then same": [(3, "valid", None), (3, "same", None)],
    "output_padding=0": [(3, "same", 0), (3, "same", None)],
    "4x4, output_padding=0": [(4, "same", 0), (4, "same", None)],
}.items():
    decoder = check.broken_decoder(8, first, second)
    print(f"{name:22} promises {decoder.output_shape[1]}x{decoder.output_shape[2]},", end=" ")
    try:
        shape = decoder(np.zeros((1, 7, 7, 8), "float32")).shape
        print(f"gives {shape[1]}x{shape[2]}")
    except tf.errors.OpError as error:
        print("fails when called:", str(error)[str(error).index("[Op:") :].split("]")[0] + "]")
decoder = check.broken_decoder(8, (3, "valid", None), (3, "same", None))
decoder.compile(loss="mse")
try:
    decoder.fit(np.zeros((1, 7, 7, 8)), np.zeros((1, 28, 28, 1)), verbose=0)
except ValueError as error:
    print("fit:", str(error).split(" for ")[0])

# %% [markdown]
# The summary gives all three away: none of them promises 28x28. Training the first one stops, too,
# but far from the layer at fault: in the loss, with two lengths that do not match. The third one
# has a second fault: it builds, and fails when it is called. The error names the operation of the
# previous section: its first layer promises 12, a 4x4 `same` convolution shrinks 12 to 6, and the
# gradient of that convolution has no use for 7.
#
# ### Exercise 7 · `repair_decoder`
#
# 4 points, 12 minutes, difficulty 3 of 5
#
# `model` is a `Sequential` decoder from 7x7xC in which stride-2 `Conv2DTranspose` layers have a
# wrong `padding` or `output_padding`: it ends at another size than 28x28, such as 30x30 or 26x26,
# or builds but fails when called. Return a *new* model, made of new layers, that ends at 28x28 and
# runs, with the same settings otherwise.
#
# Number and order of the layers, filters, kernel sizes (odd or even), strides, activations and
# `use_bias` stay; so do layers of other kinds, such as `Conv2D`, `BatchNormalization` or
# `Activation`. Add no cropping. Weights may be new. The model that you were given, its settings and
# weights, is unchanged.
#
# Expected: the cell after the check prints 28x28 for each of four broken decoders.
#
# <details><summary>Hint 1</summary>
#
# Changing `layer.padding` of a layer that is built changes the caller's model. Make a new layer
# from an old one's settings instead: `layer.get_config()` is a dictionary of them.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `type(layer).from_config(config)` makes a layer from such a dictionary. Which two entries must
# change, for which layers?
#
# </details>
# <details><summary>Hint 3</summary>
#
# Start the new `Sequential` with `keras.Input(model.input_shape[1:])`. Which row of [notebook 1](../01-zero-insertion/01-zero-insertion.ipynb)'s table
# doubles for every kernel size?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "repair_decoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
def repair_decoder(model):
    """Rebuild a decoder so that each stride-2 Conv2DTranspose doubles height and width.

    model: keras.Sequential from (7, 7, C)
    returns: new keras model from (7, 7, C) to (28, 28, channels of the last layer)
    """
    ### BEGIN SOLUTION
    repaired = [keras.Input(model.input_shape[1:])]
    for layer in model.layers:
        config = layer.get_config()
        if isinstance(layer, keras.layers.Conv2DTranspose) and layer.strides == (2, 2):
            config |= {"padding": "same", "output_padding": None}
        repaired.append(type(layer).from_config(config))
    return keras.Sequential(repaired)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_repair_decoder", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.repair_decoder(repair_decoder)
### BEGIN HIDDEN TESTS
trial = check.repair_decoder.trial(repair_decoder)
for channels, first, second, options in [
    (16, (3, "valid", None), (4, "same", 1), {"between": True}),  # 29x29
    (
        1,
        (5, "valid", 0),
        (2, "same", 0),
        {"filters": (3, 8), "use_bias": False, "activation": "selu"},
    ),
]:
    check.expect_repaired(trial, check.broken_decoder(channels, first, second, **options))
### END HIDDEN TESTS

# %%
with lab.needs("repair_decoder"):
    for first, second in [
        ((3, "valid", None), (3, "same", None)),
        ((3, "same", 0), (3, "same", None)),
        ((3, "valid", None), (3, "valid", None)),
        ((4, "same", 0), (4, "same", None)),
    ]:
        broken = check.broken_decoder(8, first, second)
        shape = repair_decoder(broken)(np.zeros((1, 7, 7, 8), "float32")).shape
        print(f"{broken.output_shape[1]}x{broken.output_shape[2]} -> {shape[1]}x{shape[2]}")

# %% [markdown]
# ## 8 · Odd sizes
#
# Doubling is not always right. A U-Net ([notebook 3](../03-segmentation-decoder/03-segmentation-decoder.ipynb)) goes down and up again, and joins each feature map on
# the way up with the one of the same size on the way down. From 25 pixels, strided convolutions go
# to 13 and to 7, and the way up meets an obstacle:


# %%
def odd_unet(output_paddings):
    """A U-Net from 25x25 by 13x13 to 7x7 and back."""
    options = {"kernel_size": 3, "strides": 2, "padding": "same", "activation": "relu"}
    image = keras.Input((25, 25, 1))
    half = keras.layers.Conv2D(4, **options)(image)  # (13, 13, 4)
    quarter = keras.layers.Conv2D(8, **options)(half)  # (7, 7, 8)
    first, second = output_paddings
    up = keras.layers.Conv2DTranspose(4, **options, output_padding=first)(quarter)
    joined = keras.layers.Concatenate()([up, half])
    return keras.Model(
        image, keras.layers.Conv2DTranspose(1, **options, output_padding=second)(joined)
    )


try:
    odd_unet([None, None])
except ValueError as error:
    print(f"ValueError: {error}")

# %% [markdown]
# 13 and 14 both shrink to 7, and the layer's default goes back to 14. One row and one column are
# too many. Which ones?

# %%
lab.predict(
    "which row goes",
    "Two 14x14 maps are cut to 13x13: one loses its first row and column, the other its last ones. "
    "Which of them equals what output_padding=0 gives?",
    options=["without the first", "without the last", "neither"],
    guess=None,
)

# %%
generator = np.random.default_rng(0)
x = generator.normal(size=(1, 7, 7, 2)).astype("float32")
maps = {}
for output_padding in [None, 0]:
    layer = keras.layers.Conv2DTranspose(
        3, 3, strides=2, padding="same", output_padding=output_padding
    )
    layer.build(x.shape)
    layer.kernel.assign(np.random.default_rng(1).normal(size=layer.kernel.shape))
    maps[output_padding] = np.asarray(layer(x))
cuts = {"without the first": maps[None][:, 1:, 1:], "without the last": maps[None][:, :-1, :-1]}
for name, cut in cuts.items():
    print(f"{name:17} largest difference {np.abs(cut - maps[0]).max():.5f}")
equal = [name for name, cut in cuts.items() if np.allclose(cut, maps[0], atol=1e-5)]
lab.outcome("which row goes", *(equal or ["neither"]))

# %% [markdown]
# The `output_padding` that leads back to 13 is a crop, too, and the right one: it belongs to the
# very convolution that turned 13 into 7. Whoever crops the end instead shifts the map by a pixel
# against the one that it is joined with.
#
# ### Exercise 8 · `output_padding_for`
#
# 4 points, 10 minutes, difficulty 3 of 5
#
# An encoder's `Conv2D` with this `kernel_size`, `stride` and `padding` shrinks an axis of length
# `n` to a length m. Return the `output_padding`, an int or `None`, with which a `Conv2DTranspose`
# of the same settings gets from m back to n, and runs when it is called. Where the default works,
# return `None`, even if an int would work, too.
#
# `n`, `kernel_size` and `stride` are ints of 1 or more, and any of them may be the largest;
# `padding` is `"valid"` or `"same"`. If `valid` finds no window, since `n` is below `kernel_size`,
# raise a `ValueError` whose message contains `n` or `kernel_size`; everything else has an answer.
#
# Expected: under `same`, with a 3x3 kernel and stride 2, `None` for n = 28 and 0 for n = 25.
#
# <details><summary>Hint 1</summary>
#
# First m: how many windows fit into n? Under `same` the last one may reach beyond the edge, so a
# part of a stride counts as a whole one.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Then two of the rules of [notebook 1](../01-zero-insertion/01-zero-insertion.ipynb), section 5: does the one for `None` give n? If
# not, for which `p` does the other one?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "output_padding_for", "locked": false, "schema_version": 3, "solution": true, "task": false}
def output_padding_for(n, kernel_size, stride, padding):
    """Find the output_padding with which a Conv2DTranspose restores an axis that a Conv2D shrank.

    n: int >= 1, the length that the Conv2D found; kernel_size, stride: int >= 1
    padding: "valid" or "same"
    returns: None where the default restores n, else the int that does
    raises: ValueError, whose message names n or kernel_size, for "valid" with n < kernel_size

    output_padding_for(8, 3, 2, "same") is None, output_padding_for(7, 3, 2, "same") is 0.
    """
    ### BEGIN SOLUTION
    valid = padding == "valid"
    if valid and n < kernel_size:
        raise ValueError(f"n = {n} is smaller than kernel_size = {kernel_size}: no window fits")
    if valid:
        m = (n - kernel_size) // stride + 1
        by_default = (m - 1) * stride + max(kernel_size, stride)
        with_zero = (m - 1) * stride + kernel_size
    else:
        m = (n + stride - 1) // stride
        by_default = m * stride
        with_zero = (m - 1) * stride + kernel_size % 2
    return None if n == by_default else n - with_zero
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_output_padding_for", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.output_padding_for(output_padding_for)
### BEGIN HIDDEN TESTS
trial = check.output_padding_for.trial(output_padding_for)
for setting in [
    *((n, 3, 2, "same") for n in (1, 2, 13, 14, 25)),
    *((n, 4, 2, "same") for n in (1, 9, 10)),
    *((n, 4, 3, "same") for n in (6, 7, 8)),
    *((n, 5, 3, "same") for n in (3, 4, 11)),
    *((n, 2, 5, "same") for n in (3, 6, 10)),
    *((n, 1, 4, "same") for n in (4, 5, 7)),
    *((n, 3, 2, "valid") for n in (3, 4, 28)),
    *((n, 5, 3, "valid") for n in (5, 6, 7, 13)),
    *((n, 2, 4, "valid") for n in (2, 3, 4, 5, 6, 9)),
    *((n, 1, 3, "valid") for n in (1, 2, 3)),
    *((n, 4, 1, padding) for n in (4, 6) for padding in ("valid", "same")),
    (1, 3, 1, "same"),
]:
    check.expect_output_padding(trial, *setting)
for n, kernel_size, stride in [(2, 3, 2), (1, 5, 1), (4, 5, 7)]:
    trial.expect_error(ValueError, ("n", "kernel_size"), n, kernel_size, stride, "valid")
### END HIDDEN TESTS

# %% [markdown]
# Now the same U-Net can be built for 25 pixels. It runs, and ends where it began:

# %%
with lab.needs("output_padding_for"):
    output_paddings = [output_padding_for(n, 3, 2, "same") for n in (13, 25)]
    unet = odd_unet(output_paddings)
    shape = unet(np.zeros((1, 25, 25, 1), "float32")).shape
    print(f"output_padding {output_paddings}: 25x25 -> 13x13 -> 7x7 -> {shape[1]}x{shape[2]}")

# %% [markdown]
# ## 9 · How large the first weights are
#
# An initializer should keep the size of the numbers from layer to layer: neither fading nor
# exploding. For a convolution with ReLU, He and others (2015) draw weights of standard deviation
# `sqrt(2 / fan_in)`, where `fan_in` is the number of products that are summed for one output, and
# the 2 makes up for what ReLU cuts off. Keras calls this `he_normal`; Keras' default is
# `glorot_uniform`. Do they fit a transposed convolution? The cell sends noise through a decoder of
# five 4x4 layers at stride 2 with 64 channels each, and prints the root mean square after each
# layer, divided by that of the input, over five seeds.

# %%
lab.predict(
    "after five layers",
    "After five Conv2DTranspose layers that start with he_normal: how large are the numbers, compared "
    "with the input?",
    options=["about as large", "about half as large", "less than a tenth as large"],
    guess=None,
)


# %%
def sizes_through(initializers, channels, seed):
    """Root mean square after each 4x4 layer of stride 2 with ReLU, relative to the input's."""
    x = keras.random.normal((1, 4, 4, channels[0]), seed=seed)
    scale = keras.ops.sqrt(keras.ops.mean(x**2))
    sizes = []
    for initializer, filters in zip(initializers, channels[1:], strict=True):
        layer = keras.layers.Conv2DTranspose(
            filters, 4, 2, padding="same", activation="relu", kernel_initializer=initializer
        )
        x = layer(x)
        sizes.append(float(keras.ops.sqrt(keras.ops.mean(x**2)) / scale))
    return sizes


channels, found = [64] * 6, {}
for name, kind in [("he_normal", "HeNormal"), ("glorot_uniform", "GlorotUniform")]:
    make = getattr(keras.initializers, kind)
    seeds = range(5)
    runs = [sizes_through([make(9 * seed + i) for i in range(5)], channels, seed) for seed in seeds]
    found[name] = np.array(runs)  # (seeds, layers)
    print(f"{name:14} mean of five seeds:", np.round(found[name].mean(axis=0), 3), end="   ")
    print(f"last layer {found[name][:, -1].min():.4f} to {found[name][:, -1].max():.4f}")
left = found["he_normal"][:, -1].mean()
shares = {"about as large": 1, "about half as large": 0.5, "less than a tenth as large": 0.05}
lab.outcome("after five layers", min(shares, key=lambda name: abs(shares[name] - left)))

# %% [markdown]
# With `he_normal` the numbers about halve with every layer, because Keras knows nothing of the
# stride: most products of the window meet an inserted zero. A second error is hidden here, since
# all layers have 64 channels: Keras counts `fan_in` from the shape of the kernel, as if it were
# that of a `Conv2D`, `(kh, kw, in, out)`, and so takes the *output* channels for the input
# channels.
#
# ### Exercise 9 · `transposed_he_stddev`
#
# 3 points, 8 minutes, difficulty 2 of 5
#
# A `Conv2DTranspose` layer with this `kernel_size`, `stride` and `in_channels` has new weights:
# independent, of mean 0. Its input is what a ReLU made of numbers that were symmetric around 0.
# Return the standard deviation of the weights, as a float and not rounded, for which the layer's
# output, before its own ReLU, has the same variance as those numbers. Output pixels need not all
# receive equally many products: take the average over them, away from the border.
#
# `kernel_size` is an int or a pair `(kh, kw)`; `stride`, an int, is at most the kernel's smaller
# side.
#
# Expected: about 0.0442 for a 4x4 kernel, stride 2 and 256 channels.
#
# <details><summary>Hint 1</summary>
#
# A number before a ReLU is a sum of products, one for each kernel entry that reaches the pixel and
# each input channel. With weights of variance v, what is the variance of such a sum? ReLU halves
# the mean square of what it is given.
#
# </details>
# <details><summary>Hint 2</summary>
#
# An input pixel hands a product to kh * kw output pixels, and there are stride**2 output pixels for
# each input pixel.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "transposed_he_stddev", "locked": false, "schema_version": 3, "solution": true, "task": false}
def transposed_he_stddev(kernel_size, stride, in_channels):
    """Find the standard deviation of new weights that keeps the variance through ReLU layers.

    kernel_size: int or (int, int); stride: int, 1 <= stride <= each side of the kernel
    in_channels: int, channels of the Conv2DTranspose's input
    returns: float

    transposed_he_stddev(2, 2, 2) is 1.0: each output pixel is a sum of two products.
    """
    ### BEGIN SOLUTION
    height, width = (kernel_size,) * 2 if isinstance(kernel_size, int) else kernel_size
    products = height * width * in_channels / stride**2  # in each output pixel, on average
    return float(np.sqrt(2 / products))
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_transposed_he_stddev", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.transposed_he_stddev(transposed_he_stddev)
### BEGIN HIDDEN TESTS
trial = check.transposed_he_stddev.trial(transposed_he_stddev)
generator = lab.rng("transposed_he_stddev")
for kernel_size, stride in [(3, 1), (1, 1), (4, 2), (5, 2), (5, 3), ((2, 6), 2), ((7, 3), 3)]:
    check.expect_stddev(trial, kernel_size, stride, int(generator.integers(3, 300)))
### END HIDDEN TESTS

# %% [markdown]
# The two errors may cancel, or not. The first cell compares the deviation that `he_normal` draws
# with yours; the second one sends noise through three decoders with each of these two and with
# Keras' default.

# %%
with lab.needs("transposed_he_stddev"):
    for size, stride, inputs, outputs in [
        (4, 2, 256, 16),
        (3, 1, 256, 16),
        (4, 2, 64, 16),
        (4, 2, 16, 64),
    ]:
        drawn = keras.initializers.HeNormal(0)((size, size, outputs, inputs))
        keras_draws, right = float(np.std(drawn)), transposed_he_stddev(size, stride, inputs)
        print(f"{inputs:3} -> {outputs:2}, {size}x{size}, stride {stride}: ", end="")
        print(f"he_normal {keras_draws:.4f}, yours {right:.4f}, ratio {keras_draws / right:.2f}")


# %%
with lab.needs("transposed_he_stddev"):
    sizes = {}
    for channels in [[64] * 6, [128, 64, 32, 16, 8, 4], [1024, 256, 64, 16, 4]]:
        decoder = f"{channels[0]} to {channels[-1]} channels"
        starts = {
            "glorot_uniform": lambda inputs, seed: keras.initializers.GlorotUniform(seed),
            "he_normal": lambda inputs, seed: keras.initializers.HeNormal(seed),
            "yours": lambda inputs, seed: keras.initializers.RandomNormal(
                stddev=transposed_he_stddev(4, 2, inputs), seed=seed
            ),
        }
        for name, start in starts.items():
            runs = [
                sizes_through(
                    [start(n, 9 * seed + i) for i, n in enumerate(channels[:-1])], channels, seed
                )
                for seed in range(3)
            ]
            sizes[f"{decoder}, {name}"] = np.array(runs)
            print(f"{decoder}, {name:14} last layer {np.mean(runs, axis=0)[-1]:.3f}")
    figures.sizes_by_layer(sizes)

# %% [markdown]
# With your deviation the size stays within about a third in all three decoders; part of what is
# lost is the border, which gets fewer products. With `he_normal` it depends on luck: where each
# layer has a quarter of the channels of the one before, the two errors cancel at stride 2. Keras'
# default fades fastest. This need not ruin a training; section 13 measures what it does to a small
# decoder.
#
# ## 10 · Weights from PyTorch
#
# Many published decoders were trained in PyTorch, whose `ConvTranspose2d` differs in three ways
# that matter here. Images are `(N, C, H, W)`, and kernels `(in, out, kh, kw)`. And `padding=p`
# means: stamp everything, then crop `p` rows and columns *on every side*; `output_padding` gives
# back some of those at the end. Where kernel minus stride is odd, Keras' `same` crops one row and
# column more at the end, as [notebook 1](../01-zero-insertion/01-zero-insertion.ipynb) showed.
#
# A 3x3 layer of stride 2 with `padding=1` and `output_padding=1` doubles the size, as Keras' `same`
# does. Is it the same layer?

# %%
lab.predict(
    "the port by same",
    "PyTorch's 3x3 layer (stride 2, padding=1, output_padding=1) against Keras' \"same\", same weights:",
    options=["equal numbers", "equal except at the border", "shifted by one pixel"],
    guess=None,
)

# %%
generator = np.random.default_rng(0)
x = generator.normal(size=(1, 16, 16, 1)).astype("float32")
weights = generator.normal(size=(3, 3, 1, 1)).astype("float32")
stamped = np.asarray(keras.ops.conv_transpose(x, weights, strides=2, padding="valid"))  # 33x33
by_same = np.asarray(keras.ops.conv_transpose(x, weights, strides=2, padding="same"))  # 32x32
# padding=1 crops each end, output_padding=1 gives the last one back
by_pytorch = stamped[:, 1:, 1:]  # 32x32
kinds = {
    "equal numbers": np.abs(by_same - by_pytorch).max(),
    "equal except at the border": np.abs(by_same - by_pytorch)[:, 2:-2, 2:-2].max(),
    "shifted by one pixel": np.abs(by_same[:, 1:, 1:] - by_pytorch[:, :-1, :-1]).max(),
}
for kind, difference in kinds.items():
    print(f"{kind:27} largest difference {difference:.5f}")
lab.outcome("the port by same", min(kinds, key=kinds.get))

# %% [markdown]
# The course's tests compare such a port with numbers from PyTorch 2.13 itself. A shifted image
# looks as plausible as any, so compare numbers when you port.
#
# ### Exercise 10 · `port_conv_transpose`
#
# 4 points, 12 minutes, difficulty 3 of 5
#
# Return a Keras model that computes what PyTorch's `ConvTranspose2d` computes with these weights:
# from (N, H, W, in), for any H and W, to (N, rows, columns, out), where rows is
# `(H-1)*stride + kh - 2*padding` and columns `(W-1)*stride + kw - 2*padding`. PyTorch stamps the
# kernel as it is, into `(H-1)*stride + kh` rows, and cuts `padding` rows off at the top and as many
# at the bottom; columns likewise. A bias is added to each pixel.
#
# `weight` is an array (in, out, kh, kw), `bias` an array (out,) or `None`, both float32; leave them
# unchanged. The kernel need not be square and may be smaller than the stride; `padding`, an int of
# 0 or more, may exceed it, as long as rows and columns are left. The model is built, for an input
# of `(None, None, in)`, and made of Keras' layers and `keras.ops`, with no `Lambda`. (Stamp with a
# `Conv2DTranspose` layer: a model made with `keras.ops.conv_transpose` on a `keras.Input` builds,
# but in this Keras it fails when it is called.)
#
# Expected: the result agrees with PyTorch's to 1e-5. For the image [[1, 2], [3, 4]], a kernel of 1
# to 9, stride 2 and padding 1, PyTorch gives [[5, 14, 10], [14, 36, 24], [15, 34, 20]].
#
# <details><summary>Hint 1</summary>
#
# Which axis of `weight` is which of the kernel's (kh, kw, out, in)? `np.transpose` reorders axes
# and turns nothing.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `Cropping2D(((top, bottom), (left, right)))` cuts rows and columns off. How many rows does `valid`
# give, and how many of them does PyTorch lack, if the stride is larger than the kernel?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "port_conv_transpose", "locked": false, "schema_version": 3, "solution": true, "task": false}
def port_conv_transpose(weight, bias, stride, padding):
    """Make a Keras model of PyTorch's ConvTranspose2d.

    weight: float32 array (in, out, kh, kw); bias: float32 array (out,) or None
    stride: int >= 1; padding: int >= 0, cut off on each side
    returns: built keras.Model for inputs of (None, None, in), (N, H, W, in) ->
        (N, (H-1)*stride + kh - 2*padding, (W-1)*stride + kw - 2*padding, out)
    """
    ### BEGIN SOLUTION
    inputs, outputs, *size = weight.shape
    layer = keras.layers.Conv2DTranspose(
        outputs, size, strides=stride, padding="valid", use_bias=bias is not None
    )
    cut = [(padding, padding + max(stride - k, 0)) for k in size]  # at the top and left, and beyond
    model = keras.Sequential(
        [keras.Input((None, None, inputs)), layer, keras.layers.Cropping2D(cut)]
    )
    kernel = np.transpose(weight, (2, 3, 1, 0))  # (kh, kw, out, in)
    layer.set_weights([kernel] if bias is None else [kernel, bias])
    return model
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_port_conv_transpose", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.port_conv_transpose(port_conv_transpose)
### BEGIN HIDDEN TESTS
trial, generator = check.port_conv_transpose.trial(port_conv_transpose), lab.rng("port")
for shape, stride, cropped, has_bias, sizes in [
    ((2, 3, 4, 4), 2, 1, True, [(1, 3), (4, 2)]),  # (in, out, kh, kw)
    ((3, 2, 3, 5), 1, 1, False, [(2, 3)]),
    ((2, 2, 2, 1), 3, 0, True, [(3, 2)]),
    ((1, 3, 1, 1), 2, 1, True, [(3, 4)]),
]:
    check.expect_port(trial, shape, stride, cropped, has_bias, sizes, generator)
### END HIDDEN TESTS

# %%
with lab.needs("port_conv_transpose"):
    weight = np.arange(1.0, 10.0, dtype="float32").reshape(1, 1, 3, 3)
    ported = port_conv_transpose(weight, None, 2, 1)
    two_by_two = np.array([[1.0, 2.0], [3.0, 4.0]], "float32")[None, :, :, None]
    print(np.asarray(ported(two_by_two))[0, :, :, 0])

# %% [markdown]
# ## 11 · Where the enlarged image lies
#
# Where does the enlarged image lie? A pixel covers a square of the plane, and twice as many pixels
# along each axis should cover the same square; so the center of a stamp should be the center of its
# pixel. Under `same` it is not always.

# %%
lab.predict(
    "where the image lies",
    "Each 2x2 block of an image is averaged to one pixel, and the result is enlarged by a smooth, symmetric 3x3 kernel at stride 2 "
    'under "same". How far does it move?',
    options=["not at all", "half a pixel", "a whole pixel"],
    guess=None,
)

# %% [markdown]
# The cell shrinks 200 garments by average or max pooling and enlarges them with smooth kernels of
# four sizes, whose even and odd entries sum to the same along an axis, so that a white area stays
# white. It prints how far the center of mass moves, and how well the silhouette (brighter than 0.5)
# meets the original one: their intersection over union (IoU).

# %%
garments = np.pad(validation[:200], ((0, 0), (4, 4), (4, 4), (0, 0)))  # (200, 36, 36, 1)
rows_of = {2: [1, 1], 3: [1, 2, 1], 4: [1, 3, 3, 1], 5: [1, 4, 6, 4, 1]}
smooth = {
    k: (np.outer(row, row) * 4 / sum(row) ** 2).astype("float32")[:, :, None, None]
    for k, row in rows_of.items()
}


def center(images):
    """Mean row of all images, weighted by their pixels, in pixels of the full size."""
    weights = np.sum(images, axis=(0, 2, 3))  # (rows,)
    size = 36 / len(weights)  # of a pixel
    return weights @ ((np.arange(len(weights)) + 0.5) * size) / weights.sum()


for name, pool in [("average", keras.ops.average_pool), ("max", keras.ops.max_pool)]:
    pooled = pool(garments, 2)  # (200, 18, 18, 1)
    for k, kernel in smooth.items():
        big = np.asarray(keras.ops.conv_transpose(pooled, kernel, 2, "same"))  # (200, 36, 36, 1)
        moved = center(big) - center(pooled)
        one, other = big > 0.5, garments > 0.5
        iou = np.sum(one & other) / np.sum(one | other)
        print(
            f"{name:7} pooling, then {k}x{k}: moved by {np.round(moved, 2) + 0:+.2f} rows, IoU {iou:.3f}"
        )
        if k == 3:
            moves = {"not at all": 0, "half a pixel": 0.5, "a whole pixel": 1}
            nearest = min(moves, key=lambda move: abs(moves[move] - abs(moved)))
lab.outcome("where the image lies", nearest)

# %% [markdown]
# The odd kernels move the image half a pixel down, and half a pixel to the right as well, since
# they are symmetric: `same` cannot crop half a pixel at each side. In general, for a kernel at
# least as large as the stride, a stamp is centered if their difference is even, and sits half a
# pixel too far down and right if it is odd; a smaller kernel lies too far up and left. The shift
# costs overlap: the even kernels are ahead of the odd ones, clearly after average pooling and a
# little after max pooling.
#
# After pooling, then, an even kernel. But strided convolutions have a shift of their own:

# %%
spot = np.zeros((1, 36, 36, 1), "float32")
spot[0, 16:18, 16:18] = 1
downs = {"2x2 pooling": keras.ops.average_pool(spot, 2)}
downs |= {f"{k}x{k} strided": keras.ops.conv(spot, smooth[k] / 4, 2, "same") for k in [3, 4, 5]}
for name, shrunk in downs.items():
    print(f"{name:12}", end="")
    for k in [3, 4, 5]:
        big = keras.ops.conv_transpose(shrunk, smooth[k], 2, "same")
        print(f"   then {k}x{k}: {center(np.asarray(big)) - center(spot):+.2f}", end="")
    print()
dot = np.zeros((1, 9, 9, 1), "float32")
dot[0, 3, 3] = 1
twice = keras.ops.conv_transpose(dot, smooth[3], 2, "same")
twice = keras.ops.conv_transpose(twice, smooth[3], 2, "same")  # (1, 36, 36, 1)
print(f"4x4 pooling, then 3x3 twice: {center(np.asarray(twice)) - center(dot):+.2f}")

# %% [markdown]
# At stride 2 and on even sizes, a transposed convolution undoes the shift of the convolution whose
# size has the same parity: odd goes with odd, even with even, and 2x2 pooling counts as even. Where
# the parities differ, the half pixels add up, each of them doubled by the layers that follow: two
# layers move the image by one and a half pixels. These are rules about where stamps lie. A trained
# kernel may put its weight to one side and make up for some of it.
#
# ## 12 · A decoder that learns
#
# Now everything together. An *autoencoder* squeezes an image through a narrow vector, the latent
# vector, and learns to get it back. The encoder, two strided convolutions and a dense layer, is
# given; the decoder is yours. `train_autoencoder` joins the two and trains them, from new weights
# each time, to reproduce their input. After each epoch it measures the error on 1,000 training
# images and on the validation images, with the weights of that moment.


# %% nbgrader={"grade": false, "grade_id": "setup_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
def make_autoencoder(decoder, seed):
    """Join a given encoder and a copy of `decoder` that has new weights.

    decoder: model from (latent_dim,) to (28, 28, 1)
    returns: model from (28, 28, 1) to (28, 28, 1)
    """
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),  # (14, 14, 16)
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),  # (7, 7, 32)
            layers.Flatten(),  # (1568,)
            layers.Dense(decoder.input_shape[1]),  # (latent_dim,)
        ]
    )
    return keras.Sequential([encoder, keras.models.clone_model(decoder)])


def train_autoencoder(decoder, images, validation, epochs, seed):
    """Train an autoencoder to reproduce images.

    decoder: model from (latent_dim,) to (28, 28, 1); images, validation: (N, 28, 28, 1) in [0, 1]
    returns: the trained autoencoder, and its mean squared errors (epochs + 1, 2): before training
        and after each epoch, on the first 1,000 images and on the validation images
    """
    autoencoder = make_autoencoder(decoder, seed)
    autoencoder.compile(keras.optimizers.Adam(2e-3), loss="mse")
    errors = []

    def measure(*_):
        both = (images[:1000], validation)
        errors.append([autoencoder.evaluate(x, x, batch_size=250, verbose=0) for x in both])

    measure()
    shown = [lab.progress.epochs(), keras.callbacks.LambdaCallback(on_epoch_end=measure)]
    autoencoder.fit(images, images, epochs=epochs, verbose=0, callbacks=shown)
    return autoencoder, np.array(errors)


# %% [markdown]
# ### Exercise 11 · `build_decoder`
#
# 5 points, 15 minutes, difficulty 3 of 5
#
# Build a decoder from a vector of `latent_dim` numbers to a 28x28 image with one channel and pixels
# in [0, 1], for any `latent_dim` of 1 or more. It passes through feature maps of 7x7 and 14x14 and
# grows by at least two strided `Conv2DTranspose` layers; every layer is trainable. Behind the first
# strided layer, the image does not become a vector again (by `Flatten` and `Dense`, or global
# pooling).
#
# Return a `keras.Model` of built-in layers (no `Lambda`). How many filters is up to you. The
# hidden test trains a model of your builder with the encoder above for a few seconds, at most three
# epochs on 1,000 images with 16 latent numbers, and stops as soon as the mean squared error on
# images that your code never saw is below 0.065: that is what it asks for. Any sensible decoder
# comes well below; always answering with the mean image makes almost 0.09, as the cell after the
# check prints. Small is enough: with 200,000 parameters or fewer, those seconds suffice.
#
# Expected: trained by the cells below, clear shirts, trousers and shoes, and a validation error
# near the stored runs of the figure.
#
# <details><summary>Hint 1</summary>
#
# A `Dense` layer makes 7 * 7 * channels numbers of the vector; `Reshape` turns them into the first
# feature map.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Then the upsampler of exercise 1, twice: each stride-2 layer ends in ReLU, and only the last layer
# of all has the activation of exercise 3 for `"image-in-0-1"`.
#
# </details>
# <details><summary>Hint 3</summary>
#
# 32 channels at 7x7 and 14x14 and 16 at 28x28 learn well within the time.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "build_decoder", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_decoder(latent_dim):
    """Build a decoder (latent_dim,) -> 7x7 -> 14x14 -> (28, 28, 1) with pixels in [0, 1].

    latent_dim: int >= 1
    returns: keras.Model from (latent_dim,) to (28, 28, 1)
    """
    ### BEGIN SOLUTION
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((latent_dim,)),
            layers.Dense(7 * 7 * 32, activation="relu"),  # (1568,)
            layers.Reshape((7, 7, 32)),  # (7, 7, 32)
            layers.Conv2DTranspose(
                32, 3, strides=2, padding="same", activation="relu"
            ),  # (14, 14, 32)
            layers.Conv2DTranspose(
                16, 3, strides=2, padding="same", activation="relu"
            ),  # (28, 28, 16)
            layers.Conv2D(1, 3, padding="same", activation="sigmoid"),  # (28, 28, 1)
        ]
    )
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_build_decoder", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.build_decoder(build_decoder)
### BEGIN HIDDEN TESTS
trial = check.build_decoder.trial(build_decoder)
decoder = check.expect_decoder(trial, 16, lab.rng("build_decoder"))
# Error on the test split after three epochs, ten seeds each, mean (standard deviation): the
# reference 0.027 (0.001), and 0.055 (0.009) after one; 4x4 kernels, ending in a strided layer 0.028
# (0.001); batch normalization 0.023 (0.001); 64 and 32 filters 0.025 (0.000); linear dense layer
# 0.026 (0.001); only 8 filters 0.039 (0.006), 4 filters 0.049 (0.006); after two epochs all of
# them are below 0.065. Wrong ones, the best of ten seeds and three epochs: ReLU before the sigmoid
# 0.170, zeros at the start 0.142; always the mean image 0.087; a single channel 0.066.
unseen = datasets.fashion_mnist("test")[0][:300]
reached = []


def learned(model):
    """Whether its error on the unseen images is small enough."""
    reached.append(float(np.mean((model(unseen) - unseen) ** 2)))
    return reached[-1] < 0.065


for seed in range(3):  # a miss gets two more tries, and the best counts
    trained = make_autoencoder(check.quick_to_train(decoder), seed)
    how = {"epochs": 3, "batch_size": 16, "rate": 2e-3, "seed": seed, "until": learned}
    if check.train_briefly(trained, images[:1000], images[:1000], **how):
        break
else:
    check.suspect(trial, decoder)
    trial.fail(
        f"Trained on 1,000 images, it reaches a mean squared error of {min(reached):.3f} on images "
        "that it has not seen; less than 0.065 is asked for, and always answering with the mean "
        "image makes 0.087."
    )
### END HIDDEN TESTS

# %% [markdown]
# Train it with 16 latent numbers for each image, on all 8,000 training images. This takes about 15
# seconds. The figure shows your run beside the range of ten stored ones, from other initial
# weights, of the decoder that hint 3 describes with 3x3 kernels.

# %%
measured = datasets.measurements("upsamplers")["upsamplers"]
with lab.needs("build_decoder"):
    autoencoder, errors = train_autoencoder(build_decoder(16), images, validation, epochs=3, seed=0)
    mean_error = np.mean((validation - images.mean(axis=0)) ** 2)
    print(f"always the mean image: {mean_error:.3f}; ", end="")
    print(
        f"yours: {errors[-1, 1]:.3f} on validation images, {errors[-1, 0]:.3f} on training images"
    )
    stored = np.array([run["mse"] for run in measured["transposed 3x3"]["runs"]])  # (10, 4)
    figures.errors_by_epoch(
        errors, {"3x3 kernels": stored}, mean_error, "Most is learned in the first epoch"
    )

# %% [markdown]
# The three rows show ten validation images, which the autoencoder was not trained on, what it made
# of them, and the absolute error. Shapes and shades are there; fine prints and textures are not,
# after three epochs and with 16 numbers.

# %% tags=["picture"]
with lab.needs("build_decoder"):
    rebuilt = autoencoder.predict(validation[:10], verbose=0)  # (10, 28, 28, 1)
    figures.reconstructions(
        validation[:10], rebuilt, "Sixteen numbers are enough for the shape of a garment"
    )

# %% [markdown]
# The decoder also draws vectors that no image was encoded to. The strip walks in equal steps
# from the latent vector of one garment to that of another; in a live notebook a slider below it
# does the same.

# %%
with lab.needs("build_decoder"):
    encoder, decoder = autoencoder.layers
    start, end = np.asarray(encoder(validation[[9, 3]]))  # (16,) each
    figures.latent_walk(decoder, start, end)

# %% [markdown]
# ## 13 · Which upsampler when
#
# The kernel size was given so far. Which one would you choose, or would you rather repeat pixels
# and convolve? Stored measurements compare eleven upsamplers in this decoder, over three epochs and
# ten seeds each. (`data/measurements-upsamplers.json` names script, versions and date.) Some of
# them try to avoid what untrained decoders make of a flat input: a grid, whose period is 2 pixels
# after one strided layer and 4 after two.


# %%
def untrained_answer(seed):
    """What a new decoder of two strided 3x3 layers makes of a flat input, from black to white."""
    keras.utils.set_random_seed(seed)
    up = {"kernel_size": 3, "strides": 2, "padding": "same", "activation": "relu"}
    flat = np.ones((1, 7, 7, 32), "float32")
    for layer in [
        keras.layers.Conv2DTranspose(32, **up),
        keras.layers.Conv2DTranspose(16, **up),
        keras.layers.Conv2D(1, 3, padding="same"),
    ]:
        flat = layer(flat)
    answer = np.asarray(flat)[0, :, :, 0]  # (28, 28)
    return (answer - answer.min()) / np.ptp(answer)


figures.image_row(
    [untrained_answer(seed) for seed in range(4)],
    [f"weights {seed}" for seed in range(1, 5)],
    "Of a flat input, untrained strided layers make a grid",
)

# %%
lab.predict(
    "smallest error",
    "Which of these has the smallest validation error after three epochs, on average?",
    options=["transposed 2x2", "transposed 3x3", "transposed 4x4", "nearest + 3x3"],
    guess=None,
)

# %%
lab.predict(
    "grid after training",
    "How much of the grid is left after three epochs of training, with 3x3 transposed layers?",
    options=["most of it", "about half", "almost nothing"],
    guess=None,
)

# %% [markdown]
# In the table, `products` are multiply-adds for each output pixel and pair of channels, `memory` is
# all feature maps of the decoder for one image, and `time` the CPU time of an epoch relative to the
# 3x3 layer's. `grid` compares the power of the decoder's images at the frequencies of a grid with
# that at the frequencies beside them, before and after training; the first line says what it is for
# the images themselves. "Corrected start" is the deviation of exercise 9, "sub-pixel" and ICNR are
# [notebook 5](../05-super-resolution/05-super-resolution.ipynb)'s.

# %%
stored = datasets.measurements("upsamplers")
print(f"grid of the validation images: {stored['baselines']['images']['grid_drawn']:.2f}")
print(f"{'':31} products  memory  time   error: mean (range)         grid: before, after")
for name, one in measured.items():
    last = [run["mse"][-1] for run in one["runs"]]
    grid = np.mean([[run["grid_drawn"][0], run["grid_drawn"][-1]] for run in one["runs"]], axis=0)
    products = one["multiply_adds"] / (14 * 14 * 32 * 32 + 28 * 28 * 32 * 16)
    print(f"{name:31} {products:8.2f} {one['activations']['sum'] / 1024:5.0f} KB", end="")
    print(
        f" {one['seconds_training']:5.2f}   {np.mean(last):.4f} ({min(last):.4f} to {max(last):.4f})",
        end="",
    )
    print(f" {grid[0]:11.1f} {grid[1]:6.2f}")
errors_of = {
    name: np.mean([run["mse"][-1] for run in one["runs"]]) for name, one in measured.items()
}
for name, runs in datasets.measurements("upsamplers-longer")["mse"].items():
    print(f"after 15 epochs, four seeds: {name:31} {np.mean(runs, axis=0)[-1]:.4f}")
asked = ["transposed 2x2", "transposed 3x3", "transposed 4x4", "nearest + 3x3"]
lab.outcome("smallest error", min(asked, key=errors_of.get))
left = np.mean([run["grid_drawn"][-1] for run in measured["transposed 3x3"]["runs"]]) - 1
left /= np.mean([run["grid_drawn"][0] for run in measured["transposed 3x3"]["runs"]]) - 1
shares = {"most of it": 1, "about half": 0.5, "almost nothing": 0}
lab.outcome("grid after training", min(shares, key=lambda name: abs(shares[name] - left)))

# %% [markdown]
# Read the table with its ranges, and its times with care: the same layers with another start differ
# by up to 8 percent. Nearest-neighbor upsampling with a convolution, and the sub-pixel layer that
# starts without a grid (ICNR), come out best here, and tie. Both compute four times the products of
# a 3x3 transposed layer and take 1.6 to 1.8 times its time; the former also needs more than twice
# the memory. Among transposed layers, 5x5 kernels, a bilinear start and the corrected start of a
# 4x4 layer are a little better than plain 3x3 and 4x4, and 2x2 is worst. All of this is small
# beside the mean image's error of 0.087, and it shrinks: after 15 epochs, 3x3, 4x4 and nearest are
# within 3 percent.
#
# The grid is almost gone after three epochs on these images: the transposed and sub-pixel layers
# end at 1.01 to 1.09, the images themselves have 0.98. Where a grid stays, and why, is the subject
# of [notebook 4](../04-checkerboard-artifacts/04-checkerboard-artifacts.ipynb).
#
# One more number counts where images are cut into tiles or objects touch the edge: how much of its
# stamps or windows a layer loses at the border. The cell gives each layer equal weights and a white
# image, and prints the edge row relative to the rows inside that have the same phase.


# %%
def edges(layer):
    """Rows at the top and the bottom of an answer to white, relative to those inside."""
    layer.build((None, 16, 16, 1))
    layer.set_weights([np.ones_like(w) for w in layer.get_weights()])
    rows = np.asarray(layer(np.ones((1, 16, 16, 1), "float32")))[0, :, 16, 0]  # (32,)
    return rows[0] / rows[16], rows[-1] / rows[15]


options = {"padding": "same", "use_bias": False}
candidates = {
    f"transposed {k}x{k}": keras.layers.Conv2DTranspose(1, k, 2, **options) for k in range(2, 6)
}
for interpolation in ["nearest", "bilinear"]:
    candidates[f"{interpolation} + 3x3"] = keras.Sequential(
        [
            keras.layers.UpSampling2D(2, interpolation=interpolation),
            keras.layers.Conv2D(1, 3, **options),
        ]
    )
for name, layer in candidates.items():
    top, bottom = edges(layer)
    print(f"{name:16} top {top:.2f}, bottom {bottom:.2f}")

# %% [markdown]
# | you need | take |
# |---|---|
# | a first try, at any cost | nearest-neighbor upsampling and a 3x3 convolution, or a sub-pixel layer with ICNR |
# | speed | a transposed convolution, 2x2 or 3x3: fewest products; the feature maps stay small |
# | the right place after pooling | a 4x4 transposed convolution |
# | the right place after a strided convolution | its own kernel size, with `output_padding_for` |
# | clean edges | 2x2: it loses nothing at the border, and has the largest error here |
# | no grid at the start | a bilinear kernel, ICNR, or upsampling and a convolution |
#
# ## In practice
#
# Three errors and their messages. You have met the first two; the third one stops whoever wants a
# wide kernel and doubling at once.

# %%
for make in [
    lambda: odd_unet([None, None]),
    lambda: keras.layers.Conv2DTranspose(1, 4, 2, "same", output_padding=0)(np.zeros((1, 7, 7, 1))),
    lambda: keras.layers.Conv2DTranspose(1, 3, strides=2, dilation_rate=2),
]:
    try:
        make()
    except (ValueError, tf.errors.OpError) as error:
        text = str(error)  # TensorFlow's text differs between machines; the operation does not
        print(text[text.find("[Op:") :].split("]")[0] + "]" if "[Op:" in text else text, end="\n\n")

# %% [markdown]
# And after the cure, each called on one image:

# %%
up = {"strides": 2, "padding": "same"}
cures = {
    "odd sizes, output_padding 0 and 0": (odd_unet([0, 0]), (1, 25, 25, 1)),
    "even kernel, output_padding None": (keras.layers.Conv2DTranspose(1, 4, **up), (1, 7, 7, 1)),
    "stride first, then dilation": (
        keras.Sequential(
            [
                keras.layers.Conv2DTranspose(4, 2, **up),
                keras.layers.Conv2D(1, 3, dilation_rate=2, padding="same"),
            ]
        ),
        (1, 7, 7, 1),
    ),
}
for name, (cured, shape) in cures.items():
    print(f"{name:34} {shape[1:3]} -> {tuple(cured(np.zeros(shape, 'float32')).shape[1:3])}")

# %% [markdown]
# | what you see | what it is | cure |
# |---|---|---|
# | `Concatenate` requires matching shapes | an odd size on the way down | `output_padding_for` |
# | `[Op:Conv2DBackpropInput]`, only when called | `same`, even kernel, `output_padding=0` | None, or 1 |
# | `strides > 1` not supported with `dilation_rate > 1` | one layer cannot do both | a transposed layer, then a dilated `Conv2D` |
# | `Dimensions must be equal` in the loss | a decoder that ends at another size | look for the first wrong size in the summary |
# | images off by half a pixel or one, no error | an odd kernel after pooling, or a port by `same` | an even kernel; `valid` and a crop |
# | numbers that fade from layer to layer | an initializer that reads the kernel as a convolution's | `transposed_he_stddev`, or normalization |
#
# ## What you can do now
#
# You can build an upsampler and a decoder, count what they learn, choose the last activation, set a
# kernel by hand, repair sizes, get back to odd ones, choose initial weights, port weights, and
# choose an upsampler for a reason.
#
# **Take-aways**
#
# 1. The kernel has shape `(kh, kw, out, in)`: the array of the `Conv2D` that it transposes. The layer
#    is that convolution's gradient, and error messages call it so.
# 2. ReLU inside, and at the end the activation whose range is the range of the target. For masks, a
#    linear end and `from_logits=True` keep the gradient in any case.
# 3. At stride 2, `same` and None double every size; `output_padding` gets back to odd ones, and crops
#    the right rows.
# 4. Under `same`, stamps of a kernel larger than the stride lie half a pixel off if kernel minus stride
#    is odd; after a convolution of the same parity that is right. In general, a port from PyTorch needs `valid` and a crop.
# 5. Each output pixel sums `kh * kw * in / stride**2` products on average. Initializers that know only
#    the kernel's shape get that right only by luck.
#
# **To read**
#
# - François Chollet, Matthew Watson: *Deep Learning with Python*, third edition (Manning 2025), the
#   chapter on image segmentation: a decoder of transposed convolutions in Keras.
# - The documentation of PyTorch's `ConvTranspose2d`, which says that the layer is a gradient and "not
#   an actual deconvolution".
# - Jonathan Long, Evan Shelhamer, Trevor Darrell: *Fully Convolutional Networks for Semantic
#   Segmentation* (2015), sections 3.3 and 4.3, on bilinear kernels that are fixed or learned.
# - Kaiming He and others: *Delving Deep into Rectifiers* (2015), section 2.2, on initial weights.
#
# Your guesses, beside what came out:

# %%
lab.predictions()

# %% [markdown]
# The last cell lists all exercises.

# %%
lab.scoreboard(check)

# %% [markdown]
# Back: [1 · Zero insertion](../01-zero-insertion/01-zero-insertion.ipynb)
#
# Next: [3 · Segmentation decoder](../03-segmentation-decoder/03-segmentation-decoder.ipynb)
