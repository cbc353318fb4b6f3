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
# # 3 · A decoder that finds every pixel
#
# A classifier says *what* is in an image; segmentation says *where*, pixel by pixel. An encoder
# makes the image small to understand it, and a decoder of transposed convolutions makes the answer
# large again. The encoder is given here. The decoder, its skip connections, the loss, the training,
# and the scores that say how good it is, are yours. At the end, your network counts nuclei, and you
# know how many of them it gets wrong.
#
# **You need to know** how to build and train a small CNN in Keras with the functional API, and what
# a strided `Conv2DTranspose` does ([notebook 2](../02-conv2dtranspose/02-conv2dtranspose.ipynb)).
# Nothing here imports earlier notebooks.
#
# **Time**: about 205 minutes; twelve exercises, 40 points.
#
# **Predict, then run**: before some cells you are asked for a guess. Write it into the cell with
# the question before you read on. Guesses stay here and earn nothing.
#
# **How it is graded**: below every exercise stands a cell with a *visible check*. It calls your
# function on a few small examples, and where something is wrong it says what came back and which
# misconception that looks like. *Hidden tests*, run by your instructor, decide the points; they use
# other sizes and values, and ask for nothing that the task's text does not say. Grading has
# Python's standard library, NumPy, Matplotlib, TensorFlow and Keras, and nothing else. Before you
# submit, choose **Kernel, Restart Kernel and Run All Cells** and look at the table at the end. You may submit with exercises left open: each exercise is graded for itself, and one that
# calls an earlier function of yours needs that one right. Of a model, its layers and
# weights are graded: build it of Keras' own layers and functions, with no `Lambda` and no class or
# function of your own inside.

# %% [markdown]
# ## Set-up
#
# Run this cell first; the first time it takes up to a minute.

# %% nbgrader={"grade": false, "grade_id": "setup", "locked": true, "schema_version": 3, "solution": false, "task": false}
import importlib.util

if importlib.util.find_spec("autograder") is None:
    raise RuntimeError("The course is not installed here: set it up as its README says.")

from autograder import lab  # isort: skip  (first: it quiets TensorFlow's start-up lines)
import functools

import keras
import numpy as np
import tensorflow as tf

from autograder.lab import datasets
from autograder.lab.checks import segmentation as check
from autograder.lab.figures import segmentation as figures

# %% [markdown]
# The images show nuclei of cells under a fluorescence microscope, with masks that people drew by
# hand (Caicedo et al. 2019). They are cut from a single photograph: crops to train with from its
# left part, eight crops to validate with from further right, and a strip at the right edge that this notebook never opens. Gaps between the parts make sure that no nucleus is in two of them;
# otherwise a network could be praised for what it remembers.

# %% nbgrader={"grade": false, "grade_id": "setup_data", "locked": true, "schema_version": 3, "solution": false, "task": false}
images, masks = datasets.nuclei("train")  # (135, 64, 64, 1) each: float32 in [0, 1]; 0 or 1
validation, validation_masks = datasets.nuclei("validation")  # (8, 64, 64, 1) each

# %% [markdown]
# **What you will build.** The figure shows six of the validation crops and the outlines that a
# person drew. Some nuclei are faint, some are cut by the edge, some touch. By the end of this
# notebook, your network draws such outlines, and takes some touching nuclei apart.

# %%
figures.outlines(validation[:6], validation_masks[:6], "Every pixel belongs to a nucleus or not")

# %% [markdown]
# ## 1 · Scores: how right is a mask?
#
# The share of right pixels is the first score that comes to mind. Here is what it says about an
# answer that never finds anything:

# %%
nothing = np.zeros_like(validation_masks)  # (8, 64, 64, 1)
print(f"share of right pixels: {np.mean(nothing == validation_masks):.0%}")
print("nuclei found: none")

# %% [markdown]
# Most pixels are background, so background alone earns most of that score. A better score looks at
# one class at a time, and only at the pixels where that class is true or answered. The
# *intersection* counts the pixels where it is both; the *union* counts those where it is at least
# one of the two:
#
# `IoU = intersection / union`
#
# It is 1 for a perfect answer and 0 where nothing overlaps, however much background there is. For a
# class that is in neither mask it is 0 / 0, which is neither good nor bad: `nan`.
#
# ### Exercise 1 · `iou`
#
# 3 points, 8 minutes, difficulty 2 of 5
#
# Return the IoU of each class, as a float64 array of shape `(num_classes,)`; `nan` for a class that
# is in neither mask. Both masks have the same shape, whatever it is, and labels in
# `range(num_classes)`; pixels of all images are pooled, so a batch counts as one large mask.
#
# The masks are arrays of integers of any kind, also `uint8`, and of any memory layout; they stay as
# they are.
#
# Expected: for `y_true = [[0, 0], [1, 1]]` and `y_pred = [[0, 1], [1, 1]]`, as arrays, and three
# classes, `[0.5, 0.667, nan]`.
#
# <details><summary>Hint 1</summary>
#
# `y_true == c` is a mask of true and false. Which operators give "both" and "at least one"?
#
# </details>
# <details><summary>Hint 2</summary>
#
# Let the array start as `np.full(num_classes, np.nan)` and fill in only the classes whose union is
# not empty.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "iou", "locked": false, "schema_version": 3, "solution": true, "task": false}
def iou(y_true, y_pred, num_classes):
    """Intersection over union of each class.

    y_true, y_pred: integer arrays of the same shape, labels in range(num_classes)
    returns: (num_classes,) float64, nan where a class is in neither
    """
    ### BEGIN SOLUTION
    scores = np.full(num_classes, np.nan)
    for c in range(num_classes):
        union = np.sum((y_true == c) | (y_pred == c))
        if union > 0:
            scores[c] = np.sum((y_true == c) & (y_pred == c)) / union
    return scores
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_iou", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.iou(iou)
### BEGIN HIDDEN TESTS
trial, generator = check.iou.trial(iou), lab.rng("iou")
for shape, num_classes, dtype in [
    ((7,), 2, "int64"),
    ((4, 9), 4, "uint8"),
    ((3, 8, 5, 1), 3, "int32"),
    ((40, 30), 20, "uint8"),
]:
    first, second = check.random_masks(generator, shape, num_classes, dtype)
    check.expect_iou(trial, first, second, num_classes)
    check.expect_iou(trial, np.asfortranarray(second), first, num_classes + 2)
check.expect_iou(trial, np.zeros((3, 4), int), np.ones((3, 4), int), 3)
check.expect_iou(trial, np.ones((3, 4), int), np.ones((3, 4), int), 2)
### END HIDDEN TESTS

# %% [markdown]
# Now give the simplest method every chance. A threshold, everything brighter than some level, is
# tried at all levels from 0 to 1 and chosen on the *training* images. A *local* threshold compares
# each pixel, after averaging over 3x3, with the mean of the 41x41 pixels around it; its two numbers
# were chosen on the training images, too. It gets the whole strip, from which the validation crops are cut, so that no neighborhood ends at
# the upper or lower edge of a crop; the left and right edges are those of the strip.

# %%
lab.predict(
    "best threshold",
    "The best global threshold for these nuclei: which IoU does it reach on the validation crops?",
    options=["about 0.5", "about 0.65", "about 0.8", "about 0.95"],
    guess=None,
)


# %%
def average(images, side):
    """Mean over side x side pixels around each pixel, of those inside the image."""
    return np.asarray(keras.ops.average_pool(images, side, strides=1, padding="same"))


def local_threshold(images):
    """1 where a pixel stands out from its surroundings. images: (N, H, W, 1)"""
    return (average(images, 3) > 0.7 * average(images, 41) + 0.06).astype("int64")


with lab.needs("iou"):
    levels = np.linspace(0, 1, 101)
    curves = {
        name: [iou(truth, (pictures > level).astype("int64"), 2)[1] for level in levels]
        for name, pictures, truth in [
            ("training", images, masks),
            ("validation", validation, validation_masks),
        ]
    }
    level = levels[np.argmax(curves["training"])]
    strip, _ = datasets.nuclei_strip("validation")  # (512, 64, 1): the crops in one piece
    baselines = {
        "nothing": nothing,
        f"brighter than {level:.2f}": (validation > level).astype("int64"),
        "local threshold": local_threshold(strip[None])[0].reshape(8, 64, 64, 1),
    }
    ladder = {name: iou(validation_masks, mask, 2)[1] for name, mask in baselines.items()}
    for name, score in ladder.items():
        print(f"{name:20} IoU of the nuclei {score:.3f}")
    words = {"about 0.5": 0.5, "about 0.65": 0.65, "about 0.8": 0.8, "about 0.95": 0.95}
    reached = ladder[f"brighter than {level:.2f}"]
    lab.outcome("best threshold", min(words, key=lambda word: abs(words[word] - reached)))
    figures.threshold_curve(levels, curves, level, "One level of the right height goes far")

# %% [markdown]
# And where do they fail?

# %%
with lab.needs("iou"):
    shown = {name: mask[:6] for name, mask in list(baselines.items())[1:]}
    figures.outcomes(
        validation[:6],
        validation_masks[:6],
        shown,
        "The local threshold finds the faint nuclei, too",
    )

# %% [markdown]
# These are the numbers that a network has to beat; a network that beats "nothing" has shown
# nothing. The upper end is not 1, either. Move the hand-drawn truth by a single pixel, and compare
# it with itself:

# %%
with lab.needs("iou"):
    moved = [np.roll(validation_masks, step, axis) for axis in (1, 2) for step in (-1, 1)]
    # the row or column that np.roll brings in from the other side is left out
    inner = np.s_[:, 1:-1, 1:-1]
    ceiling = [iou(validation_masks[inner], mask[inner], 2)[1] for mask in moved]
    print(f"the truth, moved by one pixel: IoU {min(ceiling):.3f} to {max(ceiling):.3f}")
    for name, redrawn in {
        "wider": np.maximum.reduce([validation_masks, *moved]),
        "narrower": np.minimum.reduce([validation_masks, *moved]),
    }.items():
        score = iou(validation_masks[inner], redrawn[inner], 2)[1]
        print(f"the truth, drawn one pixel {name}: IoU {score:.3f}")

