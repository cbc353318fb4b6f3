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
# A classifier says *what* is in an image; segmentation says *where*, pixel by pixel. An encoder makes
# the image small to understand it, and a decoder of transposed convolutions makes the answer large
# again. The encoder is given here. The decoder, its skip connections, the loss, and the scores that
# say how good it is, are yours.
#
# **You need to know** how to build and train a small CNN in Keras with the functional API, and what a
# strided `Conv2DTranspose` does ([notebook 2](../02-conv2dtranspose/02-conv2dtranspose.ipynb)). Nothing here imports earlier notebooks.
#
# **Time**: about 95 minutes; eight exercises, 40 points.
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
import time

import keras
import numpy as np
import tensorflow as tf

from autograder.lab import datasets
from autograder.lab.checks import segmentation as check
from autograder.lab.figures import segmentation as figures

# %% [markdown]
# The images show nuclei of cells under a fluorescence microscope, with masks that people drew by hand
# (Caicedo et al. 2019). They are cut from a single photograph: crops to train with from its left
# part, eight crops to validate with from further right, and a strip at the right edge that only the
# hidden tests use. Gaps between the parts make sure that no nucleus is in two of them; otherwise a
# network could be praised for what it remembers.

# %% nbgrader={"grade": false, "grade_id": "setup_data", "locked": true, "schema_version": 3, "solution": false, "task": false}
images, masks = datasets.nuclei("train")  # (135, 64, 64, 1) each: float32 in [0, 1]; 0 or 1
validation, validation_masks = datasets.nuclei("validation")  # (8, 64, 64, 1) each

# %% [markdown]
# **What you will build.** The figure shows six of the validation crops and the outlines that a person
# drew. Some nuclei are faint, some are cut by the edge, some touch. By the end of this notebook, your
# network draws such outlines after some seconds of training.

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
# one class at a time, and only at the pixels where that class is true or answered. The *intersection*
# counts the pixels where it is both; the *union* counts those where it is at least one of the two:
#
# `IoU = intersection / union`
#
# It is 1 for a perfect answer and 0 where nothing overlaps, however much background there is. For a
# class that is in neither mask it is 0 / 0, which is neither good nor bad: `nan`.
#
# ### Exercise 1 · `iou`
#
# 5 points, 8 minutes, difficulty 2 of 5
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_iou", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
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
# The answer "nothing" again, and two simple ones: everything brighter than a threshold, at two
# heights. The picture colors the second row's pixels by how they came out. Notice what a threshold
# cannot do: faint nuclei are lost before the noise is gone.

# %%
with lab.needs("iou"):
    answers = {
        f"brighter than {level}": (validation > level).astype("int64") for level in (0.1, 0.2)
    }
    for name, answer in {"nothing": nothing, **answers}.items():
        background, nucleus = iou(validation_masks, answer, 2)
        print(f"{name:18} IoU of the nuclei {nucleus:.2f}, of the background {background:.2f}")
    shown = {name: answer[:6] for name, answer in answers.items()}
    figures.outcomes(validation[:6], validation_masks[:6], shown, "A threshold is no eye")

# %% [markdown]
# ### Exercise 2 · `dice`
#
# 4 points, 5 minutes, difficulty 1 of 5
#
# Medical papers often report the *Dice score* instead: twice the intersection over the sum of the two
# areas, `2 * intersection / (area of y_true + area of y_pred)`. Return it for each class, in the same
# form as `iou`: pooled pixels, a float64 array of shape `(num_classes,)`, `nan` for a class that is
# in neither mask, arguments unchanged.
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_dice", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
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
# Are these two scores, or one? Take the hand-made masks, spoil a growing share of their pixels, and
# compute both. The points of the figure lie on one curve; the cell checks its formula,
# `Dice = 2 * IoU / (1 + IoU)`. So the two always agree on which of two answers is better. Dice is the
# larger number, so ask which one a paper reports before you compare.

