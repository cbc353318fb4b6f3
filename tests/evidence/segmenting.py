"""Networks, training and scores of notebook 03, for the programs in this folder that measure them.

Encoder, decoder block and training are the notebook's own, with the settings that it holds fixed as
arguments. All programs run on one thread, so that a seed gives the same numbers again.
"""

import os

os.environ |= {"TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}
os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import time
from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

L = keras.layers
MOMENTUM = 0.9


def encode(x: Any, base_filters: int = 16, momentum: float = MOMENTUM, levels: int = 3) -> list:
    """The last feature map of each level; a level has half the size and twice the maps."""
    found = []
    for level in range(levels):
        x = L.MaxPooling2D()(x) if level else x
        for _ in range(2):
            x = L.Conv2D(base_filters * 2**level, 3, padding="same", use_bias=False)(x)
            x = L.BatchNormalization(momentum=momentum)(x)
            x = L.ReLU()(x)
        found.append(x)
    return found


def decoder_block(
    x: Any, skip: Any, filters: int, join: str = "concatenate", momentum: float = MOMENTUM
) -> Any:
    """Double a feature map, join the skip if there is one, convolve."""
    x = L.Conv2DTranspose(filters, 2, strides=2, padding="same", activation="relu")(x)
    if skip is not None:
        x = (L.Concatenate() if join == "concatenate" else L.Add())([x, skip])
    x = L.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = L.BatchNormalization(momentum=momentum)(x)
    return L.ReLU()(x)


def network(
    shape: tuple,
    num_classes: int = 1,
    base_filters: int = 16,
    join: str | None = "concatenate",
    levels: int = 3,
    momentum: float = MOMENTUM,
) -> keras.Model:
    """The FCN (`join=None`) or the U-Net, whose skips are concatenated or added (`join="add"`)."""
    image = keras.Input(shape)
    *skips, x = encode(image, base_filters, momentum, levels)
    for level in reversed(range(levels - 1)):
        skip = skips[level] if join else None
        x = decoder_block(x, skip, base_filters * 2**level, join or "", momentum)
    activation = "sigmoid" if num_classes == 1 else "softmax"
    return keras.Model(image, L.Conv2D(num_classes, 1, activation=activation)(x))


FCN = {"FCN": None}
JOINS = FCN | {"U-Net, added": "add", "U-Net": "concatenate"}


# ---------------------------------------------------------------------------------------- training
def dice_loss(y_true: Any, y_pred: Any) -> Any:
    """Soft Dice loss over everything at once, with eps 1."""
    overlap = keras.ops.sum(y_true * y_pred)
    return 1 - (2 * overlap + 1) / (keras.ops.sum(y_true) + keras.ops.sum(y_pred) + 1)


def cross_entropy(y_true: Any, y_pred: Any) -> Any:
    """Binary cross-entropy, averaged over pixels."""
    return keras.ops.mean(keras.losses.binary_crossentropy(y_true, y_pred))


def cross_entropy_and_dice(y_true: Any, y_pred: Any) -> Any:
    """The sum of both."""
    return cross_entropy(y_true, y_pred) + dice_loss(y_true, y_pred)


def classes_loss(num_classes: int) -> Callable:
    """Cross-entropy over all classes plus the Dice loss over all but the background."""

    def loss(y_true: Any, y_pred: Any) -> Any:
        truth = keras.ops.one_hot(keras.ops.cast(y_true[..., 0], "int32"), num_classes)
        entropy = keras.ops.mean(keras.losses.categorical_crossentropy(truth, y_pred))
        return entropy + dice_loss(truth[..., 1:], y_pred[..., 1:])

    return loss


def train(
    model: keras.Model,
    images: np.ndarray,
    masks: np.ndarray,
    steps: int,
    seed: int,
    loss: Callable,
    batch_size: int = 8,
    rate: float = 1e-2,
    change: Callable | None = None,
    watch: Callable | None = None,
    watched_steps: Iterable[int] = (),
) -> tuple[keras.Model, list[float], list]:
    """Train a copy with new weights by Adam, whose rate falls along half a cosine.

    Args:
        model: The model to copy.
        images: (N, H, W, C).
        masks: (N, H, W, 1).
        steps: Number of steps.
        seed: Of the weights, and of the choice of images.
        loss: Of y_true (float32) and y_pred.
        batch_size: Images in a step.
        rate: The first step size.
        change: Draws an augmentation: of the images, the masks and a generator.
        watch: Called with the model after each of the watched steps.
        watched_steps: Their numbers, from 1.

    Returns:
        The trained copy, the seconds of each step, and what was watched.
    """
    keras.utils.set_random_seed(seed)
    model = keras.models.clone_model(model)
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps))
    optimizer.build(model.trainable_variables)

    @tf.function(autograph=False)
    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True))
        gradients = tape.gradient(value, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return value

    generator, seconds, watched = np.random.default_rng(seed), [], []
    wanted = set(watched_steps)
    for count in range(1, steps + 1):
        chosen = generator.integers(len(images), size=batch_size)
        x, y = images[chosen], masks[chosen].astype("float32")
        if change:
            x, y = change(x, y, generator)
        start = time.perf_counter()
        step(x, y).numpy()
        seconds.append(time.perf_counter() - start)
        if watch and count in wanted:
            watched.append(watch(model))
    return model, seconds, watched


def probabilities(model: keras.Model, images: np.ndarray) -> np.ndarray:
    """What the model answers, in the mode in which it is used."""
    return np.asarray(model(images, training=False))


# ------------------------------------------------------------------------------------------ scores
def iou(truth: np.ndarray, answer: np.ndarray) -> float:
    """Intersection over union of two masks of 0 and 1 (or False and True)."""
    truth, answer = np.asarray(truth) > 0, np.asarray(answer) > 0
    return float((truth & answer).sum() / max((truth | answer).sum(), 1))


def class_ious(truth: np.ndarray, answer: np.ndarray, num_classes: int) -> list[float]:
    """IoU of each class, 0 where it is nowhere."""
    return [iou(truth == c, answer == c) for c in range(num_classes)]


def box_mean(x: np.ndarray, size: int) -> np.ndarray:
    """The mean over a window around each pixel, of the pixels inside: (N, H, W, 1), the same."""
    return np.asarray(keras.ops.average_pool(x.astype("float32"), size, 1, "same"))


def largest_near(x: np.ndarray, size: int) -> np.ndarray:
    """The largest value in a window around each pixel: (N, H, W, 1), the same."""
    return np.asarray(keras.ops.max_pool(x.astype("float32"), size, 1, "same"))


def best_threshold(score: np.ndarray, truth: np.ndarray) -> float:
    """The level above which the score's pixels overlap most with the truth."""
    order = np.argsort(score, axis=None)
    sorted_truth = truth.ravel()[order] > 0
    below = np.concatenate([[0], np.cumsum(sorted_truth)[:-1]])  # true pixels that are lost
    answered = score.size - np.arange(score.size)
    ious = (below.max() + sorted_truth[-1] - below) / (answered + below)
    best = int(np.argmax(ious))
    ordered = score.ravel()[order]
    return float((ordered[best] + ordered[max(best - 1, 0)]) / 2)


def spread(values: Iterable[float]) -> dict[str, float]:
    """Mean, standard deviation, smallest and largest."""
    values = [float(value) for value in values]
    found = {"mean": np.mean(values), "sd": np.std(values), "min": min(values), "max": max(values)}
    return {key: round(float(value), 4) for key, value in found.items()}


def opened(mask: np.ndarray, size: int) -> np.ndarray:
    """What of a mask a square of `size` pixels can cover while it stays inside."""
    eroded = 1 - largest_near(1 - mask, size)
    return largest_near(eroded, size)


def boundary_iou(truth: np.ndarray, answer: np.ndarray, distance: int = 2) -> float:
    """IoU of the pixels within a distance of either mask's outline (Cheng et al. 2021, d pixels).

    Distances are those of squares: a diagonal step counts one.
    """

    def rim(mask: np.ndarray) -> np.ndarray:
        return mask.astype(bool) & (largest_near(1 - mask, 2 * distance + 1) > 0)

    return iou(rim(truth.astype("float32")), rim(answer.astype("float32")))


def outline_scores(truth: np.ndarray, answer: np.ndarray) -> dict[str, float]:
    """IoU, IoU along the outline, and the share of thin parts and of thin gaps that is right."""
    truth, answer = truth.astype("float32"), answer.astype("float32")
    found = {"iou": iou(truth, answer), "boundary": boundary_iou(truth, answer)}
    for size in (3, 5):
        thin = (truth > 0) & (opened(truth, size) == 0)
        gap = (truth == 0) & (opened(1 - truth, size) == 0)
        found[f"thin_{size}"] = float(answer[thin].mean())
        found[f"gap_{size}"] = float(1 - answer[gap].mean())
    return {key: round(value, 4) for key, value in found.items()}


# --------------------------------------------------------------------------------------- instances
STEPS_ASIDE = ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1]))  # both ways each


