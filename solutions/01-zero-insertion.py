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
# # 1 · Zero insertion: a transposed convolution by hand
#
# A classifier goes down: each strided convolution or pooling layer leaves fewer pixels, until one
# label is left. Many tasks need the way up again. Semantic segmentation wants a label for every
# pixel, super-resolution wants more pixels than there were, and an image generator starts from a
# handful of numbers. The part of a network that goes up is called a *decoder*, and its classic
# layer is the *transposed convolution*: Keras' `Conv2DTranspose`.
#
# In this notebook you build that layer in NumPy, in several ways that give the same numbers, and
# check it against Keras. On the way you find out what it is not: the inverse of a convolution.
#
# **You need to know** NumPy slices and loops, and what a convolution and a stride are; one CNN
# trained in Keras is enough.
#
# **Time**: about 75 minutes; eleven exercises, 40 points.
#
# **How it is graded**: below every exercise stands a cell with a *visible check*. It calls your
# function on a few small examples, and where something is wrong it says what came back and which
# misconception that looks like. *Hidden tests*, run by your instructor, decide the points; they use
# other sizes and values, and ask for nothing that the task's text does not say.
# Grading has Python's standard library, NumPy, Matplotlib, TensorFlow and Keras, and nothing else.
# Before you submit, choose **Kernel, Restart Kernel and Run All Cells** and look at the table at the
# end. You may submit with exercises left open. A later function may call your earlier ones; where
# one of those is still open, write the later one without it.

# %% [markdown]
# ## Set-up
#
# Run this cell first; the first time it takes up to a minute.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import importlib.util

if importlib.util.find_spec("autograder") is None:
    raise RuntimeError("The course is not installed here: set it up as its README says.")

from autograder import lab  # isort: skip  (first: it quiets TensorFlow's start-up lines)
import numpy as np

from autograder.lab import datasets
from autograder.lab.checks import zero_insertion as check
from autograder.lab.figures import zero_insertion as figures

# %% nbgrader={"grade": false, "grade_id": "setup_data", "locked": true, "schema_version": 3, "solution": false, "task": false}
photo = datasets.fashion_mnist("validation")[0][19, :, :, 0].astype("float64")  # (28, 28)

# %% [markdown]
# **What you will build.** The figure shows a small image of a shoe from Fashion-MNIST (Xiao, Rasul
# and Vollgraf 2017), the same pixels with zeros inserted between them, and what a convolution makes
# of those. The two steps together are one transposed convolution.

# %% tags=["picture"]
small = photo[::2, ::2]  # (14, 14)
figures.preview(small)

# %% [markdown]
# **What holds in every exercise.** Images and kernels are two-dimensional NumPy arrays (the last
# exercise adds two axes), float32 or float64. Height and width may differ, in the image and in the
# kernel, and either may be 1. Any memory layout can occur: a slice `a[::2]`, a transposed array
# `a.T` or a reversed one `a[::-1]` is an array like any other. Return a new array and leave the
# caller's arrays as they are. Values are graded, up to rounding; the dtype is graded only where the
# task names it, and any method that gives the right values is fine. Every `stride` is an int, 1 or
# more, the same for both axes.

# %% [markdown]
# ## 1 · Zeros between the pixels
#
# The first step spreads the pixels out. With `stride` 2 every second row and column of the result
# comes from the input; the others hold zeros. The figure shows a 2x3 input, and the same with
# strides 2 and 3; brighter cells hold larger numbers.

# %%
figures.number_grids(
    [
        np.array([[1, 2, 3], [4, 5, 6]]),
        np.array([[1, 0, 2, 0, 3], [0, 0, 0, 0, 0], [4, 0, 5, 0, 6]]),
        np.array([[1, 0, 0, 2, 0, 0, 3], [0] * 7, [0] * 7, [4, 0, 0, 5, 0, 0, 6]]),
    ],
    ["input, 2x3", "stride 2: 3x5", "stride 3: 4x7"],
    "stride - 1 zeros stand between two neighbors",
)

# %% [markdown]
# ### Exercise 1 · `insert_zeros`
#
# 3 points, 4 minutes, difficulty 1 of 5
#
# Put `stride - 1` zeros between neighboring entries of `x`, along both axes. None stand before the
# first entry or after the last.
#
# The result has the dtype of `x`, whichever that is: integers stay integers, float32 stays float32.
# It is a new array, also for stride 1, where no zero is inserted: writing into it must not change
# `x`.
#
# Expected: the cell after the check prints the middle grid of the figure.
#
# <details><summary>Hint 1</summary>
#
# How long is a row of `n` entries once `stride - 1` zeros stand in each of its `n - 1` gaps?
#
# </details>
# <details><summary>Hint 2</summary>
#
# Start from an array of zeros. A slice with a step, `a[::3]`, addresses every third entry, and you
# can assign to it.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "insert_zeros", "locked": false, "schema_version": 3, "solution": true, "task": false}
def insert_zeros(x, stride):
    """Insert stride - 1 zeros between neighboring entries.

    x: array (H, W); stride: int >= 1
    returns: new array ((H-1)*stride+1, (W-1)*stride+1), dtype of x

    insert_zeros(np.array([[1, 2], [3, 4]]), 2) is [[1, 0, 2], [0, 0, 0], [3, 0, 4]].
    """
    ### BEGIN SOLUTION
    height, width = x.shape
    expanded = np.zeros(((height - 1) * stride + 1, (width - 1) * stride + 1), dtype=x.dtype)
    expanded[::stride, ::stride] = x
    return expanded
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_insert_zeros", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.insert_zeros(insert_zeros)
### BEGIN HIDDEN TESTS
trial, generator = check.insert_zeros.trial(insert_zeros), lab.rng("insert_zeros")
for shape, stride, dtype, layout in [
    ((4, 4), 2, "float64", "rows"),
    ((2, 5), 2, "float64", "rows"),
    ((4, 7), 3, "float32", "columns"),
    ((5, 1), 4, "float64", "sliced"),
    ((1, 6), 2, "float32", "reversed"),
    ((1, 1), 3, "float64", "rows"),
    ((3, 5), 1, "float32", "rows"),
    ((2, 4), 1, "float64", "columns"),
]:
    check.expect_expanded(trial, check.draw(generator, shape, dtype, layout), stride)
for stride, dtype in [(2, "int32"), (1, "int64"), (5, "uint8")]:
    check.expect_expanded(trial, generator.integers(1, 200, (3, 4)).astype(dtype), stride)
### END HIDDEN TESTS

# %%
with lab.needs("insert_zeros"):
    print(insert_zeros(np.array([[1, 2, 3], [4, 5, 6]]), 2))

