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
# # NUMBER · TITLE
#
# [![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/REPOSITORY/blob/main/notebooks/ASSIGNMENT/ASSIGNMENT.ipynb)
# [![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/REPOSITORY/HEAD?urlpath=lab/tree/notebooks/ASSIGNMENT/ASSIGNMENT.ipynb)
#
# An image with fewer pixels takes less memory and less time, and shows less noise. Average pooling
# makes one: each block of pixels becomes one pixel, their mean. In this notebook you write it.
#
# **You need to know** NumPy slices and loops.
#
# **Time**: about 10 minutes; one exercise, 4 points.
#
# **How it is graded**: below every exercise stands a cell with a *visible check*. It calls your
# function on a few small examples, and where something is wrong it says what came back and which
# misconception that looks like. *Hidden tests*, run by your instructor, decide the points; they use
# other sizes and values, and ask for nothing that the task's text does not say. Before you submit,
# choose **Kernel, Restart Kernel and Run All Cells** and look at the table at the end. You may
# submit with exercises left open: each exercise counts for itself.

# %% [markdown]
# ## Set-up
#
# Run this cell first. On Colab it installs the course; elsewhere it only imports.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("autograder") is None:  # Colab lacks the course: fetch it
    course = "git+ADDRESS"
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", course], check=True)

from autograder import lab  # isort: skip  (first: it quiets TensorFlow's start-up lines)
import numpy as np

from autograder.lab import datasets
from autograder.lab.checks import MODULE as check
from autograder.lab.figures import shared as figures

# %% nbgrader={"grade": false, "grade_id": "setup_data", "locked": true, "schema_version": 3, "solution": false, "task": false}
photo = datasets.fashion_mnist("validation")[0][19, :, :, 0].astype("float64")  # (28, 28)

# %% [markdown]
# **What you will build.** The figure shows a 2x4 input and what average pooling makes of it: one
# number for each block of 2x2, the mean of the four.

# %% tags=["picture"]
figures.number_grids(
    [np.array([[1, 2, 4, 8], [3, 6, 4, 0]]), np.array([[3, 4]])],
    ["input, 2x4", "factor 2: 1x2"],
    "Each block becomes one number",
)

# %% [markdown]
# ### Exercise 1 · `average_pool`
#
# 4 points, 5 minutes, difficulty 1 of 5
#
# Cut `x` into blocks of `factor` rows and `factor` columns that do not overlap, from the top left
# corner on, and return the mean of each block. Rows and columns at the end that fill no block are
# left out.
#
# Height and width may differ. `factor` is an int, at least 1 and at most the smaller of the two.
#
# Expected: the figure after the check shows the shoe with a quarter of its pixels.
#
# <details><summary>Hint 1</summary>
#
# How many whole blocks of 2 fit into 5 rows?
#
# </details>
# <details><summary>Hint 2</summary>
#
# `a.mean(axis=(1, 3))` takes the mean over two axes at once. Can you give `x` four axes?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "average_pool", "locked": false, "schema_version": 3, "solution": true, "task": false}
def average_pool(x, factor):
    """Replace each block of pixels by its mean.

    x: array (H, W); factor: int, 1 <= factor <= H, W
    returns: array (H // factor, W // factor)

    average_pool(np.array([[1., 2., 4., 8.], [3., 6., 4., 0.]]), 2) is [[3., 4.]].
    """
    ### BEGIN SOLUTION
    rows, columns = (n // factor for n in x.shape)
    whole = x[: rows * factor, : columns * factor]
    return whole.reshape(rows, factor, columns, factor).mean(axis=(1, 3))
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_average_pool", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.average_pool(average_pool)
### BEGIN HIDDEN TESTS
trial, generator = check.average_pool.trial(average_pool), lab.rng("average_pool")
for shape, factor in [((6, 4), 2), ((3, 9), 3), ((7, 5), 2), ((5, 8), 5), ((2, 3), 1)]:
    check.expect_means(trial, generator.normal(size=shape), factor)
### END HIDDEN TESTS

# %%
with lab.needs("average_pool"):
    figures.image_row(
        [photo, average_pool(photo, 2)],
        ["28x28", "factor 2: 14x14"],
        "A quarter of the pixels, and still a shoe",
    )

# %% [markdown]
# ## What you can do now
#
# You can make an image smaller without throwing any of its pixels away.
#
# **Take-aways**
#
# 1. Average pooling keeps the mean of each block; taking every second pixel keeps one of four.
#
# **To read**
#
# - Vincent Dumoulin, Francesco Visin: *A guide to convolution arithmetic for deep learning* (2016),
#   section 3, on pooling.
#
# The last cell lists all exercises.

# %%
lab.scoreboard(check)