# %% [markdown]
# So differences between scores near 0.90 say little about nuclei, and much about one person's hand.
#
# ### Exercise 2 · `dice`
#
# 2 points, 5 minutes, difficulty 1 of 5
#
# Medical papers often report the *Dice score* instead: twice the intersection over the sum of the
# two areas, `2 * intersection / (area of y_true + area of y_pred)`. Return it for each class, in
# the same form as `iou`: pooled pixels, a float64 array of shape `(num_classes,)`, `nan` for a
# class that is in neither mask, arguments unchanged.
#
# Expected: for the masks of exercise 1, `[0.667, 0.8, nan]`.
#
# <details><summary>Hint</summary>
#
# The loop is that of `iou`; only the fraction differs. Count the pixels of a class in each mask
# before you add.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "dice", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dice(y_true, y_pred, num_classes):
    """Dice score of each class.

    y_true, y_pred: integer arrays of the same shape, labels in range(num_classes)
    returns: (num_classes,) float64, nan where a class is in neither
    """
    ### BEGIN SOLUTION
    scores = np.full(num_classes, np.nan)
    for c in range(num_classes):
        areas = np.sum(y_true == c) + np.sum(y_pred == c)
        if areas > 0:
            scores[c] = 2 * np.sum((y_true == c) & (y_pred == c)) / areas
    return scores
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_dice", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.dice(dice)
### BEGIN HIDDEN TESTS
trial, generator = check.dice.trial(dice), lab.rng("dice")
for shape, num_classes, dtype in [
    ((9,), 2, "int64"),
    ((5, 8), 4, "uint8"),
    ((3, 8, 5, 1), 3, "int32"),
    ((30, 40), 20, "uint8"),
]:
    first, second = check.random_masks(generator, shape, num_classes, dtype)
    check.expect_dice(trial, first, second, num_classes)
    check.expect_dice(trial, np.asfortranarray(second), first, num_classes + 2)
check.expect_dice(trial, np.zeros((3, 4), int), np.ones((3, 4), int), 3)
check.expect_dice(trial, np.ones((3, 4), int), np.ones((3, 4), int), 2)
### END HIDDEN TESTS

# %% [markdown]
# For a single class and pooled pixels, `Dice = 2 * IoU / (1 + IoU)`: the larger IoU has the larger
# Dice. Papers usually average over images or classes.

# %%
lab.predict(
    "two scores",
    "Answer B has the larger mean IoU over two images. Can answer A have the larger mean Dice?",
    options=["yes", "no"],
    guess=None,
)

# %% [markdown]
# Two images, each with an object of 60 pixels on a line of 1200. Answer A has half of each; answer
# B has one object exactly right and loses the other among false pixels.

# %%
with lab.needs("iou", "dice"):
    object_ = np.repeat([1, 0], [60, 1140])  # (1200,)
    half = np.repeat([1, 0], [30, 1170])
    lost = np.repeat([0, 1, 0], [3, 1140, 57])  # 57 pixels of 60, and 1083 others
    answers = {"A": [half, half], "B": [object_, lost]}
    means = {
        name: [np.mean([score(object_, mask, 2)[1] for mask in pair]) for score in (iou, dice)]
        for name, pair in answers.items()
    }
    for name, (mean_of_ious, mean_of_dices) in means.items():
        print(f"answer {name}: mean IoU {mean_of_ious:.3f}, mean Dice {mean_of_dices:.3f}")
    (iou_a, dice_a), (iou_b, dice_b) = means.values()
    lab.outcome("two scores", "yes" if (iou_a < iou_b) != (dice_a < dice_b) else "no")

# %% [markdown]
# By mean IoU, B wins; by mean Dice, A does. The two scores are one for one class in one pool, and
# two once anything is averaged. Ask which one a paper reports, and over what it averages.
#
# ### Exercise 3 · `mean_iou`
#
# 2 points, 5 minutes, difficulty 2 of 5
#
# With many classes one wants one number: the mean of the IoU over all classes, background included,
# that are present in `y_true` or in `y_pred`. A class that is in neither is left out. A class that
# only `y_pred` holds is not: it was answered where it is not, and scores 0. Return a float, and
# leave the arguments as they are.
#
# Expected: for the masks of exercise 1, 0.583, the mean of 1/2 and 2/3.
#
# <details><summary>Hint</summary>
#
# `iou` marks the classes to leave out by `nan`. NumPy has a mean that ignores it.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "mean_iou", "locked": false, "schema_version": 3, "solution": true, "task": false}
def mean_iou(y_true, y_pred, num_classes):
    """Mean IoU over the classes that are present in either mask.

    y_true, y_pred: integer arrays of the same shape, labels in range(num_classes)
    returns: float
    """
    ### BEGIN SOLUTION
    return float(np.nanmean(iou(y_true, y_pred, num_classes)))
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_mean_iou", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.mean_iou(mean_iou)
### BEGIN HIDDEN TESTS
trial, generator = check.mean_iou.trial(mean_iou), lab.rng("mean_iou")
for shape, num_classes, dtype in [
    ((11,), 2, "int64"),
    ((5, 8), 4, "uint8"),
    ((2, 6, 7), 3, "int32"),
]:
    first, second = check.random_masks(generator, shape, num_classes, dtype)
    check.expect_mean_iou(trial, first, second, num_classes)
    check.expect_mean_iou(trial, first, second, num_classes + 3)
    check.expect_mean_iou(trial, first * 2, second + 1, 2 * num_classes)
check.expect_mean_iou(trial, np.ones((3, 4), int), np.ones((3, 4), int), 4)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 · Masks hold names, not numbers
#
# Images are often enlarged or shrunk before training, and their masks with them. An image may be
# interpolated: between gray 0 and gray 4 lies gray 2. A mask may not. Its numbers are names, and
# between class 0, ground, and class 4, bag, lies no class 2, trousers. Here is what bilinear
# resizing makes of a mask that holds 0 and 4 only:

# %%
small = np.array([[0, 0, 4], [0, 4, 4]])  # (2, 3)
bilinear = keras.ops.image.resize(
    small[..., None].astype("float32"), (4, 6), interpolation="bilinear"
)
bilinear = np.round(np.asarray(bilinear)[..., 0]).astype(int)  # (4, 6)
print("labels before:", np.unique(small), "after:", np.unique(bilinear))
figures.number_grids(
    [small, bilinear], ["mask", "bilinear, rounded"], "Interpolation invents classes 1, 2 and 3"
)

# %% [markdown]
# It happens in good places. TensorFlow's own segmentation tutorial shrank its masks bilinearly
# until 2023, and Keras' example of DeepLabV3+ (last changed in January 2024) still calls
# `tf.image.resize`, which is bilinear by default, on masks of 20 classes, whose fractions are then
# cut off. The cell does the same to scenes of six classes, and counts pixels whose label none of
# the pixels had that it was made of.

# %%
_, scene_masks = datasets.fashion_scenes("validation", 60)  # (60, 48, 48, 1), 0 is the ground
shrunk = keras.ops.image.resize(scene_masks.astype("float32"), (24, 24), interpolation="bilinear")
shrunk = np.asarray(shrunk).astype(int)[..., 0]  # (60, 24, 24)
sources = scene_masks.reshape(60, 24, 2, 24, 2)  # each 2x2 block becomes one pixel
invented = (sources != shrunk[:, :, None, :, None]).all(axis=(2, 4))
mixed = sources.min(axis=(2, 4)) != sources.max(axis=(2, 4))
print(
    f"invented labels: {invented.mean():.1%} of all pixels, {invented[mixed].mean():.0%} of those on an edge"
)

# %% [markdown]
# Probabilities, before one decides for a class, are numbers, and may be interpolated.
#
# ### Exercise 4 · `resize_mask`
#
# 2 points, 4 minutes, difficulty 1 of 5
#
# Enlarge a mask of shape `(H, W)` by a whole `factor`, by nearest neighbor: each pixel becomes a
# block of `factor` times `factor` equal pixels. The dtype stays, whatever kind of integer it is,
# and no label appears that was not there. `mask` stays as it is.
#
# Expected: for the mask above and factor 2, the cell after the check prints the labels 0 and 4.
#
# <details><summary>Hint</summary>
#
# In [notebook 2](../02-conv2dtranspose/02-conv2dtranspose.ipynb), `nearest_layer` did this with a
# transposed convolution. For integers, repeat along one axis, then along the other.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "resize_mask", "locked": false, "schema_version": 3, "solution": true, "task": false}
def resize_mask(mask, factor):
    """Enlarge a mask by nearest neighbor.

    mask: (H, W) of integers; factor: int >= 1
    returns: (H*factor, W*factor), same dtype
    """
    ### BEGIN SOLUTION
    return np.repeat(np.repeat(mask, factor, axis=0), factor, axis=1)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_resize_mask", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
check.resize_mask(resize_mask)
### BEGIN HIDDEN TESTS
trial, generator = check.resize_mask.trial(resize_mask), lab.rng("resize_mask")
for shape, factor, dtype in [
    ((3, 7), 4, "uint8"),
    ((5, 2), 3, "int32"),
    ((1, 4), 5, "int64"),
    ((4, 3), 1, "int16"),
]:
    labels = np.asfortranarray(generator.integers(0, 100, shape).astype(dtype))
    check.expect_resized_mask(trial, labels, factor)
### END HIDDEN TESTS

# %%
with lab.needs("resize_mask"):
    print("labels after:", np.unique(resize_mask(small, 2)))

# %% [markdown]
# ## 3 · Encoder and decoder
#
# The encoder is that of many classifiers: two 3x3 convolutions with batch normalization and ReLU,
# then a pooling that halves height and width, again and again. It returns the feature maps of each
# of its three levels.


