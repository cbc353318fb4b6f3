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
# A classifier shrinks its input: strided convolutions and pooling layers leave fewer and fewer
# pixels, until one label is left. Many tasks need the way up again. Semantic segmentation wants a
# label for every pixel, super-resolution wants more pixels than there were, and an image generator
# starts from a handful of numbers. The part of a network that goes up is called a *decoder*, and
# its classic layer is the *transposed convolution*: Keras' `Conv2DTranspose`.
#
# In this notebook you build that layer in NumPy, in several ways that give the same numbers, and
# check it against Keras. On the way you settle an old dispute: is it the inverse of a convolution?
# You will measure when it is and when it is not.
#
# **You need to know** NumPy slices and loops, and what a convolution and a stride are; one CNN
# trained in Keras is enough.
#
# **Time**: about 140 minutes; eleven exercises, 40 points.
#
# **Predict, then run**: a cell with a question comes before each result that may surprise you.
# Enter your guess there before you read on. Guesses stay in this notebook and earn nothing; the
# table near the end puts them beside what came out.
#
# **How it is graded**: below every exercise stands a cell with a *visible check*. It calls your
# function on a few small examples, and where something is wrong it says what came back and which
# misconception that looks like. *Hidden tests*, run by your instructor, decide the points; they use
# other sizes and values, and ask for nothing that the task's text does not say. Grading has
# Python's standard library, NumPy, Matplotlib, TensorFlow and Keras, and nothing else. Before you
# submit, choose **Kernel, Restart Kernel and Run All Cells** and look at the table at the end. You
# may submit with exercises left open. A later function may call your earlier ones; where one of
# those is still open, write the later one without it.

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
# of those, all at the same scale. The two steps together are one transposed convolution.

# %% tags=["picture"]
small = photo[::2, ::2]  # (14, 14)
figures.preview(small)

# %% [markdown]
# **What holds in every exercise.** Unless a task says otherwise, images and kernels are
# two-dimensional NumPy arrays, float32 or float64. Height and width may differ, in the image and in
# the kernel, and either may be 1. Any memory layout can occur: a slice `a[::2]`, a transposed array
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
# Expected: from the left grid of the figure, the other two; the cell after the check prints the
# middle one.
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
# the image. The outlined window gives the outlined entry: `4*1 + 0*0 + 3*2 + 1*(-1) = 9`.

# %%
figures.number_grids(
    [
        np.array([[1, 2, 4, 0], [0, 1, 3, 1], [2, 0, 1, 5]]),
        np.array([[1, 0], [2, -1]]),
        np.array([[0, 1, 9], [4, 0, 0]]),
    ],
    ["image, 3x4", "kernel, 2x2", "output, 2x3"],
    "One window of the image gives one entry of the output",
    marks=[(0, 2, 2, 2), None, (0, 2, 1, 1)],
)

# %% [markdown]
# Mathematicians call this *correlation*. What they call convolution turns the kernel by 180 degrees
# first. Deep learning leaves the kernel as it is and says convolution all the same. As long as
# kernels are learned, the choice changes nothing that a network can compute. It matters when a
# kernel is chosen by hand, and when a convolution is transposed, so in this notebook the function
# is called what it is.
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
# Expected: from the first two grids of the figure, the third.
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
# figure shows the shoe and the size of both differences.

# %%
with lab.needs("correlate2d"):
    across = correlate2d(photo, np.array([[-1.0, 1.0]]))  # (28, 27)
    down = correlate2d(photo, np.array([[-1.0], [1.0]]))  # (27, 28)
    figures.image_row(
        [photo, np.abs(across), np.abs(down)],
        ["28x28", "|with [[-1, 1]]|", "|with [[-1], [1]]|"],
        "[[-1, 1]] finds vertical outlines, [[-1], [1]] horizontal ones",
    )

# %% [markdown]
# Now the experiment to remember: correlate an image that is 0 except for a single 1 in its middle.
# Guess before you run it.

# %%
lab.predict(
    "one bright pixel",
    "A 5x5 image has a single 1 in its middle. What does correlating it with a 3x3 kernel give?",
    options=["the kernel as it is", "the kernel turned by 180 degrees", "the kernel transposed"],
    guess=None,
)

# %%
with lab.needs("correlate2d"):
    kernel = np.arange(1.0, 10.0).reshape(3, 3)
    single = np.zeros((5, 5))
    single[2, 2] = 1
    response = correlate2d(single, kernel)
    known = {"as it is": kernel, "turned by 180 degrees": kernel[::-1, ::-1]}
    known["transposed"] = kernel.T
    (found,) = [name for name, other in known.items() if np.array_equal(response, other)]
    lab.outcome("one bright pixel", f"the kernel {found}")
    figures.number_grids(
        [single, kernel, response],
        ["one bright pixel", "kernel", "their correlation"],
        "A single pixel answers with the turned kernel",
        marks=[(2, 2, 1, 1), None, (0, 0, 1, 1)],
        own_scales=True,
    )

# %% [markdown]
# Nothing turned the kernel; it lay on the image as it is. But the first window that meets the pixel
# meets it with its *last* entry, 9, which therefore comes out first (outlined), and the window's
# first entry meets it last. A correlation answers a single pixel with the kernel turned by 180
# degrees.