# %%
with lab.needs("iou", "dice"):
    generator = np.random.default_rng(0)
    pairs = []
    for share in np.linspace(0, 1, 21):
        spoiled = generator.uniform(size=validation_masks.shape) < share
        answer = np.where(spoiled, 1 - validation_masks, validation_masks)
        pairs.append([score(validation_masks, answer, 2)[1] for score in (iou, dice)])
    ious, dices = np.transpose(pairs)
    print("Dice = 2 * IoU / (1 + IoU):", np.allclose(dices, 2 * ious / (1 + ious)))
    figures.dice_against_iou(ious, dices)

# %% [markdown]
# ### Exercise 3 · `mean_iou`
#
# 3 points, 5 minutes, difficulty 2 of 5
#
# With many classes one wants one number: the mean of the IoU over all classes, background included,
# that are present in `y_true` or in `y_pred`. A class that is in neither is left out. A class that
# only `y_pred` holds is not: it was answered where it is not, and scores 0. Return a float, and leave
# the arguments as they are.
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_mean_iou", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
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
# between class 0, ground, and class 4, bag, lies no class 2, trousers. Here is what bilinear resizing
# makes of a mask that holds 0 and 4 only:

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
# ### Exercise 4 · `resize_mask`
#
# 3 points, 5 minutes, difficulty 1 of 5
#
# Enlarge a mask of shape `(H, W)` by a whole `factor`, by nearest neighbor: each pixel becomes a
# block of `factor` times `factor` equal pixels. The dtype stays, whatever kind of integer it is, and
# no label appears that was not there. `mask` stays as it is.
#
# Expected: for the mask above and factor 2, the cell after the check prints the labels 0 and 4.
#
# <details><summary>Hint</summary>
#
# In [notebook 2](../02-conv2dtranspose/02-conv2dtranspose.ipynb), `nearest_layer` did this with a transposed convolution. For integers, repeat along
# one axis, then along the other.
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_resize_mask", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
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
    print("labels:", np.unique(resize_mask(small, 2)))

# %% [markdown]
# ## 3 · Down and up again
#
# The encoder below is given. Each level is two 3x3 convolutions, each followed by batch normalization
# and ReLU; max pooling between the levels halves height and width, and the number of feature maps
# doubles. It returns the last feature map of each of its three levels.


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
# The last level has seen the most: each of its pixels looks at a large part of the image, and its
# many feature maps can say "inside a nucleus". But it is four times smaller in each direction. It
# knows *what*, and only roughly *where*. The levels before it know where every edge is, and little
# about what it means.
#
# A decoder block brings the two together. It doubles the small feature map by a `Conv2DTranspose` of
# stride 2, *concatenates* the encoder's feature map of that size, the *skip connection*, and lets a
# convolution decide what to make of both. Adding them instead would fix the mixture before any weight
# had a say.
#
# ### Exercise 5 · `decoder_block`
#
# 7 points, 12 minutes, difficulty 3 of 5
#
# Write the block as a function of Keras tensors. `x` has shape `(N, H, W, C)`, `skip` has shape `(N,
# 2H, 2W, S)` or is `None`, and the result has shape `(N, 2H, 2W, filters)`. Enlarge `x` by a
# `Conv2DTranspose` with strides 2; concatenate the skip, if there is one; then come one or more
# `Conv2D` layers, with a skip and without.
#
# H and W may differ. Kernel sizes, activations and normalization are up to you; every layer is
# trainable. Use built-in layers and `keras.ops` only, no `Lambda`.
#
# Expected: `decoder_block(keras.Input((4, 6, 3)), keras.Input((8, 12, 2)), 5).shape` is `(None, 8,
# 12, 5)`.
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_decoder_block", "locked": true, "points": 7, "schema_version": 3, "solution": false, "task": false}
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
# 2015, in its simplest form). Its last activation is the one of [notebook 2](../02-conv2dtranspose/02-conv2dtranspose.ipynb): sigmoid where there is a
# single class besides the background, softmax where there are several.
#
# ### Exercise 6 · `build_fcn`
#
# 6 points, 10 minutes, difficulty 2 of 5
#
# Return a `keras.Model` from an image of shape `input_shape = (H, W, C)`, H and W multiples of 4, to
# probabilities for each pixel: shape `(H, W, 1)` with a sigmoid where `num_classes == 1`, else `(H,
# W, num_classes)` with a softmax. It passes through a feature map of `(H/4, W/4)`, the last of
# `encode`, and from there back by strided `Conv2DTranspose` layers, with *no skip of any kind*: every
# layer reads one feature map. `base_filters` is the number of feature maps of the first level, and
# with it the number of weights grows. Every layer is trainable and built in.
#
# The hidden test trains a model of your builder, for a few seconds, to find nuclei: 8 base filters,
# 100 steps, batches of 8 crops of 32x32 pixels, a loss like that of section 6. It asks for an IoU of
# at least 0.65 on nuclei that your code never saw; two more tries count if the first misses.
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

    input_shape: (H, W, C), H and W multiples of 4; num_classes: 1 means foreground or not
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
# Training is given. It takes a copy of a model with new weights, and walks `steps` small steps with
# Adam, whose step size falls to zero along half a cosine. `watch(model)`, if given, is noted every 20
# steps together with the seconds that the training, not the watching, has taken.


