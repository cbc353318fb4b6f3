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
# **Time**: about 110 minutes; eleven exercises, 40 points.
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

from autograder.lab.checks import checkerboard as check
from autograder.lab.checks.checkerboard import block_model
from autograder.lab.figures import checkerboard as figures

# %% [markdown]
# ## 1 · Look first
#
# Here is a small generator, of the kind that draws faces once it is trained: three
# `Conv2DTranspose` layers with 3x3 kernels and stride 2, from a 12x12 input to 96x96 pixels. This
# one is *not* trained. Its input is as smooth as can be: every pixel the same.

# %% tags=["picture"]
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
# 3 points, 6 minutes, difficulty 1 of 5
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_overlap_count", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
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
# 2 points, 4 minutes, difficulty 1 of 5
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_phase_sums", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
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
# ### Exercise 3 · `flat_order`
#
# 6 points, 15 minutes, difficulty 4 of 5
#
# The *phase moment* `M_ab[p, q]` of a kernel is the sum of `k**a * l**b * kernel[i, j]` over all
# `i` and `j` with `i % stride == p` and `j % stride == q`, where `k` and `l` are `i` and `j` scaled
# linearly so that the whole kernel's first index is -1 and its last is 1; along an axis of length 1
# they are 0. The sum of no entries is 0, and `k**0` is 1. The moments of one pair `(a, b)` are
# equal if their largest minus their smallest is at most `tol` times the sum of `abs(kernel)`.
# Return the order of the kernel: the largest integer `m` such that for every `a` and `b` with `a +
# b < m` the moments are equal over all `stride * stride` phases; it is never larger than `kh + kw -
# 2`. The kernel may have any shape, is not zero everywhere, is float32 or float64, and stays
# unchanged; `stride` is at least 2.
#
# Expected: 0 for ones of 3x3 at stride 2, 1 for ones of 2x2, 2 for the outer product of `[1, 2, 1]`
# with itself and 3 for that of `[1, 3, 3, 1]`.
#
# <details><summary>Hint 1</summary>
#
# For `a = b = 0` the moments are the phase sums. Unequal ones mean order 0.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `np.linspace(-1, 1, n)` is right for `n > 1`. Multiply the kernel by the powers first, and take
# its phases afterwards: so each entry counts by its place in the whole kernel.
#
# </details>
# <details><summary>Hint 3</summary>
#
# Go through the degrees 0, 1, 2, and so on, and within a degree `d` through the pairs `(0, d)`,
# `(1, d - 1)` to `(d, 0)`. The first degree with an unequal pair is the order.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "flat_order", "locked": false, "schema_version": 3, "solution": true, "task": false}
def flat_order(kernel, stride, tol=1e-6):
    """The order of a kernel: polynomials of a lower degree come out without a grid.

    kernel: (kh, kw), not zero everywhere; stride: int, at least 2
    tol: float, how far apart equal moments may be, as a share of the sum of abs(kernel)
    returns: int, from 0 to kh + kw - 2

    flat_order(np.ones((2, 2)), 2) is 1.
    """
    ### BEGIN SOLUTION
    kernel = np.asarray(kernel, "float64")
    rows, columns = (np.linspace(-1, 1, n) if n > 1 else np.zeros(1) for n in kernel.shape)
    limit = tol * np.abs(kernel).sum()
    phases = [(p, q) for p in range(stride) for q in range(stride)]
    highest = sum(kernel.shape) - 2
    for degree in range(highest):
        for a in range(degree + 1):
            weighted = kernel * np.outer(rows**a, columns ** (degree - a))  # (kh, kw)
            moments = [weighted[p::stride, q::stride].sum() for p, q in phases]
            if max(moments) - min(moments) > limit:
                return degree
    return highest
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_flat_order", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check.flat_order(flat_order)
### BEGIN HIDDEN TESTS
trial, generator = check.flat_order.trial(flat_order), lab.rng("flat_order")
for shape, stride in [((5, 4), 2), ((1, 3), 2), ((4, 1), 3), ((2, 2), 4), ((8, 8), 4), ((1, 1), 3)]:
    for dtype in ["float32", "float64"]:
        kernel = np.asfortranarray(generator.normal(size=shape).astype(dtype))
        check.expect_order(trial, kernel, stride)