# %% [markdown]
# ## 2 · What deep learning calls convolution
#
# The second step is an ordinary convolution. A small array, the *kernel*, is laid on the image as a
# window. Entries that lie on top of each other are multiplied, the products are summed, and the sum
# is one entry of the output. Then the window moves on, to every position at which it lies inside
# the image.
#
# Mathematicians turn the kernel by 180 degrees before they do so, and call it *correlation* if the
# kernel is left as it is. Deep learning leaves it as it is and says convolution all the same. Since
# kernels are learned, nobody notices, until somebody needs to transpose one. In this notebook the
# function is called what it is.
#
# ### Exercise 2 · `correlate2d`
#
# 3 points, 5 minutes, difficulty 1 of 5
#
# Return the correlation of `x` with `kernel`, without turning the kernel: entry `[i, j]` of the
# output is the sum of the products of `kernel` and the window of `x` whose top left corner is at
# `[i, j]`. Only positions at which the window lies inside `x` count; the kernel is at most as large
# as `x`, and may be just as large.
#
# Expected: the figure after the check finds the shoe's outlines.
#
# <details><summary>Hint 1</summary>
#
# At how many positions does a window of 3 fit into a row of 5?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `x[i : i + kh, j : j + kw]` is the window. `for i, j in np.ndindex(rows, columns):` visits every
# position with one loop.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "correlate2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def correlate2d(x, kernel):
    """Slide the kernel over x and sum the products: what deep learning calls convolution.

    x: array (H, W); kernel: array (kh, kw), kh <= H, kw <= W
    returns: array (H-kh+1, W-kw+1)

    correlate2d(np.array([[1., 2., 4.]]), np.array([[10., 1.]])) is [[12., 24.]].
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    output = np.zeros((x.shape[0] - kh + 1, x.shape[1] - kw + 1))
    for i, j in np.ndindex(output.shape):
        output[i, j] = np.sum(x[i : i + kh, j : j + kw] * kernel)
    return output
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_correlate2d", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.correlate2d(correlate2d)
### BEGIN HIDDEN TESTS
trial, generator = check.correlate2d.trial(correlate2d), lab.rng("correlate2d")
for shape, size, dtype, layout in [
    ((5, 5), (3, 3), "float64", "rows"),
    ((4, 6), (2, 3), "float64", "rows"),
    ((4, 7), (3, 2), "float32", "columns"),
    ((6, 3), (2, 3), "float64", "sliced"),
    ((3, 8), (1, 4), "float32", "reversed"),
    ((5, 4), (5, 4), "float64", "columns"),
    ((5, 2), (4, 1), "float64", "reversed"),
    ((1, 1), (1, 1), "float32", "rows"),
    ((7, 6), (4, 4), "float32", "sliced"),
]:
    pixels = check.draw(generator, shape, dtype, layout)
    check.expect_correlation(trial, pixels, check.draw(generator, size, dtype, layout))
### END HIDDEN TESTS

# %% [markdown]
# A kernel of -1 and 1 subtracts each pixel from its right neighbor, or from the one below. The
# figure shows the shoe and the size of both differences: the outlines, from left to right and from
# top to bottom.

# %%
with lab.needs("correlate2d"):
    across = correlate2d(photo, np.array([[-1.0, 1.0]]))  # (28, 27)
    down = correlate2d(photo, np.array([[-1.0], [1.0]]))  # (27, 28)
    figures.image_row(
        [photo, np.abs(across), np.abs(down)],
        ["28x28", "kernel [[-1, 1]]", "kernel [[-1], [1]]"],
        "Each kernel finds its own outlines",
    )

# %% [markdown]
# Now the experiment to remember. Correlate an image that has a single 1 in its middle with a kernel
# of nine different numbers. The figure shows the image, the kernel and the output. The kernel comes
# back *turned*: the output's first entry is where the window's last entry meets the 1.

# %%
with lab.needs("correlate2d"):
    kernel = np.arange(1.0, 10.0).reshape(3, 3)
    single = np.zeros((5, 5))
    single[2, 2] = 1
    figures.number_grids(
        [single, kernel, correlate2d(single, kernel)],
        ["one bright pixel", "kernel", "their correlation"],
        "Correlation turns the kernel by 180 degrees",
    )

# %% [markdown]
# ## 3 · Stamping
#
# Put both steps aside for a moment and look at the transposed convolution from another side. A
# convolution *gathers*: many input pixels are summed into one output pixel. The transposed
# convolution does the opposite, it *scatters*: one input pixel is spread over many output pixels.
#
# Think of the kernel as a rubber stamp. Each input pixel inks it with its own value (it multiplies
# the whole kernel) and stamps it onto the output. One step in the input is `stride` steps in the
# output. Where stamps overlap, ink adds up.
#
# ### Exercise 3 · `stamp`
#
# 4 points, 7 minutes, difficulty 2 of 5
#
# For each entry of `x`, add that entry times `kernel` to the output, with the product's top left
# corner at `[row * stride, column * stride]`. The output starts with the first stamp and ends with
# the last one.
#
# The kernel may be smaller than the stride; then gaps of zeros stay between the stamps, but none
# after the last.
#
# Expected: for `x = [[1, 2], [3, 4]]`, the kernel of 1 to 9 and stride 2, the figure after the
# check; the entry in its middle is `1*9 + 2*7 + 3*3 + 4*1 = 36`.
#
# <details><summary>Hint 1</summary>
#
# The last stamp begins at `(H - 1) * stride`. Where does it end?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `output[top : top + kh, left : left + kw] += ...` adds to a window of the output.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "stamp", "locked": false, "schema_version": 3, "solution": true, "task": false}
def stamp(x, kernel, stride):
    """Add up one copy of the kernel for each entry of x, stride apart.

    x: array (H, W); kernel: array (kh, kw); stride: int >= 1
    returns: array ((H-1)*stride+kh, (W-1)*stride+kw)

    stamp(np.array([[1., 2.]]), np.array([[1., 10., 100.]]), 2) is [[1., 10., 102., 20., 200.]].
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    output = np.zeros(((x.shape[0] - 1) * stride + kh, (x.shape[1] - 1) * stride + kw))
    for row, column in np.ndindex(x.shape):
        top, left = row * stride, column * stride
        output[top : top + kh, left : left + kw] += x[row, column] * kernel
    return output
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_stamp", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.stamp(stamp)
### BEGIN HIDDEN TESTS
trial, generator = check.stamp.trial(stamp), lab.rng("stamp")
for shape, size, stride, dtype, layout in [
    ((3, 3), (3, 3), 2, "float64", "rows"),
    ((2, 3), (5, 2), 3, "float64", "rows"),
    ((2, 5), (4, 3), 2, "float32", "columns"),
    ((4, 3), (2, 5), 1, "float64", "sliced"),
    ((3, 4), (1, 2), 4, "float32", "reversed"),
    ((1, 1), (3, 2), 5, "float64", "rows"),
    ((1, 3), (5, 1), 3, "float32", "sliced"),
    ((4, 2), (4, 4), 3, "float64", "columns"),
]:
    pixels = check.draw(generator, shape, dtype, layout)
    check.expect_stamps(trial, pixels, check.draw(generator, size, dtype, layout), stride)
### END HIDDEN TESTS