# %% [markdown]
# ## 3 · Stamping
#
# Put both steps aside for a moment and look at the transposed convolution from another side. A
# convolution *gathers*: many input pixels are summed into one output pixel. The transposed
# convolution *scatters*: one input pixel is spread over many output pixels.
#
# Think of the kernel as a rubber stamp. Each input pixel inks it with its own value (it multiplies
# the whole kernel) and stamps it onto the output. One step in the input is `stride` steps in the
# output. Where stamps overlap, ink adds up. The figure shows four stamps of the kernel with the
# numbers 1 to 9, at stride 2: two of them meet in a strip between neighbors, and all four in the
# middle.

# %%
x, kernel = np.array([[1.0, 2.0], [3.0, 4.0]]), np.arange(1.0, 10.0).reshape(3, 3)
target = [[1, 2, 5, 4, 6], [4, 5, 14, 10, 12], [10, 14, 36, 24, 30]]
target = np.array([*target, [12, 15, 34, 20, 24], [21, 24, 55, 32, 36]])
figures.outlined_stamps(x, kernel, 2, target)

# %% [markdown]
# ### Exercise 3 · `stamp`
#
# 4 points, 7 minutes, difficulty 2 of 5
#
# For each entry of `x`, add that entry times `kernel` to the output, with the product's top left
# corner at `stride` times the entry's row and column. The output ends where the last stamp ends.
# For a kernel smaller than the stride, the gaps between stamps hold zeros.
#
# Expected: for `x = [[1, 2], [3, 4]]`, the kernel of 1 to 9 and stride 2, the numbers of the
# figure; the entry in its middle is `1*9 + 2*7 + 3*3 + 4*1 = 36`.
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
# With stride 1 there is an old name for stamping. NumPy's `convolve` is the mathematicians'
# convolution in one dimension. In two, you can compute theirs by another route: pad image and
# kernel with zeros to the size of the output, multiply their Fourier transforms, and transform
# back. (No exercise needs Fourier transforms; here they are a second opinion.) By default
# `np.convolve` returns every position at which the two overlap, `np.correlate` those at which the
# kernel lies inside.

# %%
with lab.needs("stamp", "correlate2d"):
    row, short = np.array([[1.0, 2.0, 4.0]]), np.array([[10.0, 1.0]])  # an image of one row
    print("np.convolve: ", np.convolve(row[0], short[0]), "  stamp:      ", stamp(row, short, 1)[0])
    print(
        "np.correlate:",
        np.correlate(row[0], short[0]),
        "  correlate2d:",
        correlate2d(row, short)[0],
    )
    both = (28 + 2, 28 + 2)  # room for every overlap
    fourier = np.fft.irfft2(np.fft.rfft2(photo, both) * np.fft.rfft2(kernel, both), both)
    difference = np.abs(fourier - stamp(photo, kernel, 1)).max()
    print(f"shoe and kernel, by Fourier transforms: largest difference {difference:.6f}")

# %% [markdown]
# So the names are crossed. What deep learning calls convolution is a correlation, and what it calls
# *transposed* convolution is, at stride 1, the convolution of mathematics, computed wherever image
# and kernel overlap at all.

# %% [markdown]
# ## 4 · The same numbers from zero insertion
#
# Back to the two steps. Insert zeros, then slide a window over the result. Two things are missing
# before the outcome equals stamping:
#
# - For a kernel larger than 1x1, the output is larger than the expanded image, so the window has to
#   hang over the edge: put
#   `k - 1` zeros around the expanded image, `k - 1` rows at the top and as many at the bottom for a kernel
#   of `k` rows, and columns likewise. Then the window's last entry still reaches the first pixel.
# - A single bright pixel must leave the kernel as it is, a stamp. You saw that correlation answers
#   with the kernel *turned by 180 degrees*. Turn it first, and the two turns cancel.
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
# All that was said of `stamp` also holds here, including for a kernel smaller than the stride.
#
# Expected: the numbers of section 3's figure; the cell after the check prints a largest difference
# of 0.0.
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
with lab.needs("transpose_conv2d"):
    x, kernel = np.array([[1.0, 2.0], [3.0, 4.0]]), np.arange(1.0, 10.0).reshape(3, 3)
    print("largest difference:", np.abs(transpose_conv2d(x, kernel, 2) - target).max())

# %% [markdown]
# Watch it work. The upper row shows four steps of the window over the expanded image; dots are the
# zeros around it, and where the window covers a pixel, the turned kernel's entry stands beside it.
# The lower row shows the output so far. In a live notebook, a slider below the figure moves the
# window through all 25 steps.

# %%
with lab.needs("insert_zeros", "transpose_conv2d"):
    around = np.pad(insert_zeros(x, 2), 2)  # (3, 3) -> (7, 7)
    figures.sliding_window(around, kernel[::-1, ::-1], transpose_conv2d(x, kernel, 2))

# %% [markdown]
# In no step do more than four of the nine entries meet a pixel. How many products are wasted in a
# larger image?

# %%
lab.predict(
    "wasted products",
    "Zeros are inserted into a 64x64 image for stride 2, and a 3x3 window slides over it. "
    "What share of the products multiplies by an inserted or padded zero?",
    options=["about a quarter", "about half", "about three quarters"],
    guess=None,
)

# %% [markdown]
# Of the `k * k` products for each output entry, only those count that stamps contribute, one for
# each stamp that touches the entry.

# %%
with lab.needs("stamp"):
    for stride in [4, 3, 2]:
        print(f"stride {stride}, 1 - 1/stride**2 = {1 - 1 / stride**2:.1%}:", end="")
        for n in [4, 16, 64]:
            useful = stamp(np.ones((n, n)), np.ones((3, 3)), stride)
            wasted = 1 - useful.sum() / (9 * useful.size)
            print(f"   {n}x{n} {wasted:.1%}", end="")
        print()
    shares = {"about a quarter": 0.25, "about half": 0.5, "about three quarters": 0.75}
    lab.outcome("wasted products", min(shares, key=lambda name: abs(shares[name] - wasted)))

