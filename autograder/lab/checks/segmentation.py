"""Visible checks of assignment 03-segmentation-decoder, for its notebook and its hidden tests.

The oracles are Keras' own metrics and its nearest-neighbor layer; models are judged by the graph of
their layers and by calling them.
"""

from typing import Any

import keras
import numpy as np

from autograder.lab import fitting, graphs, instances, models, scores, tiles, training
from autograder.lab.causes import Mistakes
from autograder.lab.checking import visible_check
from autograder.lab.shown import plain
from autograder.lab.training import quick_to_train, train_copy  # noqa: F401 - for hidden tests
from autograder.lab.trial import Trial

_SEED = 3
_CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.SeparableConv2D, keras.layers.DepthwiseConv2D)
_MIXING = (keras.layers.Conv2D, keras.layers.SeparableConv2D, keras.layers.Conv2DTranspose)
_TRUE = np.array([[0, 0, 1, 1], [0, 1, 1, 1], [2, 2, 0, 0]])
_PREDICTED = np.array([[0, 1, 1, 1], [0, 1, 1, 1], [2, 0, 0, 2]])


# ------------------------------------------------------------------------------ iou
@visible_check("y_true", "y_pred", "num_classes", points=3)
def iou(trial: Trial) -> None:
    """A small mask, one without a class, and a batch of bytes whose images must be pooled."""
    for example in _masks():
        expect_iou(trial, *example)


def expect_iou(trial: Trial, y_true: np.ndarray, y_pred: np.ndarray, num_classes: int) -> None:
    """Compare with Keras' IoU of each class."""
    given = y_true, y_pred, num_classes
    trial.compare(scores.ious, *given, mistakes=scores.wrong_ious, dtype="float64")


def _masks() -> list[tuple[np.ndarray, np.ndarray, int]]:
    bytes_ = random_masks(np.random.default_rng(_SEED), (2, 3, 5), 20, "uint8")
    return [(_TRUE.copy(), _PREDICTED.copy(), n) for n in (3, 5)] + [(*bytes_, 20)]


# ------------------------------------------------------------------------------ dice
@visible_check("y_true", "y_pred", "num_classes", points=2)
def dice(trial: Trial) -> None:
    """The same masks as for the IoU."""
    for example in _masks():
        expect_dice(trial, *example)


def expect_dice(trial: Trial, y_true: np.ndarray, y_pred: np.ndarray, num_classes: int) -> None:
    """Compare with Keras' F1 score, which for pixels is the Dice score."""
    given = y_true, y_pred, num_classes
    trial.compare(scores.dices, *given, mistakes=scores.wrong_dices, dtype="float64")


# ------------------------------------------------------------------------------ mean_iou
@visible_check("y_true", "y_pred", "num_classes", points=2)
def mean_iou(trial: Trial) -> None:
    """All classes there, some absent, and one that only the answer holds."""
    for shift, num_classes in [(0, 3), (0, 6), (2, 6)]:
        expect_mean_iou(trial, _TRUE.copy(), _PREDICTED + shift, num_classes)


def expect_mean_iou(trial: Trial, y_true: np.ndarray, y_pred: np.ndarray, num_classes: int) -> None:
    """Compare with Keras' mean IoU, which leaves out classes that are nowhere."""
    trial.compare(scores.mean_of_ious, y_true, y_pred, num_classes, mistakes=scores.wrong_means)


def random_masks(
    generator: np.random.Generator,
    shape: tuple[int, ...],
    num_classes: int,
    dtype: str = "int64",
    agreement: float = 0.6,
) -> tuple[np.ndarray, np.ndarray]:
    """A random mask, and a second one that agrees with it in about this share of its pixels."""
    first = generator.integers(0, num_classes, shape)
    other = generator.integers(0, num_classes, shape)
    second = np.where(generator.uniform(size=shape) < agreement, first, other)
    return first.astype(dtype), second.astype(dtype)


# ------------------------------------------------------------------------------ resize_mask
@visible_check("mask", "factor", points=2)
def resize_mask(trial: Trial) -> None:
    """A square and a non-square mask, labels far apart, two dtypes."""
    expect_resized_mask(trial, np.array([[0, 4], [4, 1]]), 2)
    expect_resized_mask(trial, np.array([[7, 0, 0], [3, 3, 7]], dtype="uint8"), 3)