# %% nbgrader={"grade": false, "grade_id": "setup_training", "locked": true, "schema_version": 3, "solution": false, "task": false}
def train(model, images, masks, steps, seed, loss, watch=None, batch_size=8):
    """Train a copy of `model` with new weights; return it, and (seconds, watched) pairs.

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

    generator, history, seconds = np.random.default_rng(seed), [], 0.0
    for count in lab.progress.each(range(1, steps + 1), "step"):
        chosen = generator.integers(len(images), size=batch_size)
        start = time.perf_counter()
        value = step(images[chosen], masks[chosen].astype("float32"))
        seconds += time.perf_counter() - start
        lab.progress.loss(value)
        if watch is not None and count % 20 == 0:
            history.append((seconds, watch(model)))
    return model, history


def quarters(crops):
    """Cut (N, 64, 64, 1) crops into (4*N, 32, 32, 1)."""
    return np.concatenate([crops[:, i : i + 32, j : j + 32] for i in (0, 32) for j in (0, 32)])


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_build_fcn", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check.build_fcn(build_fcn)
### BEGIN HIDDEN TESTS
trial = check.build_fcn.trial(build_fcn)
check.expect_fcn(trial, (8, 20, 1), 1, 11)
check.expect_fcn(trial, (12, 4, 2), 5)
check.expect_widths(trial, (8, 12, 1), 3)
fcn_model = check.quick_to_train(check.expect_fcn(trial, (32, 32, 1), 1, 8))
# IoU on the test split, mean (standard deviation), three seeds each: strided convolutions as the
# encoder 0.854 (0.009), a single step of stride 4 0.844 (0.008), no normalization in the decoder
# 0.783 (0.010), which is the weakest right style. Wrong: ReLU at the end 0.34 to 0.63. Measured by
# tests/benchmarks/segmentation_seeds.py.
unseen, unseen_masks = (quarters(crops) for crops in datasets.nuclei("test"))
small_images, small_masks = quarters(images), quarters(masks)
reached = []
for seed in range(3):  # a miss gets two more tries, and the best counts
    trained, _ = train(fcn_model, small_images, small_masks, 100, seed, check.training_loss)
    reached.append(check.nucleus_iou(trained, unseen, unseen_masks))
    if reached[-1] >= 0.65:
        break
else:
    trial.fail(
        f"Trained for 100 steps, it reaches an IoU of {max(reached):.2f} on nuclei that it has not "
        "seen; at least 0.65 is asked for."
    )
### END HIDDEN TESTS

# %% [markdown]
# Train it with binary cross-entropy, 200 steps; this takes some five to ten seconds.

# %%
with lab.needs("iou", "build_fcn"):

    def validation_iou(model):
        answer = np.asarray(model(validation, training=False)) > 0.5  # (8, 64, 64, 1)
        return iou(validation_masks, answer.astype("int64"), 2)[1]

    cross_entropy = keras.losses.BinaryCrossentropy()
    fcn, fcn_history = train(
        build_fcn((64, 64, 1), 1), images, masks, 200, 0, cross_entropy, validation_iou
    )
    print("IoU on validation nuclei above 0.8:", bool(validation_iou(fcn) > 0.8))

# %% [markdown]
# ### A setting that ruins short trainings
#
# `encode` sets the momentum of its batch normalization to 0.9. In training, the layer normalizes by
# mean and variance of the batch; in use, by *moving averages* of them, which it updates in every step
# as `average = momentum * average + (1 - momentum) * batch`. They start at 0 and 1, far from the
# truth. What is left of that start after n steps is `momentum**n`:

# %%
for steps in (20, 60, 200):
    left = [f"{momentum}: {momentum**steps:.1%}" for momentum in (0.99, 0.9)]
    print(f"after {steps:3} steps, momentum {', momentum '.join(left)}")

# %% [markdown]
# Keras' default is 0.99. After 60 steps more than half of what the layer believes is still its start.
# The figure trains the same network twice for 60 steps. The weights learn equally well, as the bars
# at the left show; whoever looks at the right ones only would blame the weights.

# %%
with lab.needs("iou", "build_fcn"):
    scores = {}
    for momentum in lab.progress.each([0.99, 0.9], "network"):
        model = build_fcn((64, 64, 1), 1, 8)
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = momentum
        model, _ = train(model, images, masks, 60, 1, check.training_loss)
        answers = [np.asarray(model(validation, training=mode)) > 0.5 for mode in (False, True)]
        use, batch = (iou(validation_masks, a.astype("int64"), 2)[1] for a in answers)
        scores[f"{momentum}"] = (batch, use)
    figures.momentum(scores)

# %% [markdown]
# ## 5 · The same with skips: U-Net
#
# Ronneberger, Fischer and Brox (2015) handed the encoder's feature maps over to the decoder, level by
# level, for images of cells like these. Drawn with the encoder going down and the decoder going up,
# the network looks like a U.
#
# ### Exercise 7 · `build_unet`
#
# 6 points, 8 minutes, difficulty 2 of 5
#
# The same contract as `build_fcn`: `input_shape`, `num_classes`, `base_filters`, probabilities for
# each pixel, `(H/4, W/4)` at the bottom, strided `Conv2DTranspose` layers on the way back, everything
# trainable and built in. But now the decoder *concatenates* the encoder's feature maps of `(H/2,
# W/2)` and of `(H, W)`.
#
# The hidden test trains it in the same way as the FCN and asks for an IoU of at least 0.70.
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
# The sizes decide which skip belongs to which block: the block that ends at `(H/2, W/2)` comes first.
#
# </details>


# %% nbgrader={"grade": false, "grade_id": "build_unet", "locked": false, "schema_version": 3, "solution": true, "task": false}
def build_unet(input_shape, num_classes, base_filters=16):
    """Encoder and decoder with a concatenated skip connection at both larger levels.

    input_shape: (H, W, C), H and W multiples of 4; num_classes: 1 means foreground or not
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_build_unet", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
check.build_unet(build_unet)
### BEGIN HIDDEN TESTS
trial = check.build_unet.trial(build_unet)
check.expect_unet(trial, (8, 20, 1), 1, 11)
check.expect_unet(trial, (12, 4, 2), 5)
check.expect_widths(trial, (8, 12, 1), 3)
unet_model = check.quick_to_train(check.expect_unet(trial, (32, 32, 1), 1, 8))
# IoU on the test split, mean (standard deviation), three seeds each: two convolutions in a block
# 0.877 (0.004), no normalization in the decoder 0.859 (0.013), none anywhere 0.798 (0.017), which
# is the weakest right style. Measured by tests/benchmarks/segmentation_seeds.py.
unseen, unseen_masks = (quarters(crops) for crops in datasets.nuclei("test"))
small_images, small_masks = quarters(images), quarters(masks)
reached = []
for seed in range(3):  # a miss gets two more tries, and the best counts
    trained, _ = train(unet_model, small_images, small_masks, 100, seed, check.training_loss)
    reached.append(check.nucleus_iou(trained, unseen, unseen_masks))
    if reached[-1] >= 0.70:
        break