# %% [markdown]
# For this kernel the share is `1 - 1/stride**2` at stride 3, and comes closer to it at the other
# strides the larger the image. Zero insertion explains the layer. Stamping multiplies no zero, and
# section 7 does the same by small convolutions.

# %% [markdown]
# ## 5 · Sizes, and why the way back is ambiguous
#
# Think of one axis: `n` stamps of `k` entries each, `s` apart. Your stamps end where the last one
# ends. Does Keras' layer agree?

# %%
lab.predict(
    "a kernel smaller than the stride",
    "4 entries, a kernel of size 1, stride 3: your stamps cover 10 entries. How many does Keras give?",
    options=["4", "10", "12"],
    guess=None,
)

# %%
import keras

layer = keras.layers.Conv2DTranspose(1, 1, strides=3, padding="valid")
lab.outcome("a kernel smaller than the stride", layer(np.zeros((1, 4, 4, 1))).shape[1])

# %% [markdown]
# Keras also counts the gap after the last stamp. More of its rules follow. They come from the
# convolution that goes the other way, and that rounds. With Keras' `padding="valid"` the window
# stays inside; with `"same"` the input is padded with zeros so that `n` entries give `n / s`,
# rounded up. Lengths 7 to 16 and a kernel of size 3 at stride 2:

# %%
for padding in ["valid", "same"]:
    convolution = keras.layers.Conv2D(1, 3, strides=2, padding=padding)
    short = {n: convolution(np.zeros((1, n, n, 1))).shape[1] for n in range(7, 17)}
    print(f"{padding:5} ", "  ".join(f"{n}->{m}" for n, m in short.items()))

# %% [markdown]
# With either padding two lengths share each result: 7 and 8 give 3 under `valid`, 13 and 14 give 7
# under `same`. So the way back must choose, and the layer's `padding` and `output_padding` say how.
# With `output_padding` at its default, None, the layer under `same` goes back to the *largest*
# candidate, `n` times the stride: 15 shrinks to 8 and returns as 16. Under `valid` it goes back to
# the smallest, unless the kernel is smaller than the stride.
#
# The table shows how long 4 entries become at stride 2, by calling the layer for each kernel size,
# padding and `output_padding`.

# %%
import contextlib

import tensorflow as tf

settings = [(p, o) for p in ("same", "valid") for o in (None, 0, 1)]
lengths = np.zeros((len(settings), 6), dtype=int)  # 0: TensorFlow refuses
for row, (padding, extra) in enumerate(settings):
    for column, k in enumerate(range(1, 7)):
        layer = keras.layers.Conv2DTranspose(1, k, 2, padding=padding, output_padding=extra)
        with contextlib.suppress(tf.errors.OpError):
            lengths[row, column] = layer(np.zeros((1, 4, 4, 1))).shape[1]
names = [f"{p}, {o}" for p, o in settings]
figures.lengths_table(names, range(1, 7), lengths, "From 4 at stride 2: same with None is always 8")

# %% [markdown]
# These are the rules behind it, in words:
#
# - `valid`, None: the output holds every stamp whole. A kernel smaller than the stride leaves a gap
#   after each stamp, and the gap after the last one counts, too.
# - `valid`, a number: the output ends that many entries after the last stamp.
# - `same`, None: `stride` entries for each entry of the input.
# - `same`, a number, odd kernel: that many more than the smallest length that a `same` convolution
#   shrinks to `n`.
# - `same`, a number, even kernel: one less than for an odd kernel. With `output_padding=0` this is a
#   length that a `same` convolution shrinks to `n - 1`, if `n` is 2 or more: Keras builds the layer
#   and promises that length, and TensorFlow refuses to run it.
#
# ### Exercise 5 · `output_length`
#
# 4 points, 10 minutes, difficulty 2 of 5
#
# Return the length of one axis after Keras' `Conv2DTranspose`, as an int, by these rules.
# `padding` is `"valid"` or `"same"`; nothing else is tested.
#
# An `output_padding` that is neither None nor one of 0, ..., `stride - 1` is a bad argument: raise
# a `ValueError` whose message contains the word `output_padding`. Where TensorFlow refuses to run
# the layer, return the length that Keras promises.
#
# Expected: the lengths of the table, for its kernels from 1 to 6. Where the table says "refused",
# Keras promises 6.
#
# <details><summary>Hint 1</summary>
#
# Where does the last of `n` stamps begin? All rules but one start from there. Tell None from 0 with
# `output_padding is None`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `if not 0 <= output_padding < stride:` finds the bad ones, once you know that it is not None.
#
# </details>
# <details><summary>Hint 3</summary>
#
# Rounded up, which lengths divided by 3 give 5? The smallest of them is one more than 4 times 3.
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
# The table had one input length and one stride. Try others, against what Keras promises:

# %%
with lab.needs("output_length"):
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
# Lengths are half of the story. Where does the additional entry appear?

# %%
lab.predict(
    "one entry more",
    'Under "same", with a kernel of size 3 at stride 2, output_padding changes from 0 to 1. '
    "The output gets one more entry. Where?",
    options=["at the start", "at the end"],
    guess=None,
)