# %% [markdown]
# The figure shows the output of four stamps with their outlines. Two stamps meet in a strip between
# neighbors, and all four in the middle.

# %%
with lab.needs("stamp"):
    x, kernel = np.array([[1.0, 2.0], [3.0, 4.0]]), np.arange(1.0, 10.0).reshape(3, 3)
    figures.outlined_stamps(x, kernel, 2, stamp(x, kernel, 2))

# %% [markdown]
# Stamp an image of ones with a kernel of ones, and every output entry counts the stamps that touch
# it. The figure shows the counts for a 3x3 kernel at stride 2, where the kernel's size is not a
# multiple of the stride, and for a 4x4 kernel. Away from the border, the first pattern counts 1, 2
# and 4 side by side. In a network it can show as a *checkerboard* in the image, which hurts
# wherever single pixels matter (Odena, Dumoulin and Olah 2016).

# %%
with lab.needs("stamp"):
    ones = np.ones((4, 4))
    figures.number_grids(
        [stamp(ones, np.ones((3, 3)), 2), stamp(ones, np.ones((4, 4)), 2)],
        ["3x3 kernel, stride 2", "4x4 kernel, stride 2"],
        "Stamps of 3x3 overlap unevenly; those of 4x4 evenly, away from the border",
    )

# %% [markdown]
# ## 4 · The same numbers from zero insertion
#
# Back to the two steps. Insert zeros, then slide a window over the result. Two things are missing
# before the outcome equals stamping:
#
# - The output must be larger than its input, so the window has to hang over the edge: put `k - 1`
#   zeros around the expanded image, `k - 1` rows at the top and as many at the bottom for a kernel
#   of `k` rows, and columns likewise. Then the window's last entry still reaches the first pixel.
# - A single bright pixel must leave the kernel as it is, a stamp. You saw that correlation leaves
#   the kernel *turned by 180 degrees*. Turn it first, and the two turns cancel.
#
# That is the whole recipe, and the usual definition of the layer: **zero insertion, then an
# ordinary convolution with the turned kernel.**
#
# ### Exercise 4 · `transpose_conv2d`
#
# 4 points, 7 minutes, difficulty 2 of 5
#
# Return the same array as `stamp`, by the recipe: `insert_zeros`, then zeros around it, then
# `correlate2d` with the kernel turned by 180 degrees.
#
# All that was said of `stamp` holds here, too, also for a kernel that is smaller than the stride.
#
# Expected: the cell after the check prints a largest difference of 0.0 to `stamp`.
#
# <details><summary>Hint 1</summary>
#
# `np.pad(a, ((top, bottom), (left, right)))` puts zeros around an array.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Turning by 180 degrees reverses the order of the rows *and* that of the columns. It is not `.T`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "transpose_conv2d", "locked": false, "schema_version": 3, "solution": true, "task": false}
def transpose_conv2d(x, kernel, stride):
    """Zero insertion, zeros around it, correlation with the turned kernel.

    x: array (H, W); kernel: array (kh, kw); stride: int >= 1
    returns: array ((H-1)*stride+kh, (W-1)*stride+kw), equal to stamp(x, kernel, stride)

    For x = [[1., 2.]], kernel = [[1., 10., 100.]] and stride 2 it is [[1., 10., 102., 20., 200.]].
    """
    ### BEGIN SOLUTION
    kh, kw = kernel.shape
    expanded = insert_zeros(x, stride)  # ((H-1)*stride+1, (W-1)*stride+1)
    padded = np.pad(expanded, ((kh - 1, kh - 1), (kw - 1, kw - 1)))
    return correlate2d(padded, kernel[::-1, ::-1])
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_transpose_conv2d", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.transpose_conv2d(transpose_conv2d)
### BEGIN HIDDEN TESTS
trial = check.transpose_conv2d.trial(transpose_conv2d)
generator = lab.rng("transpose_conv2d")
for shape, size, stride, dtype, layout in [
    ((3, 3), (2, 2), 2, "float64", "rows"),
    ((2, 3), (5, 2), 3, "float64", "rows"),
    ((2, 5), (4, 3), 2, "float32", "columns"),
    ((4, 3), (2, 5), 1, "float64", "sliced"),
    ((3, 4), (1, 2), 4, "float32", "reversed"),
    ((1, 1), (3, 2), 5, "float64", "rows"),
    ((1, 3), (5, 1), 3, "float32", "sliced"),
    ((4, 2), (4, 4), 3, "float64", "columns"),
]:
    pixels = check.draw(generator, shape, dtype, layout)
    check.expect_transposed(trial, pixels, check.draw(generator, size, dtype, layout), stride)
### END HIDDEN TESTS

# %%
with lab.needs("transpose_conv2d", "stamp"):
    x, kernel = np.array([[1.0, 2.0], [3.0, 4.0]]), np.arange(1.0, 10.0).reshape(3, 3)
    difference = np.abs(transpose_conv2d(x, kernel, 2) - stamp(x, kernel, 2)).max()
    print("largest difference:", difference)

# %% [markdown]
# Watch it work. The upper row shows four steps of the window over the expanded image; dots are the
# zeros around it, and where the window covers a pixel, the turned kernel's entry stands beside it.
# The lower row shows the output so far. In a live notebook, a slider below the figure moves the
# window through all 25 steps. See how many entries of the window meet a zero.

# %%
with lab.needs("insert_zeros", "transpose_conv2d"):
    around = np.pad(insert_zeros(x, 2), 2)  # (3, 3) -> (7, 7)
    figures.sliding_window(around, kernel[::-1, ::-1], transpose_conv2d(x, kernel, 2))

# %% [markdown]
# Most of this work is multiplying by zero. How much? Of the `k * k` products for each output entry,
# only those count that the stamps contribute, one for each stamp that touches it.

# %%
with lab.needs("stamp"):
    for n in [4, 16, 64]:
        useful = stamp(np.ones((n, n)), np.ones((3, 3)), 2)  # (2n+1, 2n+1)
        print(f"{n}x{n} input: {1 - useful.sum() / (9 * useful.size):.1%} of the products are zero")

# %% [markdown]
# In large images it is three quarters at stride 2, and `1 - 1/stride**2` in general. Zero insertion
# explains the layer; libraries compute it without the zeros.

# %% [markdown]
# ## 5 · Sizes, and why the way back is ambiguous
#
# Along one axis, a stamp of `k` at each of `n` positions, `s` apart, gives `(n - 1) * s + k`
# entries. A strided convolution goes the other way: from `n` to `(n - k) // s + 1`. Look at the
# rounding in it, for a kernel of 3 and stride 2:

# %%
for n in [7, 8, 9, 10]:
    short = (n - 3) // 2 + 1
    print(
        f"convolution {n:>2} -> {short}   transposed convolution {short} -> {(short - 1) * 2 + 3}"
    )