# %% nbgrader={"grade": false, "grade_id": "setup_encoder", "locked": true, "schema_version": 3, "solution": false, "task": false}
def encode(x, base_filters=16, momentum=0.9):
    """Three levels of feature maps of an image.

    x: Keras tensor (N, H, W, C), H and W multiples of 4
    returns: (N, H, W, base_filters), (N, H/2, W/2, 2*base_filters), (N, H/4, W/4, 4*base_filters)
    """
    levels = []
    for level in range(3):
        if level > 0:
            x = keras.layers.MaxPooling2D()(x)
        for _ in range(2):
            x = keras.layers.Conv2D(base_filters * 2**level, 3, padding="same", use_bias=False)(x)
            x = keras.layers.BatchNormalization(momentum=momentum)(x)
            x = keras.layers.ReLU()(x)
        levels.append(x)
    return levels


def block_as_model(block, shape, skip_shape, filters):
    """A model that holds just one decoder block; skip_shape may be None."""
    x = keras.Input(shape)
    if skip_shape is None:
        return keras.Model(x, block(x, None, filters))
    skip = keras.Input(skip_shape)
    return keras.Model([x, skip], block(x, skip, filters))


# %%
for level in encode(keras.Input((64, 48, 1))):
    print(level.shape[1:])

# %% [markdown]
# The last level has seen the most: each of its pixels looks at 32x32 pixels of the image, and its
# many feature maps can say "inside a nucleus". But it is four times smaller in each direction. It
# knows *what*, and only roughly *where*. The levels before it know where every edge is, and little
# about what it means. The drawing shows how a decoder brings the two together, and why the network
# of section 5 is called U-Net.

# %%
figures.u_drawing()

# %% [markdown]
# A decoder block doubles the small feature map by a `Conv2DTranspose` of stride 2, *concatenates*
# the encoder's feature map of that size, the *skip connection*, and lets a convolution decide what
# to make of both. One can also *add* the two, as FCN does and Keras' own U-Net example. Followed by
# a convolution, adding is concatenating with tied weights: cheaper, and less free. The cell shows
# it.

# %%
numbers = np.random.default_rng(0)
up, skip = numbers.normal(size=(2, 1, 5, 5, 3))  # two feature maps, (1, 5, 5, 3) each
kernel = numbers.normal(size=(3, 3, 3, 4))
added = keras.ops.conv(up + skip, kernel, padding="same")
tied = np.concatenate([kernel, kernel], axis=2)  # (3, 3, 6, 4): the same for both halves
joined = keras.ops.conv(np.concatenate([up, skip], axis=-1), tied, padding="same")
print(f"largest difference: {np.abs(np.asarray(added) - np.asarray(joined)).max():.0e}")
print(f"weights: {kernel.size} if added, {tied.size} if concatenated")

# %% [markdown]
# ### Exercise 5 · `decoder_block`
#
# 5 points, 15 minutes, difficulty 3 of 5
#
# Write the block as a function of Keras tensors. `x` has shape `(N, H, W, C)`, `skip` has shape
# `(N, 2H, 2W, S)` or is `None`, and the result has shape `(N, 2H, 2W, filters)`. Enlarge `x` by a
# `Conv2DTranspose` with strides 2; concatenate the skip, if there is one; then come one or more
# convolutions (a transposed one of stride 1 is one), with a skip and without.
#
# H and W may differ. Kernel sizes, activations and normalization are up to you; every layer is
# trainable. Use built-in layers and `keras.ops` only, no `Lambda`.
#
# Expected: `decoder_block(keras.Input((4, 6, 3)), keras.Input((8, 12, 2)), 5).shape` is
# `(None, 8, 12, 5)`.
#
# <details><summary>Hint 1</summary>
#
# `padding="same"` everywhere; otherwise the sizes do not meet.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `keras.layers.Concatenate()([a, b])` joins along the last axis: `filters + S` feature maps.
#
# </details>
# <details><summary>Hint 3</summary>
#
# `if skip is not None:` is all that the other case needs. If you normalize, take
# `BatchNormalization(momentum=0.9)`: section 4 says why.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "decoder_block", "locked": false, "schema_version": 3, "solution": true, "task": false}
def decoder_block(x, skip, filters):
    """Double a feature map, join the skip connection, convolve.

    x: Keras tensor (N, H, W, C); skip: Keras tensor (N, 2H, 2W, S) or None; filters: int
    returns: Keras tensor (N, 2H, 2W, filters)
    """
    ### BEGIN SOLUTION
    layers = keras.layers
    x = layers.Conv2DTranspose(filters, 2, strides=2, padding="same", activation="relu")(x)
    if skip is not None:
        x = layers.Concatenate()([x, skip])  # (N, 2H, 2W, filters + S)
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)  # (N, 2H, 2W, filters)
    x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.ReLU()(x)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_decoder_block", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.decoder_block(functools.partial(lab.student_side(block_as_model), decoder_block))
### BEGIN HIDDEN TESTS
in_a_model = functools.partial(lab.student_side(block_as_model), decoder_block)
trial = check.decoder_block.trial(in_a_model)
for shape, skip_shape, filters in [
    ((5, 3, 1), (10, 6, 7), 3),
    ((1, 4, 6), (2, 8, 6), 6),
    ((7, 2, 2), None, 9),
]:
    check.expect_decoder_block(trial, shape, skip_shape, filters)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · A fully convolutional network
#
# First without skips. A *fully convolutional network* (FCN) encodes, then enlarges the last level
# back to full size; the last layer gives each pixel its probabilities (Long, Shelhamer and Darrell
# 2015, in its simplest form). Its last activation is the one of
# [notebook 2](../02-conv2dtranspose/02-conv2dtranspose.ipynb): sigmoid where there is a single
# class besides the background, softmax where there are several.
#
# Nuclei are a poor test of a decoder: a threshold finds most of them. So the hidden tests train
# your networks on something that no threshold finds, garments that only the direction of their
# stripes tells from the ground. The best threshold that was found, on brightness, local contrast or local
# variance, is no better than answering "garment" everywhere, an IoU of 0.31; a filter that is made
# for the two directions reaches 0.88 (`data/measurements-segmentation-marks.json`).

# %%
striped, striped_masks = datasets.striped_garments("train", 6)  # (6, 32, 32, 1) each
figures.outlines(striped, striped_masks, "Upright stripes are garment, level ones are ground")

# %% [markdown]
# ### Exercise 6 · `build_fcn`
#
# 4 points, 10 minutes, difficulty 2 of 5
#
# Return a `keras.Model` from an image of shape `input_shape = (H, W, C)`, H and W multiples of 4 or
# `None`, to probabilities for each pixel: shape `(H, W, 1)` with a sigmoid where
# `num_classes == 1`, else `(H, W, num_classes)` with a softmax. It passes through a feature map of
# `(H/4, W/4)`, the last of `encode`, and from there back by strided `Conv2DTranspose` layers, with
# *no skip of any kind*: every layer reads one feature map. `base_filters` is the number of feature
# maps of the first level, and with it the number of weights grows. Every layer is trainable and
# built in.
#
# The hidden test also trains a model of your builder, for some seconds, on the *striped garments*
# of the figure above: 8 base filters, 80 steps of 8 images, cross-entropy plus Dice loss. It asks
# for an IoU of at least 0.70 on garments that your code never saw; two more tries count if the
# first misses.
#
# Expected: the cell below the check trains it on the crops of 64x64; its IoU goes beyond 0.8.
#
# <details><summary>Hint 1</summary>
#
# `decoder_block(x, None, filters)` twice, with the widths of the encoder's levels in reverse:
# `2 * base_filters`, then `base_filters`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# The last layer is a 1x1 `Conv2D` with `num_classes` filters.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "build_fcn", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_fcn(input_shape, num_classes, base_filters=16):
    """Encoder and decoder without skip connections.

    input_shape: (H, W, C), H and W multiples of 4, or None
    num_classes: 1 means foreground or not
    returns: keras.Model to (H, W, num_classes) probabilities
    """
    ### BEGIN SOLUTION
    image = keras.Input(input_shape)
    *_, x = encode(image, base_filters)  # (H/4, W/4, 4*base_filters)
    x = decoder_block(x, None, 2 * base_filters)  # (H/2, W/2, 2*base_filters)
    x = decoder_block(x, None, base_filters)  # (H, W, base_filters)
    activation = "sigmoid" if num_classes == 1 else "softmax"
    return keras.Model(image, keras.layers.Conv2D(num_classes, 1, activation=activation)(x))
    ### END SOLUTION


# %% [markdown]
# Training is given for now; in exercise 9 you write your own. It takes a copy of a model with new
# weights, and walks `steps` small steps with Adam, whose step size falls to zero along half a
# cosine.


# %% nbgrader={"grade": false, "grade_id": "setup_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
def train(model, images, masks, steps, seed, loss):
    """Train a copy of `model`, with new weights, on `steps` batches of 8 images; return the copy.

    loss: function of y_true (float32) and y_pred, for example keras.losses.BinaryCrossentropy()
    """
    keras.utils.set_random_seed(seed)
    model = keras.models.clone_model(model)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-2, steps))
    optimizer.build(model.trainable_variables)

    @tf.function(autograph=False)
    def step(x, y):
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return value

    generator = np.random.default_rng(seed)
    for _ in lab.progress.each(range(steps), "step"):
        chosen = generator.integers(len(images), size=8)
        lab.progress.loss(step(images[chosen], masks[chosen].astype("float32")))
    return model


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_build_fcn", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.build_fcn(build_fcn, check.expect_any_size)
### BEGIN HIDDEN TESTS
trial = check.build_fcn.trial(build_fcn)
check.expect_default_width(trial, check.expect_fcn(trial, (12, 4, 2), 5), 5)
fcn_model = check.quick_to_train(check.expect_fcn(trial, (32, 32, 1), 1, 8))
# Marks lie at least three standard deviations below the mean of every right answer and far above
# what a threshold reaches, 0.31: data/measurements-segmentation-marks.json has both.
seen, seen_masks = datasets.striped_garments("train", 320)
unseen, unseen_masks = datasets.striped_garments("test", 100)
how, reached = {"steps": 80, "loss": check.training_loss}, []
for seed in range(3):  # a miss gets two more tries, and the best counts
    trained = check.train_copy(fcn_model, seen, seen_masks, seed=seed, **how)
    reached.append(check.nucleus_iou(trained, unseen, unseen_masks))
    if reached[-1] >= 0.70:
        break