# %%
results = {}
for padding, extra in settings:
    layer = keras.layers.Conv1DTranspose(
        1, 3, strides=2, padding=padding, output_padding=extra, use_bias=False
    )
    layer.build((None, None, 1))
    layer.set_weights([np.array([1.0, 10.0, 100.0]).reshape(3, 1, 1)])
    out = np.asarray(layer(np.array([1.0, 2.0]).reshape(1, 2, 1))).ravel().astype(int)
    results[padding, extra] = out.tolist()
    print(f"{padding:5} {extra!s:4}", *(f"{value:4}" for value in out))
before, after = results["same", 0], results["same", 1]
places = {"at the start": after[1:] == before, "at the end": after[:-1] == before}
lab.outcome("one entry more", *[place for place, is_so in places.items() if is_so])

# %% [markdown]
# Under `valid`, `output_padding=1` appends a zero. Under `same` it does not append anything here: 0
# and 1 are two crops of the same five numbers, and the larger one begins an entry earlier. With
# this kernel and stride, None crops as 1 does. So with a 3x3 kernel at stride 2, changing None to 0
# not only loses a row and a column: the image moves by one pixel.

# %% [markdown]
# ## 6 · `same`: exactly stride times as large
#
# Doubling is what decoders want, and `(n - 1) * s + k` is seldom `n * s`. `padding="same"` crops
# the stamped result to that size. Which entries go? The cell finds where Keras' `same` output
# begins in the `valid` one.

# %%
for stride in [2, 3]:
    for k in range(stride, 8):
        taps = 1.0 + np.arange(k)[None]  # (1, k), all different
        valid, same = (
            np.asarray(
                keras.ops.conv_transpose(
                    np.ones((1, 5, 1)), taps.reshape(k, 1, 1), strides=stride, padding=padding
                )
            ).ravel()
            for padding in ("valid", "same")
        )
        spare = len(valid) - len(same)
        start = next(i for i in range(spare + 1) if np.allclose(valid[i:][: len(same)], same))
        print(
            f"stride {stride}, kernel {k}: {start} cropped at the start, {spare - start} at the end"
        )

# %% [markdown]
# If the kernel is smaller than the stride, there is nothing to crop. The last stamp then ends
# before `n * s`, and zeros fill the rest, at the bottom and the right.
#
# For the stamps of section 3, the figure shows what is kept: a 3x3 kernel at stride 2 crops nothing
# at the top and the left.

# %%
figures.number_grids(
    [target, target[:4, :4]],
    ["valid: 5x5", "same: 4x4"],
    "With a 3x3 kernel at stride 2, same leaves out the last row and column",
    marks=[(0, 0, 4, 4), None],
)

# %% [markdown]
# ### Exercise 6 · `transpose_conv2d_same`
#
# 4 points, 8 minutes, difficulty 2 of 5
#
# Return the transposed convolution cropped, or filled up with zeros, to `(H * stride, W * stride)`,
# as Keras does with `padding="same"`. Read the rule of the crop off the lines above; rows follow
# the height of the kernel, columns its width. Kernels smaller than the stride are tested, also in
# one axis only.
#
# Expected: the right grid of the figure, for the `x` and `kernel` of section 3.
#
# <details><summary>Hint 1</summary>
#
# How many entries must go in all? And what is `(k - s) // 2` in Python for `k = 1`, `s = 2`?
#
# </details>
# <details><summary>Hint 2</summary>
#
# Write the uncropped result into a large enough array of zeros, or `np.pad` it at the end. Then one
# slice, `[top : top + H * stride]`, crops both sides.
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

# %%
with lab.needs("transpose_conv2d_same"):
    print(transpose_conv2d_same(x, kernel, 2))

# %% [markdown]
# ## 7 · The matrix that gives the layer its name
#
# Why *transposed*? Every output entry of a convolution is a sum of input pixels with fixed weights.
# So, once you write the pixels of the image into one long vector, the convolution is a matrix. Take
# a row of four pixels and the kernel `[2, 5]`:

# %%
C = np.array([[2, 5, 0, 0], [0, 2, 5, 0], [0, 0, 2, 5]])  # (3 outputs, 4 inputs)
pixels = np.array([1, 2, 3, 4])
print("C @ pixels =", C @ pixels, "  correlation:", np.correlate(pixels, np.array([2, 5])))

# %% [markdown]
# For an image the vector is `x.ravel()`, row after row. A convolution with stride `s` moves its
# window `s` entries at a time; in other words, it keeps every `s`-th entry of each axis:
# `correlate2d(x, kernel)[::s, ::s]`. Its output has `(H - kh) // s + 1` rows and
# `(W - kw) // s + 1` columns.
#
# ### Exercise 7 · `conv_matrix`
#
# 5 points, 10 minutes, difficulty 3 of 5
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
# The figure shows C for a 2x2 kernel with the numbers 1 to 4 and a 3x3 image: four rows of nine
# numbers, one row for each output entry. The outlined row belongs to the last window; written as an
# image, it is the kernel in the lower right corner. On the right is the transpose, which turns 4
# numbers into 9. The same numbers now stand in a *column*. The fourth of the 4 numbers times this
# column is what it adds to the output: its stamp.

# %%
with lab.needs("conv_matrix"):
    C = conv_matrix(np.arange(1.0, 5.0).reshape(2, 2), (3, 3), 1)  # (4, 9)
    figures.number_grids(
        [C, C[3].reshape(3, 3), C.T],
        ["C: 9 pixels to 4", "its last row, as an image", "C.T: 4 numbers to 9"],
        "A row of C is a window; a column of C.T is a stamp",
        marks=[(3, 0, 1, 9), (0, 0, 3, 3), (0, 3, 9, 1)],
    )

