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
# # 4 · Checkerboard artifacts: see them, measure them, explain them, cure them
#
# Many images that networks draw carry a fine, regular grid that no photograph has. In this notebook
# you find out where the grid comes from, build an instrument that measures it, audit decoders from
# published tutorials with it, and replace the layer that causes it, inside whole models and without
# changing anything else.
#
# **You need to know** what a `Conv2DTranspose` does: it stamps its kernel into the output, `stride`
# pixels further for each input pixel, and adds up where stamps overlap (notebooks 1 and 2). Nothing
# here imports your earlier answers.
#
# **Time**: about 110 minutes; nine exercises, 40 points.
#
# **How it is graded**: below every exercise stands a cell with a *visible check*. It calls your
# function on a few small examples, and where something is wrong it says what came back and which
# misconception that looks like. *Hidden tests*, run by your instructor, decide the points; they use
# other sizes and values, and ask for nothing that the task's text does not say.
# Grading has Python's standard library, NumPy, Matplotlib, TensorFlow and Keras, and nothing else.
# Before you submit, choose **Kernel, Restart Kernel and Run All Cells** and look at the table at
# the end. You may submit with exercises left open: each exercise counts for itself. Of a model,
# its layers and weights are graded: build it of Keras' own layers and functions, with no `Lambda`
# and no class or function of your own inside.
#
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
from autograder.lab.checks import checkerboard as check
from autograder.lab.checks.checkerboard import block_model
from autograder.lab.figures import checkerboard as figures

# %% [markdown]
# ## 1 · Look first
#
# Here is a small generator, of the kind that draws faces once it is trained: three
# `Conv2DTranspose` layers with 3x3 kernels and stride 2, from a 12x12 input to 96x96 pixels. This
# one is *not* trained. Its input is as smooth as can be: every pixel the same.

# %%
keras.utils.set_random_seed(4)
generator = keras.Sequential([keras.Input((12, 12, 16))])
for filters in [16, 16, 1]:
    generator.add(keras.layers.Conv2DTranspose(filters, 3, strides=2, padding="same"))
constant = np.ones((1, 12, 12, 16), "float32")
drawn = np.asarray(generator(constant))[0, 16:80, 16:80, 0]  # (64, 64): without the border
figures.image_and_spectrum(drawn, "A constant went in, and a grid came out")

# %% [markdown]
# The left image should be a plain gray area. The middle one enlarges a part of it: a pattern that
# repeats every 8 pixels, with finer patterns inside. The spectrum on the right says it in
# frequencies: all that is there are isolated points, at multiples of 1/8 of a cycle per pixel. The
# network has not seen a single image yet, so neither the data nor the training can be to blame.
# This is the *checkerboard artifact*. In a smooth region of a trained network's image it looks the
# same, only fainter, and wherever single pixels matter, as in a mask's edge, a slope or a
# measurement, it does harm.
#
# **What you will build**: functions that count, predict and measure this pattern, and one that
# removes its cause from a model.
#
# ## 2 · Count the stamps
#
# The first suspect is the overlap. Each input pixel stamps a `k` x `k` kernel into the output,
# `stride` pixels further each time. The upper row shows six stamps on a line, each a bar on top of
# those before it; the lower row shows how many of 6x6 stamps touch each pixel of an area. In a live
# notebook, two sliders below it set kernel and stride. Look for the settings in which the bars end
# at one height.

# %%
figures.overlap_explorer()

# %% [markdown]
# ### Exercise 1 · `overlap_count`
#
# 4 points, 6 minutes, difficulty 1 of 5
#
# Count, for every output pixel, the stamps that touch it: `n` x `n` input pixels, square kernels of
# `kernel_size`, placed `stride` pixels apart. Return an array of integers of shape `(L, L)` with `L
# = (n - 1) * stride + kernel_size`, also where the kernel is smaller than the stride.
#
# Expected: `overlap_count(2, 3, 2)` has the middle row `2 2 4 2 2` and the corners 1.
#
# <details><summary>Hint 1</summary>
#
# Begin with zeros, and let each stamp add 1 to the square that it covers.
#
# </details>
# <details><summary>Hint 2</summary>
#
# It is shorter along one axis: a pixel that `a` stamps reach along its row and `b` along its column
# is touched by how many?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "overlap_count", "locked": false, "schema_version": 3, "solution": true, "task": false}
def overlap_count(n, kernel_size, stride):
    """Count the stamps that touch each output pixel of a transposed convolution.

    n: int, the input is n x n; kernel_size, stride: int
    returns: (L, L) integers, L = (n-1)*stride + kernel_size

    overlap_count(2, 1, 2) is [[1, 0, 1], [0, 0, 0], [1, 0, 1]].
    """
    ### BEGIN SOLUTION
    line = np.zeros((n - 1) * stride + kernel_size, dtype=int)  # (L,)
    for index in range(n):
        line[index * stride : index * stride + kernel_size] += 1
    return np.outer(line, line)  # (L, L)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_overlap_count", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.overlap_count(overlap_count)
### BEGIN HIDDEN TESTS
trial = check.overlap_count.trial(overlap_count)
for n, size, stride in [
    (1, 4, 2),
    (5, 3, 2),
    (4, 5, 2),
    (6, 4, 3),
    (3, 1, 3),
    (4, 6, 4),
    (7, 2, 2),
]:
    check.expect_overlap(trial, n, size, stride)
### END HIDDEN TESTS

# %% [markdown]
# How uneven is it? Away from the border, divide the largest count by the smallest.

# %%
with lab.needs("overlap_count"):
    for size in [2, 3, 4, 5]:
        counts = overlap_count(10, size, 2)[6:-6, 6:-6]  # the interior
        ratio = counts.max() / counts.min()
        print(f"kernel {size}, stride 2: largest over smallest count {ratio:.2f}")