else:
    trial.fail(
        f"Trained for 80 steps, it reaches an IoU of {max(reached):.2f} on striped garments that it "
        "has not seen; at least 0.70 is asked for."
    )
### END HIDDEN TESTS

# %% [markdown]
# Train it with binary cross-entropy, 200 steps; this takes some five to ten seconds.

# %% tags=["measured"]
with lab.needs("iou", "build_fcn"):

    def answer(model, images):
        """1 where the model says nucleus. images: (N, H, W, 1)"""
        return (np.asarray(model(images, training=False)) > 0.5).astype("int64")

    cross_entropy = keras.losses.BinaryCrossentropy()
    fcn = train(build_fcn((None, None, 1), 1), images, masks, 200, 0, cross_entropy)
    ladder["FCN"] = iou(validation_masks, answer(fcn, validation), 2)[1]
    print(f"IoU on validation nuclei {ladder['FCN']:.3f}; ", end="")
    print(f"local threshold {ladder['local threshold']:.3f}")

# %% [markdown]
# ### A setting that ruins short trainings
#
# `encode` sets the momentum of its batch normalization to 0.9. In training, the layer normalizes by
# mean and variance of the batch; in use, by *moving averages* of them, which it updates in every
# step as `average = momentum * average + (1 - momentum) * batch`. They start at 0 and 1, far from
# the truth. What is left of that start after n steps is `momentum**n`:

# %%
for steps in (20, 60, 200):
    left = [f"{momentum}: {momentum**steps:.1%}" for momentum in (0.99, 0.9)]
    print(f"after {steps:3} steps, momentum {', momentum '.join(left)}")

# %% [markdown]
# Keras' default is 0.99. After 60 steps more than half of what the layer believes is still its
# start. The cell trains the same network twice for 60 steps. The weights come out the same, as the bars
# at the left show, since training never reads the averages; whoever looks at the right ones only would blame the weights.

# %% tags=["measured"]
with lab.needs("iou", "build_fcn"):
    scores = {}
    for momentum in lab.progress.each([0.99, 0.9], "network"):
        model = build_fcn((64, 64, 1), 1, 8)
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = momentum
        model = train(model, images, masks, 60, 1, check.training_loss)
        answers = [np.asarray(model(validation, training=mode)) > 0.5 for mode in (False, True)]
        use, batch = (iou(validation_masks, a.astype("int64"), 2)[1] for a in answers)
        scores[f"{momentum}"] = (batch, use)
        print(
            f"momentum {momentum:4}: IoU {batch:.2f} with the batch's statistics, {use:.2f} in use"
        )
    figures.momentum(scores)

# %% [markdown]
# ## 5 · The same with skips: U-Net
#
# Ronneberger, Fischer and Brox (2015) handed the encoder's feature maps over to the decoder, level
# by level, for images of cells like these.
#
# ### Exercise 7 · `build_unet`
#
# 5 points, 8 minutes, difficulty 2 of 5
#
# The same contract as `build_fcn`: `input_shape`, `num_classes`, `base_filters`, probabilities for
# each pixel, `(H/4, W/4)` at the bottom, strided `Conv2DTranspose` layers on the way back,
# everything trainable and built in. But now the decoder *concatenates* the encoder's feature maps
# of `(H/2, W/2)` and of `(H, W)`.
#
# The hidden test trains it in the same way as the FCN and asks for an IoU of at least 0.82.
#
# Expected: the cell below the check compares it with your FCN; its IoU goes beyond 0.8.
#
# <details><summary>Hint 1</summary>
#
# `encode` returns three levels. Which one is the start, and which two are skips?
#
# </details>
# <details><summary>Hint 2</summary>
#
# The sizes decide which skip belongs to which block: the block that ends at `(H/2, W/2)` comes
# first.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "build_unet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_unet(input_shape, num_classes, base_filters=16):
    """Encoder and decoder with a concatenated skip connection at both larger levels.

    input_shape: (H, W, C), H and W multiples of 4, or None
    num_classes: 1 means foreground or not
    returns: keras.Model to (H, W, num_classes) probabilities
    """
    ### BEGIN SOLUTION
    image = keras.Input(input_shape)
    full, half, x = encode(image, base_filters)
    x = decoder_block(x, half, 2 * base_filters)  # (H/2, W/2, 2*base_filters)
    x = decoder_block(x, full, base_filters)  # (H, W, base_filters)
    activation = "sigmoid" if num_classes == 1 else "softmax"
    return keras.Model(image, keras.layers.Conv2D(num_classes, 1, activation=activation)(x))
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_build_unet", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.build_unet(build_unet, check.expect_any_size)
### BEGIN HIDDEN TESTS
trial = check.build_unet.trial(build_unet)
check.expect_default_width(trial, check.expect_unet(trial, (12, 4, 2), 5), 5)
unet_model = check.quick_to_train(check.expect_unet(trial, (32, 32, 1), 1, 8))
# Marks lie at least three standard deviations below the mean of every right answer and far above
# what a threshold reaches, 0.31: data/measurements-segmentation-marks.json has both.
seen, seen_masks = datasets.striped_garments("train", 320)
unseen, unseen_masks = datasets.striped_garments("test", 100)
how, reached = {"steps": 80, "loss": check.training_loss}, []
for seed in range(3):  # a miss gets two more tries, and the best counts
    trained = check.train_copy(unet_model, seen, seen_masks, seed=seed, **how)
    reached.append(check.nucleus_iou(trained, unseen, unseen_masks))
    if reached[-1] >= 0.82:
        break
else:
    trial.fail(
        f"Trained for 80 steps, it reaches an IoU of {max(reached):.2f} on striped garments that it "
        "has not seen; at least 0.82 is asked for."
    )
### END HIDDEN TESTS

# %% [markdown]
# Both networks get the same 200 steps. Each has its place on the ladder now, between the methods with one or two numbers to tune and the ceiling.

# %% tags=["measured"]
with lab.needs("iou", "build_fcn", "build_unet"):
    unet = train(build_unet((None, None, 1), 1), images, masks, 200, 0, cross_entropy)
    ladder["U-Net"] = iou(validation_masks, answer(unet, validation), 2)[1]
    for name, score in ladder.items():
        print(f"{name:20} IoU of the nuclei {score:.3f}")
    print(f"{'ceiling':20} {np.mean(ceiling):.3f}, the truth moved by one pixel")
    print(f"weights: FCN {fcn.count_params():,}, U-Net {unet.count_params():,}")
    stored = datasets.measurements("segmentation")
    rungs = {name: [score] for name, score in ladder.items()}
    for name, scores in stored["nuclei"].items():
        print(f"{len(scores)} stored trainings, {name}: {min(scores):.3f} to {max(scores):.3f}")
        rungs[name] = [*rungs.get(name, []), *scores]
    figures.ladder(
        rungs,
        np.mean(ceiling),
        "Both networks beat the local threshold by little, and end near the ceiling",
    )

# %% [markdown]
# Both lead the local threshold by a few hundredths, and the U-Net stands at the ceiling or close to
# it. On these crops more could hardly be seen: a score much above 0.90 would say more about one
# person's hand. A network that was compared with "nothing", or with a threshold of any height, would have
# looked like a triumph.
#
# ### Where skips matter
#
# Nuclei are round and smooth: their masks lose little if they are averaged over 4x4 pixels and
# enlarged again. Other shapes lose more: garments of Fashion-MNIST (Xiao, Rasul and Vollgraf 2017) on a patterned ground,
# with sleeves, straps and gaps between legs. Both networks get 200 steps and 8 base filters to find any
# garment.

# %%
lab.predict(
    "where skips help",
    "Where does the U-Net gain most over the FCN on these scenes?",
    options=["inside large garments", "along outlines and in thin parts"],
    guess=None,
)

# %%
scenes, scene_truth = datasets.fashion_scenes("train", 500)  # (500, 48, 48, 1)
held_back, held_back_truth = datasets.fashion_scenes("validation", 60)
scene_truth, held_back_truth = ((m > 0).astype("int64") for m in (scene_truth, held_back_truth))


def largest(masks, side):
    """The largest value of side x side pixels around each pixel."""
    return np.asarray(keras.ops.max_pool(masks.astype("float32"), side, 1, "same"))


def opened(masks, side):
    """What is left of a mask if every part thinner than `side` pixels is removed."""
    return largest(1 - largest(1 - masks, side), side)


def at_a_quarter(masks):
    """Masks averaged over 4x4 pixels, enlarged again and cut at one half."""
    small = keras.ops.average_pool(masks.astype("float32"), 4)
    large = keras.ops.image.resize(small, masks.shape[1:3], interpolation="bilinear")
    return (np.asarray(large) > 0.5).astype("int64")


with lab.needs("iou"):
    for name, drawn in {"nuclei": validation_masks, "garments": held_back_truth}.items():
        score = iou(drawn, at_a_quarter(drawn), 2)[1]
        print(f"{name:8} at a quarter of the size, enlarged: IoU {score:.3f}")