# %% [markdown]
# So `C.T @ y.ravel()` adds up stamps, weighted by the entries of `y`: it *is* the transposed
# convolution, and this is where the name comes from. Two more ways to the same numbers are worth
# knowing.
#
# - *Stamping per phase.* At stride 2 the output has four *phases*: its rows are even or odd, and so are
#   its columns. Entries in even rows and even columns only ever meet the kernel's entries in even
#   rows and even columns, and likewise for the other three phases. So each phase is stamped with a
#   part of the kernel at stride 1, and no zero is inserted.
# - *The gradient.* Training asks how the loss changes with a layer's input. For a convolution, whose
#   output is `C @ x.ravel()`, the answer is a product with `C.T`. It is computed for every convolution
#   except those whose input depends on no trained weight, such as the first layer. The cell below lets
#   TensorFlow compute it for the sum of `conv(x) * y`.
#
# The figure shows how each of the five ways turns `y = [1, 2]` into a row of five numbers, with the
# kernel `[1, 10, 100]` at stride 2; follow the outlined entry, 102.

# %%
figures.five_ways(np.array([1, 2]), np.array([1, 10, 100]), 2)

# %% [markdown]
# The cell computes all five for a 2x3 array `y` and the kernel of 1 to 9, and prints how far each
# of the other four is from stamping.

# %%
with lab.needs("stamp", "transpose_conv2d", "conv_matrix"):
    y = np.arange(1.0, 7.0).reshape(2, 3)
    per_phase = np.zeros((5, 7))
    for p, q in np.ndindex(2, 2):
        per_phase[p::2, q::2] = stamp(y, kernel[p::2, q::2], 1)
    image = tf.zeros((1, 5, 7, 1), "float64")  # any image: the gradient is the same
    with tf.GradientTape() as tape:
        tape.watch(image)
        z = tf.nn.conv2d(image, kernel[:, :, None, None], 2, "VALID")  # (1, 2, 3, 1)
        total = tf.reduce_sum(z * y[None, :, :, None])
    views = {
        "zero insertion, turned kernel": transpose_conv2d(y, kernel, 2),
        "stamping per phase": per_phase,
        "C.T @ y": (conv_matrix(kernel, (5, 7), 2).T @ y.ravel()).reshape(5, 7),
        "gradient of a convolution": tape.gradient(total, image).numpy()[0, :, :, 0],
    }
    for name, view in views.items():
        print(f"{name:30} largest difference {np.abs(view - stamp(y, kernel, 2)).max():.6f}")

# %% [markdown]
# ## 8 · The adjoint
#
# A matrix and its transpose belong together by one equation. Write `<a, b>` for `np.sum(a * b)`,
# the *inner product* of two arrays of one shape, `conv` for a strided convolution, and
# `conv_transpose` for the transposed one with the same kernel and stride. Then, for every `x` and
# `y`,
#
# `<conv(x), y> = <x, conv_transpose(y)>`,
#
# because with `x` and `y` as vectors both sides are `y @ C @ x`. Two linear maps with this property
# are called *adjoint*. The equation compares two numbers, so you can test a pair of implementations
# with it in any number of dimensions, without knowing a single right output: draw `x` and `y` at
# random, and a pair that does not match almost surely gives two different numbers.
#
# ### Exercise 8 · `is_adjoint`
#
# 4 points, 10 minutes, difficulty 3 of 5
#
# Return True if `forward` and `backward` are adjoint, False if they are not. Draw random arrays `x`
# and `y` from the generator `rng` and compare `<forward(x), y>` with `<x, backward(y)>`, where
# `<a, b>` is `np.sum(a * b)`.
#
# Rounding makes the two numbers differ a little, the more the larger the products that are summed.
# So the tolerance is relative: the maps count as adjoint if the numbers differ by at most 1e-6 of
# `norm(forward(x)) * norm(y) + norm(x) * norm(backward(y))`, where `norm(v)` is the square root of
# `<v, v>`. What the maps give may be as small as 1e-12 or as large as 1e12. (`np.isclose` adds an
# absolute tolerance, `atol=1e-8`, unless you set it to 0.)
#
# `forward` takes an array of `input_shape` and gives one of `output_shape`; `backward` goes the
# other way. The shapes are tuples and have any number of axes; they may be equal. Both maps are
# linear and compute in float64, and you may call them as often as you like. Maps that are adjoint
# agree to 1e-10 in this measure; the others differ by more than 1e-3 for nearly all random inputs.
# Some of the others agree where an input is constant or counts up, where `x` and `y` are the same
# array, or where one of them is what a map makes of the other. Arrays may have a single entry.
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
# `abs(a - b) <= 1e-6 * scale`: without `abs`, a wrong pair passes whenever the difference is
# negative. `np.linalg.norm(v)` is the square root of `<v, v>` for any number of axes.
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
    returns: bool, True if the two numbers differ by at most 1e-6 of
        norm(forward(x)) * norm(y) + norm(x) * norm(backward(y))

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
    broken("hidden-from-images", small=(2, 3)),
    broken("hidden-from-images", small=(4,)).reversed(),
    check.adjoints.slightly_scaled(generator),
    broken("kernel-turned", small=(3, 2), size=(3, 3), stride=2).times(1e12),
    broken("scaled", small=(2, 3), size=(3, 2), stride=2).times(1e-12),
]
for index in generator.permutation(len(pairs)):
    check.expect_verdict(trial, pairs[index], generator)
### END HIDDEN TESTS