# %% [markdown]
# A 3x3 kernel at stride 2 touches some pixels four times as often as others, and a 5x5 kernel still
# more than twice as often. From this comes the rule that you find in many tutorials: *choose a
# kernel size that is divisible by the stride*. Keep that rule in mind; you are about to test it.
#
# ## 3 · What the counts leave out: the kernel
#
# A count treats every stamp as if its entries were 1. Real entries differ. Take an output pixel
# whose row index leaves the remainder `p` when divided by the stride, and whose column index leaves
# `q`. The entries of the kernel that can ever reach it are those with the same remainders. They
# form the *phase* `(p, q)` of the kernel. In the figure, equal numbers mark entries of one phase.

# %%
phases = 2 * (np.arange(5)[:, None] % 2) + np.arange(5) % 2  # (5, 5)
figures.number_grids(
    [phases[:3, :3], phases[:4, :4], phases],
    ["3x3", "4x4", "5x5"],
    "At stride 2 every kernel falls apart into four phases",
)

# %% [markdown]
# On a constant input of value 1, a pixel of phase `(p, q)` receives the sum of all entries of its
# phase. So the output repeats these `stride` x `stride` sums over and over.
#
# ### Exercise 2 · `phase_sums`
#
# 3 points, 4 minutes, difficulty 1 of 5
#
# Return the `(stride, stride)` array whose entry `[p, q]` is the sum of all `kernel[i, j]` with `i
# % stride == p` and `j % stride == q`. The kernel need not be square, may be float32 or float64,
# and may be smaller than the stride: the sum of no entries is 0. The kernel that you were given is
# unchanged.
#
# Expected: for a 3x3 kernel of ones at stride 2, `[[4, 2], [2, 1]]`.
#
# <details><summary>Hint 1</summary>
#
# `kernel[p::stride, q::stride]` is one phase.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "phase_sums", "locked": false, "schema_version": 3, "solution": true, "task": false}
def phase_sums(kernel, stride):
    """Add up the entries of each phase of a kernel.

    kernel: (kh, kw); stride: int
    returns: (stride, stride)

    phase_sums([[1, 2, 3]] as an array, 2) is [[4, 2], [0, 0]].
    """
    ### BEGIN SOLUTION
    phases = range(stride)
    return np.array([[kernel[p::stride, q::stride].sum() for q in phases] for p in phases])
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_phase_sums", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.phase_sums(phase_sums)
### BEGIN HIDDEN TESTS
trial, generator = check.phase_sums.trial(phase_sums), lab.rng("phase_sums")
for shape, stride in [((4, 4), 2), ((5, 3), 3), ((1, 1), 2), ((6, 7), 4), ((3, 2), 1), ((2, 3), 4)]:
    for dtype in ["float32", "float64"]:
        kernel = np.asfortranarray(generator.normal(size=shape).astype(dtype))
        check.expect_phase_sums(trial, kernel, stride)
### END HIDDEN TESTS

# %% [markdown]
# Check the claim with the layer itself: a random 5x5 kernel, a constant input, and the interior of
# what `Conv2DTranspose` makes of it.

# %%
with lab.needs("phase_sums"):
    kernel = np.random.default_rng(0).normal(size=(5, 5)).astype("float32")
    ones = np.ones((1, 8, 8, 1), "float32")
    output = keras.ops.conv_transpose(ones, kernel[:, :, None, None], strides=2, padding="valid")
    period = np.asarray(output)[0, 8:10, 8:10, 0]  # (2, 2): rows 8 and 9 have phases 0 and 1
    print(
        "one period equals the phase sums:", np.allclose(period, phase_sums(kernel, 2), atol=1e-5)
    )

# %% [markdown]
# ### Exercise 3 · `is_flat`
#
# 3 points, 4 minutes, difficulty 1 of 5
#
# Say whether a kernel of any shape `(kh, kw)` turns a constant input into a constant interior:
# `True` if the largest minus the smallest phase sum is at most `tol`, else `False`.
#
# Expected: `True` for ones of 4x4 at stride 2, `False` for ones of 3x3.
#
# <details><summary>Hint 1</summary>
#
# You have a function that returns the phase sums; `np.ptp` gives the largest minus the smallest.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "is_flat", "locked": false, "schema_version": 3, "solution": true, "task": false}
def is_flat(kernel, stride, tol=1e-6):
    """Say whether constant input gives constant output, away from the border.

    kernel: (kh, kw); stride: int; tol: float, how far apart phase sums may be
    returns: bool

    is_flat(np.ones((2, 2)), 2) is True.
    """
    ### BEGIN SOLUTION
    sums = [kernel[p::stride, q::stride].sum() for p in range(stride) for q in range(stride)]
    return bool(max(sums) - min(sums) <= tol)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_is_flat", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.is_flat(is_flat)
### BEGIN HIDDEN TESTS
trial, generator = check.is_flat.trial(is_flat), lab.rng("is_flat")
for size, stride in [((6, 6), 3), ((4, 2), 2), ((3, 6), 3), ((5, 7), 1), ((2, 2), 3), ((5, 5), 2)]:
    check.expect_flat(trial, generator.normal(size=size), stride)
    check.expect_flat(trial, np.ones(size), stride)
tent = np.array([1.0, 2.0, 3.0, 2.0, 1.0])  # phase sums 3, 3 and 3 at stride 3
check.expect_flat(trial, np.outer(tent, tent).astype("float32"), 3)
check.expect_flat(trial, np.outer(tent, tent[:4]), 3)
check.expect_flat(trial, np.outer(tent[1:4], tent), 3)
check.expect_flat(trial, np.array([[2.0, -2.0], [-2.0, 2.0]]), 2)  # equal in size, not in sign
for tol in [0.3, 0.15, 0.01]:
    check.expect_flat(trial, np.ones((2, 2)) + np.array([[0.1, 0], [0, -0.1]]), 2, tol)
### END HIDDEN TESTS