# %% tags=["measured"]
garment = held_back_truth == 1
outline = largest(held_back_truth, 3) != 1 - largest(1 - held_back_truth, 3)  # 2 pixels wide
thin = garment & (opened(held_back_truth, 5) == 0)
places = {"inside": garment & ~outline & ~thin, "outlines": outline, "thin parts": thin}
with lab.needs("iou", "build_fcn", "build_unet"):
    wrong, seen = {}, {}
    for name, builder in lab.progress.each([("FCN", build_fcn), ("U-Net", build_unet)], "network"):
        model = train(builder((48, 48, 1), 1, 8), scenes, scene_truth, 200, 0, cross_entropy)
        seen[name] = answer(model, held_back)
        wrong[name] = {n: np.mean((seen[name] == 0) == garment, where=p) for n, p in places.items()}
        score = iou(held_back_truth, seen[name], 2)[1]
        shares = ", ".join(f"{n} {share:.1%}" for n, share in wrong[name].items())
        print(f"{name:5} IoU {score:.3f}; wrong pixels: {shares}")
        there = np.mean((outline | thin)[(seen[name] == 0) == garment])
        print(f"{name:5} of all its wrong pixels, {there:.0%} lie along outlines or in thin parts")
    gains = {n: wrong["FCN"][n] - wrong["U-Net"][n] for n in places}
    best = max(gains, key=gains.get)
    where = "along outlines and in thin parts" if best != "inside" else "inside large garments"
    lab.outcome("where skips help", where)
    figures.outcomes(
        held_back[:6],
        held_back_truth[:6],
        {name: mask[:6] for name, mask in seen.items()},
        "Both go wrong mostly along outlines and in thin parts",
    )

# %% [markdown]
# Of one training each, that says little. Three stored trainings of both, with 16 filters and 300
# steps, and of a U-Net whose skips are added, say how sure it is:

# %%
stored_scenes = datasets.measurements("segmentation")["scenes"]
for name, runs in stored_scenes.items():
    scores = [run["iou"] for run in runs]
    print(f"{name:12} IoU {min(scores):.3f} to {max(scores):.3f}")
figures.mistakes_by_place(
    stored_scenes,
    ["inside", "outlines", "thin parts"],
    "With skips, outlines and thin parts come out better",
)

# %% [markdown]
# Along outlines and in thin parts, where the FCN gets more than one pixel in five wrong, skips save
# about five of a hundred pixels, in every training: the encoder's first level still has every edge.
# Inside large garments they gain nothing. Which way they are joined is another
# matter: on these scenes the *added* ones do better than the concatenated ones, with fewer weights,
# and on nuclei the two are level. Freedom is not always used well in 300 steps, so neither way is
# the right one for good.
#
# ## 6 · A loss for rare pixels
#
# Cross-entropy averages over pixels. What does that do to a small object? Look at what training
# sees: not the value of the loss but its *gradient* at the logits, the numbers before the sigmoid.
# Let a network begin with a probability of 0.1 everywhere, and let an object of 4x4 pixels lie in
# an image of 100x100. A negative gradient at a logit pushes its probability up.

# %%
lab.predict(
    "which pixels push",
    "Cross-entropy, an object of 4x4 pixels in 100x100, probability 0.1 everywhere: what pulls harder at the weights that all pixels share?",
    options=["the object, upwards", "the background, downwards", "both alike"],
    guess=None,
)


# %%
def pulls(loss, side):
    """Gradients at the logits, summed over the object's pixels and over the background's."""
    truth = np.zeros((1, 100, 100, 1), "float32")
    truth[:, :side, :side] = 1
    logits = tf.fill(truth.shape, np.float32(np.log(0.1 / 0.9)))  # probability 0.1
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(truth, keras.ops.sigmoid(logits))
    gradient = np.asarray(tape.gradient(value, logits))
    return gradient[truth == 1].sum(), gradient[truth == 0].sum()


for side in [4, 16, 64]:
    inside, outside = pulls(keras.losses.BinaryCrossentropy(), side)
    print(f"cross-entropy, {side:2}x{side:<2}: object {inside:+.4f}, background {outside:+.4f}")
inside, outside = pulls(keras.losses.BinaryCrossentropy(), 4)
larger = "the object, upwards" if -inside > outside else "the background, downwards"
lab.outcome("which pixels push", larger)

# %% [markdown]
# For the smallest object, the background pulls about 70 times as hard. So the last layer's bias learns first to answer "background" everywhere, although each pixel of the
# object pulls 9 times as hard as one of the background. That costs time, and a short training may
# end there. Nuclei cover a sixth of
# their images, and cross-entropy did well with them.
#
# The Dice score has no such weakness, but it counts pixels, and counts have no gradient. The *soft*
# Dice loss puts probabilities `p` in their place, with the truth `t` of 0 and 1:
#
# `1 - (2 * sum(t * p) + eps) / (sum(t) + sum(p) + eps)`
#
# The small number `eps` stands in both places, so that two empty masks agree perfectly instead of
# giving 0 / 0.
#
# ### Exercise 8 · `dice_loss`
#
# 4 points, 8 minutes, difficulty 3 of 5
#
# Return this loss as a scalar tensor. `y_true` and `y_pred` are float32 arrays or tensors of equal
# shape `(N, H, W, C)`. Choose one `eps` with 0 < eps <= 1 for both places. You may sum over
# everything, or take the mean of losses of single images or classes; you may also square the
# numbers in the sums of the denominator, as some papers do.
#
# The loss lies in [0, 1]: 0 for a perfect answer and for two empty masks, about 1 for masks that do
# not overlap, and in between its gradient with respect to `y_pred` is not zero. It is called inside
# a training, on tensors, so compute with `keras.ops` or TensorFlow, not with NumPy.
#
# Expected: for a mask whose left half is 1 and an answer of 1 everywhere, about 1/3.
#
# <details><summary>Hint 1</summary>
#
# `keras.ops.sum(y_true * y_pred)` is the intersection of soft masks.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Do not round or compare probabilities on the way: a step has no slope.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "dice_loss", "locked": false, "schema_version": 3, "solution": true, "task": false}
def dice_loss(y_true, y_pred):
    """Soft Dice loss.

    y_true, y_pred: (N, H, W, C) float32, truth of 0 and 1 and probabilities
    returns: scalar tensor in [0, 1]
    """
    ### BEGIN SOLUTION
    overlap = keras.ops.sum(y_true * y_pred)
    areas = keras.ops.sum(y_true) + keras.ops.sum(y_pred)
    return 1 - (2 * overlap + 1) / (areas + 1)
    ### END SOLUTION


# %% nbgrader={"grade": false, "grade_id": "setup_gradient", "locked": true, "schema_version": 3, "solution": false, "task": false}
def loss_and_gradient(loss, y_true, y_pred):
    """The value of a loss, and its gradient with respect to y_pred (None where there is none)."""
    y_pred = tf.convert_to_tensor(y_pred)
    with tf.GradientTape() as tape:
        tape.watch(y_pred)
        value = loss(tf.convert_to_tensor(y_true), y_pred)
    gradient = tape.gradient(value, y_pred) if tf.is_tensor(value) else None
    return np.asarray(value), None if gradient is None else np.asarray(gradient)


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_dice_loss", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.dice_loss(functools.partial(lab.student_side(loss_and_gradient), dice_loss))
### BEGIN HIDDEN TESTS
with_gradient = functools.partial(lab.student_side(loss_and_gradient), dice_loss)
trial, generator = check.dice_loss.trial(with_gradient), lab.rng("dice_loss")
for shape in [(1, 40, 24, 1), (3, 20, 36, 1), (2, 32, 20, 3)]:
    check.expect_dice_loss(trial, shape, generator)
# Every form that the task allows: sums over all, each image, each class, or each of both; plain or
# squared denominators; any eps. The value lies between those for the two ends of eps.
for shape in [(2, 24, 32, 1), (3, 20, 28, 2)]:
    truth = (generator.uniform(size=shape) < 0.3).astype("float32")
    soft = generator.uniform(0, 1, shape).astype("float32")
    value, _ = trial.call(truth, soft)
    allowed = []
    for axes in [(0, 1, 2, 3), (1, 2, 3), (0, 1, 2), (1, 2)]:
        for power in (1, 2):
            area = (truth**power).sum(axis=axes) + (soft**power).sum(axis=axes)
            overlap = 2 * (truth * soft).sum(axis=axes)
            allowed += [np.mean(1 - (overlap + eps) / (area + eps)) for eps in (0, 0.5, 1)]
    if not min(abs(float(value) - np.array(allowed))) <= 0.002:
        trial.fail(
            f"returned  {value:.4f}, for a random mask and random probabilities; by the formula "
            f"with plain sums over everything it is {allowed[0]:.4f}."
        )
### END HIDDEN TESTS

# %% [markdown]
# The same object, the same answer, both losses.

# %%
with lab.needs("dice_loss"):
    for side in [4, 16, 64]:
        inside, outside = pulls(dice_loss, side)
        print(f"Dice loss, {side:2}x{side:<2}: object {inside:+.4f}, background {outside:+.4f}")

# %% [markdown]
# With the Dice loss, the background no longer wins: it pulls about as hard as the smallest object,
# 1.3 to 1 with `eps = 1`, where cross-entropy had 70 to 1; the largest object pulls 8 times as hard
# as the background. That is the argument for it. It has its price, and the next cell
# shows three parts of it: a network trained with Dice alone hardly ever answers with a probability
# between 0.1 and 0.9; where it says 0.9 or more, it is wrong as often as before, or more often; and an image without any object punishes tiny probabilities, because `eps` is all that stands
# against their sum: the smaller `eps`, the harder.

# %% tags=["measured"]
with lab.needs("dice_loss", "build_unet"):
    by_dice = train(build_unet((None, None, 1), 1), images, masks, 200, 0, dice_loss)
    for name, model in {"cross-entropy": unet, "Dice loss": by_dice}.items():
        p = np.asarray(model(validation, training=False))
        unsure = np.mean((p > 0.1) & (p < 0.9))
        sure = np.mean(validation_masks[p >= 0.9] == 0)
        print(f"{name:13} between 0.1 and 0.9: {unsure:.1%} of the pixels; ", end="")
        print(f"said 0.9 or more and was wrong: {sure:.1%}")
    empty = np.zeros((1, 64, 64, 1), "float32")
    print(
        f"Dice loss of an empty image, answer 0.001 everywhere: {dice_loss(empty, empty + 0.001):.2f}"
    )

