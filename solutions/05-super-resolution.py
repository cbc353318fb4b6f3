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
# # 5 · Super-resolution: invent detail, and measure how well
#
# A 14x14 picture of a sandal holds 196 numbers; the 28x28 original had 784. Super-resolution guesses
# the missing ones. In this notebook you build the three blocks with which networks enlarge, a
# transposed convolution, resizing and a sub-pixel convolution, train a network with each, and
# measure what they are worth: in decibels, artifacts, parameters and multiply-adds. Then you take
# your network to real photographs, where it has a harder time.
#
# **You need to know** how to build and train a small CNN in Keras, and what a strided
# `Conv2DTranspose` does. [Notebook 4](../04-checkerboard-artifacts/04-checkerboard-artifacts.ipynb), on checkerboards, helps with sections 5 and 8; nothing here
# imports the earlier notebooks.
#
# **Time**: about 110 minutes; six exercises, 40 points.
#
# **How it is graded**: below every exercise stands a cell with a *visible check*. It calls your
# function on a few small examples, and where something is wrong it says what came back and which
# misconception that looks like. *Hidden tests*, run by your instructor, decide the points; they use
# other sizes and values, and ask for nothing that the task's text does not say.
# Grading has Python's standard library, NumPy, Matplotlib, TensorFlow and Keras, and nothing else.
# Before you submit, choose **Kernel, Restart Kernel and Run All Cells** and look at the table at
# the end. You may submit with exercises left open: each exercise counts for itself, except that
# your `build_sr` may call your `subpixel_block`. Of a model, its layers and weights are graded:
# build it of Keras' own layers and functions, with no `Lambda` and no class or function of your
# own inside.

# %% [markdown]
# ## Set-up
#
# Run this cell first; the first time it takes up to a minute.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import functools
import importlib.util
import time

if importlib.util.find_spec("autograder") is None:
    raise RuntimeError("The course is not installed here: set it up as its README says.")

from autograder import lab  # isort: skip  (first: it quiets TensorFlow's start-up lines)
import keras
import numpy as np
import tensorflow as tf

from autograder.lab import datasets
from autograder.lab.checks import super_resolution as check
from autograder.lab.figures import super_resolution as figures

# %% [markdown]
# The pictures are those of [notebook 2](../02-conv2dtranspose/02-conv2dtranspose.ipynb), from Fashion-MNIST (Xiao, Rasul and Vollgraf 2017). A small
# image is made from a large one by averaging blocks of 2x2 pixels, and enlarged for comparison by
# bicubic interpolation, which fits a smooth surface through 4x4 neighbors and is what most image
# programs use.


# %% nbgrader={"grade": false, "grade_id": "setup_data", "locked": true, "schema_version": 3, "solution": false, "task": false}
def shrink(images):
    """Average blocks of 2x2 pixels: (N, H, W, C) -> (N, H/2, W/2, C)."""
    return np.asarray(keras.ops.average_pool(images, 2))


def enlarge(images, kind="bicubic"):
    """Double height and width by a fixed interpolation: (N, H, W, C) -> (N, 2H, 2W, C)."""
    return np.asarray(keras.layers.UpSampling2D(2, interpolation=kind)(images))


images, _ = datasets.fashion_mnist("train")  # (8000, 28, 28, 1), float32 in [0, 1]
validation, _ = datasets.fashion_mnist("validation")  # (1000, 28, 28, 1)

# %% [markdown]
# **What you will build.** From the second picture of the figure, and from nothing else, the fixed
# rules make the next three. All three are blurred: a rule that knows nothing of clothes cannot know
# where an edge was sharp. Your network will have seen clothes before.

# %%
low_validation = shrink(validation)  # (1000, 14, 14, 1)
figures.image_row(
    [validation[20], low_validation[20]]
    + [enlarge(low_validation[20:21], kind)[0] for kind in ["nearest", "bilinear", "bicubic"]],
    ["original, 28x28", "average, 14x14", "nearest", "bilinear", "bicubic"],
    "Interpolation makes an image larger, not sharper",
)

# %% [markdown]
# ## 1 · How good is an enlargement?
#
# "Sharper" is not a measure. The usual one compares the enlargement with the original pixel by pixel:
# the mean squared error of the image, MSE, put on a logarithmic scale. The *peak signal-to-noise
# ratio* of an image with pixels from 0 to `max_val` is
#
# $$\mathrm{PSNR} = 10 \log_{10} \frac{\mathtt{max\_val}^2}{\mathrm{MSE}}$$
#
# in decibels, dB. Larger is better. Ten times the squared error costs 10 dB; half of it gains about
# 3 dB. Watch it fall as noise of growing strength is laid over a constant image; TensorFlow
# computes it here.

# %%
noise = np.random.default_rng(0).normal(size=(1, 64, 64, 1)).astype("float32")
for strength in [0.01, 0.1, 0.2]:
    noisy = 0.5 + strength * noise  # (1, 64, 64, 1)
    decibels = float(tf.image.psnr(np.full_like(noisy, 0.5), noisy, max_val=1.0)[0])
    print(f"noise of standard deviation {strength:<4} -> {decibels:.0f} dB")