box, tent, cubic = np.ones(2), np.array([1.0, 2, 1]), np.array([1.0, 4, 6, 4, 1])
smooth, third, quarter = np.array([1.0, 3, 3, 1]), np.ones(3), np.ones(4)
tent_3 = np.convolve(third, third)
for lines, stride in [
    ((box, cubic), 2),
    ((cubic, cubic), 2),
    ((smooth, tent), 2),
    ((tent_3, tent_3), 3),
    ((np.convolve(tent_3, third), tent_3), 3),
    ((third, np.convolve(third, [1, -2, 5])), 3),
    ((quarter, np.convolve(quarter, quarter)), 4),
    ((np.ones(1), smooth), 2),
    ((box, tent), 3),
]:
    for kernel in (np.outer(*lines), np.outer(*lines[::-1]).astype("float32")):
        check.expect_order(trial, kernel, stride)
mixed = np.outer(np.convolve(smooth, [1, -1]), [0, 1, 1]) + np.outer([1, 3, 3, 1, 0], tent)
for kernel in (mixed, mixed.T, 1e-9 * mixed[::-1], 1e9 / 3 * mixed[:, ::-1]):
    check.expect_order(trial, np.asfortranarray(kernel), 2)
uneven = np.outer(smooth, smooth)
uneven[1, 2] += 0.8  # of 64.8
for factor in (1, 1e-7, 1e5):
    for tol in (0.02, 0.007):
        check.expect_order(trial, factor * uneven, 2, tol)
check.expect_order(trial, np.ones((3, 6)), 3, 0.0)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · An instrument
#
# ### Exercise 4 · `grid_score`
#
# 5 points, 12 minutes, difficulty 3 of 5
#
# `image` is `(H, W)` or `(H, W, C)` and of any real dtype; compute in float64. For each channel let
# `m = stride + 1` and `surprise(h)` be the mean, over all pixels with `m <= i < H - m` and `m <= j <
# W - m`, of the absolute difference between `x[i, j]` and the mean of its four neighbors `x[i - h,
# j]`, `x[i + h, j]`, `x[i, j - h]` and `x[i, j + h]`. Let `around` be the geometric mean of
# `surprise(stride - 1)` and `surprise(stride + 1)`. The channel scores 0 where `around` is at most
# 1e-5 times the largest absolute value of the whole channel, and otherwise `1 - surprise(stride) /
# around`, or 0 if that is negative. Return the mean over the channels. `stride` is 1 or more (at 1
# the score is 0), and the image stays unchanged. Where H or W is smaller than `2 * m + 1`, raise a
# `ValueError` whose message contains the word `image` or the word `stride`.
#
# Expected: for a checkerboard of 0 and 1, 12x12 pixels, 0 at stride 1, 1 at stride 2, 0 at stride 3
# and 1 at stride 4.
#
# <details><summary>Hint 1</summary>
#
# Cut the same region out of the image five times, once where it is and four times shifted by `h`:
# all have the shape `(H - 2 * m, W - 2 * m)`, whatever `h` is.
#
# </details>
# <details><summary>Hint 2</summary>
#
# If an image without a channel axis gets one, means over `axis=(0, 1)` serve all channels at once.
#
# </details>
# <details><summary>Hint 3</summary>
#
# Dividing 0 by 0 gives `nan` and a warning: treat channels without texture before you divide.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "grid_score", "locked": false, "schema_version": 3, "solution": true, "task": false}
def grid_score(image, stride):
    """Measure a grid: do pixels one period away predict a pixel better than nearer and farther ones?

    image: (H, W) or (H, W, C), any real dtype; stride: int, the period
    returns: float from 0, no grid, to 1
    raises: ValueError, whose message names `image` or `stride`, if a side is below 2 * stride + 3
    """
    ### BEGIN SOLUTION
    margin = stride + 1
    rows, columns = image.shape[:2]
    if min(rows, columns) < 2 * margin + 1:
        raise ValueError(f"image has shape {image.shape}, which is too small for stride {stride}")
    x = np.asarray(image, "float64").reshape(rows, columns, -1)  # (H, W, C)

    def shifted(down, right):
        return x[margin + down : rows - margin + down, margin + right : columns - margin + right]

    def surprise(h):
        neighbors = shifted(-h, 0) + shifted(h, 0) + shifted(0, -h) + shifted(0, h)
        return np.abs(shifted(0, 0) - neighbors / 4).mean(axis=(0, 1))  # (C,)

    around = np.sqrt(surprise(stride - 1) * surprise(stride + 1))
    textured = around > 1e-5 * np.abs(x).max(axis=(0, 1))
    scores = 1 - surprise(stride) / np.where(textured, around, 1)
    return float(np.mean(np.where(textured, np.maximum(scores, 0), 0)))
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_grid_score", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.grid_score(grid_score)
### BEGIN HIDDEN TESTS
trial, generator = check.grid_score.trial(grid_score), lab.rng("grid_score")
for shape, stride in [
    ((7, 8), 2),
    ((13, 9), 3),
    ((11, 16), 4),
    ((10, 7, 3), 2),
    ((9, 12, 2), 3),
    ((6, 5), 1),
]:
    image = check.gridded(generator, shape, stride)
    for changed in (image, np.asfortranarray((200 * image).astype("float32"))):
        check.expect_grid(trial, changed, stride)
    check.expect_grid(trial, generator.normal(size=shape), stride)