# %% [markdown]
# 7 and 8 both shrink to 3, so the way back from 3 cannot know where it came from. It chooses the
# smallest, 7. A decoder that must return to 8 says so with `output_padding=1`, one more row and
# column at the end. For stride `s` there are `s` candidates, so `output_padding` is one of 0, ...,
# `s - 1`.
#
# Keras adds two conventions. Its `padding` names the convolution that is transposed. With `valid`,
# every stamp is kept whole. With `same`, the output is `s` times the input; section 6 is about it.
# And without an `output_padding`, the output also covers the gap after a kernel smaller than the
# stride. For one axis, with input `n`, kernel `k`, stride `s` and `output_padding` `p`:
#
# | `padding` | `output_padding=None` | `output_padding=p` |
# |---|---|---|
# | `"valid"` | `(n-1)*s + max(k, s)` | `(n-1)*s + k + p` |
# | `"same"` | `n*s` | `(n-1)*s + k % 2 + p` |
#
# ### Exercise 5 · `output_length`
#
# 4 points, 5 minutes, difficulty 2 of 5
#
# Return the length of one axis after Keras' `Conv2DTranspose`, as an int, by the table above.
# `padding` is `"valid"` or `"same"`; nothing else is tested.
#
# An `output_padding` that is neither None nor one of 0, ..., `stride - 1` is a bad argument: raise
# a `ValueError` whose message contains the word `output_padding`. For `"same"`, an even kernel and
# `output_padding=0`, return what the table says, although TensorFlow then refuses to run the layer:
# Keras builds it and promises that size.
#
# Expected: the table drawn after the check; all its lengths agree with Keras.
#
# <details><summary>Hint 1</summary>
#
# Four cases, four formulas. Tell None from 0 with `output_padding is None`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `if not 0 <= output_padding < stride:` finds the bad ones, once you know that it is not None.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "output_length", "locked": false, "schema_version": 3, "solution": true, "task": false}
def output_length(n, kernel_size, stride, padding, output_padding=None):
    """Length of one axis after Keras' Conv2DTranspose.

    n, kernel_size, stride: int >= 1; padding: "valid" or "same"
    output_padding: None, or int from 0 to stride - 1
    returns: int
    raises: ValueError, whose message names `output_padding`, for any other output_padding

    output_length(4, 3, 2, "valid") is 9, output_length(4, 3, 2, "same") is 8.
    """
    ### BEGIN SOLUTION
    if output_padding is None:
        return n * stride if padding == "same" else (n - 1) * stride + max(kernel_size, stride)
    if not 0 <= output_padding < stride:
        raise ValueError(f"output_padding must be 0 to {stride - 1}, not {output_padding}")
    covered = kernel_size % 2 if padding == "same" else kernel_size
    return (n - 1) * stride + covered + output_padding
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_output_length", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.output_length(output_length)
### BEGIN HIDDEN TESTS
trial, generator = check.output_length.trial(output_length), lab.rng("output_length")
for stride in (1, 2, 3, 4):
    for size in (1, 2, 3, 5):
        length = int(generator.integers(1, 40))
        for padding in ("valid", "same"):
            more = int(generator.integers(stride))
            for extra in dict.fromkeys((None, 0, stride - 1, more)):
                check.expect_length(trial, length, size, stride, padding, extra)
            check.expect_length(trial, length, size, stride, padding)
for stride, extra in [(1, 1), (2, 2), (3, 4), (2, -1), (4, 10), (1, -1)]:
    for padding in ("valid", "same"):
        trial.expect_error(ValueError, ("output_padding",), 5, 3, stride, padding, extra)
### END HIDDEN TESTS

# %% [markdown]
# The table shows your lengths for an input of 4 at stride 2. Find the row that does not depend on
# the kernel size: it is the one that most decoders use.

# %%
with lab.needs("output_length"):
    settings = [(p, o) for p in ("same", "valid") for o in (None, 0, 1)]
    sizes = [1, 2, 3, 4, 5, 6]
    lengths = np.array([[output_length(4, k, 2, p, o) for k in sizes] for p, o in settings])
    names = [f"{p}, {o}" for p, o in settings]
    figures.lengths_table(names, sizes, lengths, "From 4 at stride 2: one row is always 8")

# %% [markdown]
# Keras agrees, also at other inputs and strides:

# %%
with lab.needs("output_length"):
    import keras

    agree = []
    for n, k, s in np.ndindex(3, 5, 3):
        for padding, extra in [(p, o) for p in ("same", "valid") for o in (None, *range(s + 1))]:
            layer = keras.layers.Conv2DTranspose(
                1, k + 1, strides=s + 1, padding=padding, output_padding=extra
            )
            promised = layer.compute_output_shape((None, n + 1, n + 1, 1))[1]
            agree.append(promised == output_length(n + 1, k + 1, s + 1, padding, extra))
    print(f"{sum(agree)} of {len(agree)} lengths are Keras' lengths")

# %% [markdown]
# ## 6 · `same`: exactly stride times as large
#
# Doubling is what decoders want, and `(n - 1) * s + k` seldom is `n * s`. `padding="same"` cuts the
# result to that size: `max(k - s, 0)` rows in all, `max(k - s, 0) // 2` of them at the top and the
# rest at the bottom; columns likewise, left and right. For a 3x3 kernel at stride 2 it is one row
# and one column, and both go at the far end: nothing at the top or the left.
#
# If the kernel is smaller than the stride there is nothing to cut. The last stamp then ends before
# `n * s`, and zeros fill the rest, at the bottom and the right.
#
# ### Exercise 6 · `transpose_conv2d_same`
#
# 4 points, 5 minutes, difficulty 2 of 5
#
# Return the transposed convolution cut, or filled up with zeros, to `(H * stride, W * stride)`, as
# Keras does with `padding="same"`. Kernels smaller than the stride are tested, also in one axis
# only.
#
# Expected: the figure after the check, where the last row and column of `valid` are gone.
#
# <details><summary>Hint 1</summary>
#
# What is `(k - s) // 2` in Python for `k = 1`, `s = 2`? Use the formula with `max`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Write the uncut result into a large enough array of zeros, or `np.pad` it at the end. Then one
# slice, `[top : top + H * stride]`, cuts both sides.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "transpose_conv2d_same", "locked": false, "schema_version": 3, "solution": true, "task": false}
def transpose_conv2d_same(x, kernel, stride):
    """Transposed convolution with Keras' padding="same".

    x: array (H, W); kernel: array (kh, kw); stride: int >= 1
    returns: array (H*stride, W*stride)

    For x = [[1., 2.]], kernel = [[1., 10., 100.]] and stride 2 it is
    [[1., 10., 102., 20.], [0., 0., 0., 0.]].
    """
    ### BEGIN SOLUTION
    (height, width), (kh, kw) = x.shape, kernel.shape
    full = transpose_conv2d(x, kernel, stride)
    filled = np.pad(full, ((0, stride), (0, stride)))  # a small kernel leaves a gap at the end
    top, left = max(kh - stride, 0) // 2, max(kw - stride, 0) // 2
    return filled[top : top + height * stride, left : left + width * stride]
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_transpose_conv2d_same", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.transpose_conv2d_same(transpose_conv2d_same)
### BEGIN HIDDEN TESTS
trial = check.transpose_conv2d_same.trial(transpose_conv2d_same)
generator = lab.rng("transpose_conv2d_same")
for shape, size, stride, dtype, layout in [
    ((3, 3), (4, 4), 2, "float64", "rows"),
    ((3, 2), (5, 3), 2, "float64", "rows"),
    ((2, 5), (3, 6), 2, "float32", "columns"),
    ((4, 3), (5, 2), 1, "float64", "sliced"),
    ((3, 4), (1, 2), 4, "float32", "reversed"),
    ((3, 2), (2, 7), 3, "float64", "columns"),
    ((1, 1), (1, 1), 2, "float64", "rows"),
    ((1, 3), (6, 1), 3, "float32", "sliced"),
    ((4, 2), (3, 3), 3, "float64", "reversed"),
    ((2, 3), (7, 8), 2, "float32", "rows"),
]:
    pixels = check.draw(generator, shape, dtype, layout)
    check.expect_same(trial, pixels, check.draw(generator, size, dtype, layout), stride)