# %% [markdown]
# ### Exercise 1 · `psnr`
#
# 5 points, 8 minutes, difficulty 1 of 5
#
# For two batches of images, float arrays of equal shape `(N, H, W, C)`, return the PSNR of each of
# the N pairs, as an array of shape `(N,)`. The error of an image is averaged over its pixels and
# channels. Two equal images have `inf`, never `nan`.
#
# Both arguments stay as they are; float32 and float64 are used, and `max_val` is any positive
# number.
#
# Expected: for an error of 0.1 at every pixel and `max_val=1.0`, 20 dB.
#
# <details><summary>Hint 1</summary>
#
# `np.mean` takes a tuple of axes. Which axes belong to one image?
#
# </details>
# <details><summary>Hint 2</summary>
#
# NumPy's division of a positive number by zero is `inf`, and so is its logarithm; NumPy only warns.
# `with np.errstate(divide="ignore"):` around the line keeps it quiet.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "psnr", "locked": false, "schema_version": 3, "solution": true, "task": false}
def psnr(a, b, max_val=1.0):
    """Measure the peak signal-to-noise ratio of each pair of images, in dB.

    a, b: float arrays of shape (N, H, W, C), pixels between 0 and max_val
    returns: float array of shape (N,); inf where two images are equal

    psnr(np.zeros((2, 4, 4, 1)), np.full((2, 4, 4, 1), 0.1)) is [20., 20.].
    """
    ### BEGIN SOLUTION
    squared = np.mean((a - b) ** 2, axis=(1, 2, 3))  # (N,)
    with np.errstate(divide="ignore"):  # equal images
        return 10 * np.log10(max_val**2 / squared)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_psnr", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.psnr(psnr)
### BEGIN HIDDEN TESTS
trial, generator = check.psnr.trial(psnr), lab.rng("psnr")
for shape, options in [
    ((1, 7, 3, 2), {}),
    ((4, 3, 8, 1), {"max_val": 2.0}),
    ((3, 5, 5, 3), {"max_val": 255.0, "dtype": "float64"}),
    ((2, 1, 9, 1), {"equal": True}),
    ((1, 4, 2, 3), {"equal": True, "max_val": 0.5}),
]:
    check.expect_psnr(trial, shape, generator, **options)
### END HIDDEN TESTS

# %% [markdown]
# Your measure of the three fixed rules, as the mean over 1,000 images. The bicubic line is the one
# to beat.

# %%
with lab.needs("psnr"):
    for kind in ["nearest", "bilinear", "bicubic"]:
        print(f"{kind:9}{psnr(enlarge(low_validation, kind), validation).mean():5.1f} dB")

# %% [markdown]
# A mean hides a lot. Three images that bicubic interpolation enlarges worst, and three that it
# enlarges best:

# %%
with lab.needs("psnr"):
    fixed = psnr(enlarge(low_validation), validation)  # (1000,)
    extremes = [*np.argsort(fixed)[:3], *np.argsort(fixed)[-3:]]
    figures.image_row(
        [validation[i] for i in extremes],
        [f"{fixed[i]:.0f} dB" for i in extremes],
        "Stripes and straps are lost in the average; dark, plain cloth has little to lose",
    )

# %% [markdown]
# ## 2 · Where to enlarge, and what it costs
#
# A network that enlarges by `factor` must do so somewhere between its layers. Three blocks are in
# use, each from `Cin` channels at low resolution to `Cout` channels at high resolution:
#
# | block | how it works |
# |---|---|
# | *transpose* | `Conv2DTranspose` with stride `factor`: each input pixel stamps a k x k kernel |
# | *resize* | nearest-neighbor enlargement, then a k x k `Conv2D` over the large image |
# | *subpixel* | a k x k `Conv2D` over the *small* image to `Cout * factor**2` channels, which are then dealt out to the pixels of the large image |
#
# Nearly all the work is multiply-adds: one multiplication of an input number with an entry of the
# kernel, added to an output number. A plain `Conv2D` makes `k*k*Cin*Cout` of them for each pixel of
# its output.
#
# ### Exercise 2 · `macs_per_pixel`
#
# 4 points, 6 minutes, difficulty 2 of 5
#
# Return how many multiply-adds each block makes for one pixel of the *large* output image, divided
# by `Cin * Cout`, where `Cout` is the number of channels that the whole block puts out. Borders,
# biases and the rearranging of pixels do not count, and nobody multiplies with inserted zeros. The
# result is a float; `upsampler` is `"transpose"`, `"resize"` or `"subpixel"`, and `kernel_size` and
# `factor` are ints.
#
# Expected: the bars after the check.
#
# <details><summary>Hint 1</summary>
#
# The large image has `factor**2` times as many pixels as the small one. For each block: how often
# is the kernel applied, once for each pixel of the small image or of the large one?
#
# </details>
# <details><summary>Hint 2</summary>
#
# The convolution of *subpixel* has `Cout * factor**2` output channels, and is applied once for each
# pixel of the small image.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "macs_per_pixel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def macs_per_pixel(upsampler, kernel_size, factor):
    """Count the multiply-adds of an upsampling block per output pixel, over Cin * Cout.

    upsampler: "transpose", "resize" or "subpixel"; kernel_size, factor: int
    returns: float

    macs_per_pixel("resize", 1, 2) is 1.0.
    """
    ### BEGIN SOLUTION
    if upsampler == "transpose":  # one stamp for each of the fewer input pixels
        return kernel_size**2 / factor**2
    return float(kernel_size**2)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_macs_per_pixel", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.macs_per_pixel(macs_per_pixel)
### BEGIN HIDDEN TESTS
trial = check.macs_per_pixel.trial(macs_per_pixel)
for arguments, count in [
    (("transpose", 4, 2), 4.0),
    (("transpose", 5, 2), 6.25),
    (("transpose", 4, 4), 1.0),
    (("transpose", 9, 3), 9.0),
    (("transpose", 2, 4), 0.25),
    (("resize", 5, 3), 25.0),
    (("resize", 1, 4), 1.0),
    (("subpixel", 1, 3), 1.0),
    (("subpixel", 7, 2), 49.0),
    (("subpixel", 3, 4), 9.0),
]:
    check.expect_macs(trial, *arguments, count)
### END HIDDEN TESTS

# %%
with lab.needs("macs_per_pixel"):
    kernels = [("transpose", k) for k in (2, 3, 4, 6)] + [("resize", 3), ("subpixel", 3)]
    figures.costs({f"{kind} {k}x{k}": macs_per_pixel(kind, k, 2) for kind, k in kernels})