# %% [markdown]
# Now test the rule. Is divisibility *sufficient*? Draw 100 random 4x4 kernels, at stride 2. Is it
# *necessary*? Take a 5x5 kernel made of `[0.2, 0.5, 0.6, 0.5, 0.2]`.

# %%
with lab.needs("is_flat", "phase_sums"):
    numbers = np.random.default_rng(1)
    flat = sum(is_flat(numbers.normal(size=(4, 4)), 2) for _ in range(100))
    print("random 4x4 kernels that are flat:", flat, "of 100")
    line = np.array([0.2, 0.5, 0.6, 0.5, 0.2])
    print("the 5x5 kernel is flat:", is_flat(np.outer(line, line), 2))
    print("its phase sums:", np.round(phase_sums(np.outer(line, line), 2), 6).tolist())

# %% [markdown]
# Neither. Divisibility makes the *counts* even, and an even count helps only if the entries are
# alike. What matters on flat regions is that the phase sums are equal, for every pair of an input
# and an output channel. A network can learn that, but nothing makes it, and the random kernels that
# it starts with do not have it.
#
# ## 4 · An instrument
#
# So far you looked at kernels. For the output of a whole network you need a number that an image
# has. The *phase mean* `(p, q)` of an image is the mean of its pixels whose row leaves the
# remainder `p` and whose column leaves `q`. Without a grid all phase means are about equal,
# whatever the picture shows. With one they differ.
#
# ### Exercise 4 · `checkerboard_score`
#
# 7 points, 12 minutes, difficulty 3 of 5
#
# `image` is `(H, W)` or `(H, W, C)`, of floats. For each channel: keep the largest region at the
# top left whose height and width are multiples of `stride`; compute its `stride * stride` phase
# means, and divide their population standard deviation (NumPy's default, `ddof=0`) by the root mean
# square of the region's pixels. A channel that is zero everywhere scores 0. Return the mean over
# the channels as a float.
#
# H and W need not be equal, float32 and float64 occur, and the score is unchanged when the image is
# multiplied by a number other than 0. The image that you were given is unchanged. Where it is
# smaller than the stride, in height or width, raise a `ValueError` whose message contains the word
# `image` or the word `stride`.
#
# Expected: for the image `[[1, 0], [0, 0]]` at stride 2 the standard deviation is 0.433, the root
# mean square 0.5, and the score 0.866.
#
# <details><summary>Hint 1</summary>
#
# `H // stride * stride` is the largest multiple of the stride that fits into H.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `region[p::stride, q::stride].mean(axis=(0, 1))` is a phase mean for every channel at once, if an
# image without a channel axis gets one.
#
# </details>
# <details><summary>Hint 3</summary>
#
# Dividing 0 by 0 gives `nan` and a warning: treat the dark channel before you divide.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "checkerboard_score", "locked": false, "schema_version": 3, "solution": true, "task": false}
def checkerboard_score(image, stride):
    """Measure a grid of period `stride`: std of the phase means over the root mean square.

    image: (H, W) or (H, W, C) floats; stride: int
    returns: float, 0 where all phase means are equal, at most 1
    raises: ValueError, whose message names `image` or `stride`, if the image is smaller than it
    """
    ### BEGIN SOLUTION
    rows, columns = (n // stride * stride for n in image.shape[:2])
    if rows == 0 or columns == 0:
        raise ValueError(f"image has shape {image.shape}, which is smaller than stride {stride}")
    region = image[:rows, :columns].reshape(rows, columns, -1)  # (rows, columns, C)
    phases = [(p, q) for p in range(stride) for q in range(stride)]
    means = [region[p::stride, q::stride].mean(axis=(0, 1)) for p, q in phases]  # stride**2 of (C,)
    spread = np.std(means, axis=0)  # (C,)
    size = np.sqrt(np.mean(region**2, axis=(0, 1)))  # (C,)
    return float(np.mean(spread / np.where(size == 0, 1, size)))
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_checkerboard_score", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
check.checkerboard_score(checkerboard_score)
### BEGIN HIDDEN TESTS
trial = check.checkerboard_score.trial(checkerboard_score)
generator = lab.rng("checkerboard_score")
for shape, stride in [((8, 8), 2), ((9, 6), 3), ((11, 7), 4), ((5, 12, 2), 3), ((6, 7, 4), 1)]:
    check.expect_score(trial, shape, stride, generator)
check.expect_score(trial, (9, 11, 3), 2, generator, dtype="float32")
check.expect_score(trial, (7, 9), 2, generator, dtype="float32")
check.expect_score(trial, (7, 8, 4), 3, generator, dark=True)
check.expect_score(trial, (6, 6, 1), 2, generator, dark=True)
check.expect_score(trial, (3, 5, 2), 3, generator)
for shape, stride in [((1, 1), 2), ((3, 8), 4), ((8, 3), 4), ((2, 9, 3), 3)]:
    trial.expect_error(ValueError, ("image", "stride"), np.ones(shape), stride)
### END HIDDEN TESTS

# %% [markdown]
# A first use: 60 random kernels for each of the sizes 2, 3, 4 and 5, at stride 2, each applied to a
# constant. Every point of the figure is the score of one kernel's output, and the bars are the
# means. If divisibility were what matters, 2 and 4 would score much lower than 3 and 5.

# %%
with lab.needs("checkerboard_score"):
    numbers, ones = np.random.default_rng(2), np.ones((1, 12, 12, 1), "float32")
    scores = {}
    for size in [2, 3, 4, 5]:
        kernels = numbers.normal(size=(60, size, size, 1, 1)).astype("float32")
        outputs = [keras.ops.conv_transpose(ones, k, strides=2) for k in kernels]
        insides = [np.asarray(y)[0, 6:18, 6:18] for y in outputs]  # (12, 12, 1) each
        scores[f"{size}x{size}"] = [checkerboard_score(inside, 2) for inside in insides]
    even = all(0.75 < np.mean(values) < 0.95 for values in scores.values())
    print("all four means lie between 0.75 and 0.95:", even)
    figures.score_strips(scores, "Random kernels of every size draw a grid")

# %% [markdown]
# ## 5 · An audit of published decoders
#
# Now use the instrument on what people publish. The dictionary below gives the last upsampling
# layers of well-known decoders, as `(kind, kernel size, stride)`. `transpose` is a
# `Conv2DTranspose` with random initial kernels; `bilinear` is one that starts with the bilinear
# kernel instead, as FCN does; `resize` repeats each pixel and then convolves.
#
# The given function `response` builds such a decoder with random kernels for 8 channels, drawn from
# a seed, feeds it a constant input, and returns its output without the border. It cuts so that a
# pattern's period starts at the first row and column.

# %% nbgrader={"grade": false, "grade_id": "setup_audit", "locked": true, "schema_version": 3, "solution": false, "task": false}
published = {
    "TensorFlow tutorial, DCGAN": [("transpose", 5, 2), ("transpose", 5, 2)],
    "PyTorch tutorial, DCGAN": [("transpose", 4, 2), ("transpose", 4, 2)],
    "Keras example, VAE": [("transpose", 3, 2), ("transpose", 3, 2), ("transpose", 3, 1)],
    "U-Net, 2015": [("transpose", 2, 2), ("transpose", 3, 1)],
    "FCN, 2015: bilinear": [("bilinear", 4, 2), ("bilinear", 4, 2)],
    "Progressive GAN, 2018": [("resize", 3, 2), ("transpose", 3, 1)],
}


def response(decoder, seed):
    """What a decoder with random kernels makes of a constant input, without its border.

    decoder: list of (kind, kernel_size, stride); seed: int
    returns: (4*F, 4*F, 8) float32, F the product of all strides
    """
    numbers = np.random.default_rng(seed)
    x = np.ones((1, 12, 12, 8), "float32") * numbers.normal(size=8).astype("float32")
    for index, (kind, size, stride) in enumerate(decoder):
        kernel = numbers.normal(size=(size, size, 8, 8)).astype("float32") / (3 * size)
        if index:
            x = keras.ops.leaky_relu(x)
        if kind == "transpose":
            x = keras.ops.conv_transpose(x, kernel, strides=stride, padding="same")
        else:  # enlarge, then convolve; after bilinear resizing the channels are only mixed
            way, kernel = (
                ("bilinear", kernel[:1, :1]) if kind == "bilinear" else ("nearest", kernel)
            )
            shape = (x.shape[1] * stride, x.shape[2] * stride)
            x = keras.ops.conv(
                keras.ops.image.resize(x, shape, interpolation=way), kernel, padding="same"
            )
    border = x.shape[1] // 3
    return np.asarray(x)[0, border:-border, border:-border]


# %% [markdown]
# ### Exercise 5 · `audit`
#
# 5 points, 8 minutes, difficulty 2 of 5
#
# `decoders` is a dictionary from names to decoders as above; `seeds` is a list of ints. For each
# decoder score `response(decoder, seed)` for every seed, by `checkerboard_score` or any measure of
# your own that is 0 without a grid. Return the list of the names, in the order of the dictionary,
# whose scores have a mean above 0.05.
#
# Decoders have one to three layers with strides 1 to 3, at least one of them larger than 1 unless
# all layers are `transpose` layers of stride 1. A grid that an early layer draws is enlarged by the
# later ones, so the whole output repeats with the *product* of all strides: score with that as the
# period, except where the product is 1. Then there is nothing to repeat, and the decoder is not
# prone. Every decoder's mean is either far above 0.05 or practically 0.
#
# Expected: of the six decoders above, the first four. Two of these have kernel sizes that are
# divisible by the stride throughout, and still draw a grid.
#
# <details><summary>Hint 1</summary>
#
# `np.prod([stride for _, _, stride in decoder])` is the period.
#
# </details>
# <details><summary>Hint 2</summary>
#
# At a period of 1 there is one phase mean only, and the standard deviation of one number is 0: the
# score takes care of that case by itself.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "audit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def audit(decoders, seeds):
    """Name the decoders that draw a grid when their kernels are random.

    decoders: dict, name -> list of (kind, kernel_size, stride); seeds: list of int
    returns: list of str, the names whose mean score exceeds 0.05, in order
    """
    ### BEGIN SOLUTION
    prone = []
    for name, decoder in decoders.items():
        period = int(np.prod([stride for _, _, stride in decoder]))
        scores = [checkerboard_score(response(decoder, seed), period) for seed in seeds]
        if np.mean(scores) > 0.05:
            prone.append(name)
    return prone
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_audit", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.audit(audit)
### BEGIN HIDDEN TESTS
trial, generator = check.audit.trial(audit), lab.rng("audit")
prone = {
    "a": [("transpose", 3, 3)],
    "d": [("transpose", 4, 2), ("transpose", 3, 1)],
    "f": [("transpose", 3, 2), ("resize", 3, 3)],
    "h": [("transpose", 2, 2), ("bilinear", 4, 2)],
    "i": [("resize", 3, 2), ("transpose", 4, 2)],
    "k": [("bilinear", 4, 2), ("transpose", 5, 1), ("transpose", 3, 3)],
}
clean = {
    "b": [("transpose", 5, 1)],
    "c": [("resize", 5, 3)],
    "e": [("bilinear", 5, 3), ("transpose", 3, 1)],
    "g": [("transpose", 3, 1), ("resize", 3, 2)],
    "j": [("resize", 3, 2), ("bilinear", 4, 2)],
}
for seeds in [[3, 4, 5, 6], [int(seed) for seed in generator.integers(10, 10**6, 4)]]:
    check.expect_audit(trial, prone, clean, seeds)
check.expect_audit(trial, {}, clean, [7, 8, 9])
### END HIDDEN TESTS

# %%
with lab.needs("audit", "checkerboard_score"):
    print("\n".join(audit(published, seeds=list(range(8)))))
    means = {}
    for name, decoder in published.items():
        period = int(np.prod([stride for _, _, stride in decoder]))
        scores = [checkerboard_score(response(decoder, seed), period) for seed in range(8)]
        means[name] = np.mean(scores)
    figures.score_bars(means, "Random strided kernels are prone, whatever their size", limit=0.05)

# %% [markdown]
# Notice what the audit does not say. A prone decoder *starts* with a grid; training can reduce it,
# and with enough of it often does. But the network then spends its training on it, and every new
# kernel value has to keep the balance. Convolutions of stride 1 that follow do not remove the grid
# either, as U-Net's row shows.
#
# ## 6 · The same grid, backwards
#
# Section 7 of [notebook 2](../02-conv2dtranspose/02-conv2dtranspose.ipynb) showed that the gradient of a convolution is a transposed convolution. So
# a strided convolution, with nothing transposed in sight, must draw the grid too: into the
# *gradient* with respect to its input. Methods that change an image along gradients, such as
# feature visualization, adversarial examples and any network that is trained through a strided
# encoder, meet it there.
#
# ### Exercise 6 · `gradient_overlap`
#
# 4 points, 7 minutes, difficulty 2 of 5
#
# Return the gradient of `sum(conv(x))` with respect to `x`, where `x` is `(n, n)`, `conv` has one
# channel, a `kernel_size` x `kernel_size` kernel of ones, the given stride and padding `valid`; `n`
# is at least `kernel_size`. The result is `(n, n)`: a pixel that no window reaches has the gradient
# 0. An array of any numeric dtype or a tensor will do.
#
# Expected: the first row of `gradient_overlap(6, 3, 2)` is `1 1 2 1 1 0`.
#
# <details><summary>Hint 1</summary>
#
# How many windows fit along one axis? Each window adds its kernel, here ones, to the pixels that it
# reads.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Or let TensorFlow differentiate: `tf.GradientTape`, with `x` a `tf.Variable` of shape `(1, n, n,
# 1)`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "gradient_overlap", "locked": false, "schema_version": 3, "solution": true, "task": false}
def gradient_overlap(n, kernel_size, stride):
    """The gradient of the sum of a strided convolution with a kernel of ones.

    n: int, the input is n x n, n >= kernel_size; kernel_size, stride: int
    returns: (n, n)

    gradient_overlap(3, 2, 1) is [[1, 2, 1], [2, 4, 2], [1, 2, 1]].
    """
    ### BEGIN SOLUTION
    line = np.zeros(n)  # (n,)
    for start in range(0, n - kernel_size + 1, stride):
        line[start : start + kernel_size] += 1
    return np.outer(line, line)  # (n, n)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_gradient_overlap", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.gradient_overlap(gradient_overlap)
### BEGIN HIDDEN TESTS
trial = check.gradient_overlap.trial(gradient_overlap)
for n, size, stride in [
    (9, 3, 2),
    (8, 3, 3),
    (10, 4, 2),
    (4, 4, 3),
    (8, 5, 2),
    (11, 2, 4),
    (6, 1, 1),
]:
    check.expect_gradient_overlap(trial, n, size, stride)
### END HIDDEN TESTS

# %% [markdown]
# The figure shows the gradient of a kernel of ones, and beside it that of two layers of a
# classifier as one would build it, with random kernels, once with strided 3x3 convolutions and once
# with max pooling. The input of both is noise, and what is drawn is the mean absolute gradient over
# 64 inputs, away from the border. With max pooling the grid is fainter and less regular: only the
# largest pixel of each window passes the gradient on.

# %%
with lab.needs("gradient_overlap"):
    maps = [gradient_overlap(33, 3, 2)]
    noise = tf.Variable(np.random.default_rng(3).normal(size=(64, 33, 33, 1)).astype("float32"))
    for stride in [2, 1]:
        keras.utils.set_random_seed(0)
        layers = [keras.Input((33, 33, 1))]
        for _ in range(2):
            layers.append(keras.layers.Conv2D(16, 3, strides=stride, activation="relu"))
            layers += [] if stride == 2 else [keras.layers.MaxPooling2D(3, strides=2)]
        classifier = keras.Sequential([*layers, keras.layers.GlobalAveragePooling2D()])
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(classifier(noise))
        gradient = tape.gradient(total, noise)  # (64, 33, 33, 1)
        maps.append(np.abs(gradient.numpy()).mean(axis=(0, 3)))  # (33, 33)
    maps = [values[8:-8, 8:-8] for values in maps]  # (17, 17): the middle
    titles = ["kernel of ones", "two strided convolutions", "with max pooling"]
    figures.maps(maps, titles, "Gradients through strided layers carry the grid, too")

# %% [markdown]
# ## 7 · The cure: resize, then convolve
#
# The cause is that one layer does two jobs: it enlarges, and it filters. Separate them. Repeating
# pixels by `UpSampling2D` keeps a constant constant; a `Conv2D` of stride 1 treats all pixels
# alike, so it keeps it constant as well. Together they double an image without a grid, for every
# kernel, random or trained.
#
# ### Exercise 7 · `resize_conv`
#
# 3 points, 5 minutes, difficulty 1 of 5
#
# `x` is a Keras tensor `(N, H, W, C)`, as in a functional model. Apply an `UpSampling2D` (nearest,
# its default) by `factor`, then a `Conv2D` with `filters` and `kernel_size`, padding `same`, stride
# 1 and no activation. Return the tensor `(N, H*factor, W*factor, filters)`. With or without a bias
# is up to you; use these two layers and no others.
#
# The check makes a model of your block by the given `block_model(block, input_shape, ...)`, and its
# messages show the shape of `x` without the batch axis.
#
# Expected: the cell after the check prints `(None, 8, 12, 5)`.
#
# <details><summary>Hint 1</summary>
#
# A layer is called on a tensor like a function: `keras.layers.Conv2D(...)(x)`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "resize_conv", "locked": false, "schema_version": 3, "solution": true, "task": false}
def resize_conv(x, filters, kernel_size=3, factor=2):
    """Repeat pixels, then convolve.

    x: Keras tensor (N, H, W, C); filters, kernel_size, factor: int
    returns: Keras tensor (N, H*factor, W*factor, filters)
    """
    ### BEGIN SOLUTION
    x = keras.layers.UpSampling2D(factor)(x)  # (N, H*factor, W*factor, C)
    return keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_resize_conv", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.resize_conv(resize_conv)
### BEGIN HIDDEN TESTS
trial, generator = check.resize_conv.trial(resize_conv), lab.rng("resize_conv")
for shape, filters, options in [
    ((5, 3, 1), 1, ()),
    ((2, 6, 3), 7, (5,)),
    ((4, 3, 2), 3, (4, 2)),
    ((3, 4, 5), 2, (1, 4)),
]:
    check.expect_resize_conv(trial, shape, filters, options, generator)
### END HIDDEN TESTS

# %%
with lab.needs("resize_conv"):
    print(block_model(resize_conv, (4, 6, 2), 5).output_shape)

# %% [markdown]
# ### It is a transposed convolution, too
#
# Upsampling and convolution are both linear, so each input pixel still stamps *something* into the
# output. What does a single bright pixel leave behind? First it fills a block of `factor` x
# `factor` pixels, then the `Conv2D` spreads that block.
#
# ### Exercise 8 · `folded_kernel`
#
# 5 points, 10 minutes, difficulty 4 of 5
#
# Away from borders, repeating pixels by `factor` and then correlating with `kernel` (which is what
# a `Conv2D` does) equals *one* transposed convolution of stride `factor`. Return its kernel, the
# stamp: an array of shape `(kh + factor - 1, kw + factor - 1)` for a `kernel` of shape `(kh, kw)`,
# square or not, float32 or float64, which stays unchanged. `factor` is 1 or more.
#
# Expected: for `[[1, 2, 3]]` and factor 2, a stamp of two equal rows, `3 5 3 1`.
#
# <details><summary>Hint 1</summary>
#
# For a single bright pixel with enough zeros around it, the result of the two steps *is* the stamp.
#
# </details>
# <details><summary>Hint 2</summary>
#
# A correlation slides the kernel over the block. The first entry of the result is where the
# window's lower right corner meets the block's upper left corner. Which entry of the kernel lies
# there?
#
# </details>
# <details><summary>Hint 3</summary>
#
# Every pixel of the block leaves a copy of the kernel, turned by 180 degrees. There are `factor *
# factor` of them, each shifted by one pixel against its neighbor.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "folded_kernel", "locked": false, "schema_version": 3, "solution": true, "task": false}
def folded_kernel(kernel, factor):
    """The stamp of the transposed convolution that equals upsampling, then correlation.

    kernel: (kh, kw); factor: int
    returns: (kh + factor - 1, kw + factor - 1)
    """
    ### BEGIN SOLUTION
    rows, columns = kernel.shape
    stamp = np.zeros((rows + factor - 1, columns + factor - 1), dtype=kernel.dtype)
    for i in range(factor):
        for j in range(factor):
            stamp[i : i + rows, j : j + columns] += kernel[::-1, ::-1]
    return stamp
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_folded_kernel", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.folded_kernel(folded_kernel)
### BEGIN HIDDEN TESTS
trial, generator = check.folded_kernel.trial(folded_kernel), lab.rng("folded_kernel")
for shape, factor in [((3, 3), 3), ((5, 2), 2), ((1, 4), 3), ((2, 3), 1), ((4, 4), 2), ((1, 1), 4)]:
    for dtype in ["float32", "float64"]:
        kernel = np.asfortranarray(generator.normal(size=shape).astype(dtype))
        check.expect_folded(trial, kernel, factor)
### END HIDDEN TESTS

# %% [markdown]
# Look at the stamp's phase sums. They are equal, whatever the kernel: in each phase, every entry of
# the kernel occurs exactly once. That is the whole secret of the cure.

# %%
with lab.needs("folded_kernel", "phase_sums", "is_flat"):
    kernel = np.random.default_rng(5).integers(-3, 6, (3, 3)).astype("float64")
    stamp = folded_kernel(kernel, 2)  # (4, 4)
    print("the sum of the kernel:", kernel.sum())
    print("flat:", is_flat(stamp, 2))
    figures.number_grids(
        [kernel, stamp, phase_sums(stamp, 2)],
        ["kernel of the Conv2D", "stamp of the folded layer", "its phase sums"],
        "The folded stamp is flat by construction",
    )

# %% [markdown]
# So resize-convolution is not another kind of layer. It is a transposed convolution of kernel size
# `k + s - 1` that *cannot* have unequal phase sums. It learns `k * k` weights where an
# unconstrained stamp of that size would have `(k + s - 1)**2`. The price is arithmetic: at stride
# 2, a 3x3 transposed convolution takes 9/4 = 2.25 multiply-adds per output pixel and pair of
# channels, and a 3x3 convolution after upsampling takes 9, or 4 when it is folded.
#
# ### The other cures, measured
#
# - **Bilinear initialization**: start the strided layer with a flat kernel. You saw it in the
#   audit. It holds at the start; training may leave it.
# - **Sub-pixel convolution with equal sub-kernels**: a stride-1 convolution to `s * s` times the
#   channels, whose outputs are interleaved. With random sub-kernels it has the grid. If all `s * s`
#   sub-kernels are equal at the start (called ICNR, a subject of [notebook 5](../05-super-resolution/05-super-resolution.ipynb)), the interleaved
#   outputs are equal, which is the same as convolving once and repeating pixels.
# - **A box blur** of `s` x `s` after the strided layer averages over one whole period. It removes
#   the grid for good, and sharpness with it.

# %%
with lab.needs("checkerboard_score"):
    scores = np.zeros((8, 6))
    for seed in range(8):
        strided = response([("transpose", 3, 2)], seed)  # (8, 8, 8)
        numbers = np.random.default_rng(100 + seed)
        kernel = numbers.normal(size=(3, 3, 8, 4)).astype("float32")
        low = keras.ops.conv(np.ones((1, 8, 8, 8), "float32"), kernel)  # (1, 6, 6, 4)
        one = np.asarray(low)[0, :, :, :1]  # (6, 6, 1): what all four sub-kernels would give
        outputs = {
            "strided 3x3": strided,
            "sub-pixel, random": tf.nn.depth_to_space(low, 2)[0].numpy(),  # (12, 12, 1)
            "sub-pixel, equal": one.repeat(2, axis=0).repeat(2, axis=1),  # (12, 12, 1)
            "strided 3x3, box blur": np.asarray(keras.ops.average_pool(strided[None], 2, 1))[0],
            "bilinear": response([("bilinear", 4, 2)], seed),
            "resize-convolution": response([("resize", 3, 2)], seed),
        }
        scores[seed] = [checkerboard_score(output, 2) for output in outputs.values()]
    means = dict(zip(outputs, scores.mean(axis=0), strict=True))
    figures.score_bars(
        means, "At the start, four of six upsamplers are free of the grid", limit=0.05
    )

# %% [markdown]
# ## 8 · Operate on a whole model
#
# A cure that asks you to write your model anew is rarely taken. So write a function that takes a
# model and returns the cured one.
#
# ### Exercise 9 · `replace_transposed`
#
# 6 points, 15 minutes, difficulty 4 of 5
#
# `model` has one input and one output. It is a `Sequential`, or a functional model in which a
# feature map may be read by several layers and merged again by layers such as `Concatenate` or
# `Add`; it contains no other models, and each layer occurs in it once. Return a *new* model, made
# of new layers, in which each `Conv2DTranspose` with strides 2 or 3 (padding `same`) is an
# `UpSampling2D` (nearest) by its stride and a `Conv2D` of stride 1, padding `same`, with its
# filters, kernel size, activation (an argument or a layer of its own) and `use_bias`.
#
# A kernel size may be a pair of different numbers. Every other layer, a `Conv2DTranspose` of stride
# 1 among them, is kept with its settings, and reads what it read before, in the same order. Input
# and output shapes stay. Names and weights may be new. The model that you were given, its settings
# and weights, is unchanged.
#
# Expected: the cell after the check prints the layers of a small model before and after.
#
# <details><summary>Hint 1</summary>
#
# `type(layer).from_config(layer.get_config())` makes a new layer with an old one's settings. For a
# `Sequential`, go through `model.layers`, and begin the new model with
# `keras.Input(model.input_shape[1:])`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# In a functional model, `layer.input` is the tensor that a layer reads (a list of them for a merge)
# and `layer.output` the one that it gives. Keep a dictionary from old tensors to new ones, by
# `id(tensor)`; `model.layers` is in an order in which everything is made before it is read.
#
# </details>
# <details><summary>Hint 3</summary>
#
# Or read the documentation of `keras.models.clone_model`: its `clone_function` says what stands in
# the place of each layer, and a small `Sequential` of two layers can stand there.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "replace_transposed", "locked": false, "schema_version": 3, "solution": true, "task": false}
def replace_transposed(model):
    """Rebuild a model with UpSampling2D + Conv2D for each strided Conv2DTranspose.

    model: keras Sequential or functional model, one input, one output, not nested
    returns: new keras model with the same input and output shapes
    """
    ### BEGIN SOLUTION
    x = new_input = keras.Input(model.input_shape[1:])
    made = {id(model.inputs[0]): new_input}  # id of an old tensor -> the new tensor
    for layer in model.layers:
        if isinstance(layer, keras.layers.InputLayer):
            continue
        if not isinstance(model, keras.Sequential):
            several = isinstance(layer.input, list)
            x = [made[id(t)] for t in layer.input] if several else made[id(layer.input)]
        if isinstance(layer, keras.layers.Conv2DTranspose) and max(layer.strides) > 1:
            x = keras.layers.UpSampling2D(layer.strides)(x)
            x = keras.layers.Conv2D(
                layer.filters,
                layer.kernel_size,
                padding="same",
                activation=layer.activation,
                use_bias=layer.use_bias,
            )(x)
        else:
            x = type(layer).from_config(layer.get_config())(x)
        made[id(layer.output)] = x
    return keras.Model(new_input, x)  # the output's layer comes last
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_replace_transposed", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check.replace_transposed(replace_transposed)
### BEGIN HIDDEN TESTS
trial = check.replace_transposed.trial(replace_transposed)
for model in [
    check.chain([(4, 2), (3, 3)], activation="tanh", input_shape=(3, 5, 2)),
    check.chain([(2, 1), (5, 2), (3, 2)], use_bias=False, activation="linear"),
    check.chain([((3, 4), 3)], input_shape=(2, 2, 1)),
    check.with_skips("concatenate", kernel_size=(5, 2), stride=3),
    check.with_skips("add", kernel_size=4, input_shape=(4, 10, 1)),
]:
    check.expect_replaced(trial, model)
### END HIDDEN TESTS

# %%
with lab.needs("replace_transposed"):
    small = check.chain([(3, 2), (4, 2)])
    for model in [small, replace_transposed(small)]:
        names = [type(layer).__name__ for layer in check.models.layers_of(model)]
        print(f"{model.input_shape[1:]} -> {model.output_shape[1:]}:", ", ".join(names))

# %% [markdown]
# ## 9 · Before and after, trained
#
# Does it matter once a network is trained? Take a task in which single pixels count: a *relief*.
# The heights are garments of Fashion-MNIST (Xiao, Rasul and Vollgraf 2017), softened by averaging
# twice over 5x5 pixels, so that they are smooth. A network squeezes each relief into 16 numbers and
# draws it again. Whoever uses a relief, to light it or to roll a ball over it, uses its *slopes*:
# differences of neighboring pixels.

# %%
garments, _ = datasets.fashion_mnist("train")
unseen, _ = datasets.fashion_mnist("validation")


def soften(images):
    for _ in range(2):
        images = keras.ops.average_pool(images, 5, strides=1, padding="same")
    return np.asarray(images)  # (N, 28, 28, 1), heights in [0, 1]


heights, held_back = soften(garments[:1000]), soften(unseen)


# %% [markdown]
# The network before: two strided 3x3 `Conv2DTranspose` layers, the last of which draws the relief.
# The network after is what your `replace_transposed` makes of it. Both get the same 1,000 reliefs,
# the same three epochs, the same optimizer, and the same number of weights.


# %%
def relief_network():
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),  # (14, 14, 16)
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),  # (7, 7, 32)
            layers.Flatten(),
            layers.Dense(16),
            layers.Dense(7 * 7 * 16, activation="relu"),
            layers.Reshape((7, 7, 16)),
            layers.Conv2DTranspose(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="sigmoid"),
        ]
    )