### END HIDDEN TESTS

# %% [markdown]
# The figure shows both results for the 2x2 input and the kernel of 1 to 9. The right one is the
# left one without its last row and column.

# %%
with lab.needs("transpose_conv2d", "transpose_conv2d_same"):
    x, kernel = np.array([[1.0, 2.0], [3.0, 4.0]]), np.arange(1.0, 10.0).reshape(3, 3)
    figures.number_grids(
        [transpose_conv2d(x, kernel, 2), transpose_conv2d_same(x, kernel, 2)],
        ["valid: 5x5", "same: 4x4"],
        "same is valid, cropped at the bottom and the right",
    )

# %% [markdown]
# ## 7 · The matrix that gives the layer its name
#
# Why *transposed*? Every output entry of a convolution is a sum of input pixels with fixed weights.
# So, once you write the pixels of the image into one long vector, the convolution is a matrix. Take
# a row of four pixels and the kernel `[2, 5]`:

# %%
C = np.array([[2, 5, 0, 0], [0, 2, 5, 0], [0, 0, 2, 5]])  # (3 outputs, 4 inputs)
x = np.array([1, 2, 3, 4])
print("C @ x =", C @ x, "  correlation:", np.array([2 * 1 + 5 * 2, 2 * 2 + 5 * 3, 2 * 3 + 5 * 4]))

# %% [markdown]
# For an image the vector is `x.ravel()`, row after row. A convolution with stride `s` moves its
# window `s` entries at a time; in other words, it keeps every `s`-th entry of each axis:
# `correlate2d(x, kernel)[::s, ::s]`. Its output has `(H - kh) // s + 1` rows and
# `(W - kw) // s + 1` columns.
#
# ### Exercise 7 · `conv_matrix`
#
# 5 points, 8 minutes, difficulty 3 of 5
#
# Return the matrix C of the strided convolution of an image of shape `input_shape` with `kernel`:
# `C @ x.ravel()` equals `correlate2d(x, kernel)[::stride, ::stride].ravel()` for every `x`. C is a
# dense NumPy array with one row for each output entry and one column for each pixel, both numbered
# row after row.
#
# The stride need not fit: where the last window would hang over the edge, it is left out, and
# pixels that no window reaches have a column of zeros.
#
# Expected: `conv_matrix(np.array([[1., 2.], [3., 4.]]), (2, 3), 1)` is
# `[[1, 2, 0, 3, 4, 0], [0, 1, 2, 0, 3, 4]]`.
#
# <details><summary>Hint 1</summary>
#
# A row of C, reshaped to `input_shape`, is an image: zeros, with the kernel where the window lies.
#
# </details>
# <details><summary>Hint 2</summary>
#
# An array of shape `(h, w, H, W)` has room for all these images: `C[i, j]` is the one for output
# entry `[i, j]`. One `reshape` at the end makes it a matrix.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "conv_matrix", "locked": false, "schema_version": 3, "solution": true, "task": false}
def conv_matrix(kernel, input_shape, stride):
    """Write a strided convolution as a matrix.

    kernel: array (kh, kw); input_shape: (H, W), kh <= H, kw <= W; stride: int >= 1
    returns: array (h*w, H*W), h = (H-kh)//stride + 1, w = (W-kw)//stride + 1

    conv_matrix(np.array([[2., 5.]]), (1, 4), 2) is [[2., 5., 0., 0.], [0., 0., 2., 5.]].
    """
    ### BEGIN SOLUTION
    (height, width), (kh, kw) = input_shape, kernel.shape
    h, w = (height - kh) // stride + 1, (width - kw) // stride + 1
    windows = np.zeros((h, w, height, width))
    for i, j in np.ndindex(h, w):
        top, left = i * stride, j * stride
        windows[i, j, top : top + kh, left : left + kw] = kernel
    return windows.reshape(h * w, height * width)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_conv_matrix", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.conv_matrix(conv_matrix)
### BEGIN HIDDEN TESTS
trial, generator = check.conv_matrix.trial(conv_matrix), lab.rng("conv_matrix")
for size, shape, stride, dtype, layout in [
    ((3, 3), (5, 5), 2, "float64", "rows"),
    ((2, 3), (4, 6), 2, "float32", "columns"),
    ((3, 1), (7, 3), 3, "float64", "sliced"),
    ((1, 2), (4, 5), 4, "float32", "reversed"),
    ((3, 4), (3, 4), 2, "float64", "columns"),
    ((1, 1), (3, 2), 1, "float32", "rows"),
    ((2, 2), (3, 7), 1, "float64", "reversed"),
]:
    taps = check.draw(generator, size, dtype, layout)
    check.expect_matrix(trial, taps, shape, stride, generator)
### END HIDDEN TESTS

# %% [markdown]
# The left picture shows C for a 3x3 kernel with the numbers 1 to 9, a 5x5 image and stride 2: four
# rows, one for each output entry. The right one shows its transpose, which turns 4 numbers into 25.
# Look at one of its columns: it holds the kernel, row by row, at the place of one window. That is
# the stamp of one pixel.

# %%
with lab.needs("conv_matrix"):
    figures.matrix_and_transpose(conv_matrix(np.arange(1.0, 10.0).reshape(3, 3), (5, 5), 2))

# %% [markdown]
# So `C.T @ y.ravel()` adds up stamps, weighted by the entries of `y`: it *is* the transposed
# convolution, and this is where the name comes from. Two more ways to the same numbers are worth
# knowing.
#
# - *Gathering per phase.* At stride 2, output entries with even row and even column only ever meet
#   the kernel's entries with even row and even column; so it is with the other three *phases*. Each
#   phase is a small transposed convolution with stride 1, and no zero is inserted. Fast libraries
#   work like this.
# - *The gradient.* When TensorFlow trains a convolution, it sends the gradient of the output back
#   to the input. That backward pass multiplies by `C.T`, too: below, the gradient of the sum of
#   `conv(image) * y` with respect to the image.
#
# The cell computes all five from `y`, a 2x3 image, with the kernel of 1 to 9 and stride 2.