else:
    trial.fail(
        f"Trained for 100 steps, it reaches an IoU of {max(reached):.2f} on nuclei that it has not "
        "seen; at least 0.70 is asked for."
    )
### END HIDDEN TESTS

# %% [markdown]
# A fair comparison gives both the same *time*, not the same number of steps. A step of the U-Net
# costs more, because its decoder reads wider feature maps; so it gets 180 steps where the FCN got
# 200. The figure has seconds on its axis: look where the curves end, and which one rises first.

# %%
with lab.needs("iou", "build_fcn", "build_unet"):
    unet, unet_history = train(
        build_unet((64, 64, 1), 1), images, masks, 180, 0, cross_entropy, validation_iou
    )
    weights = {"FCN": fcn.count_params(), "U-Net": unet.count_params()}
    print("weights:", ", ".join(f"{name} {count:,}" for name, count in weights.items()))
    print("IoU on validation nuclei above 0.8:", bool(validation_iou(unet) > 0.8))
    figures.learning_curves(
        {"FCN": fcn_history, "U-Net": unet_history},
        "Two networks, about the same time: both arrive",
    )

# %% [markdown]
# Both do well here in the end: nuclei are large, smooth and blurred at the rim, so there is
# little that a map of a quarter of the size could not say. The pictures show where pixels go wrong.

