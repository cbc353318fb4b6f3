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
# **Time**: about 130 minutes; twelve exercises, 40 points.
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

# %% tags=["picture"]
figures.outlines(validation[:6], validation_masks[:6], "Every pixel belongs to a nucleus or not")

# %% [markdown]
# ## 1 · Scores: how right is a mask?
#
# The share of right pixels is the first score that comes to mind. Here is what it says about an
# answer that never finds anything:

# %% [markdown]
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
# ### Exercise 2 · `dice`
#
# 2 points, 5 minutes, difficulty 1 of 5
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
# ### Exercise 3 · `mean_iou`
#
# 2 points, 5 minutes, difficulty 2 of 5
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
# between class 0, ground, and class 4, bag, lies no class 2, trousers.

# %% [markdown]
# ### Exercise 4 · `resize_mask`
#
# 2 points, 5 minutes, difficulty 1 of 5
#
# Enlarge a mask of shape `(H, W)` by a whole `factor`, by nearest neighbor: each pixel becomes a
# block of `factor` times `factor` equal pixels. The dtype stays, whatever kind of integer it is, and
# no label appears that was not there. `mask` stays as it is.
#
# Expected: for `[[0, 4]]` and factor 2, `[[0, 0, 4, 4], [0, 0, 4, 4]]`.
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

# %% [markdown]
# ## 3 · Down and up again


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


# %% [markdown]
# ### Exercise 5 · `decoder_block`
#
# 5 points, 12 minutes, difficulty 3 of 5
#
# Write the block as a function of Keras tensors. `x` has shape `(N, H, W, C)`, `skip` has shape `(N,
# 2H, 2W, S)` or is `None`, and the result has shape `(N, 2H, 2W, filters)`. Enlarge `x` by a
# `Conv2DTranspose` with strides 2; concatenate the skip, if there is one; then come one or more
# convolutions, with a skip and without: `Conv2D`, `SeparableConv2D`, or `Conv2DTranspose` of stride 1.
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
# ### Exercise 6 · `build_fcn`
#
# 4 points, 10 minutes, difficulty 2 of 5
#
# Return a `keras.Model` from an image of shape `input_shape = (H, W, C)`, H and W multiples of 4, to
# probabilities for each pixel: shape `(H, W, 1)` with a sigmoid where `num_classes == 1`, else `(H,
# W, num_classes)` with a softmax. It passes through a feature map of `(H/4, W/4)`, the last of
# `encode`, and from there back by strided `Conv2DTranspose` layers, with *no skip of any kind*: every
# layer reads one feature map. `base_filters` is the number of feature maps of the first level, and
# with it the number of weights grows. Every layer is trainable and built in.
#
# H and W may also be None: `input_shape = (None, None, 1)` gives a model that runs on images of any
# size whose sides are multiples of 4.
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_build_fcn", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
check.build_fcn(build_fcn, check.expect_any_size)
### BEGIN HIDDEN TESTS
trial = check.build_fcn.trial(build_fcn)
check.expect_fcn(trial, (8, 20, 1), 1, 11)
check.expect_fcn(trial, (12, 4, 2), 5)
check.expect_widths(trial, (8, 12, 1), 3)
check.expect_any_size(trial)
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
# ### Exercise 7 · `build_unet`
#
# 5 points, 8 minutes, difficulty 2 of 5
#
# The same contract as `build_fcn`: `input_shape`, `num_classes`, `base_filters`, probabilities for
# each pixel, `(H/4, W/4)` at the bottom, strided `Conv2DTranspose` layers on the way back, everything
# trainable and built in. But now the decoder *concatenates* the encoder's feature maps of `(H/2,
# W/2)` and of `(H, W)`.
#
# H and W may also be None: `input_shape = (None, None, 1)` gives a model that runs on images of any
# size whose sides are multiples of 4.
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


# %% tags=["raises-exception"] nbgrader={"grade": true, "grade_id": "test_build_unet", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
check.build_unet(build_unet, check.expect_any_size)
### BEGIN HIDDEN TESTS
trial = check.build_unet.trial(build_unet)
check.expect_unet(trial, (8, 20, 1), 1, 11)
check.expect_unet(trial, (12, 4, 2), 5)
check.expect_widths(trial, (8, 12, 1), 3)
check.expect_any_size(trial)
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
# ### Exercise 8 · `dice_loss`
#
# 4 points, 8 minutes, difficulty 3 of 5
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
# ### Exercise 9 · `fit_unet`
#
# 3 points, 10 minutes, difficulty 3 of 5
#
# Compile `model` with an optimizer and a loss in which your `dice_loss` takes part, alone or added to a
# cross-entropy; fit it to `images` and `masks` for `epochs` epochs in batches of 8; return the fitted
# model. It may be `model` itself or a clone with the same layers.
#
# `images` are float32 arrays `(N, H, W, 1)` in [0, 1], to be used as they are; `masks` hold integers 0
# and 1; `model` is built, gives one probability for each pixel, and is not compiled. Adam with a step
# size from 1e-3 to 1e-2 works.
#
# The hidden test hands over a U-Net of 6,513 weights, 48 images of 16x16 pixels and 20 epochs. It
# asks for an IoU of at least 0.75 on images that your code never saw; two more tries count if the
# first misses. Both checks count the batches that the model saw in training: at least 70% of
# `epochs * N / 8`, so that some images may be held back for validation, and at most 130%.
#
# Expected: the check prints its line after a second or two.
#
# <details><summary>Hint 1</summary>
#
# `fit` returns a history; the model is changed where it is.
#
# </details>
# <details><summary>Hint 2</summary>
#
# A loss is any function of `y_true` and `y_pred`: `model.compile(optimizer, dice_loss)`. Keras hands it both as float32 tensors.
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
    inside, outside, score = check.expect_fitted(trial, generator, 48, 20, seed)
    reached.append(score)
    if score >= 0.75:
        break