# %%
def train(model, seed):
    keras.utils.set_random_seed(seed)
    model = keras.models.clone_model(model)  # new weights, from this seed
    model.compile(keras.optimizers.Adam(2e-3), loss="mse")
    shown = [lab.progress.epochs()]
    model.fit(heights, heights, batch_size=32, epochs=3, verbose=0, callbacks=shown)
    return model.predict(held_back, verbose=0)  # (1000, 28, 28, 1)


# %%
with lab.needs("replace_transposed"):
    before, after = relief_network(), replace_transposed(relief_network())
    print("the same number of weights:", before.count_params() == after.count_params())
    runs = [
        [train(model, seed) for seed in lab.progress.each(range(3), "training")]
        for model in lab.progress.each([before, after], "network")
    ]

# %% [markdown]
# Four reliefs that no network was trained on, lit from the upper left. Gray is level ground. The
# replaced model's slopes come close to those of the target; those of the strided model are ribbed
# where they should be smooth.

# %% tags=["picture"]
with lab.needs("replace_transposed"):
    chosen = [4, 9, 3, 17, 8]
    figures.reliefs(
        {"target": held_back[chosen], "before": runs[0][0][chosen], "after": runs[1][0][chosen]},
        "The same training, lit from one side: the strided decoder leaves ribs",
    )