# %% [markdown]
# So add the two losses: cross-entropy keeps the probabilities honest, Dice gives small objects
# their weight. And since Dice is a ratio of sums, small batches make it noisy: one image without
# objects changes everything. Summing over the batch, as hint 1 does, helps.
#
# ### Exercise 9 · `fit_unet`
#
# 3 points, 15 minutes, difficulty 3 of 5
#
# So far the training was given. Write your own: compile `model` with an optimizer and a loss in
# which your `dice_loss` takes part, alone or added to a cross-entropy; fit it to `images` and
# `masks` for `epochs` epochs in batches of 8; return the fitted model. It may be `model` itself or
# a clone with the same layers.
#
# `images` are float32 arrays `(N, H, W, 1)` in [0, 1], to be used as they are; `masks` hold
# integers 0 and 1; `model` is built, gives one probability for each pixel, and is not compiled.
# Adam with a step size from 1e-3 to 1e-2 works.
#
# The hidden test hands over a small U-Net, 192 images of 16x16 pixels and five epochs. It asks for
# an IoU of at least 0.75 on images that your code never saw; two more tries count if the first
# misses.
# Both checks count the batches that the model saw in training: at least 70% of `epochs * N / 8`, so
# that some images may be held back for validation, and at most 130%.
#
# Expected: the cell below the check fits your U-Net to the nuclei; its IoU goes beyond 0.8.
#
# <details><summary>Hint 1</summary>
#
# A loss is any function of `y_true` and `y_pred`: `model.compile(optimizer, dice_loss)`. Keras
# hands it both as float32 tensors. To add two losses, write a function that returns their sum: of a
# *list* of losses, Keras takes one for each output, and drops the second without a word.
#
# </details>
# <details><summary>Hint 2</summary>
#
# `fit` returns a history; the model is changed where it is.
#
# </details>
# <details><summary>Hint 3</summary>
#
# `verbose=0` keeps a notebook short.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "setup_tiles", "locked": true, "schema_version": 3, "solution": false, "task": false}
from autograder.lab.fitting import fitted  # calls your `fit_unet` after setting all seeds
from autograder.lab.tiles import stitched  # calls your `predict_tiled` with a small network


# %% nbgrader={"grade": false, "grade_id": "fit_unet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def fit_unet(model, images, masks, epochs):
    """Compile a model with a loss that contains `dice_loss`, and fit it.

    model: built keras.Model to (N, H, W, 1) probabilities
    images: (N, H, W, 1) float32 in [0, 1]; masks: (N, H, W, 1) integers, 0 or 1; epochs: int
    returns: the fitted keras.Model

    fit_unet(unet, images, masks, 10) is unet, after ten epochs in batches of 8.
    """
    ### BEGIN SOLUTION

    def loss(y_true, y_pred):
        cross_entropy = keras.ops.mean(keras.losses.binary_crossentropy(y_true, y_pred))
        return cross_entropy + dice_loss(y_true, y_pred)

    model.compile(keras.optimizers.Adam(3e-3), loss)
    model.fit(images, masks, batch_size=8, epochs=epochs, verbose=0)
    return model
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_fit_unet", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.fit_unet(functools.partial(lab.student_side(fitted), fit_unet))
### BEGIN HIDDEN TESTS
trial = check.fit_unet.trial(functools.partial(lab.student_side(fitted), fit_unet))
generator, reached = lab.rng("fit_unet"), []
for seed in range(3):  # a miss gets two more tries, and the best counts
    inside, outside, score = check.expect_fitted(trial, generator, 192, 5, seed)
    reached.append(score)
    if score >= 0.75:
        break
else:
    trial.fail(
        f"Fitted for five epochs, it reaches an IoU of {max(reached):.2f} on images that it has not "
        "seen; at least 0.75 is asked for."
    )
### END HIDDEN TESTS

# %% tags=["measured"]
with lab.needs("iou", "build_unet", "dice_loss", "fit_unet"):
    keras.utils.set_random_seed(0)
    own = fit_unet(build_unet((None, None, 1), 1), images, masks, epochs=5)
    print(
        f"your training, 5 epochs: IoU {iou(validation_masks, answer(own, validation), 2)[1]:.3f}"
    )
    print(f"the given one, 200 steps (about 12 epochs) of cross-entropy: {ladder['U-Net']:.3f}")

# %% [markdown]
# ## 7 · Count them
#
# A biologist does not ask for pixels but for nuclei: how many, and how large? The binary mask
# cannot say. In the left part of the training strip many nuclei touch;
# `datasets.nuclei_strip(..., instances=True)` numbers them as drawn, and `components` numbers what
# hangs together in a mask.

# %%
lab.predict(
    "nuclei left",
    "48 nuclei are drawn here. How many separate parts has their mask of 0 and 1?",
    options=["48", "about 44", "about 36", "about 24"],
    guess=None,
)


# %%
def components(mask):
    """Number what hangs together: (H, W) of true and false -> (H, W) integers, 0 outside."""
    mask = np.asarray(mask) > 0
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:  # the largest number in a neighborhood spreads, until nothing changes
        around = np.pad(labels, 1)
        sides = [around[:-2, 1:-1], around[2:, 1:-1], around[1:-1, :-2], around[1:-1, 2:]]
        spread = np.where(mask, np.max([labels, *sides], axis=0), 0)
        if np.array_equal(spread, labels):
            return labels
        labels = spread


def grow(labels, mask, steps=2):
    """Let numbered parts grow into the rest of a mask, one pixel in each step."""
    for _ in range(steps):
        around = np.pad(labels, 1)
        sides = [around[:-2, 1:-1], around[2:, 1:-1], around[1:-1, :-2], around[1:-1, 2:]]
        labels = np.where((labels == 0) & mask, np.max(sides, axis=0), labels)
    return labels


def count_from(classes):
    """Numbered objects of a map of 0 background, 1 inside, 2 border. classes: (H, W)"""
    return grow(components(classes == 1), classes > 0)


# %%
left, instances = (a[:, :128, 0] for a in datasets.nuclei_strip("train", instances=True))
glued = components(instances > 0)  # (512, 128), as both above
drawn, parts = (len(np.unique(labels)) - 1 for labels in (instances, glued))
print(f"nuclei drawn: {drawn}, parts of the mask: {parts}")
options = {"48": 48, "about 44": 44, "about 36": 36, "about 24": 24}
lab.outcome("nuclei left", min(options, key=lambda name: abs(options[name] - parts)))
shown = np.s_[:128]  # the first rows, so that they can be seen
figures.label_maps(
    left[shown],
    {"as drawn": instances[shown], "parts of the mask": glued[shown]},
    "Nuclei that touch are one part of the mask",
)

# %% [markdown]
# So give the network three classes to learn instead of two: background, the inside of a nucleus,
# and its *border*. Insides do not touch, and can be counted; `count_from` above numbers them and
# lets every number grow over the border around it.
#
# ### Exercise 10 · `inside_and_border`
#
# 3 points, 12 minutes, difficulty 2 of 5
#
# `instances` has shape `(H, W)`, holds integers of any dtype, 0 for the background and one label
# for each object; labels may be any numbers and have gaps, and an object is its label, even where
# it has several parts. Return an array of shape `(H, W)` and
# dtype `uint8`: 0 for the background; 2, border, for pixels of an object that have at least one of
# their four neighbors (above, below, left, right) inside the image with *another* label, be it the
# background or another object; 1, inside, for all other pixels of objects. The edge of the image is
# no border. `instances` stays as it is.
#
# Expected: for a row of pixels `[[0, 7, 7, 7, 3, 3]]`, `[[0, 2, 1, 2, 2, 1]]`.
#
# <details><summary>Hint 1</summary>
#
# `np.pad(instances, 1, mode="edge")` gives every pixel four neighbors; those outside repeat the
# pixel itself, and so make no border.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Compare the array with its own copy moved by one row or column, four times; collect by `|`.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "inside_and_border", "locked": false, "schema_version": 3, "solution": true, "task": false}
def inside_and_border(instances):
    """Three classes: background, inside of objects, border of objects.

    instances: (H, W) integers, 0 for background, each object its own label
    returns: (H, W) uint8: 0 background, 1 inside, 2 border

    inside_and_border(np.array([[7, 7, 7], [7, 7, 7], [0, 0, 0]])) is
    [[1, 1, 1], [2, 2, 2], [0, 0, 0]].
    """
    ### BEGIN SOLUTION
    border = np.zeros(instances.shape, bool)
    down = instances[1:] != instances[:-1]  # (H-1, W)
    across = instances[:, 1:] != instances[:, :-1]  # (H, W-1)
    border[1:] |= down
    border[:-1] |= down
    border[:, 1:] |= across
    border[:, :-1] |= across
    return np.where(instances == 0, 0, np.where(border, 2, 1)).astype("uint8")
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_inside_and_border", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.inside_and_border(inside_and_border)
### BEGIN HIDDEN TESTS
trial, generator = check.inside_and_border.trial(inside_and_border), lab.rng("inside_and_border")
for shape, objects, dtype in [
    ((8, 11), 7, "uint8"),
    ((13, 6), 9, "int64"),
    ((7, 7), 30, "uint16"),
    ((30, 24), 25, "int32"),
    ((1, 9), 4, "int8"),
    ((6, 1), 3, "uint64"),
]:
    labels = check.instances.label_map(generator, shape, objects, dtype)
    check.expect_outlines(trial, np.asfortranarray(labels))