# %%
with lab.needs("stamp", "transpose_conv2d", "conv_matrix"):
    import tensorflow as tf

    y, kernel = np.arange(1.0, 7.0).reshape(2, 3), np.arange(1.0, 10.0).reshape(3, 3)
    gathered = np.zeros((5, 7))
    for p, q in np.ndindex(2, 2):
        gathered[p::2, q::2] = stamp(y, kernel[p::2, q::2], 1)
    image = tf.zeros((1, 5, 7, 1), "float64")  # any image: the gradient is the same
    with tf.GradientTape() as tape:
        tape.watch(image)
        z = tf.nn.conv2d(image, kernel[:, :, None, None], 2, "VALID")  # (1, 2, 3, 1)
        total = tf.reduce_sum(z * y[None, :, :, None])
    views = {
        "stamping": stamp(y, kernel, 2),
        "zero insertion, turned kernel": transpose_conv2d(y, kernel, 2),
        "gathering per phase": gathered,
        "C.T @ y": (conv_matrix(kernel, (5, 7), 2).T @ y.ravel()).reshape(5, 7),
        "gradient of a convolution": tape.gradient(total, image).numpy()[0, :, :, 0],
    }
    spread = max(np.abs(a - b).max() for a in views.values() for b in views.values())
    print("largest difference between any two:", spread)

# %% [markdown]
# The figure shows the five results; read any entry across all of them.

# %%
with lab.needs("stamp", "transpose_conv2d", "conv_matrix"):
    figures.same_numbers(views, "Five ways, the same 35 numbers")

# %% [markdown]
# ## 8 · The adjoint
#
# A matrix and its transpose belong together by one identity. Write `<a, b>` for `np.sum(a * b)`,
# the *inner product* of two arrays of one shape. Then, for every `x` and `y`,
#
# `<C x, y> = <x, C.T y>`, that is `<conv(x), y> = <x, conv_transpose(y)>`.
#
# Whatever a convolution does to `x`, seen through `y`, the transposed convolution does to `y`, seen
# through `x`. A map with this property is called the *adjoint*. It is an exact statement about two
# numbers, so you can test any implementation with it, in any number of dimensions and without
# knowing the right output.
#
# ### Exercise 8 · `is_adjoint`
#
# 4 points, 7 minutes, difficulty 2 of 5
#
# Return True if `forward` and `backward` are adjoint, False if they are not. Draw random arrays `x`
# and `y` from the generator `rng` and compare `<forward(x), y>` with `<x, backward(y)>`, where
# `<a, b>` is `np.sum(a * b)`.
#
# Rounding makes the two numbers differ a little, the more the larger they are. So the tolerance is
# relative: the maps count as adjoint if the numbers differ by at most 1e-6 of
# `norm(forward(x)) * norm(y) + norm(x) * norm(backward(y))`, where `norm(v)` is the square root of
# `<v, v>`. What the maps give may be as small as 1e-12 or as large as 1e12. (`np.isclose` adds an
# absolute tolerance, `atol=1e-8`, unless you set it to 0.)
#
# `forward` takes an array of `input_shape` and gives one of `output_shape`; `backward` goes the
# other way. The shapes are tuples and have any number of axes; they may be equal. Both maps are
# linear and compute in float64, and you may call them as often as you like. Maps that are adjoint
# agree to 1e-10 in this measure; the others differ by more than 1e-3 for nearly all random inputs.
# Some of the others agree where an input is constant or counts up, or where `x` and `y` are the
# same array.
#
# Expected: the cell after the check prints True, then False.
#
# <details><summary>Hint 1</summary>
#
# Four arrays: `x` of `input_shape`, `y` of `output_shape`, and what the two maps make of them.
# `np.sum(a * b)` is one number, whatever the number of axes; `a @ b` is not.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `rng.normal(size=shape)` draws an array of random numbers. Draw one for `x` and another for `y`.
#
# </details>
# <details><summary>Hint 3</summary>
#
# `abs(a - b) <= 1e-6 * scale`: without `abs`, half of all wrong pairs pass. `np.linalg.norm(v)`
# of an array with more than two axes fails; `np.sqrt(np.sum(v * v))` does not.
#
# </details>

# %% nbgrader={"grade": false, "grade_id": "setup_maps", "locked": true, "schema_version": 3, "solution": false, "task": false}
import functools

from autograder.lab.adjoints import judged  # calls your function with maps made of two matrices


# %% nbgrader={"grade": false, "grade_id": "is_adjoint", "locked": false, "schema_version": 3, "solution": true, "task": false}
def is_adjoint(forward, backward, input_shape, output_shape, rng):
    """Return True if <forward(x), y> = <x, backward(y)> for random x and y.

    forward: function of an array of input_shape that returns an array of output_shape
    backward: function of an array of output_shape that returns an array of input_shape
    input_shape, output_shape: tuples of ints, of any length
    rng: NumPy generator from which x and y are drawn
    returns: bool; equal to 1e-6 of norm(forward(x)) * norm(y) + norm(x) * norm(backward(y))

    For forward = lambda x: 2 * x and backward = lambda y: 2 * y it is True; for
    backward = lambda y: y / 2 it is False.
    """
    ### BEGIN SOLUTION
    x, y = rng.normal(size=input_shape), rng.normal(size=output_shape)
    there, back = forward(x), backward(y)

    def norm(v):
        return np.sqrt(np.sum(v * v))

    difference = np.sum(there * y) - np.sum(x * back)
    return bool(abs(difference) <= 1e-6 * (norm(there) * norm(y) + norm(x) * norm(back)))
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_is_adjoint", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.is_adjoint(functools.partial(lab.student_side(judged), is_adjoint))
### BEGIN HIDDEN TESTS
asked = functools.partial(lab.student_side(judged), is_adjoint)
trial, generator = check.is_adjoint.trial(asked), lab.rng("is_adjoint")
adjoint = functools.partial(check.adjoints.adjoint, generator)
broken = functools.partial(check.adjoints.broken, generator=generator)
pairs = [
    adjoint((3, 2), (2, 3), 2),
    adjoint((2, 2, 2), (3, 2, 3), 3).reversed(),
    adjoint((3, 1, 2, 2), (5,)),
    adjoint((2, 3), (2, 3)),
    adjoint((3, 2), (3, 3), 1).times(1e12),
    adjoint((4,), (2, 3)).times(1e12),
    adjoint((2, 2), (4, 3), 2).times(1e-12),
    broken("kernel-turned", small=(2, 3), size=(2, 3), stride=2).reversed(),
    broken("axes-swapped", small=(3, 2), size=(3, 3), stride=1),
    broken("cropped-on-the-other-side", small=(2, 3), size=(3, 3), stride=2),
    broken("stride-on-one-axis", small=(3, 2), size=(2, 3), stride=2).reversed(),
    broken("shifted", small=(2, 2), size=(3, 2), stride=2),
    broken("scaled", small=(2, 2, 2), size=(2, 3, 2), stride=1).reversed(),
    broken("negated", small=(2, 2), size=(3, 2), stride=2),
    broken("hidden-from-constants", small=(2, 4), size=(2, 3), stride=1),
    broken("antisymmetric", small=(3, 2, 2)),
    broken("inverse", small=(5,)),
    broken("kernel-turned", small=(3, 2), size=(3, 3), stride=2).times(1e12),
    broken("scaled", small=(2, 3), size=(3, 2), stride=2).times(1e-12),
]
for index in generator.permutation(len(pairs)):
    check.expect_verdict(trial, pairs[index], generator)