def spread_by_one(labels: np.ndarray) -> np.ndarray:
    """The largest label among each pixel of (H, W) and its four neighbors."""
    spread = labels.copy()
    for one, other in STEPS_ASIDE:
        np.maximum(spread[one], labels[other], out=spread[one])
        np.maximum(spread[other], labels[one], out=spread[other])
    return spread


def components(mask: np.ndarray) -> np.ndarray:
    """Number the 4-connected components of an (H, W) mask, from 1.

    Every pixel starts with a number of its own and takes the largest one beside it, until nothing
    changes.
    """
    labels = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        spread = spread_by_one(labels) * (labels > 0)
        if np.array_equal(spread, labels):
            return np.unique(labels, return_inverse=True)[1].reshape(mask.shape)
        labels = spread


def grown(labels: np.ndarray, room: np.ndarray, rounds: int = 1) -> np.ndarray:
    """Let each object of (H, W) labels take the free pixels of `room` beside it."""
    for _ in range(rounds):
        labels = np.where((labels == 0) & room, spread_by_one(labels), labels)
    return labels


def inside_and_border(instances: np.ndarray) -> np.ndarray:
    """1 inside an object, 2 where one of four neighbors in the image is another label, else 0."""
    border = np.zeros(instances.shape, bool)
    for axis in (0, 1):
        differ = np.diff(instances, axis=axis) != 0
        ahead, behind = (
            np.insert(differ, place, False, axis=axis) for place in (differ.shape[axis], 0)
        )
        border |= ahead | behind
    return np.where(instances > 0, 1 + border, 0).astype("uint8")


def matched(truth: np.ndarray, found: np.ndarray, threshold: float = 0.5) -> tuple[int, int, int]:
    """True positives, false positives and false negatives at an IoU above the threshold."""
    true, answered = (
        np.unique(labels, return_inverse=True)[1].ravel() for labels in (truth, found)
    )
    size = true.max() + 1, answered.max() + 1
    overlap = np.zeros(size, int)
    np.add.at(overlap, (true, answered), 1)
    union = overlap.sum(1, keepdims=True) + overlap.sum(0, keepdims=True) - overlap
    hits = int(np.sum((overlap / union)[1:, 1:] > threshold))
    return hits, int(size[1]) - 1 - hits, int(size[0]) - 1 - hits


def f1(hits: int, wrong: int, missed: int) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * hits / max(2 * hits + wrong + missed, 1)