# %%
with lab.needs("is_adjoint"):
    generator = np.random.default_rng(0)
    for back in [lambda y: 2 * y, lambda y: y / 2]:
        print(is_adjoint(lambda x: 2 * x, back, (2, 3), (2, 3), generator))

# %% [markdown]
# Now you are the grader. The next cell but one judges seven pairs, made of your own functions, on
# 7x9 images with a 3x3 kernel at stride 2: a right one, five with a mistake in the way back, and
# one in which somebody made the same mistake twice. Guess about the last one:

# %%
lab.predict(
    "the same mistake twice",
    "The kernel is turned by 180 degrees in the convolution AND in its transpose. "
    "Does the adjoint test notice?",
    options=["it notices", "it does not notice"],
    guess=None,
)

# %%
with lab.needs("correlate2d", "transpose_conv2d", "is_adjoint"):
    generator = np.random.default_rng(0)
    drawn = generator.normal(size=(3, 3))
    turned = drawn[::-1, ::-1]

    def there(x, kernel=drawn):
        return correlate2d(x, kernel)[::2, ::2]  # (7, 9) -> (3, 4)

    def back(y, kernel=drawn):
        return transpose_conv2d(y, kernel, 2)  # (3, 4) -> (7, 9)

    pairs = {
        "the right pair": (there, back),
        "kernel turned on the way back": (there, lambda y: back(y, turned)),
        "kernel mirrored on the way back": (there, lambda y: back(y, drawn[:, ::-1])),
        "shifted by one row": (there, lambda y: np.roll(back(y), 1, axis=0)),
        "twice as large": (there, lambda y: 2 * back(y)),
        "sign flipped": (there, lambda y: -back(y)),
        "kernel turned in both": (lambda v: there(v, turned), lambda y: back(y, turned)),
    }
    for name, (forward, backward) in pairs.items():
        verdict = is_adjoint(forward, backward, (7, 9), (3, 4), generator)
        print(f"{name:32} {'adjoint' if verdict else 'not adjoint'}")
    lab.outcome("the same mistake twice", "it does not notice" if verdict else "it notices")

# %% [markdown]
# The test tells whether two maps match, and nothing else. Two wrong maps that match each other
# pass: those of the last pair are the convolution and the transposed convolution of another kernel.
# So test one of the two maps against known numbers, and the other one by this equation.

# %% [markdown]
# ## 9 · Is it the inverse?
#
# The layer is also called *deconvolution*, and often "the inverse of convolution". Signal
# processing has a deconvolution, which does undo a convolution where that is possible. What your
# `transpose_conv2d` restores is the *shape*: if the windows fit `x` with nothing left over,
# `conv(x)` goes back to the shape of `x`. To see what happens to the content, send an image there
# and back.
#
# A layer has many kernels, so take several: correlate the image with each one, send each result
# back with the same kernel, and add up what returns.
#
# ### Exercise 9 · `round_trip`
#
# 3 points, 7 minutes, difficulty 2 of 5
#
# For each of the kernels, compute the strided convolution of `x`, as in section 7, and the
# transposed convolution of that with the same kernel and stride. Return the sum over all kernels.
#
# There is at least one kernel, and all have the same shape. The windows fit: `H - kh` and `W - kw`
# are multiples of the stride, so the result has the shape of `x`. Windows may overlap, and where
# the stride is larger than the kernel they leave gaps, from which nothing comes back.
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
# `for kernel in kernels:` visits one two-dimensional kernel after the other. Each of them comes
# back by itself, then the results are added.
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

# %%
lab.predict(
    "one kernel",
    "Is there a single kernel, at stride 2, whose round trip returns every image unchanged?",
    options=["yes", "no"],
    guess=None,
)

# %% [markdown]
# First try to find one. A result that is only too bright or too dark is forgiven: the cell scales
# what returned so that it comes as close as possible to the shoe, and prints the distance that is
# left, relative to the shoe: 0 is perfect, 1 is no better than a black image.

# %%
with lab.needs("round_trip"):

    def distance(image, returned):
        factor = np.sum(image * returned) / np.sum(returned**2)  # the closest multiple
        return np.linalg.norm(image - factor * returned) / np.linalg.norm(image)

    generator = np.random.default_rng(0)
    for k in [2, 4]:
        average = distance(photo, round_trip(photo, np.ones((1, k, k)), 2))
        drawn = [
            distance(photo, round_trip(photo, generator.normal(size=(1, k, k)), 2))
            for _ in range(20)
        ]
        print(
            f"{k}x{k}: average {average:.2f}, twenty random kernels {min(drawn):.2f} to {max(drawn):.2f}"
        )

# %% [markdown]
# The matrix shows why this search must fail. At stride 2 one kernel makes fewer numbers than there
# are pixels, so C has fewer rows than columns, and some images that differ are sent to the same
# output. Their difference is lost for any way back, the transpose or a cleverer one. The cell makes
# such a pair of images: `svd` finds a direction that C sends to zero. (Only an image of a single
# pixel escapes, on which no stride acts.)

# %%
with lab.needs("conv_matrix"):
    C = conv_matrix(np.arange(1.0, 5.0).reshape(2, 2), (6, 6), 2)  # (9, 36)
    rank = np.linalg.matrix_rank(C)
    lost = np.linalg.svd(C)[2][-1]  # (36,), a direction that C sends to zero
    image = np.arange(36.0)
    difference = np.linalg.norm(C @ (image + lost) - C @ image)
    print(f"C: {C.shape[0]} rows, {C.shape[1]} columns, rank {rank}")
    print(
        f"the images differ by {np.linalg.norm(lost):.6f}, their convolutions by {difference:.6f}"
    )
    lab.outcome("one kernel", "no" if rank < C.shape[1] else "yes")