# %%
with lab.needs("iou", "build_fcn", "build_unet"):
    found = {
        name: (np.asarray(model(validation, training=False)) > 0.5).astype("int64")
        for name, model in {"FCN": fcn, "U-Net": unet}.items()
    }  # (8, 64, 64, 1) each
    figures.outcomes(
        validation[:6],
        validation_masks[:6],
        {name: answer[:6] for name, answer in found.items()},
        "What is wrong lies along the rims",
    )

# %% [markdown]
# How much of it? Count the wrong pixels in three places: everywhere, within two pixels of a rim, and
# in the narrow gaps between two nuclei that touch, where a background pixel has two different nuclei
# within two pixels. (`datasets.nuclei(..., instances=True)` numbers the nuclei, so that gaps can be
# told from other rims.)

# %%
with lab.needs("iou", "build_fcn", "build_unet"):
    _, numbers = datasets.nuclei("validation", instances=True)  # (8, 64, 64, 1)

    def largest_near(values):
        return np.asarray(keras.ops.max_pool(values.astype("float32"), 5, 1, "same"))

    rim = largest_near(validation_masks) != 1 - largest_near(1 - validation_masks)
    smallest = 1000 - largest_near(np.where(numbers > 0, 1000 - numbers, 0))
    gap = (numbers == 0) & (largest_near(numbers) > 0) & (largest_near(numbers) != smallest)
    wrong = {name: answer != validation_masks for name, answer in found.items()}
    shares = {n: [w.mean(), w[rim].mean(), w[gap].mean()] for n, w in wrong.items()}
    for name, w in wrong.items():
        near = (w & rim).sum() / w.sum()
        print(f"{name}: most of its wrong pixels lie near a rim: {bool(near > 0.5)}")
    figures.error_shares(shares, ["everywhere", "near a rim", "between touching nuclei"])