check.expect_grid(trial, check.gridded(generator, (12, 11), 2), 3)
check.expect_grid(trial, check.gridded(generator, (8, 9, 4), 2, dark=True), 2)
check.expect_grid(trial, 1e-6 * check.gridded(generator, (9, 8), 2), 2)
check.expect_grid(trial, 1e6 + 0.1 * check.gridded(generator, (9, 8), 2), 2)
bright = check.gridded(generator, (10, 10, 2), 2, bright=2000).astype("float32")
check.expect_grid(trial, bright, 2)
check.expect_grid(trial, generator.integers(0, 256, (9, 11, 3)).astype("uint8"), 3)
check.expect_grid(trial, np.zeros((9, 9, 2)), 2)
for shape, stride in [((6, 9), 2), ((9, 8), 3), ((10, 20, 3), 4), ((4, 8), 1)]:
    trial.expect_error(ValueError, ("image", "stride"), np.ones(shape), stride)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · An audit
#
# ### Exercise 5 · `audit`
#
# 3 points, 8 minutes, difficulty 2 of 5
#
# `models` is a dictionary from names to Keras models, `noises` one from the same names, in any
# order, to the batch of inputs of each. Call every model on its own noise, in inference mode
# (`training=False`): the result is a batch of images `(N, H, W, C)`. Return the names of the models
# whose images have a mean `grid_score(image, period)` strictly above `limit`, as a list, set or
# tuple, in any order. No mean lies close to the limit.
#
# Expected: the cell after the check names two of three small models.
#
# <details><summary>Hint 1</summary>
#
# Look the noise up by the name of the model.
#
# </details>
# <details><summary>Hint 2</summary>
#
# A batch is not an image: score one image at a time, then average.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "audit", "locked": false, "schema_version": 3, "solution": true, "task": false}
def audit(models, noises, period, limit=0.1):
    """Name the models whose images have a grid.

    models: dict, name -> Keras model; noises: dict, name -> batch of its inputs
    period: int; limit: float, the mean score above which a model is named
    returns: list, set or tuple of str
    """
    ### BEGIN SOLUTION
    prone = []
    for name, model in models.items():
        images = np.asarray(model(noises[name], training=False))  # (N, H, W, C)
        if np.mean([grid_score(image, period) for image in images]) > limit:
            prone.append(name)
    return prone
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_audit", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.audit_models(audit)
### BEGIN HIDDEN TESTS
trial, generator = check.audit_models.trial(audit), lab.rng("audit")
check.expect_audited(trial, [check.audit_case(generator, 4, 2, 0.3)])
### END HIDDEN TESTS