def expect_resized_mask(trial: Trial, mask: np.ndarray, factor: int) -> None:
    """Compare with Keras' nearest-neighbor upsampling; the dtype must stay."""
    trial.compare(_resized, mask, factor, mistakes=_resized_wrongly, dtype=mask.dtype)


def _resized(mask: np.ndarray, factor: int) -> np.ndarray:
    layer = keras.layers.UpSampling2D(factor)
    return np.asarray(layer(mask[None, :, :, None].astype("float32")))[0, :, :, 0]


def _resized_wrongly(mask: np.ndarray, factor: int) -> Mistakes:
    right = _resized(mask, factor)
    image = mask[:, :, None].astype("float32")
    smooth = keras.ops.image.resize(image, right.shape, interpolation="bilinear")
    smooth = np.asarray(smooth)[:, :, 0]
    spread = np.zeros(right.shape)
    spread[::factor, ::factor] = mask
    return {
        "bilinear": smooth,
        "bilinear-rounded": [np.round(smooth), np.floor(smooth)],
        "tiled": np.tile(mask, (factor, factor)),
        "zeros-between": spread,
        "memory-order": np.repeat(mask, factor**2).reshape(right.shape),
        "rows-only": right[:, ::factor],
        "columns-only": right[::factor],
    }


# ------------------------------------------------------------------------------ decoder_block
@visible_check("shape of x", "shape of skip", "filters", points=5)
def decoder_block(trial: Trial) -> None:
    """With a skip and without; the block comes wrapped into a model by the notebook."""
    for example in [
        ((4, 4, 3), (8, 8, 2), 5),
        ((3, 5, 4), (6, 10, 3), 2),
        ((4, 6, 3), None, 4),
    ]:
        expect_decoder_block(trial, *example)


def expect_decoder_block(
    trial: Trial,
    shape: tuple[int, int, int],
    skip_shape: tuple[int, int, int] | None,
    filters: int,
) -> None:
    """Judge one block by its shapes and by the graph of its layers."""
    trial.call(shape, skip_shape, filters)
    model = trial.result
    if not isinstance(model, keras.Model) or not model.built:
        trial.report("not-a-tensor", value=models.describe(model))
    model = models.arrived(trial, model)
    models.show_layers(trial, model)
    rows, columns, _ = shape
    given = tuple(model.outputs[0].shape[1:])
    if given == (rows, columns, filters):
        trial.report("not-doubled", shape=given)
    steps = graphs.steps_of(model)
    ups = [s for s in steps if graphs.is_strided_transpose(s.operation)]
    first = ups[0].operation if ups else None
    if not isinstance(first, keras.layers.Conv2DTranspose):
        repeats = any(_class_name(s) == "UpSampling2D" for s in steps)
        trial.report("upsampling" if repeats else "no-transpose")
    if tuple(first.strides) != (2, 2):
        trial.report("strides", at=first, strides=tuple(first.strides))
    joined = None if skip_shape is None else _expect_skip(trial, steps, (2 * rows, 2 * columns))
    start = joined or ups[0]
    if not any(
        isinstance(s.operation, _MIXING) and s is not start and graphs.leads_to(steps, start, s)
        for s in steps
    ):
        trial.report("unmixed-skip" if joined else "unmixed")
    models.expect_output_shape(trial, model, (2 * rows, 2 * columns, filters))
    training.expect_trainable(trial, model)


def _expect_skip(trial: Trial, steps: list[graphs.Step], size: tuple[int, int]) -> graphs.Step:
    """The step that concatenates both inputs of a block, which must be of this size."""
    joins = graphs.joins_of(steps)
    concatenated = [s for s in joins if _class_name(s) == "Concatenate"]
    if not concatenated and joins:
        trial.report("skip-merged", at=joins[0].operation, operation=_class_name(joins[0]))
    if not concatenated:
        trial.report("skip-unused")
    if concatenated[0].shape[1:3] != size:
        trial.report("skip-size", at=concatenated[0].operation, shape=concatenated[0].shape[1:])
    if not all(graphs.leads_to(steps, entry, concatenated[0]) for entry in steps[:2]):
        trial.report("not-joined")
    return concatenated[0]


def _class_name(step: graphs.Step) -> str:
    """The name of its class, which a layer of Keras and the operation like it share."""
    return type(step.operation).__name__