# %% [markdown]
# Skips do not heal this. People drew these rims by eye, and two people would hardly draw the same; and a
# gap one pixel wide hardly counts in a loss that averages over all pixels. Ronneberger et al. gave
# such gaps a larger weight in the loss; others predict every nucleus on its own.
#
# ## 6 · A loss for rare pixels
#
# Cross-entropy averages over pixels, so it inherits the weakness of the share of right pixels:
# objects that cover little of the image count little, and a network may begin by answering
# "background" everywhere. The Dice score has no such weakness, but it counts pixels, and counts have
# no gradient. The *soft* Dice loss puts probabilities `p` in their place, with the truth `t` of 0 and
# 1:
#
# `1 - (2 * sum(t * p) + eps) / (sum(t) + sum(p) + eps)`
#
# The small number `eps` stands in both places, so that two empty masks agree perfectly instead of
# giving 0 / 0.
#
# ### Exercise 8 · `dice_loss`
#
# 6 points, 8 minutes, difficulty 3 of 5
#
# Return this loss as a scalar tensor. `y_true` and `y_pred` are float32 arrays or tensors of equal
# shape `(N, H, W, C)`. Choose one `eps` with 0 < eps <= 1 for both places. You may sum over
# everything, or take the mean of losses of single images or classes; you may also square the numbers
# in the sums of the denominator, as some papers do.
#
# The loss lies in [0, 1]: 0 for a perfect answer and for two empty masks, about 1 for masks that do
# not overlap, and in between its gradient with respect to `y_pred` is not zero. It is called inside
# `train`, on tensors, so compute with `keras.ops` or TensorFlow, not with NumPy.
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_dice_loss", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
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
    answer = generator.uniform(0, 1, shape).astype("float32")
    value, _ = trial.call(truth, answer)
    allowed = []
    for axes in [(0, 1, 2, 3), (1, 2, 3), (0, 1, 2), (1, 2)]:
        for power in (1, 2):
            area = (truth**power).sum(axis=axes) + (answer**power).sum(axis=axes)
            overlap = 2 * (truth * answer).sum(axis=axes)
            allowed += [np.mean(1 - (overlap + eps) / (area + eps)) for eps in (0, 0.5, 1)]
    if not min(abs(float(value) - np.array(allowed))) <= 0.002:
        trial.fail(
            f"returned  {value:.4f}, for a random mask and random probabilities; by the formula "
            f"with plain sums over everything it is {allowed[0]:.4f}."
        )
### END HIDDEN TESTS

# %% [markdown]
# What does each loss think of an answer without any object, a probability of 0.1 everywhere? The
# smaller the object, the more cross-entropy is content with it. The Dice loss complains all the same.

# %%
with lab.needs("dice_loss"):
    blank = np.full((1, 100, 100, 1), 0.1, "float32")
    sides = np.array([4, 8, 16, 32, 64])
    losses = {"cross-entropy": [], "Dice loss": []}
    for side in sides:
        truth = np.zeros((1, 100, 100, 1), "float32")
        truth[:, :side, :side] = 1
        losses["cross-entropy"].append(float(keras.losses.BinaryCrossentropy()(truth, blank)))
        losses["Dice loss"].append(float(dice_loss(truth, blank)))
    figures.empty_answer(sides**2 / 100**2, losses)

# %% [markdown]
# ## 7 · Six classes
#
# The last task needs *what* and *where* at once: scenes of garments from Fashion-MNIST (Xiao, Rasul
# and Vollgraf 2017) on a patterned ground, and for each pixel the class that is visible there. The
# legend names the six classes.

# %%
scenes, scene_masks = datasets.fashion_scenes("train", 500)  # (500, 48, 48, 1) each
held_back, held_back_masks = datasets.fashion_scenes("validation", 60)  # (60, 48, 48, 1) each
figures.scenes(
    held_back[:6],
    {"truth": held_back_masks[:6]},
    datasets.SCENE_CLASSES,
    "Whatever lies on top decides the class of a pixel",
)

# %% [markdown]
# Most pixels are ground, and each class of garment covers a few percent of them. So the loss is
# cross-entropy plus your Dice loss over the five garments. Both networks get about the same time
# again, the FCN 700 steps and the U-Net 640; together some half a minute.
#
# Two scores for two questions. *Where* is a garment, of whatever class? That is the IoU of "any
# garment". *Which* one is it? That is the mean IoU over the six classes.