# %%
with lab.needs("audit", "grid_score"):
    keras.utils.set_random_seed(4)
    noise = np.random.default_rng(0).normal(1, 0.2, (4, 8, 8, 3)).astype("float32")  # (N, H, W, C)
    small = {
        "strided 3x3": [keras.layers.Conv2DTranspose(3, 3, strides=2)],
        "strided 4x4": [keras.layers.Conv2DTranspose(3, 4, strides=2)],
        "resize": [keras.layers.UpSampling2D(2), keras.layers.Conv2D(3, 3)],
    }
    small = {
        name: keras.Sequential([keras.Input((8, 8, 3)), *layers]) for name, layers in small.items()
    }
    print("prone:", audit(small, dict.fromkeys(small, noise), 2))

# %% [markdown]
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
# 2 points, 7 minutes, difficulty 2 of 5
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_gradient_overlap", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
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
# ### Exercise 7 · `smooth_stride`
#
# 3 points, 8 minutes, difficulty 3 of 5
#
# `x` is a Keras tensor `(N, H, W, C)` with even `H` and `W`. Apply a `Conv2D` with `filters` and
# `kernel_size`, padding `same`, stride 1 and no activation, then blur each channel by itself, with
# stride 2, by the outer product of `[1, 3, 3, 1]` with itself divided by 64, with zeros outside the
# image as padding `same` has them. Return the tensor `(N, H / 2, W / 2, filters)`. The blur is
# fixed: only the kernel of the convolution and its bias, if it has one, are trainable.
#
# Expected: the cell after the check prints `(None, 4, 6, 5)`.
#
# <details><summary>Hint 1</summary>
#
# `DepthwiseConv2D` treats each channel by itself; its kernel has the shape `(4, 4, filters, 1)`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `trainable=False` fixes a layer's weights, and `layer.set_weights([...])` sets them once it was
# called. Or pass `keras.ops.depthwise_conv` the kernel as an array.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "smooth_stride", "locked": false, "schema_version": 3, "solution": true, "task": false}
def smooth_stride(x, filters, kernel_size=3):
    """Convolve, then blur by [1, 3, 3, 1] and keep every second pixel.

    x: Keras tensor (N, H, W, C), H and W even; filters, kernel_size: int
    returns: Keras tensor (N, H / 2, W / 2, filters)
    """
    ### BEGIN SOLUTION
    x = keras.layers.Conv2D(filters, kernel_size, padding="same")(x)  # (N, H, W, filters)
    line = np.array([1, 3, 3, 1]) / 8
    kernel = np.outer(line, line)[:, :, None, None].repeat(filters, axis=2)  # (4, 4, filters, 1)
    blur = keras.layers.DepthwiseConv2D(
        4, strides=2, padding="same", use_bias=False, trainable=False
    )
    y = blur(x)
    blur.set_weights([kernel])
    return y
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_smooth_stride", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.smooth_stride(smooth_stride)
### BEGIN HIDDEN TESTS
trial, generator = check.smooth_stride.trial(smooth_stride), lab.rng("smooth_stride")
for shape, filters, options in [((8, 6, 1), 4, ()), ((4, 10, 3), 3, (4,))]:
    check.expect_smooth_stride(trial, shape, filters, options, generator)
### END HIDDEN TESTS

# %%
with lab.needs("smooth_stride"):
    print(block_model(smooth_stride, (8, 12, 2), 5).output_shape)

# %% [markdown]
# ## 7 · The cure: resize, then convolve
#
# ### Exercise 8 · `resize_conv`
#
# 2 points, 5 minutes, difficulty 1 of 5
#
# `x` is a Keras tensor `(N, H, W, C)`, as in a functional model. Apply an `UpSampling2D` by
# `factor` with the given `interpolation`, then a `Conv2D` with `filters` and `kernel_size`, padding
# `same`, stride 1 and no activation. Return the tensor `(N, H*factor, W*factor, filters)`. With or
# without a bias is up to you; use these two layers and no others.
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
def resize_conv(x, filters, kernel_size=3, factor=2, interpolation="nearest"):
    """Resize, then convolve.

    x: Keras tensor (N, H, W, C); filters, kernel_size, factor: int
    interpolation: "nearest" or "bilinear"
    returns: Keras tensor (N, H*factor, W*factor, filters)
    """
    ### BEGIN SOLUTION
    x = keras.layers.UpSampling2D(factor, interpolation=interpolation)(x)
    return keras.layers.Conv2D(filters, kernel_size, padding="same")(x)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_resize_conv", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.resize_conv_interpolated(resize_conv)