# %% [markdown]
# In numbers: the score of the drawn reliefs, the mean squared error of the heights, and that of the
# slopes, which is what this task is about. Each is the mean over three trainings from different
# initial weights.


# %%
def slope_error(drawn):
    errors = [np.diff(drawn - held_back, axis=axis) ** 2 for axis in (1, 2)]
    return np.mean([error.mean() for error in errors])


with lab.needs("replace_transposed", "checkerboard_score"):
    instruments = {
        "checkerboard score": lambda y: np.mean([checkerboard_score(i, 2) for i in y[:200]]),
        "error of the heights": lambda y: np.mean((y - held_back) ** 2),
        "error of the slopes": slope_error,
    }
    measures = {
        name: tuple(np.mean([measure(y) for y in pair]) for pair in runs)
        for name, measure in instruments.items()
    }
    for name, (first, second) in measures.items():
        print(f"{name}: less than two thirds of it is left:", bool(second < first * 2 / 3))
    figures.before_and_after(
        measures, ("before", "after"), "One replaced layer type, all three fall"
    )

# %% [markdown]
# The comparison is fair in data, epochs and weights, and unequal in arithmetic: on the grids it
# enlarges, the replaced model does four times the multiply-adds of the strided one (9 instead of
# 2.25). With ten times the epochs, two trainings each, the strided decoder unlearns the grid, and
# its errors of heights and slopes are still larger by more than a third. The cure is cheap
# insurance, and not a law: four of the six published decoders of section 5 draw a grid at the
# start, and they are in use. If you keep `Conv2DTranspose`, give it a kernel size divisible by the
# stride and a flat initial kernel, and measure what comes out.
#
# ## What you can do now
#
# You can recognize a checkerboard by eye and by spectrum, predict it from a kernel, measure it in
# an image, find it in gradients, and remove its cause from a model.
#
# **Take-aways**
#
# 1. On a constant input, a strided transposed convolution repeats its kernel's phase sums. Unequal
#    sums are the grid.
# 2. "Kernel size divisible by the stride" evens the counts. It is neither sufficient nor necessary
#    for a flat output.
# 3. Strided convolution and pooling draw the same grid into gradients.
# 4. `UpSampling2D` followed by `Conv2D` is a transposed convolution whose phase sums are equal by
#    construction.
# 5. Bilinear and equal sub-kernels cure the start, a blur costs sharpness, resize-convolution costs
#    arithmetic.
#
# **To read**
#
# - Augustus Odena, Vincent Dumoulin, Chris Olah: *Deconvolution and Checkerboard Artifacts*,
#   Distill (2016), where resize-convolution is proposed, with figures to play with.
# - Andrew Aitken and others: *Checkerboard artifact free sub-pixel convolution* (2017), on equal
#   sub-kernels.
# - Yusuke Sugawara, Sayaka Shiota, Hitoshi Kiya: *Checkerboard artifacts free convolutional neural
#   networks* (2019), on conditions for the phases of a kernel.
#
# The last cell lists all exercises.

# %%
lab.scoreboard(check)

# %% [markdown]
# Back: [3 · Segmentation decoder](../03-segmentation-decoder/03-segmentation-decoder.ipynb)
#
# Next: [5 · Super-resolution](../05-super-resolution/05-super-resolution.ipynb)