check.expect_outlines(trial, np.zeros((3, 4), int))
check.expect_outlines(trial, np.array([[1, 2, 3], [1, 2, 3]]))
check.expect_outlines(trial, 2**24 + np.array([[0, 1, 1], [0, 1, 1]]))
check.expect_outlines(trial, np.full((4, 3), 255, "uint8"))
### END HIDDEN TESTS

# %%
with lab.needs("inside_and_border"):
    classes = inside_and_border(instances)
    again = count_from(classes)
    insides = len(np.unique(again)) - 1
    print(f"nuclei drawn: {drawn}, parts of the mask: {parts}, insides: {insides}")
    figures.label_maps(
        left[shown],
        {"inside and border": classes[shown], "numbered and grown": again[shown]},
        "Insides do not touch, and can be numbered",
    )

# %% [markdown]
# (There is one inside more than there are nuclei: that of a nucleus at the edge has two parts.)
#
# Now the network. Two U-Nets, one with one class and one with three, are trained on the *right* part
# of the strip, from column 160 on, and count in its left part, up to column 128. That leaves 60
# crops, so they are turned and mirrored in all eight ways, image and mask together. Borders are
# thin, so the second network gets your Dice loss beside
# cross-entropy. A simple rival is counted, too: the parts of the first network's map that are above
# 0.9 instead of 0.5, grown back.


# %%
def turned(images):
    """All eight turned and mirrored copies of square images. (N, H, H, C) -> (8*N, H, H, C)"""
    both = [images, images[:, :, ::-1]]
    return np.concatenate([np.rot90(each, k, axes=(1, 2)) for each in both for k in range(4)])


def three_class_loss(y_true, y_pred):
    truth = keras.ops.one_hot(keras.ops.cast(y_true[..., 0], "int32"), 3)  # (N, H, W, 3)
    entropy = keras.ops.mean(keras.losses.categorical_crossentropy(truth, y_pred))
    return entropy + dice_loss(truth[..., 1:], y_pred[..., 1:])


# %% tags=["picture", "measured"]
with lab.needs("inside_and_border", "build_unet", "dice_loss"):
    right = np.arange(135) % 9 >= 5  # crops from column 160 on: 5 to 8 of the 9 in a row
    _, numbered = datasets.nuclei("train", instances=True)  # (135, 64, 64, 1)
    three = np.stack([inside_and_border(crop[..., 0]) for crop in numbered])[..., None]
    crops, truth, three = (turned(each[right]) for each in (images, masks, three))  # (480, ...)
    binary = train(build_unet((None, None, 1), 1, 8), crops, truth, 200, 0, cross_entropy)
    counter = train(build_unet((None, None, 1), 3, 8), crops, three, 200, 0, three_class_loss)
    pixels = left[None, ..., None]  # (1, 512, 128, 1)
    nucleus = np.asarray(binary(pixels, training=False))[0, ..., 0]  # (512, 128)
    found_by_binary = components(nucleus > 0.5)
    stricter = grow(components(nucleus > 0.9), nucleus > 0.5)
    found = count_from(np.argmax(counter(pixels, training=False), axis=-1)[0])
    figures.label_maps(
        left[shown],
        {"one class": found_by_binary[shown], "inside and border": found[shown]},
        "Both networks find most nuclei; some that touch stay one",
    )

# %% [markdown]
# Which one counts better? Looking is no score.
#
# ### Exercise 11 · `match_instances`
#
# 4 points, 18 minutes, difficulty 4 of 5
#
# How good is a count? A found object is right if it covers a true one well. `true` and `pred` are
# two label maps of the same shape `(H, W)`, integers of any dtype, 0 for the background, labels
# with gaps; an object is its label, even where it has several parts. A true and a found object *match* if their IoU is strictly above `threshold`. Return
# three ints: `tp`, the number of matches; `fp`, found objects without a match; `fn`, true objects
# without one. NumPy's ints will do.
#
# The threshold is at least 0.5 and below 1, so that no object can match two others. Anything else
# is a bad argument: raise a `ValueError` whose message contains `threshold`. Both maps stay as they
# are.
#
# Expected: for `true = [[1, 1, 0, 2, 2]]` and `pred = [[5, 5, 0, 0, 9]]`, as arrays, `(1, 1, 1)`:
# the second pair has an IoU of exactly 0.5.
#
# <details><summary>Hint 1</summary>
#
# `np.unique(true)` lists the labels; leave out 0.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Two loops over labels are enough: the IoU of `true == a` and `pred == b`.
#
# </details>
# <details><summary>Hint 3</summary>
#
# Every match takes away one found and one true object. What is left of each?
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "match_instances", "locked": false, "schema_version": 3, "solution": true, "task": false}
def match_instances(true, pred, threshold=0.5):
    """Count the objects that match, the predicted ones that do not, and the true ones that do not.

    true, pred: (H, W) integers, 0 for background, each object its own label
    threshold: a pair matches if its IoU is above it; 0.5 <= threshold < 1
    returns: (tp, fp, fn), three ints

    match_instances(np.array([[1, 1, 0, 5]]), np.array([[2, 2, 2, 0]])) is (1, 0, 1).
    """
    ### BEGIN SOLUTION
    if not 0.5 <= threshold < 1:
        raise ValueError(f"threshold must be at least 0.5 and below 1, but it is {threshold}")
    true_labels, pred_labels = (np.unique(labels[labels != 0]) for labels in (true, pred))
    tp = 0
    for label in true_labels:
        inside = true == label
        for other in np.unique(pred[inside & (pred != 0)]):
            found = pred == other
            tp += np.sum(inside & found) / np.sum(inside | found) > threshold
    return int(tp), len(pred_labels) - int(tp), len(true_labels) - int(tp)
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_match_instances", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.match_instances(match_instances)
### BEGIN HIDDEN TESTS
trial, generator = check.match_instances.trial(match_instances), lab.rng("match_instances")
for objects, others, threshold, dtype, width in [
    (6, 8, 0.5, "int32", 9),
    (9, 5, 0.75, "uint8", 7),
    (12, 12, 0.625, "int64", 16),
    (3, 3, 0.875, "int16", 5),
    (7, 4, None, "uint16", 11),
]:
    overlaps = check.instances.random_overlaps(generator, objects, others)
    check.expect_counts(trial, overlaps, threshold, dtype, width)
for lonely in ([[9]], [[4, 3, 2]], [[4], [5]], [[6, 0], [0, 4]]):
    check.expect_counts(trial, np.array(lonely))
for ratio, threshold in [((1, 2), 0.5), ((3, 4), 0.75), ((5, 8), 0.625)]:  # IoU = threshold
    inside, either = ratio
    check.expect_counts(trial, np.array([[3, either - inside], [0, inside]]), threshold)
    check.expect_counts(trial, np.array([[3, 0], [either - inside, inside]]), threshold)
full = np.array([[1, 1, 70_000, 70_000]])  # without background
for pair, counts in [
    ((full, full[:, ::-1]), (2, 0, 0)),
    ((full, 0 * full), (0, 0, 2)),
    ((0 * full, full), (0, 2, 0)),
]:
    given = trial.call(*(labels.copy() for labels in pair), 0.5)
    if tuple(int(count) for count in given) != counts:
        trial.fail(
            f"returned  {given} instead of {counts}, for maps of which one has no background."
        )
for threshold in (0.49, 1.0, 0.0, 1.5, -0.5):
    check.expect_bad_threshold(trial, threshold)
### END HIDDEN TESTS


# %% tags=["measured"]
def f1(tp, fp, fn):
    """2 * right / (drawn + found)"""
    return 2 * tp / (2 * tp + fp + fn)


with lab.needs("build_unet", "dice_loss", "inside_and_border", "match_instances"):
    candidates = {
        "the truth as 0 and 1": glued,
        "the truth as three classes": again,
        "local threshold": components(local_threshold(pixels)[0, ..., 0]),
        "U-Net, one class": found_by_binary,
        "U-Net, one class, above 0.9": stricter,
        "U-Net, inside and border": found,
    }
    for name, labels in candidates.items():
        tp, fp, fn = match_instances(instances, labels)
        score = f1(tp, fp, fn)
        print(f"{name:27} right {tp:2}, invented {fp:2}, missed {fn:2}: F1 {score:.2f}")

# %% [markdown]
# Ten pairs of such trainings are stored with the course, so that you see what luck does:

# %%
counting = datasets.measurements("counting")
of_runs = {name: [f1(*r["touching"]) for r in runs] for name, runs in counting["runs"].items()}
by_borders = of_runs["inside and border"]
for name, scores in of_runs.items():
    print(
        f"{name:20} F1 {np.mean(scores):.2f}, from {min(scores):.2f} to {max(scores):.2f}", end=""
    )
    better = sum(mine > theirs for mine, theirs in zip(scores, by_borders, strict=True))
    against = f"; better than inside and border in {better} of {len(scores)}"
    print("" if scores is by_borders else against)

# %% [markdown]
# In each of the ten pairs, the network that learned borders counts better than the parts of the other
# one's mask, if only by a hair in one of them. The rival that learned nothing new, a stricter
# threshold on the same network, counts better than borders in seven of the ten pairs. But once it
# finds no nucleus at all: that network never says 0.9. So borders are the steadier way and the
# threshold is the cheaper one; try it first, and choose its level on validation images. All are far
# from the 0.99 that the three classes of the drawn truth allow, perhaps because 60 crops that overlap
# by half are few, and 200 steps are short. (On the validation strip, where two pairs touch, borders
# and plain parts count alike.)
#
# ### Larger than the memory
#
# A strip is small enough for one call. A slide of a whole tissue is not: 100,000 pixels wide, it is
# cut into tiles, and the answers are put together again. At a tile's edge the network sees zeros
# where the image goes on, and is wrong there.