# %% [markdown]
# One 2x2 kernel at stride 2 keeps a quarter as many numbers as there are pixels, so four of them
# keep as many. When do the four transposes bring everything back? Stack the four matrices into one
# C. The round trip is `C.T @ C`, and it returns every image if and only if `C.T @ C` is the
# identity matrix. The windows do not overlap, so each window of four pixels is on its own: its
# round trip multiplies it by `K.T @ K`, where row `i` of the 4x4 matrix K is kernel `i`, written as
# a vector.
#
# ### Exercise 10 · `perfect_kernels`
#
# 3 points, 8 minutes, difficulty 3 of 5
#
# Return four kernels of 2x2 with which nothing is lost, the same at each call:
# `round_trip(x, perfect_kernels(), 2)` is `x` to within 1e-5, for every `x` whose height and width
# are even.
#
# The result is an array `(4, 2, 2)`, float32 or float64. No entry may be smaller than 0.01 in size,
# so that each kernel looks at all of its window. There are many solutions, and any of them is
# right.
#
# Expected: the cell after the check prints a largest difference of 0.000000, twice.
#
# <details><summary>Hint 1</summary>
#
# At stride 2, windows of 2x2 do not overlap, so each block of four pixels makes the trip by itself:
# it is multiplied by a 4x4 matrix, a row for each kernel, and then by its transpose.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Rows of length 1 that are orthogonal to each other. One kernel can average the four pixels; what
# do the others have to tell apart?
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

# %% [markdown]
# The figure shows the shoe, the size of your four outputs, each on a scale of its own, and what the
# four transposes make of them. The second printed number is the same comparison for Keras' two
# layers, which share one array of weights.

# %%
with lab.needs("correlate2d", "round_trip", "perfect_kernels"):
    bank = np.asarray(perfect_kernels())  # (4, 2, 2)
    outputs = [np.abs(correlate2d(photo, one)[::2, ::2]) for one in bank]  # (14, 14) each
    largest = [output.max() for output in outputs]
    returned = round_trip(photo, bank, 2)
    print(
        f"largest difference between the image and its round trip: {np.abs(returned - photo).max():.6f}"
    )

    weights = np.moveaxis(bank, 0, 2)[:, :, None]  # (kh, kw, 1, 4)
    down = keras.layers.Conv2D(4, 2, strides=2, use_bias=False)
    up = keras.layers.Conv2DTranspose(1, 2, strides=2, use_bias=False)
    batch = photo[None, :, :, None].astype("float32")  # (1, 28, 28, 1)
    down.build((None, 28, 28, 1))
    up.build((None, 14, 14, 4))
    down.set_weights([weights])
    up.set_weights([weights])
    print(f"the same by Conv2D and Conv2DTranspose: {np.abs(up(down(batch)) - batch).max():.6f}")
    figures.image_row(
        [photo, *[o / m for o, m in zip(outputs, largest, strict=True)], returned],
        ["28x28", *[f"white is {m:.2f}" for m in largest], "there and back"],
        "Four kernels keep everything, and their transpose is the inverse",
    )

# %% [markdown]
# Kernels for which `K.T @ K` is the identity matrix are called an *orthonormal bank*. Two such
# banks are famous. The Haar wavelet takes the sum and three differences of each window, divided by
# 2. The kernels with a single 1 just sort the four phases of an image into four channels; going
# back, they are the rearrangement that super-resolution calls *pixel shuffle* or depth to space
# ([notebook 5](../05-super-resolution/05-super-resolution.ipynb)). The Haar wavelet and pixel shuffle are one idea: an orthonormal bank and
# its transpose. The cell tries the phases, a bank drawn at random, and four kernels that are not
# orthonormal.

# %%
with lab.needs("round_trip"):
    phases = np.eye(4).reshape(4, 2, 2)  # each kernel has a single 1
    print(f"phases: largest difference {np.abs(round_trip(photo, phases, 2) - photo).max():.6f}")
    rotation = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0]
    drawn = rotation.reshape(4, 2, 2)
    print(f"a random orthonormal bank: {np.abs(round_trip(photo, drawn, 2) - photo).max():.6f}")
    drawn = np.random.default_rng(0).normal(size=(4, 2, 2))
    print(
        f"four random kernels: relative distance {distance(photo, round_trip(photo, drawn, 2)):.2f}"
    )

# %% [markdown]
# What is true, then: the transposed convolution is always the *adjoint* of the convolution. It
# restores the *shape* if the windows fit (in Keras: under `valid`, with a kernel at least as large
# as the stride; under `same`, where the stride divides the size), and the content if and only if
# `C.T @ C` is the identity matrix. Training does not ask for that.