# %% [markdown]
# Two remarks. Most of what *resize* does is wasted: in a block of 2x2 equal pixels the kernel meets
# the same number several times, and a kernel folded for that would do with 4 instead of 9
# ([notebook 4](../04-checkerboard-artifacts/04-checkerboard-artifacts.ipynb) folds it). And *transpose* with 6x6 costs exactly as much as *subpixel* with 3x3,
# which is no coincidence; section 4 shows why.
#
# ## 3 · From depth to space
#
# The last step of the sub-pixel block only moves numbers. Below, the eight channels of two pixels
# side by side carry the numbers 0 to 7 and 10 to 17, and TensorFlow deals them out to two channels
# of 2x4 pixels. Look closely at which number goes where.

# %%
numbered = np.stack([np.arange(8), 10 + np.arange(8)]).reshape(1, 1, 2, 8)  # (1, 1, 2, 8)
dealt = tf.nn.depth_to_space(numbered, 2).numpy()  # (1, 2, 4, 2)
print("channels of the left pixel: ", numbered[0, 0, 0])
print("channels of the right pixel:", numbered[0, 0, 1])
figures.number_grids(
    [dealt[0, :, :, 0], dealt[0, :, :, 1]],
    ["output channel 0", "output channel 1"],
    "Each input pixel becomes a block of 2 x 2",
)

# %% [markdown]
# ### Exercise 3 · `depth_to_space`
#
# 7 points, 12 minutes, difficulty 3 of 5
#
# Write this rearrangement in NumPy, in TensorFlow's order, for any `factor` of 1 or more: an array
# of shape `(N, H, W, C*factor**2)` becomes `(N, H*factor, W*factor, C)`, with the same dtype. Any
# numeric dtype may come, and any memory layout; `x` stays as it is.
#
# In words: channel `(p*factor + q)*C + c` of the pixel in row `i`, column `j` goes to channel `c`
# of the pixel in row `i*factor + p`, column `j*factor + q`.
#
# Expected: for `numbered`, the two grids above.
#
# <details><summary>Hint 1</summary>
#
# First give each of the three meanings of the last axis an axis of its own: p, q and c. In which
# order do they stand there, if c counts fastest?
#
# </details>
# <details><summary>Hint 2</summary>
#
# After the first `reshape` you have six axes, `(N, H, W, p, q, C)`. `transpose` them so that each
# of p and q stands right behind the axis that it refines; a second `reshape` then merges.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "depth_to_space", "locked": false, "schema_version": 3, "solution": true, "task": false}
def depth_to_space(x, factor):
    """Deal the channels of each pixel out to a block of factor x factor pixels.

    x: array of shape (N, H, W, C*factor**2); factor: int >= 1
    returns: array of the same dtype, of shape (N, H*factor, W*factor, C)

    depth_to_space(np.arange(4).reshape(1, 1, 1, 4), 2)[0, :, :, 0] is [[0, 1], [2, 3]].
    """
    ### BEGIN SOLUTION
    count, rows, columns, depth = x.shape
    channels = depth // factor**2
    blocks = x.reshape(count, rows, columns, factor, factor, channels)  # (N, H, W, p, q, C)
    blocks = blocks.transpose(0, 1, 3, 2, 4, 5)  # (N, H, p, W, q, C)
    return blocks.reshape(count, rows * factor, columns * factor, channels)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_depth_to_space", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check.depth_to_space(depth_to_space)
### BEGIN HIDDEN TESTS
trial, generator = check.depth_to_space.trial(depth_to_space), lab.rng("depth_to_space")
for shape, factor, dtype in [
    ((2, 4, 3, 4), 2, "float32"),
    ((3, 2, 5, 12), 2, "int32"),
    ((1, 3, 1, 36), 3, "float64"),
    ((2, 1, 4, 32), 4, "float32"),
    ((2, 3, 2, 5), 1, "int64"),
]:
    check.expect_shuffled(trial, shape, factor, generator, dtype)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · The sub-pixel block, a transposed convolution in disguise
#
# With a convolution before it, depth to space becomes a layer that learns (Shi and colleagues 2016,
# who called it sub-pixel convolution). All its arithmetic happens at low resolution.
#
# ### Exercise 4 · `subpixel_block`
#
# 6 points, 8 minutes, difficulty 2 of 5
#
# `x` is a symbolic Keras tensor of shape `(N, H, W, Cin)`. Apply one `Conv2D` to `filters *
# factor**2` channels, with `padding="same"`, stride 1 and no activation, then depth to space in
# TensorFlow's order, and return the tensor of shape `(N, H*factor, W*factor, filters)`.
#
# The kernel size is up to you; 3x3 is usual. Use built-in layers and `keras.ops` only, no `Lambda`
# and no `tf` function, so that the model can be saved. In this exercise the tests use images of
# known size; in exercise 6 your block will also meet images whose height and width are `None`.
#
# Expected: the cell after the check prints `(None, 8, 12, 5)`.
#
# <details><summary>Hint 1</summary>
#
# Layers are called on tensors: `keras.layers.Conv2D(...)(x)`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `keras.ops` has a function for the second step, of the name that you know; it also takes images of
# unknown size, which `keras.ops.reshape` does not.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "subpixel_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
def subpixel_block(x, filters, factor=2):
    """Enlarge by a sub-pixel convolution.

    x: Keras tensor of shape (N, H, W, Cin); filters: int, channels of the result; factor: int
    returns: Keras tensor of shape (N, H*factor, W*factor, filters)
    """
    ### BEGIN SOLUTION
    deep = keras.layers.Conv2D(filters * factor**2, 3, padding="same")(x)
    return keras.ops.depth_to_space(deep, factor)
    ### END SOLUTION


# %% [markdown]
# A symbolic tensor is a promise without numbers. To look at what your block does, `as_model` gives
# it an input and makes a model of the two; the check and the tests call it, too.