### BEGIN HIDDEN TESTS
trial, generator = check.resize_conv_interpolated.trial(resize_conv), lab.rng("resize_conv")
for shape, filters, options in [
    ((5, 3, 1), 1, ()),
    ((2, 6, 3), 7, (5, 4)),
    ((4, 3, 2), 3, (4, 2, "bilinear")),
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
# ### Exercise 9 · `folded_kernel`
#
# 4 points, 10 minutes, difficulty 4 of 5
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_folded_kernel", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.folded_kernel(folded_kernel)
### BEGIN HIDDEN TESTS
trial, generator = check.folded_kernel.trial(folded_kernel), lab.rng("folded_kernel")
for shape, factor in [((3, 3), 3), ((5, 2), 2), ((1, 4), 3), ((2, 3), 1), ((4, 4), 2), ((1, 1), 4)]:
    for dtype in ["float32", "float64"]:
        kernel = np.asfortranarray(generator.normal(size=shape).astype(dtype))
        check.expect_folded(trial, kernel, factor)
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · Operate on a whole model
#
# ### Exercise 10 · `cheaper`
#
# 5 points, 20 minutes, difficulty 5 of 5
#
# `model` has one input and one output. It is a `Sequential`, or a functional model in which a
# feature map may be read by several layers and merged again; it contains no other models, each
# layer occurs in it once, and what an `UpSampling2D` gives is read by one layer. Return a *new*
# model, made of new layers, with the same outputs to 1e-4 (in inference mode), in which each
# `UpSampling2D(s)` (nearest, the same factor `s` along both axes) whose output a `Conv2D` reads
# (stride 1, padding `same`, an odd `k` x `k` kernel, `k >= s`) is replaced: by a `Conv2DTranspose`
# with the convolution's filters, kernel size `k`, strides `s` and padding `valid`, whose kernel is
# the convolution's turned by 180 degrees and multiplied by `s**2`, and an `AveragePooling2D(s,
# strides=1)` somewhere behind it. The convolution's activation comes after the mean. Where `s - 1`
# is larger than `(k - 1) / 2`, zeros go around what is averaged, and the bias must not be averaged
# with them; where it is smaller, `(k - 1) / 2 - (s - 1)` rows and columns on each side are cropped
# behind the mean.
#
# Everything else stays, with its settings and weights: an even kernel, one smaller than the factor,
# another interpolation, an `UpSampling2D` that another layer reads. You may add layers that pad,
# crop or add a bias. The model that you were given is unchanged, and no variable is shared.
#
# Expected: for `k = 3` and `s = 2` a quarter of the multiply-adds, and no padding or cropping.
#
# <details><summary>Hint 1</summary>
#
# `type(layer).from_config(layer.get_config())` makes a new layer with an old one's settings; once
# it was called, `set_weights` gives it the old one's weights. Keep a dictionary from old tensors to
# new ones, by `id(tensor)`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# A `Conv2D` kernel is `(k, k, in, out)`, that of a `Conv2DTranspose` `(k, k, out, in)`.
#
# </details>
# <details><summary>Hint 3</summary>
#
# Zeros around the *input* of the `Conv2DTranspose` also make room for the mean: what it draws from
# them is nothing but its bias. Then all cases differ in how much is cropped.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "cheaper", "locked": false, "schema_version": 3, "solution": true, "task": false}
def cheaper(model):
    """Rebuild a model with Conv2DTranspose and a mean for each nearest UpSampling2D and Conv2D.

    model: keras Sequential or functional model, one input, one output, not nested
    returns: new keras model with the same outputs
    """
    ### BEGIN SOLUTION
    layers = keras.layers
    x = new_input = keras.Input(model.input_shape[1:])
    made = {id(model.inputs[0]): new_input}  # id of an old tensor -> the new tensor
    enlarged = {}  # id of a new tensor -> the tensor that was enlarged, and the factor
    for layer in model.layers:
        if isinstance(layer, layers.InputLayer):
            continue
        if not isinstance(model, keras.Sequential):
            several = isinstance(layer.input, list)
            x = [made[id(t)] for t in layer.input] if several else made[id(layer.input)]
        low, s = enlarged.get(id(x), (None, 0))
        k, other = getattr(layer, "kernel_size", (0, 0))
        convolves = isinstance(layer, layers.Conv2D) and layer.padding == "same"
        if low is not None and convolves and k == other and k % 2 and k >= s:
            zeros = int(s - 1 > (k - 1) // 2)  # around the input: they draw nothing but the bias
            stamps = layers.Conv2DTranspose(layer.filters, k, strides=s, use_bias=layer.use_bias)
            x = stamps(layers.ZeroPadding2D(zeros)(low) if zeros else low)
            kernel, *bias = layer.get_weights()
            stamps.set_weights([s**2 * kernel[::-1, ::-1].swapaxes(2, 3), *bias])
            x = layers.AveragePooling2D(s, strides=1)(x)
            surplus = (k - 1) // 2 - (s - 1) + s * zeros
            x = layers.Cropping2D(surplus)(x) if surplus else x
            x = layers.Activation(layer.activation)(x)
        else:
            kept = type(layer).from_config(layer.get_config())
            y = kept(x)
            kept.set_weights(layer.get_weights())
            if isinstance(layer, layers.UpSampling2D) and layer.interpolation == "nearest":
                enlarged[id(y)] = x, layer.size[0]
            x = y
        made[id(layer.output)] = x
    return keras.Model(new_input, x)  # the output's layer comes last
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_cheaper", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.cheaper(cheaper)
### BEGIN HIDDEN TESTS
trial, generator = check.cheaper.trial(cheaper), lab.rng("cheaper")
for model in [
    check.resizing([(3, 2), (7, 3), (1, 2)], use_bias=False, activation="linear"),
    check.resizing_with_skips(kernel_size=5, factor=4, input_shape=(4, 8, 2)),
]:
    check.expect_cheaper(trial, model, generator)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 11 · `replace_transposed`
#
# 5 points, 15 minutes, difficulty 4 of 5
#
# `model` is as in exercise 10. Return a *new* model, made of new layers, in which each
# `Conv2DTranspose` with strides 2 or 3 (padding `same`) is an `UpSampling2D` (nearest) by its stride
# and a `Conv2D` of stride 1, padding `same`, with its filters, kernel size, activation (an argument
# or a layer of its own) and `use_bias`. Which weights this `Conv2D` gets is up to you.
#
# A kernel size may be a pair of different numbers. Every other layer, a `Conv2DTranspose` of stride
# 1 among them, is kept with its settings and its weights, the moving mean and variance of a
# `BatchNormalization` included, and reads what it read before, in the same order. Input and output
# shapes stay. The model that you were given is unchanged, and no variable is shared.
#
# Expected: the cell after the check prints the layers of a small model before and after.
#
# <details><summary>Hint 1</summary>
#
# It is the walk of exercise 10 with another replacement.
#
# </details>
# <details><summary>Hint 2</summary>
#
# In a functional model, `layer.input` is the tensor that a layer reads (a list of them for a merge)
# and `layer.output` the one that it gives; `model.layers` is in an order in which everything is made
# before it is read.
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
            kept = type(layer).from_config(layer.get_config())
            x = kept(x)
            kept.set_weights(layer.get_weights())
        made[id(layer.output)] = x
    return keras.Model(new_input, x)  # the output's layer comes last
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_replace_transposed", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.replace_transposed_with_weights(replace_transposed)
### BEGIN HIDDEN TESTS
trial = check.replace_transposed_with_weights.trial(replace_transposed)
generator = lab.rng("replace_transposed")
for model in [
    check.chain([(2, 1), (5, 2), ((3, 4), 3)], activation="tanh", input_shape=(3, 2, 2)),
    check.with_skips("add", kernel_size=(5, 2), stride=3, input_shape=(3, 6, 2)),
]:
    check.expect_replaced_with_weights(trial, model, generator)
### END HIDDEN TESTS

# %%
with lab.needs("replace_transposed"):
    small = check.chain([(3, 2), (4, 2)])
    for model in [small, replace_transposed(small)]:
        names = [type(layer).__name__ for layer in check.models.layers_of(model)]
        print(f"{model.input_shape[1:]} -> {model.output_shape[1:]}:", ", ".join(names))

# %% [markdown]
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