# %%
with lab.needs("dice_loss", "build_fcn", "build_unet", "iou", "mean_iou"):

    def scene_loss(y_true, y_pred):
        truth = keras.ops.one_hot(keras.ops.cast(y_true[..., 0], "int32"), 6)  # (N, 48, 48, 6)
        cross_entropy = keras.ops.mean(keras.losses.categorical_crossentropy(truth, y_pred))
        return cross_entropy + dice_loss(truth[..., 1:], y_pred[..., 1:])

    by_name, where = {}, {}
    networks = [("FCN", build_fcn, 700), ("U-Net", build_unet, 640)]
    for name, builder, steps in lab.progress.each(networks, "network"):
        model, _ = train(builder((48, 48, 1), 6), scenes, scene_masks, steps, 0, scene_loss)
        by_name[name] = np.argmax(model(held_back, training=False), axis=-1)[..., None]
        score = mean_iou(held_back_masks, by_name[name], 6)
        print(f"{name}: mean IoU above 0.4: {bool(score > 0.4)}")
        any_garment = [(m > 0).astype("int64") for m in (held_back_masks, by_name[name])]
        where[name] = iou(*any_garment, 2)[1]
    print("U-Net finds where garments are better:", bool(where["U-Net"] > where["FCN"]))
    scene_answers = by_name

# %% [markdown]
# Now the skips pay, where it comes to *where*: sleeves, straps and the space between two legs are
# only a few pixels wide, a map of a quarter of the size blurs them, and the encoder's first level
# still has them. For *which*, they help little: a patch of plain cloth is a T-shirt or a bag, and
# only the whole outline says so. In three trainings from different seeds, the IoU of "any garment"
# was 0.85 for the FCN and 0.88 for the U-Net, each time within 0.01; the mean IoU was 0.56 and 0.57,
# and either network may be ahead.

# %%
with lab.needs("dice_loss", "build_fcn", "build_unet", "iou", "mean_iou"):
    figures.class_scores(
        {name: iou(held_back_masks, answer, 6) for name, answer in scene_answers.items()},
        datasets.SCENE_CLASSES,
    )

# %% tags=["picture"]
with lab.needs("dice_loss", "build_fcn", "build_unet", "iou", "mean_iou"):
    figures.scenes(
        held_back[:6],
        {"truth": held_back_masks[:6], **{n: a[:6] for n, a in scene_answers.items()}},
        datasets.SCENE_CLASSES,
        "Skips sharpen outlines; they do not choose the class",
    )

# %% [markdown]
# ## What you can do now
#
# You can build a decoder with and without skip connections, train it with a loss that suits rare
# pixels, score it by IoU and Dice, and say where it fails and why.
#
# **Take-aways**
#
# 1. Score a mask by IoU or Dice for each class; the share of right pixels rewards background.
# 2. `Dice = 2 * IoU / (1 + IoU)`: two scores, one order.
# 3. Masks are resized by nearest neighbor; interpolation invents classes.
# 4. The encoder's last level knows what, its first levels know where; a skip connection concatenates
#    the two. It helps with sharp and thin shapes, and not with rims that people draw by eye.
# 5. In short trainings, the moving averages of batch normalization need a momentum below the default
#    of 0.99.
#
# **To read**
#
# - Jonathan Long, Evan Shelhamer, Trevor Darrell: *Fully Convolutional Networks for Semantic
#   Segmentation* (2015), section 4, on combining what and where.
# - Olaf Ronneberger, Philipp Fischer, Thomas Brox: *U-Net: Convolutional Networks for Biomedical
#   Image Segmentation* (2015), sections 2 and 3, with the weights for gaps between cells.
# - Fausto Milletari, Nassir Navab, Seyed-Ahmad Ahmadi: *V-Net* (2016), section 3, where the soft Dice
#   loss comes from.
# - Juan Caicedo et al.: *Nucleus segmentation across imaging experiments: the 2018 Data Science Bowl*
#   (2019), the competition from which the nuclei come.
#
# The last cell lists all exercises.

# %%
lab.scoreboard(check)

# %% [markdown]
# Back: [2 · Conv2DTranspose](../02-conv2dtranspose/02-conv2dtranspose.ipynb)
#
# Next: [4 · Checkerboard artifacts](../04-checkerboard-artifacts/04-checkerboard-artifacts.ipynb)