### END HIDDEN TESTS

# %%
with lab.needs("is_adjoint"):
    generator = np.random.default_rng(0)
    print(is_adjoint(lambda x: 2 * x, lambda y: 2 * y, (2, 3), (2, 3), generator))
    print(is_adjoint(lambda x: 2 * x, lambda y: y / 2, (2, 3), (2, 3), generator))

# %% [markdown]
# ## 9 · There and back
#
# The layer is also called *deconvolution*, and often "the inverse of convolution". What it restores
# is the *shape*. Send an image there, through a strided convolution with each of several kernels,
# and back, through the transposed convolution with the same kernels.
#
# ### Exercise 9 · `round_trip`
#
# 3 points, 5 minutes, difficulty 2 of 5
#
# For each of the kernels, compute the strided convolution of `x`, as in section 7, and the
# transposed convolution of that with the same kernel and stride. Return the sum over all kernels.
#
# There is at least one kernel, and all have the same shape. The windows fit: `H - kh` and `W - kw`
# are multiples of the stride, so the result has the shape of `x`. Windows may overlap, and where the
# stride is larger than the kernel they leave gaps, from which nothing comes back.
#
# Expected: `round_trip(np.array([[1., 2.], [3., 4.]]), np.ones((1, 2, 2)), 1)` is 10 everywhere.
#
# <details><summary>Hint 1</summary>
#
# `correlate2d(x, kernel)[::stride, ::stride]` goes there, `transpose_conv2d(y, kernel, stride)`
# comes back.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `for kernel in kernels:` visits one two-dimensional kernel after the other. Each of them comes back
# by itself, then the results are added.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "round_trip", "locked": false, "schema_version": 3, "solution": true, "task": false}
def round_trip(x, kernels, stride):
    """Strided convolution with each kernel, then its transpose; the sum of what comes back.

    x: array (H, W); kernels: array (K, kh, kw); stride: int >= 1
    H - kh and W - kw are multiples of stride
    returns: array (H, W)

    round_trip(np.array([[1., 2.]]), np.array([[[3.]], [[4.]]]), 1) is [[25., 50.]].
    """
    ### BEGIN SOLUTION
    back = np.zeros(x.shape)
    for kernel in kernels:
        y = correlate2d(x, kernel)[::stride, ::stride]
        back += transpose_conv2d(y, kernel, stride)
    return back
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_round_trip", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.round_trip(round_trip)
### BEGIN HIDDEN TESTS
trial, generator = check.round_trip.trial(round_trip), lab.rng("round_trip")
for size, (rows, columns), stride, dtype, layout in [
    ((3, 3, 3), (2, 3), 2, "float64", "rows"),
    ((2, 2, 4), (3, 2), 1, "float32", "columns"),
    ((4, 2, 2), (2, 4), 2, "float64", "sliced"),
    ((3, 1, 2), (3, 2), 3, "float32", "reversed"),
    ((1, 4, 3), (1, 2), 3, "float64", "columns"),
]:
    fits = ((rows - 1) * stride + size[1], (columns - 1) * stride + size[2])
    pixels = check.draw(generator, fits, dtype, layout)
    check.expect_return(trial, pixels, check.draw(generator, size, dtype, layout), stride)
### END HIDDEN TESTS

# %% [markdown]
# ## 10 · Where the transpose is the inverse
#
# A matrix C is undone by its transpose exactly where `C.T @ C` is the identity.
#
# ### Exercise 10 · `perfect_kernels`
#
# 3 points, 8 minutes, difficulty 3 of 5
#
# Return four kernels of 2x2 with which nothing is lost: `round_trip(x, perfect_kernels(), 2)` is `x`
# to within 1e-5, for every `x` whose height and width are even.
#
# The result is an array `(4, 2, 2)`, float32 or float64. No entry may be smaller than 0.01 in size,
# so that each kernel looks at all of its window. There are many solutions, and any of them is right.
#
# Expected: the cell after the check prints a largest difference below 1e-5.
#
# <details><summary>Hint 1</summary>
#
# At stride 2, windows of 2x2 do not overlap, so each block of four pixels makes the trip by itself:
# it is multiplied by a 4x4 matrix, a row for each kernel, and then by its transpose.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Rows of length 1 that are orthogonal to each other. One kernel can average the four pixels; what do
# the others have to tell apart?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "perfect_kernels", "locked": false, "schema_version": 3, "solution": true, "task": false}
def perfect_kernels():
    """Four kernels with which round_trip(x, kernels, 2) is x, for every x of even height and width.

    returns: array (4, 2, 2), float32 or float64, no entry smaller than 0.01 in size
    """
    ### BEGIN SOLUTION
    one, two = np.array([1.0, 1.0]), np.array([1.0, -1.0])
    return np.array([np.outer(a, b) / 2 for a in (one, two) for b in (one, two)])
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_perfect_kernels", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.perfect_kernels(perfect_kernels)
### BEGIN HIDDEN TESTS
trial, generator = check.perfect_kernels.trial(perfect_kernels), lab.rng("perfect_kernels")
check.expect_perfect(trial, [(2, 2), (6, 4), (4, 8)], generator)
### END HIDDEN TESTS

# %%
with lab.needs("correlate2d", "transpose_conv2d", "round_trip", "perfect_kernels"):
    back = round_trip(photo, perfect_kernels(), 2)
    print("largest difference:", f"{np.abs(back - photo).max():.0e}")