# %% tags=["measured"]
with lab.needs("build_unet"):
    strip, _ = datasets.nuclei_strip("validation")  # (512, 64, 1)
    whole = np.asarray(unet(strip[None], training=False))[0, ..., 0]  # (512, 64)
    cut = np.asarray(unet(strip.reshape(8, 64, 64, 1), training=False)).reshape(512, 64)
    row = np.arange(512) % 64
    distance = np.minimum(row, 63 - row)  # from the upper or lower edge of a tile
    inner = (np.arange(512) >= 64) & (np.arange(512) < 448)  # tiles with neighbors on both sides
    errors = [np.abs(whole - cut)[(distance == d) & inner].mean() for d in range(32)]
    print(f"mean difference at the tiles' edges {errors[0]:.3f}, in their middle {errors[31]:.5f}")
    figures.by_distance(range(32), errors, "Near a tile's edge the network answers differently")

# %% [markdown]
# The cure is to let tiles overlap, and to take every pixel from a tile in which it does not lie
# near the edge.
#
# ### Exercise 12 · `predict_tiled`
#
# 3 points, 30 minutes, difficulty 4 of 5
#
# `predict` is a function that takes an array of shape `(1, tile, tile, C)`, and no other, and gives
# `(1, tile, tile, K)`, as an array or a tensor. `image` has shape `(H, W, C)`, H and W at least
# `tile`, and `0 <= overlap < tile`. Return the predictions for the whole image, `(H, W, K)`.
#
# Cut the image into tiles: windows of the image itself, with nothing padded, the last one in each
# direction moved back so that it ends where the image ends. Take every pixel from one tile, no
# averages: from one in which it lies at least `overlap // 2` pixels from the tile's edge, that is,
# with that many pixels between it and the edge. Where the tile's edge is the image's own, it may be
# nearer. Which tiles you use is up to you. `image` stays as it is.
#
# Expected: the cell after the check prints a smaller difference than the cell above, for an overlap
# of 32.
#
# <details><summary>Hint 1</summary>
#
# Along one axis first: tiles begin at 0, `tile - overlap`, twice that, and so on, and the last one
# at `n - tile`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Go through the tiles in order and write each into the result; leave out its first `overlap // 2`
# rows unless it begins at row 0. The next tile writes over the last rows of the one before.
#
# </details>
# <details><summary>Hint 3</summary>
#
# Only `predict` knows K: make the array for the result when the first tile has come back.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "predict_tiled", "locked": false, "schema_version": 3, "solution": true, "task": false}
def predict_tiled(predict, image, tile, overlap):
    """Predict a large image tile by tile.

    predict: function of a (1, tile, tile, C) array that gives (1, tile, tile, K), array or tensor
    image: (H, W, C), H and W at least tile; overlap: int, 0 <= overlap < tile
    returns: (H, W, K), each pixel from a tile in which it lies overlap // 2 pixels from the edge

    predict_tiled(lambda x: 2 * x, image, 8, 2) is 2 * image.
    """
    ### BEGIN SOLUTION
    tops, lefts = ([*range(0, n - tile, tile - overlap), n - tile] for n in image.shape[:2])
    result = None
    for top in tops:
        for left in lefts:
            window = image[np.newaxis, top : top + tile, left : left + tile]
            found = np.asarray(predict(window))[0]  # (tile, tile, K)
            if result is None:
                result = np.zeros((*image.shape[:2], found.shape[2]), found.dtype)
            down, right = (overlap // 2 if start > 0 else 0 for start in (top, left))
            result[top + down : top + tile, left + right : left + tile] = found[down:, right:]
    return result
    ### END SOLUTION


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_predict_tiled", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
check.predict_tiled(functools.partial(lab.student_side(stitched), predict_tiled))
### BEGIN HIDDEN TESTS
asked = functools.partial(lab.student_side(stitched), predict_tiled)
trial, generator = check.predict_tiled.trial(asked), lab.rng("predict_tiled")
for shape, tile, overlap, classes in [
    ((11, 8, 1), 5, 2, 1),
    ((9, 14, 2), 6, 3, 4),
    ((7, 7, 3), 7, 4, 2),
    ((6, 13, 1), 6, 5, 3),
    ((10, 9, 2), 4, 1, 1),
    ((17, 16, 1), 8, 6, 2),
    ((3, 5, 2), 1, 0, 2),
]:
    check.expect_stitched(trial, generator, shape, tile, overlap, classes)
check.expect_stitched(trial, generator, (12, 7, 2), 5, 4, dtype="float32", as_tensor=True)
check.expect_stitched(trial, generator, (8, 15, 1), 8, 2, 3, as_tensor=True)
### END HIDDEN TESTS

# %% tags=["measured"]
with lab.needs("build_unet", "predict_tiled"):
    tiled = predict_tiled(lambda x: unet(x, training=False), strip, 64, 32)[..., 0]
    for name, result in {"tiles side by side": cut, "tiles that overlap by 32": tiled}.items():
        difference = np.abs(whole - result)
        print(f"{name:25} mean difference {difference.mean():.5f}, largest {difference.max():.3f}")

# %% [markdown]
# If each block of your decoder has one 2x2 and one 3x3 kernel, an output pixel sees at most 20 pixels
# to each side, and an overlap of 32 gives it 16 at least. One more condition hides here: these tiles begin at multiples
# of 4. Move a tile by one pixel, and the poolings group other pixels: the network answers a little
# differently everywhere, however large the overlap. Choose `tile - overlap` divisible by 4.
#
# ## In practice
#
# Three errors and their messages.

# %%
numbers = np.random.default_rng(0)
labels = numbers.integers(0, 3, (2, 8, 8, 1))  # sparse labels: one integer for each pixel
thirds = np.full((2, 8, 8, 3), 1 / 3, "float32")
void = labels.copy()
void[0, 0, 0, 0] = 255  # a pixel that nobody labeled
joined = keras.layers.Concatenate()
for make in [
    lambda: keras.losses.CategoricalCrossentropy()(labels, thirds),
    lambda: keras.losses.SparseCategoricalCrossentropy()(void, thirds),
    lambda: joined([np.zeros((1, 8, 8, 1)), np.zeros((1, 9, 8, 1))]),
]:
    try:
        make()
    except (ValueError, tf.errors.OpError) as error:
        text = str(error)
        start = max(text.find("Received a label value"), text.find("ConcatOp"), 0)
        print(text[start:].split("  Label values")[0].split(" [Op:")[0], end="\n\n")
ignoring = keras.losses.SparseCategoricalCrossentropy(ignore_class=255)
print(f"one_hot: {keras.losses.CategoricalCrossentropy()(np.eye(3)[labels[..., 0]], thirds):.4f}")
print(f"ignore_class=255: {ignoring(void, thirds):.4f}, the same but for the pixel left out")

# %% [markdown]
# | what you see | what it is | cure |
# |---|---|---|
# | `must have the same shape`, `(..., 1)` and `(..., 3)` | integer labels in a loss for one-hot labels | the sparse loss, or `one_hot` |
# | `label value of 255 ... outside the valid range` | pixels that nobody labeled, the *void* class (on a GPU: `nan`, no message) | `ignore_class=255` |
# | `Concatenate ... requires inputs with matching shapes` (or `ConcatOp`, in a model of open size) | sides that 4 does not divide | pad or cut the image, or `predict_tiled` |
# | a loss far above 1, or below 0, no error | masks of 0 and 255 in a loss for 0 and 1 | divide the mask by 255 |
# | classes that nobody labeled, no error | masks resized bilinearly, or saved as JPEG | nearest neighbor; PNG |
# | good in training, bad in use | moving averages that lag behind | a lower momentum, or more steps |
#
# | you need | take |
# |---|---|
# | a first number to beat | the best threshold, global and local |
# | few labeled images | an encoder that was trained on other images, and augmentation: the *same* flip, turn and crop for image and mask |
# | small or rare objects | cross-entropy plus Dice |
# | another balance of misses and false alarms | another threshold than 0.5, chosen on validation images |
# | objects, not pixels | a stricter threshold first, then border classes or distances to the rim |
# | large images | overlapping tiles |
#
# ## What you can do now
#
# You can build a decoder with and without skip connections, train it with a loss that suits rare
# pixels, count objects, predict images of any size, and say what of all this a threshold would have
# done as well.
#
# **Take-aways**
#
# 1. Score a mask by IoU or Dice for each class; for one pooled class they agree, averaged they need
#    not.
# 2. Put every score on a ladder: the best method with a number or two below it, the disagreement of
#    people above it.
# 3. Masks are resized by nearest neighbor; interpolation invents classes.
# 4. The encoder's last level knows what, its first levels know where. Skips bring the two together:
#    thin parts and outlines gain, large smooth shapes hardly.
# 5. Counts need a score of their own, and baselines of their own: before you learn borders, try a
#    stricter threshold, on more than one training.
#
# **To read**
#
# - Lena Maier-Hein and others: *Metrics reloaded: recommendations for image analysis validation*
#   (Nature Methods, 2024): which score for which question.
# - Fabian Isensee and others: *nnU-Net Revisited: A Call for Rigorous Validation in 3D Medical
#   Image Segmentation* (MICCAI 2024): what is left of newer architectures when the baseline is a
#   good U-Net.
# - Olaf Ronneberger, Philipp Fischer, Thomas Brox: *U-Net: Convolutional Networks for Biomedical
#   Image Segmentation* (2015), with weights for the gaps between touching cells.
# - Jonathan Long, Evan Shelhamer, Trevor Darrell: *Fully Convolutional Networks for Semantic
#   Segmentation* (2015), section 4, on combining what and where.
# - Juan Caicedo et al.: *Nucleus segmentation across imaging experiments: the 2018 Data Science
#   Bowl* (2019), the competition from which the nuclei come.
#
# Your guesses, beside what came out:

# %%
lab.predictions()

# %% [markdown]
# The last cell lists all exercises.

# %%
lab.scoreboard(check)

# %% [markdown]
# Back: [2 · Conv2DTranspose](../02-conv2dtranspose/02-conv2dtranspose.ipynb)
#
# Next: [4 · Checkerboard artifacts](../04-checkerboard-artifacts/04-checkerboard-artifacts.ipynb)