# %% nbgrader={"grade": false, "grade_id": "setup_blocks", "locked": true, "schema_version": 3, "solution": false, "task": false}
def as_model(block, input_shape, *arguments):
    """Call `block` on a new symbolic tensor; what comes back becomes a model."""
    entry = keras.Input(input_shape)
    result = block(entry, *arguments)
    return keras.Model(entry, result) if isinstance(result, keras.KerasTensor) else result


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_subpixel_block", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check.subpixel_block(functools.partial(lab.student_side(as_model), subpixel_block))
### BEGIN HIDDEN TESTS
trial = check.subpixel_block.trial(functools.partial(lab.student_side(as_model), subpixel_block))
generator = lab.rng("subpixel_block")
for input_shape, arguments in [
    ((4, 3, 2), (3,)),
    ((2, 5, 3), (2, 3)),
    ((1, 4, 1), (1, 4)),
    ((3, 3, 5), (4, 2)),
]:
    check.expect_subpixel(trial, input_shape, arguments, generator)
### END HIDDEN TESTS

# %%
with lab.needs("subpixel_block"):
    print(as_model(subpixel_block, (4, 6, 3), 5).output_shape)

# %% [markdown]
# Now the disguise. The block is linear, and it treats every pixel of the small image alike: so one
# bright input pixel always leaves the same *stamp*, `factor` pixels further for each step. That is
# what a transposed convolution does. Its kernel holds the same numbers as that of the block: turn
# the block's kernel by 180 degrees and let *your* `depth_to_space` spread it, and a
# `Conv2DTranspose` with that 6x6 kernel and stride 2 gives the same image.

# %%
with lab.needs("subpixel_block", "depth_to_space"):
    block = as_model(subpixel_block, (9, 7, 3), 1)
    kernel = np.asarray(block.layers[1].kernel)  # (k, k, 3, 4)
    turned = kernel[::-1, ::-1].transpose(2, 0, 1, 3)  # (3, k, k, 4)
    stamps = depth_to_space(turned, 2)  # (3, 2k, 2k, 1)
    as_kernel = stamps.transpose(1, 2, 3, 0)  # (2k, 2k, 1, 3): (kh, kw, out, in)
    picture = np.random.default_rng(1).normal(size=(1, 9, 7, 3)).astype("float32")
    transposed = keras.ops.conv_transpose(picture, as_kernel, strides=2, padding="same")
    difference = np.abs(np.asarray(transposed) - np.asarray(block(picture))).max()
    print("kernels:", kernel.shape, "and", as_kernel.shape, "- same image:", difference < 1e-4)

# %% [markdown]
# So *transpose* with a 6x6 kernel and *subpixel* with a 3x3 kernel are one and the same family of
# functions, with the same weights in another order and the same cost. What differs is how they
# start and how fast a machine runs them.
#
# ## 5 · The grid at the start, and ICNR
#
# A network starts from random weights. Then the four sub-kernels that make the four pixels of a
# block are four unrelated kernels, and even a constant image comes out with a grid. To measure it,
# split the image into waves by a Fourier transform. A pattern that repeats every two pixels lives
# in just three of them, the fastest wave along rows, along columns, and along both; `grid_share` is
# their share of the energy.


# %%
def grid_share(image):
    """Share of the energy of an (H, W) image, H and W even, in waves of period 2."""
    energy = np.abs(np.fft.fft2(image)) ** 2  # (H, W)
    middle_row, middle_column = image.shape[0] // 2, image.shape[1] // 2
    grid = energy[middle_row, 0] + energy[0, middle_column] + energy[middle_row, middle_column]
    return grid / energy.sum()


print(f"a checkerboard of 0 and 1: {grid_share(np.indices((8, 8)).sum(axis=0) % 2):.0%}")

# %% [markdown]
# The four images are what freshly made blocks, with 8 input channels and one output channel, make
# of a constant image, away from the borders. Only one of them starts without a grid.

# %%
with lab.needs("subpixel_block"):
    keras.utils.set_random_seed(1)
    constant = np.ones((1, 12, 12, 8), dtype="float32")
    fresh = {
        "transpose 3x3": keras.layers.Conv2DTranspose(1, 3, strides=2, padding="same"),
        "transpose 4x4": keras.layers.Conv2DTranspose(1, 4, strides=2, padding="same"),
        "subpixel": as_model(subpixel_block, (12, 12, 8), 1),
        "resize": keras.Sequential(
            [keras.layers.UpSampling2D(2), keras.layers.Conv2D(1, 3, padding="same")]
        ),
    }
    inside = {name: np.asarray(layer(constant))[0, 6:-6, 6:-6, 0] for name, layer in fresh.items()}
    titles = {f"{name}\ngrid {grid_share(image):.0%}": image for name, image in inside.items()}
    for name in titles:
        print(name.replace("\n", ": "))
    figures.responses(titles, "Random kernels draw a grid on a constant image")