# %% [markdown]
# ## 11 · Channels and batches
#
# A layer works on a batch of feature maps, an array `(N, H, W, Cin)`: image, row, column, channel.
# Each output channel is a sum over all input channels, and each pair of them has its own
# two-dimensional kernel. Keras stores a `Conv2DTranspose` kernel as `(kh, kw, Cout, Cin)`, the
# output channel *before* the input channel: `kernel[:, :, o, i]` stamps input channel `i` into
# output channel `o`. It is the other way round in `Conv2D`, and section 12 shows why that is handy.
#
# ### Exercise 11 · `transpose_conv2d_nhwc`
#
# 3 points, 7 minutes, difficulty 3 of 5
#
# Return the transposed convolution of a batch, as Keras computes it with `padding="valid"`, to
# within 1e-5. Image `n`, output channel `o` of the result is the sum over `i` of
# `transpose_conv2d(x[n, :, :, i], kernel[:, :, o, i], stride)`.
#
# The stride is at most the kernel size, in both axes; larger strides are not tested. `x` and
# `kernel` may have any memory layout.
#
# Expected: the last section's comparison with the Keras layer.
#
# <details><summary>Hint 1</summary>
#
# Three loops, over `n`, `o` and `i`, around the sentence above. `np.ndindex(N, Cout, Cin)` makes
# them one.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `output[n, :, :, o] += ...` into an array of zeros of shape
# `(N, (H-1)*stride+kh, (W-1)*stride+kw, Cout)`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "transpose_conv2d_nhwc", "locked": false, "schema_version": 3, "solution": true, "task": false}
def transpose_conv2d_nhwc(x, kernel, stride):
    """Transposed convolution of a batch of feature maps, Keras' padding="valid".

    x: array (N, H, W, Cin); kernel: array (kh, kw, Cout, Cin); stride: int, 1 <= stride <= kh, kw
    returns: array (N, (H-1)*stride+kh, (W-1)*stride+kw, Cout)

    For x of ones (1, 1, 1, 2) and the kernel [[[[3., 4.]]]] of shape (1, 1, 1, 2), stride 1,
    it is [[[[7.]]]].
    """
    ### BEGIN SOLUTION
    (batch, height, width, inputs), (kh, kw, outputs, _) = x.shape, kernel.shape
    output = np.zeros((batch, (height - 1) * stride + kh, (width - 1) * stride + kw, outputs))
    for n, o, i in np.ndindex(batch, outputs, inputs):
        output[n, :, :, o] += transpose_conv2d(x[n, :, :, i], kernel[:, :, o, i], stride)
    return output
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_transpose_conv2d_nhwc", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.transpose_conv2d_nhwc(transpose_conv2d_nhwc)
### BEGIN HIDDEN TESTS
trial = check.transpose_conv2d_nhwc.trial(transpose_conv2d_nhwc)
generator = lab.rng("transpose_conv2d_nhwc")
for shape, size, stride, dtype, layout in [
    ((2, 3, 3, 2), (3, 3, 2, 2), 2, "float64", "rows"),
    ((3, 2, 4, 3), (4, 3, 2, 3), 2, "float32", "columns"),
    ((1, 4, 2, 1), (2, 5, 4, 1), 1, "float64", "sliced"),
    ((2, 1, 3, 4), (3, 4, 1, 4), 3, "float32", "reversed"),
    ((2, 1, 1, 2), (1, 1, 3, 2), 1, "float64", "rows"),
    ((2, 2, 3, 3), (2, 2, 3, 3), 2, "float32", "sliced"),
]:
    maps = check.draw(generator, shape, dtype, layout)
    check.expect_channels(trial, maps, check.draw(generator, size, dtype, layout), stride)
### END HIDDEN TESTS

# %% [markdown]
# ## 12 · The layer agrees
#
# Finally the real thing: a `Conv2DTranspose` from 3 to 5 channels with random weights, on a batch
# of two, against your function.

# %%
with lab.needs("transpose_conv2d_nhwc"):
    import keras

    generator = np.random.default_rng(0)
    x = generator.normal(size=(2, 4, 6, 3)).astype("float32")  # (N, H, W, Cin)
    kernel = generator.normal(size=(3, 4, 5, 3)).astype("float32")  # (kh, kw, Cout, Cin)
    layer = keras.layers.Conv2DTranspose(5, (3, 4), strides=2, use_bias=False)
    layer.build(x.shape)
    layer.set_weights([kernel])
    keras_output = np.asarray(layer(x))  # (2, 9, 14, 5)
    yours = transpose_conv2d_nhwc(x, kernel, 2)
    print("Keras:", keras_output.shape, "  yours:", yours.shape)
    print("agree to 1e-5:", bool(np.abs(keras_output - yours).max() < 1e-5))

# %% [markdown]
# And the order of the kernel's axes. The convolution that this layer transposes goes from 5
# channels to 3, and a `Conv2D` stores its kernel as `(kh, kw, Cin, Cout) = (3, 4, 5, 3)`: the very
# same array, nothing is rearranged. With it the two layers are adjoint, as in exercise 8.

# %%
import keras

generator = np.random.default_rng(1)
kernel = generator.normal(size=(3, 4, 5, 3)).astype("float32")
forward = keras.layers.Conv2D(3, (3, 4), strides=2, use_bias=False)
transposed = keras.layers.Conv2DTranspose(5, (3, 4), strides=2, use_bias=False)
wide = generator.normal(size=(1, 9, 14, 5)).astype("float32")
narrow = generator.normal(size=(1, 4, 6, 3)).astype("float32")
for layer, example in [(forward, wide), (transposed, narrow)]:
    layer.build(example.shape)
    layer.set_weights([kernel])
print("<conv(x), y>           =", f"{float(np.sum(forward(wide) * narrow)):.2f}")
print("<x, conv_transpose(y)> =", f"{float(np.sum(wide * transposed(narrow))):.2f}")

# %% [markdown]
# In a network you will meet the layer in a small pattern: `Input -> Conv2DTranspose(3x3, stride 2,
# ReLU) -> Conv2D(1x1, sigmoid) -> Output`. [Notebook 2](../02-conv2dtranspose/02-conv2dtranspose.ipynb) builds it, and trains a decoder.
#
# ## What you can do now
#
# You can compute a transposed convolution by hand in several ways, predict its size with any
# padding, write it as a matrix, test an implementation by the adjoint identity, and say what
# `Conv2DTranspose` does with channels.
#
# **Take-aways**
#
# 1. Zero insertion, `k - 1` zeros around it, correlation with the turned kernel: the same numbers
#    as stamping the kernel for every pixel and adding up.
# 2. Several input sizes of a strided convolution share one output size; `output_padding` says which
#    one to go back to.
# 3. `same` gives `stride` times the input, cropped from `valid`, the odd row at the bottom.
# 4. It is multiplication by the transposed matrix of a convolution, which is also a convolution's
#    gradient with respect to its input.
# 5. It restores the shape, not the content: the adjoint, not the inverse.
#
# **To read**
#
# - Vincent Dumoulin, Francesco Visin: *A guide to convolution arithmetic for deep learning* (2016),
#   section 4: the same layer, with pictures of every padding and stride.
# - Wenzhe Shi and others: *Is the deconvolution layer the same as a convolutional layer?* (2016),
#   on gathering per phase.
# - Augustus Odena, Vincent Dumoulin, Chris Olah: *Deconvolution and Checkerboard Artifacts*
#   (Distill 2016), on what uneven overlap does to images.
#
# The last cell lists all exercises.

# %%
lab.scoreboard(check)

# %% [markdown]
# Next: [2 · Conv2DTranspose](../02-conv2dtranspose/02-conv2dtranspose.ipynb)