# %% [markdown]
# ## 10 · Channels and batches
#
# A layer works on a batch of feature maps, an array `(N, H, W, Cin)`: image, row, column, channel.
# Each output channel is a sum over all input channels, and each pair of them has its own
# two-dimensional kernel. Keras stores a `Conv2DTranspose` kernel as `(kh, kw, Cout, Cin)`, the
# output channel *before* the input channel: `kernel[:, :, o, i]` stamps input channel `i` into
# output channel `o`. `Conv2D` has it the other way round, `(kh, kw, Cin, Cout)`, which is why the
# two layers of section 9 could share one array.
#
# ### Exercise 11 · `transpose_conv2d_nhwc`
#
# 3 points, 7 minutes, difficulty 2 of 5
#
# Return the transposed convolution of a batch, as Keras computes it with `padding="valid"`, to
# within 1e-5. Image `n`, output channel `o` of the result is the sum over `i` of
# `transpose_conv2d(x[n, :, :, i], kernel[:, :, o, i], stride)`.
#
# The stride is at most the kernel size, in both axes; larger strides are not tested. `x` and
# `kernel` may have any memory layout.
#
# Expected: for `x` of ones of shape (1, 1, 1, 2), the kernel `[[[[3., 4.]]]]` and stride 1,
# `[[[[7.]]]]`; then a largest difference of 0.00000 in the comparison with the Keras layer.
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
# The real thing: a `Conv2DTranspose` from 3 to 5 channels with random weights, on a batch of two,
# against your function.

# %%
with lab.needs("transpose_conv2d_nhwc"):
    generator = np.random.default_rng(0)
    batch = generator.normal(size=(2, 4, 6, 3)).astype("float32")  # (N, H, W, Cin)
    weights = generator.normal(size=(3, 4, 5, 3)).astype("float32")  # (kh, kw, Cout, Cin)
    layer = keras.layers.Conv2DTranspose(5, (3, 4), strides=2, use_bias=False)
    layer.build(batch.shape)
    layer.set_weights([weights])
    keras_output = np.asarray(layer(batch))  # (2, 9, 14, 5)
    yours = transpose_conv2d_nhwc(batch, weights, 2)
    print("Keras:", keras_output.shape, "  yours:", yours.shape)
    print(f"largest difference: {np.abs(keras_output - yours).max():.5f}")

# %% [markdown]
# ## In practice
#
# Three common errors and their messages: a stamp that hangs over the edge of an output that is too
# small; an output that inherits an integer dtype from the image; and a kernel in the order of the
# other layer.


# %%
def message(do):
    """Run `do` and print the error that it raises."""
    try:
        do()
    except Exception as error:
        print(f"{type(error).__name__}: {error}\n")


def hang_over_the_edge():
    output = np.zeros((4, 4))
    output[2:5, 2:5] += np.ones((3, 3))


def add_fractions_to_integers():
    output = np.zeros_like(np.array([[1, 2], [3, 4]]))
    output += 0.5 * np.ones((2, 2))


def swap_channels():
    layer = keras.layers.Conv2DTranspose(5, 3, use_bias=False, name="up")
    layer.build((None, None, None, 2))
    layer.set_weights([np.zeros((3, 3, 2, 5))])  # (kh, kw, in, out)


for mistake in [hang_over_the_edge, add_fractions_to_integers, swap_channels]:
    message(mistake)

# %% [markdown]
# The cures: allocate `(n - 1) * stride + k`, not `n * stride`; allocate floats; hand a
# `Conv2DTranspose` its kernel as `(kh, kw, out, in)`. With two or more channels, as many in as
# out, the last mistake raises no error, and in general the layer computes something else.
#
# | you want to | think of it as |
# |---|---|
# | explain the layer, or find its output by hand | stamping |
# | compare it with a convolution | zero insertion and the turned kernel |
# | know its output size | where the last stamp ends, then Keras' crop |
# | compute it without wasted products | stamping, or phases |
# | reason about inverses and gradients | the matrix and its transpose |
# | test an implementation | the adjoint equation, and one known example |
#
# In a network you will meet the layer in a small pattern: `Input -> Conv2DTranspose(3x3, stride 2,
# ReLU) -> Conv2D(1x1, sigmoid) -> Output`. [Notebook 2](../02-conv2dtranspose/02-conv2dtranspose.ipynb) builds it, repairs it and trains it.
#
# ## What you can do now
#
# You can compute a transposed convolution by hand in several ways, predict its size with any
# padding, write it as a matrix, test an implementation, and say when it is an inverse.
#
# **Take-aways**
#
# 1. Zero insertion, `k - 1` zeros around it, correlation with the turned kernel: the same numbers
#    as stamping the kernel for every pixel and adding up.
# 2. Several input sizes of a strided convolution share one output size; `padding` and
#    `output_padding` say which one to go back to, and where the crop begins.
# 3. `same` gives `stride` times the input; it crops the stamps as evenly as it can, with the extra row
#    at the bottom.
# 4. It is multiplication by the transposed matrix of a convolution, which is also a convolution's
#    gradient with respect to its input. Random inner products test that.
# 5. It restores the content if and only if `C.T @ C` is the identity matrix: with an orthonormal bank,
#    but not with one kernel at a stride above 1.
#
# **To read**
#
# - Simon Prince: *Understanding Deep Learning* (MIT Press 2023), section 10.4: downsampling and
#   upsampling with pictures of every layer.
# - Aston Zhang, Zachary Lipton, Mu Li, Alexander Smola: *Dive into Deep Learning* (Cambridge
#   University Press 2023), section 14.10: the layer as stamping and as a matrix.
# - Vincent Dumoulin, Francesco Visin: *A guide to convolution arithmetic for deep learning* (2016),
#   section 4: pictures of every padding and stride.
# - Wenzhe Shi and others: *Is the deconvolution layer the same as a convolutional layer?* (2016), on
#   phases.
#
# Your guesses, beside what came out:

# %%
lab.predictions()

# %% [markdown]
# The last cell lists all exercises.

# %%
lab.scoreboard(check)

# %% [markdown]
# Next: [2 · Conv2DTranspose](../02-conv2dtranspose/02-conv2dtranspose.ipynb)