# ------------------------------------------------------------------------------ the two networks
@visible_check("input_shape", "num_classes", "base_filters", points=4)
def build_fcn(trial: Trial) -> None:
    """Structure only, for one class and for several; the notebook trains it."""
    expect_fcn(trial, (16, 16, 1), 1, 4)
    expect_fcn(trial, (8, 12, 3), 4, 6)


@visible_check("input_shape", "num_classes", "base_filters", points=5)
def build_unet(trial: Trial) -> None:
    """Structure only, for one class and for several; the notebook trains it."""
    expect_unet(trial, (16, 16, 1), 1, 4)
    expect_unet(trial, (8, 12, 3), 4, 6)


def expect_fcn(
    trial: Trial, input_shape: tuple[int, int, int], num_classes: int, *base_filters: int
) -> keras.Model:
    """Judge everything but what it learns: nothing but the deepest feature map is decoded."""
    model, steps = _expect_network(trial, input_shape, num_classes, *base_filters)
    joins = graphs.joins_of(steps)
    if joins:
        trial.report("joins", at=joins[0].operation, operation=_class_name(joins[0]))
    return model


def expect_unet(
    trial: Trial, input_shape: tuple[int, int, int], num_classes: int, *base_filters: int
) -> keras.Model:
    """Judge everything but what it learns: both sizes of feature map are handed over."""
    model, steps = _expect_network(trial, input_shape, num_classes, *base_filters)
    deepest = _deepest(steps)
    rows = input_shape[0]
    for height in (rows // 2, rows):
        joins = [s for s in graphs.joins_of(steps) if s.shape[1] == height]
        handed = [
            s
            for s in joins
            if any(deepest[i] >= height for i in s.inputs)
            and any(deepest[i] < height for i in s.inputs)
        ]
        size = f"{height}x{input_shape[1] * height // rows}"
        how = {_class_name(s) for s in handed}
        if not how:
            trial.report("no-skip", size=size)
        if "Concatenate" not in how:
            trial.report("skip-merged", size=size, operations=", ".join(sorted(how)))
        skips = [i for s in handed for i in s.inputs if deepest[i] >= height]
        if not any(_of_the_encoder(steps, skip, height) for skip in skips):
            trial.report("second-encoder", size=size)
    return model


def _of_the_encoder(steps: list[graphs.Step], skip: int, height: int) -> bool:
    """Return True if a convolved feature map of this height leads to the skip and to the bottom."""
    maps = {s.index: s.shape[1] for s in steps if len(s.shape) == 4}
    ancestors, lowest = graphs.ancestors_of(steps), min(maps.values())
    convolutions = {s.index for s in steps if isinstance(s.operation, _CONVOLUTIONS)}
    return any(
        maps.get(index) == height
        and ancestors[index] & convolutions
        and any(maps[low] == lowest and index in ancestors[low] for low in maps)
        for index in ancestors[skip]
    )


def expect_any_size(trial: Trial) -> None:
    """A model for images of any size, which must run on two sizes."""
    trial.call((None, None, 1), 1, 4)
    model = models.expect_model(trial, (None, None, 1))
    for rows, columns in [(8, 12), (16, 4)]:
        x = np.zeros((2, rows, columns, 1), "float32")
        if models.run(trial, model, x).shape != x.shape:
            trial.report("size-fixed", size=f"{rows}x{columns}")


def expect_default_width(trial: Trial, model: keras.Model, num_classes: int) -> None:
    """A model that was made without base filters has the weights of one with 16, of any size."""
    shape = (None, None, model.inputs[0].shape[-1])
    trial.call(shape, num_classes, 16)
    sixteen = models.expect_model(trial, shape).count_params()
    if model.count_params() != sixteen:
        trial.report("default-width", without=model.count_params(), sixteen=sixteen)


def expect_widths(trial: Trial, input_shape: tuple[int, int, int], num_classes: int) -> None:
    """More base filters mean more weights, and 16 is what stands for none."""
    counts = {}
    for width in [(5,), (16,), ()]:
        trial.call(input_shape, num_classes, *width)
        counts[width] = models.expect_model(trial, input_shape).count_params()
    if counts[(16,)] <= counts[(5,)]:
        trial.report("width-ignored")
    if counts[()] != counts[(16,)]:
        trial.report("default-width", without=counts[()], sixteen=counts[(16,)])


def _deepest(steps: list[graphs.Step]) -> list[int]:
    """For each step the smallest height on the way to it, along its least deep path."""
    heights: list[int] = []
    for step in steps:
        before = max((heights[i] for i in step.inputs), default=step.shape[1])
        heights.append(min(before, step.shape[1]) if len(step.shape) == 4 else before)
    return heights


def _expect_network(
    trial: Trial, input_shape: tuple[int, int, int], num_classes: int, *base_filters: int
) -> tuple[keras.Model, list[graphs.Step]]:
    trial.call(input_shape, num_classes, *base_filters)
    model = models.expect_model(trial, input_shape)
    rows, columns, _ = input_shape
    given = tuple(model.outputs[0].shape[1:])
    if num_classes == 1 and given == (rows, columns, 2):
        trial.report("two-probabilities")
    models.expect_output_shape(trial, model, (rows, columns, num_classes))
    steps = graphs.steps_of(model)
    smallest = min(s.shape[1:3] for s in steps if len(s.shape) == 4)
    deepest = (rows // 4, columns // 4)
    if smallest != deepest:
        low, expected = (f"{height}x{width}" for height, width in (smallest, deepest))
        trial.report("smallest-map", smallest=low, expected=expected)
    if not any(graphs.is_strided_transpose(s.operation) for s in steps):
        trial.report("no-transpose")
    first = next((s.operation for s in steps if isinstance(s.operation, keras.layers.Conv2D)), None)
    if base_filters and first is not None and first.filters != base_filters[0]:
        trial.report("base-filters", at=first, filters=first.filters, expected=base_filters[0])
    training.expect_trainable(trial, model)
    _expect_probabilities(trial, model, num_classes)
    return model, steps


def _expect_probabilities(trial: Trial, model: keras.Model, num_classes: int) -> None:
    generator = np.random.default_rng(_SEED)
    x = generator.normal(0, 20, (2, *model.inputs[0].shape[1:])).astype("float32")
    with models.random_weights(model, generator):
        y = np.asarray(model(x, training=True))
    if y.min() < 0 or y.max() > 1 + 1e-4 or not np.isfinite(y).all():
        trial.report("no-probabilities", low=y.min(), high=y.max())
    if num_classes == 1 and np.ptp(y) < 1e-6:
        trial.report("softmax-of-one" if y.min() > 0.99 else "same-probability")
    if num_classes == 1 and _never_below_half(model, x, generator):
        trial.report("relu-before-sigmoid")
    for axis in (1, 2):
        if y.shape[axis] > 1 and np.allclose(y.sum(axis=axis), 1, atol=1e-3):
            trial.report("softmax-over-axis", axis=axis, which=("rows", "columns")[axis - 1])
    sums = y.sum(axis=-1)
    if num_classes > 1 and not np.allclose(sums, 1, atol=1e-3):
        trial.report("several-classes", low=sums.min(), high=sums.max())
    training.expect_gradients(trial, model, x)


def _never_below_half(model: keras.Model, x: np.ndarray, generator: np.random.Generator) -> bool:
    """Return True if no probability is below one half for any of several random weights."""
    for _ in range(12):
        with models.random_weights(model, generator):
            if np.min(model(x, training=True)) < 0.5:
                return False
    return True


def training_loss(y_true: Any, y_pred: Any) -> Any:
    """What hidden tests train with, of tensors: cross-entropy plus Keras' Dice loss."""
    by_pixel = keras.losses.binary_crossentropy(y_true, y_pred)
    return keras.ops.mean(by_pixel) + keras.losses.dice(y_true, y_pred)


def nucleus_iou(model: keras.Model, images: np.ndarray, masks: np.ndarray) -> float:
    """IoU of the class "nucleus" that a trained model reaches, by Keras' metric."""
    answers = np.asarray(model(images, training=False)) > 0.5
    return float(scores.ious(masks, answers.astype("int64"), num_classes=2)[1])


# ------------------------------------------------------------------------------ dice_loss
@visible_check("y_true", "y_pred", points=4)
def dice_loss(trial: Trial) -> None:
    """A perfect answer, none, half of it, two empty masks; then the gradient between."""
    generator = np.random.default_rng(_SEED)
    expect_dice_loss(trial, (1, 24, 24, 1), generator)
    expect_dice_loss(trial, (2, 20, 32, 1), generator)


def expect_dice_loss(
    trial: Trial, shape: tuple[int, int, int, int], generator: np.random.Generator
) -> None:
    """Properties that every form of the loss has; the function also gives its gradient.

    Args:
        trial: Its function returns the loss and the gradient with respect to `y_pred`.
        shape: (N, H, W, C) with at least 300 pixels in an image.
        generator: Draws the masks.
    """
    rows, half = shape[1], shape[1] // 2
    shares = [(half, half, half), (half, half, 0), (0, 0, 0), (half, rows, half)]
    others = [(*share, shape[2]) for share in [*shares, (half, half, half // 2)]]
    for share in shares:
        _expect_loss(trial, shape, (*share, shape[2]), others)
    truth = _rows_of_ones(shape, 0, half)
    soft = (0.25 + 0.5 * truth * generator.uniform(0.4, 1, shape)).astype("float32")
    value, gradient = _loss(trial, truth, soft)
    if not 0.05 < value < 0.8:
        trial.report("out-of-range", value=value)
    if not np.any(gradient):
        trial.report("no-slope")
    if not np.sum(gradient * (truth - soft)) < 0:
        trial.report("rising")
    toward = ((2 * truth - 1) * generator.uniform(0.02, 0.04, shape)).astype("float32")
    ahead, behind = (_loss(trial, truth, soft + step)[0] for step in (toward, -toward))
    if not np.isclose(np.sum(gradient * toward), (ahead - behind) / 2, rtol=0.03):
        trial.report("wrong-slope")


def _loss(trial: Trial, truth: np.ndarray, answer: np.ndarray) -> tuple[float, np.ndarray]:
    result = trial.call(truth, answer)
    pair = isinstance(result, tuple | list) and len(result) == 2
    value, gradient = result if pair else (result, None)
    value = plain(np.asarray(value))
    if np.ndim(value) or not isinstance(value, np.floating | np.integer):
        trial.result = value
        trial.expect(0.0)
    trial.result = float(value)
    return trial.result, np.zeros(1) if gradient is None else np.asarray(gradient)


def _expect_loss(
    trial: Trial, shape: tuple[int, ...], example: tuple[int, ...], others: list[tuple[int, ...]]
) -> None:
    """Compare with Keras' loss for masks of which an example says how they are made.

    Args:
        trial: The trial.
        shape: Of the masks; the example says how wide they are.
        example: How many rows of `y_true`, of `y_pred` and of both are ones, and the width.
        others: Further examples.
    """

    def masks(true: int, answered: int, both: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
        if max(true, answered, true + answered - both) > shape[1] or both > min(true, answered):
            raise ValueError("there are not so many rows")
        if 0 < (true + answered) * columns < 100:
            raise ValueError("eps would show")
        size, start = (*shape[:2], columns, shape[3]), true - both
        return _rows_of_ones(size, 0, true), _rows_of_ones(size, start, start + answered)

    def oracle(*given: int) -> float:
        return float(keras.losses.dice(*masks(*given))) if given[0] + given[1] else 0.0

    def mistakes(true: int, answered: int, both: int, columns: int) -> Mistakes:
        right = oracle(true, answered, both, columns)
        return scores.wrong_losses(right, (true, answered, both), (*shape[:2], columns, shape[3]))

    def about(true: int, answered: int, both: int, _: int) -> dict[str, float]:
        return {"true": true / shape[1], "answered": answered / shape[1], "both": both / shape[1]}

    inner = Trial(lambda *pair: _loss(trial, *pair)[0], trial.name, trial.parameters, trial.module)
    inner.compare(
        oracle,
        *example,
        mistakes=mistakes,
        call=masks,
        others=others,
        about=about,
        rtol=0,
        atol=0.01,
    )


def _rows_of_ones(shape: tuple[int, ...], start: int, stop: int) -> np.ndarray:
    mask = np.zeros(shape, "float32")
    mask[:, start:stop] = 1
    return mask


# ------------------------------------------------------------------------------ fit_unet
@visible_check("model", "images", "masks", "epochs", points=3)
def fit_unet(trial: Trial) -> None:
    """A few steps of a small U-Net: as many as there should be, and in the right direction."""
    inside, outside, _ = expect_fitted(trial, np.random.default_rng(_SEED), 64, 3)
    if inside - outside < 0.012:
        trial.report("learned-nothing", inside=inside, outside=outside)


def expect_fitted(
    trial: Trial, generator: np.random.Generator, count: int, epochs: int, seed: int = 0
) -> tuple[float, float, float]:
    """Judge what was fitted by the model that came back, which must have taken the right steps.

    Args:
        trial: Its function takes a seed, too; see `fitting.fitted`.
        generator: Draws the images.
        count: Of images to fit to, a multiple of 8.
        epochs: For the answer.
        seed: Of the student's process.

    Returns:
        On images that were not fitted to: the mean probability inside objects, the one outside, and
        the IoU.
    """
    given, (images, masks) = fitting.network(), fitting.striped(generator, count)
    before = given.get_weights(), fitting.operations(given)
    ask = trial.function
    trial.function = lambda *arguments: ask(*arguments, seed)
    try:
        model = trial.call(given, images, masks, epochs)
    finally:
        trial.function = ask
    if not isinstance(model, keras.Model):
        told = model if isinstance(model, str) else models.describe(model)
        trial.report("returns-history" if "History" in told else "not-a-model", value=told)
    model = models.arrived(trial, model)
    models.show_layers(trial, model)
    if not model.built or fitting.operations(model) != before[1]:
        trial.report("another-network")
    if all(map(np.array_equal, model.get_weights(), before[0])):
        trial.report("not-fitted")
    _expect_steps(trial, fitting.steps_taken(model, images), count, epochs)
    unseen, truth = fitting.striped(generator, 64)
    answers = np.asarray(model(unseen, training=False))
    inside, outside = (float(answers[truth == label].mean()) for label in (1, 0))
    return inside, outside, nucleus_iou(model, unseen, truth)


def _expect_steps(trial: Trial, steps: float | None, count: int, epochs: int) -> None:
    """End the trial unless about as many batches were seen; what is held back may be missing."""
    expected = epochs * count / 8
    if steps is None or steps < 0.5:
        trial.report("other-images")
    if 0.7 * expected <= steps <= 1.3 * expected:
        return
    known = {"one-epoch": count / 8, "batches-of-32": epochs * np.ceil(count / 32)}
    kind = next((kind for kind, n in known.items() if abs(steps - n) < 0.3), "other-steps")
    values = {"epochs": epochs, "count": count, "expected": round(expected)}
    trial.report(kind, steps=f"{steps:.0f}" if np.isfinite(steps) else "hundreds of", **values)


# ------------------------------------------------------------------------------ objects
@visible_check("instances", points=3)
def inside_and_border(trial: Trial) -> None:
    """Objects that touch, that the image's edge cuts, and that have two parts."""
    expect_outlines(trial, np.array([[0, 3, 3, 3], [0, 3, 3, 3], [0, 3, 3, 3], [0, 0, 0, 0]]))
    touching = [[5, 5, 5, 2, 2], [5, 5, 5, 2, 2], [5, 5, 5, 2, 2], [0, 0, 0, 0, 7]]
    expect_outlines(trial, np.array(touching, "uint8"))
    parts = [[1, 1, 1, 0, 4], [1, 1, 1, 9, 4], [1, 1, 1, 9, 1], [1, 1, 1, 0, 1], [4, 0, 0, 0, 0]]
    expect_outlines(trial, np.array(parts))
    generator = np.random.default_rng(_SEED)
    expect_outlines(trial, instances.label_map(generator, (9, 13), 9, "int32"))


def expect_outlines(trial: Trial, label_map: np.ndarray) -> None:
    """Compare with what Keras' convolution finds of each object's mask."""
    trial.compare(
        instances.inside_and_outline,
        label_map,
        mistakes=instances.wrong_outlines,
        dtype="uint8",
        others=[(telling,) for telling in instances.telling_maps()],
    )


@visible_check("true", "pred", "threshold", points=4)
def match_instances(trial: Trial) -> None:
    """A match, a miss, gaps in the labels, an IoU that equals the threshold, bad thresholds."""
    expect_counts(trial, np.array([[5, 0], [0, 3]]))
    expect_counts(trial, np.array([[4, 0, 3], [1, 4, 0], [2, 1, 0]]), 0.5)
    expect_counts(trial, np.array([[9, 1, 0], [0, 2, 1], [2, 0, 4]]))  # 2 of 4 pixels
    expect_counts(trial, np.array([[2, 0], [1, 3]]), 0.75)
    generator = np.random.default_rng(_SEED)
    expect_counts(trial, instances.random_overlaps(generator, 5, 6), 0.625, "uint8")
    for threshold in (0.25, 1.0):
        expect_bad_threshold(trial, threshold)


def expect_counts(
    trial: Trial,
    overlaps: np.ndarray,
    threshold: float | None = None,
    dtype: str = "int64",
    width: int = 4,
) -> None:
    """Compare with what is known of the maps that a table of overlaps is made into.

    Args:
        trial: The trial.
        overlaps: See `instances.maps_of`.
        threshold: 1/2, 5/8, 3/4 or 7/8, so that no rounding decides; None leaves it out.
        dtype: Of the labels.
        width: Of the maps.
    """

    def maps(table: np.ndarray, limit: float | None, columns: int) -> tuple[Any, ...]:
        pair = instances.maps_of(table, columns, dtype)
        return pair if limit is None else (*pair, limit)

    def counts(*given: Any) -> Any:
        return _as_counts(trial.call(*given))

    inner = Trial(counts, trial.name, trial.parameters, trial.module)
    inner.compare(
        instances.counted,
        overlaps,
        threshold,
        width,
        mistakes=instances.wrong_counts,
        call=maps,
        others=[(table, threshold, width) for table in instances.TELLING_TABLES],
    )


def _as_counts(result: Any) -> Any:
    """A tuple of three, if it is some other sequence of them."""
    result = plain(result)
    if isinstance(result, np.ndarray | list) and np.shape(result) == (3,):
        return tuple(result)
    return result


def expect_bad_threshold(trial: Trial, threshold: float) -> None:
    """A threshold that does not give each object at most one partner must be refused."""
    maps = instances.maps_of(np.array([[5, 0], [0, 3]]), 4, "int64")
    trial.expect_error(ValueError, ("threshold",), *maps, threshold)


# ------------------------------------------------------------------------------ tiles
@visible_check("predict", "image", "tile", "overlap", points=3)
def predict_tiled(trial: Trial) -> None:
    """Sides that tiles meet exactly and others, an odd overlap, an array and a tensor."""
    generator = np.random.default_rng(_SEED)
    for shape, tile, overlap in [((4, 6, 1), 4, 2), ((7, 9, 2), 4, 2), ((8, 5, 1), 5, 3)]:
        expect_stitched(trial, generator, shape, tile, overlap)
    expect_stitched(trial, generator, (5, 4, 2), 3, 0, as_tensor=True)


def expect_stitched(
    trial: Trial,
    generator: np.random.Generator,
    shape: tuple[int, int, int],
    tile: int,
    overlap: int,
    classes: int = 2,
    *,
    dtype: str = "float64",
    as_tensor: bool = False,
) -> None:
    """Compare with what the network gives for the whole image at once.

    Args:
        trial: Its function takes the network's kernel instead of `predict`; see `tiles.stitched`.
        generator: Draws the image and the network.
        shape: Of the image.
        tile: Height and width of the tiles.
        overlap: Of the tiles.
        classes: Channels of what the network gives.
        dtype: Of the image.
        as_tensor: Whether the network gives tensors.
    """
    kernel = tiles.random_kernel(generator, overlap, shape[2], classes)
    image = generator.uniform(size=shape).astype(dtype)
    ask = trial.function

    def with_kernel(_predict: Any, *others: Any) -> Any:
        return ask(kernel, *others, as_tensor)

    trial.function = with_kernel
    try:  # messages speak of the function that students are given
        returned = trial.call(lambda x: x, image, tile, overlap)
    finally:
        trial.function = ask
    pair = isinstance(returned, tuple | list) and len(returned) == 2
    trial.result, seen = returned if pair and type(returned[1]) is list else (returned, [])
    _expect_tiles(trial, seen, (1, tile, tile, shape[2]))
    right = np.asarray(tiles.network(image[None], kernel))[0]
    result, kind = plain(trial.result), ""
    if (
        isinstance(result, np.ndarray)
        and result.shape == right.shape
        and result.dtype.kind in "fiu"
    ):
        kind = tiles.why_wrong(result, right, seen, image, kernel)
    trial.expect(right, {kind: result} if kind else {})


def _expect_tiles(trial: Trial, seen: list[np.ndarray], expected: tuple[int, ...]) -> None:
    """End the trial if the network was called with an array of another shape."""
    for shape in map(np.shape, seen):
        if shape == expected:
            continue
        if shape == expected[1:]:
            kind = "tile-without-batch"
        elif len(shape) == 4 and shape[0] == 1 and min(shape[1:3]) < expected[1] >= max(shape[1:3]):
            kind = "tile-cut-off"
        else:
            kind = "tile-shape"
        trial.report(kind, shape=shape, expected=expected)