else:
    trial.fail(
        f"Fitted for 20 epochs, it reaches an IoU of {max(reached):.2f} on images that it has not "
        "seen; at least 0.75 is asked for."
    )
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 10 · `inside_and_border`
#
# 3 points, 8 minutes, difficulty 2 of 5
#
# `instances` is a label map: integers of shape `(H, W)`, 0 for background and another number for each
# object. Return an array of dtype uint8 and shape `(H, W)`: 0 for background; 2 for object pixels of
# which at least one of the four neighbors (above, below, left, right) inside the image has another
# label, be it background or another object; 1 for all other object pixels.
#
# The image's edge is no border: a neighbor outside the image does not count. An object is a label, not
# a connected part: it may have several parts. Labels come in any integer dtype, unsigned ones included,
# in any order and with gaps. The array stays as it is.
#
# Expected: for `[[7, 7, 7], [7, 7, 7], [0, 0, 0]]`, `[[1, 1, 1], [2, 2, 2], [0, 0, 0]]`.
#
# <details><summary>Hint 1</summary>
#
# `instances[1:] != instances[:-1]` compares each pixel with the one above it: `(H-1, W)` answers, each about two pixels.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Start with an array of False, and mark both pixels of each pair that differs, in rows and in columns. Background comes last.
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
check.expect_outlines(trial, np.full((4, 3), 255, "uint8"))
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 11 · `match_instances`
#
# 4 points, 12 minutes, difficulty 4 of 5
#
# `true` and `pred` are label maps of the same shape `(H, W)`: integers, 0 for background, another
# number for each object. Return three whole numbers `tp, fp, fn`: how many pairs of a true and a
# predicted object match, how many predicted objects match none, and how many true objects match none.
#
# A pair matches if the IoU of its two objects, counted in pixels, is strictly above `threshold`. From
# 0.5 on, an object has at most one partner; so a `threshold` below 0.5, or of 1 or more, is a bad
# argument: raise a `ValueError` whose message contains `threshold`.
#
# Labels come in any integer dtype, in any order, with gaps, and equal numbers in the two maps mean
# nothing. An object may have several parts, and either map may hold none. The arrays stay as they are.
#
# Expected: for `true = [[1, 1, 0, 5]]` and `pred = [[2, 2, 2, 0]]`, as arrays, `(1, 0, 1)`.
#
# <details><summary>Hint 1</summary>
#
# `np.unique(true)` lists the labels that occur.
#
# </details>
# <details><summary>Hint 2</summary>
#
# For a true object, only the predicted labels inside it can match: `np.unique(pred[true == label])`.
#
# </details>
# <details><summary>Hint 3</summary>
#
# `fp` needs no loop of its own: it is the number of predicted objects less `tp`.
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
for threshold in (0.49, 1.0, 0.0, 1.5, -0.5):
    check.expect_bad_threshold(trial, threshold)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 12 · `predict_tiled`
#
# 3 points, 12 minutes, difficulty 4 of 5
#
# `predict` takes an array of shape `(1, tile, tile, C)`, and no other, and gives an array or a tensor of
# shape `(1, tile, tile, K)`. `image` has shape `(H, W, C)`, and H and W are at least `tile`. Cut it into
# overlapping tiles, predict each, and return what belongs together as one array of shape `(H, W, K)`.
#
# Tiles are windows of the image: nothing is padded, so the last tile of a row or column moves back until
# it ends where the image ends. Every pixel of the result is taken from one tile, not averaged: a tile in
# which at least `overlap // 2` pixels lie between it and the tile's edge. Toward an edge of the tile that is an
# edge of the image, any distance will do. How the tiles lie is up to you otherwise.
#
# `overlap` is a whole number, `0 <= overlap < tile`, also an odd one. K is known only after the first
# prediction. The image stays as it is.
#
# Expected: `predict_tiled(lambda x: 2 * x, image, 8, 2)` is `2 * image`.
#
# <details><summary>Hint 1</summary>
#
# Along one axis of length n, tiles start at 0, `tile - overlap`, `2 * (tile - overlap)` and so on, as long as they end inside the image; the last one starts at `n - tile`.
#
# </details>
# <details><summary>Hint 2</summary>
#
# Write each tile from `overlap // 2` on, except at the image's own edge, and let later tiles overwrite earlier ones.
#
# </details>
# <details><summary>Hint 3</summary>
#
# `np.asarray` makes an array of a tensor and leaves an array as it is.
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