# %% [markdown]
# Notice the 4x4 kernel: 4 is divisible by 2, which evens out how *many* stamps each pixel receives,
# but not what they add up to.
#
# The cure for the sub-pixel block is called ICNR, "initialization to convolution, nearest-neighbor
# resize" (Aitken and colleagues 2017): make the `factor**2` kernels that feed one output channel
# *equal*. Then each block of the output holds one number, as after nearest-neighbor resizing, and
# there is no grid for training to get rid of. Different output channels still need different
# kernels, or they would all learn the same.
#
# ### Exercise 5 · `icnr`
#
# 8 points, 15 minutes, difficulty 3 of 5
#
# Make such a kernel. `shape` is the shape of the *full* kernel of the block's `Conv2D`, `(kh, kw,
# cin, cout*factor**2)`, a tuple of ints, and `rng` is a NumPy generator such as
# `np.random.default_rng(0)`. Return a float32 array of that shape, such that
#
# - depth to space, in TensorFlow's order, of the convolution's output is constant on every block of
#   factor x factor pixels, for any input;
# - the sub-kernels of the `cout` output channels are not constant, and differ from one another;
# - all random numbers are drawn from `rng`: the same seed gives the same kernel, another seed another.
#
# The distribution is up to you; a normal one with standard deviation `(2 / (kh*kw*cin))**0.5` suits
# layers with ReLU. You need no Keras.
#
# Expected: the cell after the check prints a grid of 0% for your kernel.
#
# <details><summary>Hint 1</summary>
#
# How many numbers are really random? Draw a small kernel with that many first.
#
# </details>
# <details><summary>Hint 2</summary>
#
# For `cout = 2` and `factor = 2` there are 8 channels. In the grids of section 3, which of the
# numbers 0 to 7 went to output channel 0, and which to output channel 1? These need equal kernels.
#
# </details>
# <details><summary>Hint 3</summary>
#
# If A and B are the two small kernels, is the order of the 8 channels A A A A B B B B or
# A B A B A B A B? NumPy has a function for each: `np.repeat` and `np.tile`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "icnr", "locked": false, "schema_version": 3, "solution": true, "task": false}
def icnr(shape, factor, rng):
    """Draw the kernel of a sub-pixel convolution that starts without a checkerboard.

    shape: (kh, kw, cin, cout*factor**2); factor: int; rng: numpy.random.Generator
    returns: float32 array of this shape
    """
    ### BEGIN SOLUTION
    *window, channels_in, channels_out = shape
    spread = (2 / (np.prod(window) * channels_in)) ** 0.5
    small = rng.normal(0, spread, (*window, channels_in, channels_out // factor**2))
    return np.tile(small, factor**2).astype("float32")  # copies along the last axis
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_icnr", "locked": true, "points": 8, "schema_version": 3, "solution": false, "task": false}
check.icnr(icnr)
### BEGIN HIDDEN TESTS
trial, generator = check.icnr.trial(icnr), lab.rng("icnr")
for shape, factor in [
    ((3, 3, 1, 4), 2),
    ((5, 3, 2, 12), 2),
    ((3, 3, 6, 18), 3),
    ((1, 1, 8, 32), 4),
    ((2, 4, 3, 20), 2),
]:
    check.expect_icnr(trial, shape, factor, int(generator.integers(1, 10**6)))
### END HIDDEN TESTS

# %% [markdown]
# Three kernels for a block with two output channels, on a constant image: Keras' own start, yours,
# and yours with its channels in the order that PyTorch's pixel shuffle reads. Code that was
# translated from PyTorch often carries that last one: same numbers, no error message, and the grid
# is still there.

# %%
with lab.needs("subpixel_block", "icnr"):
    keras.utils.set_random_seed(2)
    block = as_model(subpixel_block, (12, 12, 8), 2)
    convolution = block.layers[1]
    yours = icnr(tuple(convolution.kernel.shape), 2, np.random.default_rng(0))  # (k, k, 8, 8)
    by_torch = np.argsort(np.arange(8) % 2, kind="stable")
    starts = {
        "Keras' own start": convolution.kernel.numpy(),
        "yours": yours,
        "yours, in PyTorch's order": yours[..., by_torch],
    }
    for name, start in starts.items():
        convolution.kernel.assign(start)
        output = np.asarray(block(constant))[0, 6:-6, 6:-6]  # (12, 12, 2)
        shares = [grid_share(output[:, :, channel]) for channel in range(2)]
        print(f"{name:26}grid", " and ".join(f"{share:.0%}" for share in shares))

# %% [markdown]
# ## 6 · A network that adds what is missing
#
# Bicubic or bilinear enlargement is blurred, but mostly right. So do not ask a network for the
# whole image: enlarge the image by a fixed rule, and let the network predict the *residual*, what
# has to be added. At the start it adds little, and the result is already usable.

# %%
figures.residual(validation[20], enlarge(low_validation[20:21])[0])

# %% [markdown]
# The residual is negative as often as positive. Keep that in mind: it decides which activation may
# stand at the end.
#
# ### Exercise 6 · `build_sr`
#
# 10 points, 20 minutes, difficulty 4 of 5
#
# Build a network that enlarges gray images of *any* height and width by `factor`, from `(H, W, 1)`
# to `(H*factor, W*factor, 1)`: some convolutions at low resolution, one upsampling block, at least
# one convolution to a single channel, and the sum of this residual and a bilinear or bicubic
# enlargement of the input. No activation follows the sum. `upsampler` chooses the block:
# `"transpose"`, `"resize"` or `"subpixel"`; each gives a network of its own, and a strided
# `Conv2DTranspose` occurs only in `"transpose"`.
#
# Return a `keras.Model` of built-in layers and `keras.ops`, no `Lambda`. With all trainable weights
# at zero, the enlarged input alone must come out, whatever numbers it holds. Tests use factors from
# 2 to 4.
#
# The hidden test trains each of your three networks for a few seconds: factor 2, two epochs on 600
# images in batches of 8, with the squared error. It asks for 1 dB more than bicubic enlargement, on
# images that your code never saw. That takes no cleverness: 30,000 parameters are enough, and with
# up to 100,000 those seconds suffice. Leave out batch normalization, as the best networks for this
# task do (Lim and colleagues 2017, section 3.1); in so few steps it does not settle.
#
# Expected: trained by the cells below, all three gain at least 3 dB over bicubic enlargement.
#
# <details><summary>Hint 1</summary>
#
# `keras.Input((None, None, 1))` takes images of any size. `keras.layers.UpSampling2D` can
# interpolate: look at its second argument. It works for unknown sizes, where `Resizing` needs
# numbers.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Two 3x3 convolutions with 32 filters and ReLU at low resolution, a block to 16 filters,
# `LeakyReLU`, and a 3x3 convolution to one channel without activation learn well.
# `keras.layers.Add()` takes a list of two tensors.
#
# </details>
# <details><summary>Hint 3</summary>
#
# For equal cost, exercise 2 says: a kernel of `3 * factor` for *transpose*, 3 for the two others.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "build_sr", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_sr(upsampler, factor=2):
    """Build a super-resolution network that adds a residual to the enlarged input.

    upsampler: "transpose", "resize" or "subpixel"; factor: int >= 2
    returns: keras.Model from (H, W, 1) to (H*factor, W*factor, 1), for any H and W
    """
    ### BEGIN SOLUTION
    layers = keras.layers
    low = keras.Input((None, None, 1))
    y = layers.Conv2D(32, 3, padding="same", activation="relu")(low)  # (H, W, 32)
    y = layers.Conv2D(32, 3, padding="same", activation="relu")(y)
    if upsampler == "transpose":
        y = layers.Conv2DTranspose(16, 3 * factor, strides=factor, padding="same")(y)
    elif upsampler == "resize":
        y = layers.Conv2D(16, 3, padding="same")(layers.UpSampling2D(factor)(y))
    else:
        y = subpixel_block(y, 16, factor)
    y = layers.LeakyReLU()(y)  # (H*factor, W*factor, 16)
    missing = layers.Conv2D(1, 3, padding="same")(y)  # (H*factor, W*factor, 1)
    smooth = layers.UpSampling2D(factor, interpolation="bicubic")(low)
    return keras.Model(low, layers.Add()([smooth, missing]))
    ### END SOLUTION


# %% [markdown]
# Training is ordinary: small images in, original images as targets. `seeded` makes a network from a
# fixed seed, so that a run can be repeated; `train_sr` trains it.


# %% nbgrader={"grade": false, "grade_id": "setup_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
def seeded(builder, upsampler, seed):
    """Build a network for factor 2 whose random weights come from a seed."""
    keras.utils.set_random_seed(seed)
    return builder(upsampler)


def train_sr(model, images, epochs, seed, batch_size=32, loss="mse", rate=2e-3):
    """Train a network to restore `images` from their 2x2 averages.

    images: (N, H, W, 1) in [0, 1]; returns: the model, trained
    """
    keras.utils.set_random_seed(seed)
    model.compile(keras.optimizers.Adam(rate), loss=loss)
    how = {"batch_size": batch_size, "verbose": 0, "callbacks": [lab.progress.epochs()]}
    model.fit(shrink(images), images, epochs=epochs, **how)
    return model


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_build_sr", "locked": true, "points": 10, "schema_version": 3, "solution": false, "task": false}
check.build_sr(build_sr)
### BEGIN HIDDEN TESTS
trial, generator = check.build_sr.trial(build_sr), lab.rng("build_sr")
for arguments in [("transpose", 3), ("resize", 3), ("subpixel", 4), ("transpose", 4)]:
    check.expect_sr(trial, arguments, [(5, 8), (9, 6)], generator)
# Gain on the test split in dB, five seeds each, mean (standard deviation) of the kind that gains
# least: the reference 2.7 (0.2); bilinear enlargement and 5x5 kernels 1.9 (0.2), which is 3.9
# standard deviations above 1; straight to one channel 2.5 (0.4). Wrong ones: linear, without
# activations, 0.76 (0.02); ReLU before the sum 0.3 (0.4) for the kind that gains most; batch
# normalization, which the task rules out, 0.6 (0.3).
# python tests/benchmarks/super_resolution.py hidden 5 prints these.
unseen = datasets.fashion_mnist("test")[0][:500]
bicubic = tf.image.psnr(enlarge(shrink(unseen)), unseen, 1.0)
for upsampler in ("transpose", "resize", "subpixel"):
    reached = []
    for seed in range(3):  # a miss gets two more tries, and the best counts
        make = functools.partial(lab.student_side(seeded), build_sr, seed=seed)
        model = check.expect_sr(check.build_sr.trial(make), (upsampler,), [(5, 8)], generator)
        check.quick_to_train(model)
        train_sr(model, images[:600], 2, seed, batch_size=8)
        gains = tf.image.psnr(model(shrink(unseen)), unseen, 1.0) - bicubic
        reached.append(float(tf.reduce_mean(gains)))
        if reached[-1] >= 1:
            break
    else:
        trial.fail(
            f"Trained on 600 images, it gains {max(reached):.2f} dB over bicubic enlargement on "
            "images that it has not seen; at least 1 dB is asked for."
        )
### END HIDDEN TESTS

# %% [markdown]
# Train all three on all 8,000 images. This takes about 15 seconds.

# %%
with lab.needs("build_sr", "psnr"):
    kinds = ["transpose", "resize", "subpixel"]
    trained = {
        kind: train_sr(seeded(build_sr, kind, 0), images, 2, 0)
        for kind in lab.progress.each(kinds, "network")
    }
    outputs = {kind: model.predict(low_validation, verbose=0) for kind, model in trained.items()}
    gains = {
        kind: float((psnr(output, validation) - fixed).mean()) for kind, output in outputs.items()
    }
    for kind, gain in gains.items():
        print(f"{kind:9} gains at least 3 dB over bicubic:", gain >= 3)

# %% [markdown]
# Compare the second row of the figure with the first. A gain of 3 dB is half the squared error, and
# it went where the eye looks: into edges, straps, laces.

# %% tags=["picture"]
with lab.needs("build_sr", "psnr"):
    shown = [6, 20, 31, 45, 58, 77, 84]
    figures.enlargements(
        {
            "bicubic": enlarge(low_validation[shown]),
            "subpixel": outputs["subpixel"][shown],
            "original": validation[shown],
        },
        "The network puts edges where clothes have edges",
    )

# %% [markdown]
# ## 7 · A network that stays silent
#
# A pitfall that costs people days. The smallest network of this kind needs no channel mixing at the
# end: let the transposed convolution itself give one channel, and, since "ReLU goes after every
# layer", put one there. Train it with the squared error and with the absolute error, which is often
# the better choice for restoring images (Zhao and colleagues 2017, *Loss Functions for Image
# Restoration with Neural Networks*); then once more with `LeakyReLU` in the same place.


# %%
def short_network(activation):
    """Two convolutions, then a transposed convolution to one channel with this activation."""
    entry = keras.Input((None, None, 1))
    features = keras.layers.Conv2D(32, 3, padding="same", activation="relu")(entry)
    features = keras.layers.Conv2D(32, 3, padding="same", activation="relu")(features)
    last = keras.layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation=activation)
    large = keras.layers.UpSampling2D(2, interpolation="bicubic")(entry)
    return keras.Model(entry, keras.layers.Add()([large, last(features)]))


with lab.needs("psnr"):
    fixed = psnr(enlarge(low_validation), validation)  # (1000,)
    short_gains = {}
    runs = [(last, loss) for last in ("relu", "leaky_relu") for loss in ("mae", "mse")]
    for activation, error in lab.progress.each(runs, "network"):
        network = seeded(short_network, activation, 0)
        train_sr(network, images[:1000], 2, 0, batch_size=16, loss=error, rate=1e-2)
        decibels = psnr(np.asarray(network(low_validation)), validation) - fixed
        short_gains[f"{activation}, {error}"] = float(decibels.mean())

# %%
with lab.needs("psnr"):
    print("ReLU and absolute error gain nothing:", abs(short_gains["relu, mae"]) < 0.05)
    print("LeakyReLU gains more than ReLU, with either error:", end=" ")
    print(all(short_gains[f"leaky_relu, {e}"] > short_gains[f"relu, {e}"] for e in ("mae", "mse")))
    figures.bars(short_gains, "gain over bicubic, dB", "ReLU before the sum can only brighten")

# %% [markdown]
# No error message, a loss that looks like a loss, and a gain of exactly nothing. Two things meet. A
# residual behind a ReLU cannot be negative, although about half of what is missing is. And where
# the ReLU gives 0 its gradient is 0, too: once it is shut for all pixels, no training opens it. The
# absolute error drives it there, because it is smallest for the *median*, and the median of what
# is missing is about 0; the squared error is smallest for the mean.
#
# How typical is that run? With six seeds, ReLU and the absolute error gained 0.00 dB every time.
# With the squared error it gained 0.1 dB on average, because large steps shut it, too; at a fifth
# of the learning rate it was 0.15 dB with the absolute error and 0.5 dB with the squared one.
# `LeakyReLU`, which lets a little through below zero, gained between 1.5 and 2.3 dB on average in
# all four settings.
#
# So: no activation on the way into the sum. A ReLU *inside* a network does no such harm, because
# the convolution after it has weights of both signs. And when a gain is exactly 0.00, look at what
# the last layer puts out before anything else.
#
# ## 8 · Side by side
#
# Now the three networks that you trained, on five measures. The grid is measured in the *error*:
# the difference between the enlargement and the original, whose share of period-2 waves is averaged
# over the validation images. Multiply-adds are counted layer by layer: a kernel is used once at
# each pixel of its layer's output, and that of a transposed convolution at each pixel of its input.


# %%
def multiply_adds(model, side=14):
    """Multiply-adds of a network's convolutions for each pixel of its output."""
    sized = keras.models.clone_model(model, input_tensors=keras.Input((side, side, 1)))
    total = 0
    for layer in sized.layers:
        if isinstance(layer, keras.layers.Conv2DTranspose):
            total += np.prod(layer.kernel.shape) * np.prod(layer.input.shape[1:3])
        elif isinstance(layer, keras.layers.Conv2D):
            total += np.prod(layer.kernel.shape) * np.prod(layer.output.shape[1:3])
    return total / np.prod(sized.output_shape[1:3])


# %%
def milliseconds(model, batch, tries=5):
    """Time of one call on a batch, the fastest of a few."""
    times = []
    for _ in range(tries):
        started = time.perf_counter()
        model.predict_on_batch(batch)
        times.append(1000 * (time.perf_counter() - started))
    return min(times[1:])


# %%
with lab.needs("build_sr", "psnr"):
    measured = {"gain, dB": list(gains.values())}
    errors = {kind: (output - validation)[..., 0] for kind, output in outputs.items()}
    measured["grid in the error, %"] = [
        100 * np.mean([grid_share(image) for image in error]) for error in errors.values()
    ]
    measured["parameters"] = [model.count_params() for model in trained.values()]
    measured["multiply-adds\nper pixel"] = [multiply_adds(model) for model in trained.values()]
    measured["ms for 200 images"] = [
        milliseconds(model, low_validation[:200]) for model in trained.values()
    ]
    figures.comparison(measured, list(trained), "Three ways to enlarge, five measures")

# %% [markdown]
# The three gain alike: over four seeds 4.3, 4.2 and 4.3 dB with the reference solution, and another
# seed changes a gain by a tenth of a decibel, too. So "which block is best?" has no answer in
# decibels here. What does differ:
#
# - *Parameters*: if you followed hint 3, the multiply-adds are equal by design, and resizing needs
#   about half the parameters, because it uses each weight at every pixel of the large image.
# - *Grid*: resizing leaves the least, 0.6% of the error's energy over the four seeds, against about
#   1% for the two others. An error without any pattern would have 3 of 784 waves, 0.4%. So training
#   removes most of the grid that section 5 showed, but not all.
# - *Time*: yours is your machine's. Equal multiply-adds need not take equal time; large feature
#   maps cost memory traffic, which no formula above counts.
#
# ## 9 · Real photographs
#
# Clothes on black are an easy world. The course carries pieces of seven public-domain and CC0
# photographs from scikit-image. Five of them, a brick wall, a man with a camera, a cup of coffee,
# gravel and a rocket, give 80 crops to train with; an astronaut and a cat are kept for validation.
# The split is *by photograph*: two crops of one photograph share its light, its lens and its
# texture, and a network judged on one after training on the other looks better than it is.
#
# Your network has one channel, and photographs have three. The eye sees fine detail in brightness
# and hardly any in color. So, as most papers do, split a photograph into *luminance* Y, a weighted
# mean of red, green and blue, and two color differences U and V; the network enlarges Y, bicubic
# interpolation enlarges U and V, and PSNR is reported for Y.

# %%
photographs = datasets.photographs("validation")  # name -> (192, 256, 3)
yuv = {name: tf.image.rgb_to_yuv(photo).numpy()[None] for name, photo in photographs.items()}
for name, channels in yuv.items():  # (1, 192, 256, 3)
    sharp = [
        float(tf.image.psnr(enlarge(shrink(part)), part, 1.0)[0])
        for part in (channels[..., :1], channels[..., 1:])
    ]
    print(f"{name}: bicubic luminance {sharp[0]:.0f} dB, bicubic color {sharp[1]:.0f} dB")

# %% [markdown]
# Color survives bicubic enlargement far better than luminance, so luminance is where a network can
# help. First the network that you trained on clothes, as it is:

# %%
with lab.needs("build_sr", "psnr"):
    for name, channels in yuv.items():
        luminance = channels[..., :1]  # (1, 192, 256, 1)
        guess = np.asarray(trained["subpixel"](shrink(luminance)))
        change = (psnr(guess, luminance) - psnr(enlarge(shrink(luminance)), luminance))[0]
        print(f"{name}: better than bicubic interpolation: {change > 0}")

# %% [markdown]
# It makes both photographs *worse*. What the network learned is not "enlarging" but what clothes
# look like, and it sees seams and hard outlines in skin and fur. Super-resolution does not recover
# detail, it invents plausible detail, and what is plausible comes from the training images. So
# train on photographs: the 80 crops, mirrored both ways and transposed, which makes 320.

# %%
with lab.needs("build_sr", "psnr"):
    crops = datasets.photographs("train")  # (80, 64, 64, 1)
    crops = np.concatenate(
        [crops, crops[:, :, ::-1], crops[:, ::-1], crops.transpose(0, 2, 1, 3)]
    )  # (320, 64, 64, 1)
    network = train_sr(seeded(build_sr, "subpixel", 0), crops, 10, 0, batch_size=8)
    lumas = {name: channels[..., :1] for name, channels in yuv.items()}  # (1, 192, 256, 1) each
    results = {name: np.asarray(network(shrink(luma))) for name, luma in lumas.items()}
    for name, luma in lumas.items():
        change = (psnr(results[name], luma) - psnr(enlarge(shrink(luma)), luma))[0]
        print(f"{name}: better than bicubic interpolation: {change > 0};", end=" ")
        print("by less than 2 dB:", change < 2)

# %% [markdown]
# Better on both, and modestly: over four seeds the reference solution gained 1.1 dB on the
# astronaut and 0.4 dB on the cat, against more than 4 dB on clothes. Photographs are a larger world
# than clothes on black; 28,000 parameters and 80 crops do not hold it. And fur is irregular at the
# scale of single pixels: nothing in the average of four says where a hair lay. Published networks
# gain more with far more: that of Lim and colleagues (2017) has 43 million parameters and learns
# from 800 large photographs.
#
# One more caution. These small images were averaged by us, from stored pixel values. A camera
# averages light, and adds noise and compression; a network that was trained on clean averages does
# worse on what a camera delivers. The closer the training pairs are to the images that you will
# enlarge, the more you can trust the result.

# %%
with lab.needs("build_sr", "psnr"):
    for name, box in [("astronaut", (84, 84, 80)), ("cat", (50, 20, 80))]:
        colors = enlarge(shrink(yuv[name][..., 1:]))  # (1, 192, 256, 2)
        versions = {
            "bicubic": enlarge(shrink(yuv[name][..., :1])),
            "subpixel network": results[name],
        }
        shown = {
            title: tf.image.yuv_to_rgb(np.concatenate([part, colors], axis=-1)).numpy()[0]
            for title, part in versions.items()
        }
        figures.close_ups(
            {**shown, "original": photographs[name]},
            box,
            name,
            "Sharper than bicubic, softer than the original",
        )

# %% [markdown]
# ## What you can do now
#
# You can measure an enlargement, build and cost the three upsampling blocks, start a sub-pixel
# convolution without a grid, and train a super-resolution network and say how far to trust it.
#
# **Take-aways**
#
# 1. PSNR is the squared error in decibels: half the error, 3 dB more.
# 2. A sub-pixel convolution is a transposed convolution in disguise; its arithmetic happens at low
#    resolution.
# 3. ICNR makes the sub-kernels of one output channel equal; in TensorFlow's channel order the
#    copies are tiled, not repeated.
# 4. Predict the residual, and let nothing cut off its sign.
# 5. Super-resolution invents what is plausible for its training images: judge it on photographs
#    that it has not seen, and on the kind of image that you will use it for.
#
# **To read**
#
# - Wenzhe Shi and colleagues: *Real-Time Single Image and Video Super-Resolution Using an Efficient
#   Sub-Pixel Convolutional Neural Network* (2016), section 2.2.
# - Andrew Aitken and colleagues: *Checkerboard artifact free sub-pixel convolution* (2017), section
#   3, on ICNR.
# - Augustus Odena, Vincent Dumoulin, Chris Olah: *Deconvolution and Checkerboard Artifacts*
#   (Distill, 2016), on resizing before convolving.
# - Bee Lim and colleagues: *Enhanced Deep Residual Networks for Single Image Super-Resolution*
#   (2017), section 3.1, on why batch normalization is left out.
# - Jiwon Kim, Jung Kwon Lee, Kyoung Mu Lee: *Accurate Image Super-Resolution Using Very Deep
#   Convolutional Networks* (2016), section 3, on learning the residual.
#
# The last cell lists all exercises.

# %%
lab.scoreboard(check)

# %% [markdown]
# Back: [4 · Checkerboard artifacts](../04-checkerboard-artifacts/04-checkerboard-artifacts.ipynb)
#
# Next: [6 · Image generation](../06-image-generation/06-image-generation.ipynb)
