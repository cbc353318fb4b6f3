"""Each visible check of assignment 03: right answers pass, misconceptions are named."""

import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab import datasets
from autograder.lab.checks import segmentation as check

L = keras.layers
EXERCISES = [
    "iou",
    "dice",
    "mean_iou",
    "resize_mask",
    "decoder_block",
    "build_fcn",
    "build_unet",
    "dice_loss",
]


# ------------------------------------------------------------------------------ answers
def scores(y_true, y_pred, count, of=lambda t, p: (t & p).sum() / (t | p).sum(), absent=np.nan):
    pairs = [(y_true == c, y_pred == c) for c in range(count)]
    return np.array([of(t, p) if (t | p).any() else absent for t, p in pairs])


def dice_of(t, p):
    return 2 * (t & p).sum() / (t.sum() + p.sum())


def dices(y_true, y_pred, count, absent=np.nan):
    return scores(y_true, y_pred, count, dice_of, absent)


def of_each_image(function):
    def answer(y_true, y_pred, count):
        if y_true.ndim < 3:
            return function(y_true, y_pred, count)
        pairs = zip(y_true, y_pred, strict=True)
        return np.nanmean([function(t, p, count) for t, p in pairs], axis=0)

    return answer


def mean(y_true, y_pred, count):
    return float(np.nanmean(scores(y_true, y_pred, count)))


def enlarged(mask, factor):
    return mask.repeat(factor, 0).repeat(factor, 1)


def bilinear(mask, factor):
    size = (mask.shape[0] * factor, mask.shape[1] * factor)
    large = keras.ops.image.resize(mask[..., None].astype("float32"), size)
    return np.round(np.asarray(large)[..., 0]).astype(mask.dtype)


def block(x, skip, filters, join=L.Concatenate, up=None, after=True):
    up = up or L.Conv2DTranspose(filters, 2, strides=2)
    x = up(x)
    if skip is not None and join is not None:
        skip = skip if join is L.Concatenate else L.Conv2D(filters, 1)(skip)
        x = join()([x, skip])
    return L.Conv2D(filters, 3, padding="same", activation="relu")(x) if after else x


def as_model(function):
    """What the notebook's set-up function makes of a block, ready for the check."""

    def build(shape, skip_shape, filters):
        x, skip = keras.Input(shape), skip_shape and keras.Input(skip_shape)
        return keras.Model([x, skip] if skip_shape else x, function(x, skip, filters))

    return functools.wraps(function)(build) if hasattr(function, "__name__") else build


def network(
    shape, count, base=16, *, skips=(True, True), last=None, join=L.Concatenate, up=None, **options
):
    def twice(x, width):
        x = L.Conv2D(width, 3, padding="same", use_bias=False, **options)(x)
        return L.ReLU()(L.BatchNormalization(momentum=0.9)(x))

    image = keras.Input(shape)
    full = twice(image, base)
    half = twice(L.MaxPooling2D()(full), 2 * base)
    x = twice(L.MaxPooling2D()(half), 4 * base)
    for level, skip, width in [(half, skips[0], 2 * base), (full, skips[1], base)]:
        enlarge = up() if up else L.Conv2DTranspose(width, 2, strides=2)
        x = enlarge(x)
        x = join()([x, level]) if skip else x
        x = twice(x, width)
    last = last or ("sigmoid" if count == 1 else "softmax")
    return keras.Model(image, L.Conv2D(count, 1, activation=last)(x))


fcn = functools.partial(network, skips=(False, False))
unet = network


def nested_unet(shape, count, base=16):
    inner = network(shape, count, base)
    image = keras.Input(shape)
    return keras.Model(image, inner(image))


def wrong_both(**options):
    return [
        ("build_fcn", functools.partial(fcn, **options)),
        ("build_unet", functools.partial(unet, **options)),
    ]


def soft_dice(t, p, factor=2.0, eps=(1.0, 1.0), union=False):
    overlap, areas = tf.reduce_sum(t * p), tf.reduce_sum(t) + tf.reduce_sum(p)
    areas = areas - overlap if union else areas
    return 1 - (factor * overlap + eps[0]) / (areas + eps[1])


def with_gradient(loss):
    """What the notebook's set-up function makes of a loss, ready for the check."""

    def both(y_true, y_pred):
        y_pred = tf.convert_to_tensor(y_pred)
        with tf.GradientTape() as tape:
            tape.watch(y_pred)
            value = loss(tf.convert_to_tensor(y_true), y_pred)
        gradient = tape.gradient(value, y_pred) if tf.is_tensor(value) else None
        return np.asarray(value), gradient

    return both


def given(name, answer):
    """An answer in the form in which the notebook hands it to its check."""
    wrap = {"decoder_block": as_model, "dice_loss": with_gradient}
    return wrap.get(name, lambda f: f)(answer)


# ------------------------------------------------------------------------------ right answers
RIGHT = [
    ("iou", scores),
    ("dice", dices),
    ("mean_iou", mean),
    ("mean_iou", lambda *a: np.float64(mean(*a))),
    ("resize_mask", enlarged),
    ("resize_mask", lambda m, f: np.kron(m, np.ones((f, f), m.dtype))),
    ("decoder_block", block),
    ("decoder_block", lambda *a: block(*a, up=L.Conv2DTranspose(9, 4, 2, padding="same"))),
    ("build_fcn", fcn),
    ("build_unet", unet),
    ("build_unet", nested_unet),
    ("dice_loss", soft_dice),
    ("dice_loss", lambda t, p: soft_dice(t, p, eps=(1e-6, 1e-6))),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_passes(name, answer, capsys):
    getattr(check, name)(given(name, answer))
    assert f"✓ {name}: right on" in capsys.readouterr().out
    assert getattr(check, name).outcome == "right"


# ------------------------------------------------------------------------------ wrong answers
def precision(t, p):
    return (t & p).sum() / max(p.sum(), 1)


WRONG = [
    ("iou", dices, "dice"),
    ("iou", lambda *a: scores(*a, absent=0.0), "absent-is-zero"),
    ("iou", lambda *a: scores(*a, absent=1.0), "absent-is-one"),
    ("iou", lambda *a: scores(*a, of=lambda t, p: (t & p).sum() / t.sum()), "recall"),
    ("iou", lambda *a: scores(*a, of=precision), "precision"),
    ("iou", lambda *a: scores(*a, of=lambda t, p: (t & p).mean()), "all-pixels"),
    ("iou", lambda *a: scores(*a, of=lambda t, p: (t == p).mean()), "right-pixels"),
    ("iou", of_each_image(scores), "mean-over-images"),
    ("iou", lambda *a: scores(*a).astype("float32"), "dtype"),
    ("iou", lambda *a: list(scores(*a)), "type"),
    ("dice", scores, "iou"),
    ("dice", lambda *a: dices(*a) / 2, "two-forgotten"),
    ("dice", lambda *a: 2 * scores(*a), "union"),
    ("dice", lambda *a: dices(*a, absent=0.0), "absent-is-zero"),
    ("dice", of_each_image(dices), "mean-over-images"),
    ("mean_iou", lambda *a: float(scores(*a).mean()), "absent-is-nan"),
    ("mean_iou", lambda *a: float(scores(*a, absent=0.0).mean()), "absent-counts-as-zero"),
    ("mean_iou", lambda *a: float(scores(*a, absent=1.0).mean()), "absent-counts-as-one"),
    ("mean_iou", lambda *a: float(np.nanmean(scores(*a)[1:])), "no-background"),
    ("mean_iou", lambda t, p, n: float(np.mean(t == p)), "right-pixels"),
    ("mean_iou", lambda *a: float(np.nanmean(dices(*a))), "dice"),
    (
        "mean_iou",
        lambda t, p, n: float(scores(t, p, n)[np.isin(np.arange(n), t)].mean()),
        "only-true-classes",
    ),
    ("mean_iou", scores, "not-averaged"),
    ("resize_mask", bilinear, "bilinear-rounded"),
    ("resize_mask", lambda m, f: np.tile(m, (f, f)), "tiled"),
    ("resize_mask", lambda m, f: enlarged(m, f).astype("float32"), "dtype"),
    ("resize_mask", lambda m, f: m.repeat(f, 0), "shape"),
    (
        "resize_mask",
        lambda m, f: m.repeat(f * f).reshape(m.shape[0] * f, -1),
        "memory-order",
    ),
    ("decoder_block", lambda *a: block(*a, join=L.Add), "skip-merged"),
    ("decoder_block", lambda *a: block(*a, join=None), "skip-unused"),
    ("decoder_block", lambda *a: block(*a, after=False), "unmixed-skip"),
    ("decoder_block", lambda *a: block(*a, up=L.UpSampling2D()), "upsampling"),
    ("decoder_block", lambda x, s, f: block(x, s, f + 1), "output-shape"),
    ("decoder_block", lambda x, s, f: L.Conv2D(f, 3, padding="same")(x), "not-doubled"),
    (
        "decoder_block",
        lambda *a: block(*a, up=L.Conv2DTranspose(2, 2, strides=2, trainable=False)),
        "frozen",
    ),
    ("build_fcn", unet, "joins"),
    ("build_fcn", functools.partial(unet, skips=(True, False)), "joins"),
    ("build_unet", fcn, "no-skip"),
    ("build_unet", functools.partial(unet, skips=(True, False)), "no-skip"),
    ("build_unet", lambda s, n, b: unet(s, n), "base-filters"),
    ("build_unet", lambda s, n, b: unet(s, n + 1, b), "two-probabilities"),
    ("build_unet", lambda s, n, b: None, "not-a-model"),
    ("build_fcn", lambda s, n, b: fcn(s, n, b).outputs[0], "not-a-model"),
    *((n, f, "softmax-of-one") for n, f in wrong_both(last="softmax")),
    *((n, f, "several-classes") for n, f in wrong_both(last="sigmoid")),
    *((n, f, "no-probabilities") for n, f in wrong_both(last="linear")),
    *((n, f, "no-transpose") for n, f in wrong_both(up=L.UpSampling2D)),
    *((n, f, "frozen") for n, f in wrong_both(trainable=False)),
    *((n, f, "same-probability") for n, f in wrong_both(kernel_initializer="zeros")),
    ("dice_loss", lambda t, p: 1 - soft_dice(t, p), "score"),
    ("dice_loss", lambda t, p: soft_dice(t, p) - 1, "minus-score"),
    ("dice_loss", lambda t, p: soft_dice(t, p, 1.0), "two-forgotten"),
    ("dice_loss", lambda t, p: soft_dice(t, p, eps=(0.0, 1e-7)), "eps-below-only"),
    ("dice_loss", lambda t, p: soft_dice(t, p, eps=(0.0, 0.0)), "zero-by-zero"),
    ("dice_loss", lambda t, p: soft_dice(t, p, 1.0, union=True), "iou"),
    ("dice_loss", lambda t, p: soft_dice(t, tf.round(p)), "no-slope"),
    ("dice_loss", lambda t, p: np.float32(soft_dice(t, p)), "no-slope"),
    ("dice_loss", lambda t, p: 1 - t, "not-a-number"),
]


@pytest.mark.filterwarnings("ignore:You are using a softmax")
@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize(("name", "answer", "kind"), WRONG)
def test_a_misconception_is_named(name, answer, kind):
    with pytest.raises(lab.CheckFailed) as failure:
        getattr(check, name)(given(name, answer))
    assert failure.value.finding.kind == kind
    assert getattr(check, name).outcome == "wrong"


def test_a_relu_before_the_sigmoid_is_named():
    def dead(shape, count, base):
        model = fcn(shape, count, base, last="relu")
        return keras.Model(model.input, keras.activations.sigmoid(model.output))

    with pytest.raises(lab.CheckFailed, match="ReLU stands before the sigmoid"):
        for _ in range(8):  # a ReLU that is silent everywhere is named otherwise
            try:
                check.build_fcn(dead)
            except lab.CheckFailed as failure:
                if "same probability" not in str(failure):
                    raise


@pytest.mark.parametrize("name", EXERCISES)
def test_an_open_exercise_is_not_attempted(name):
    def stub(*arguments):
        raise NotImplementedError

    stub.__name__ = name
    with pytest.raises(lab.NotAttempted):
        getattr(check, name)(given(name, stub))
    assert getattr(check, name).outcome == "not attempted"


@pytest.mark.parametrize("name", EXERCISES)
def test_an_answer_that_raises_is_shown_as_such(name):
    def broken(*arguments):
        raise KeyError("lost")

    with pytest.raises(lab.CheckFailed, match="raises KeyError"):
        getattr(check, name)(given(name, broken))
    assert getattr(check, name).outcome == "raises"


# ------------------------------------------------------------------------------ data
@pytest.mark.parametrize(("split", "count"), [("train", 135), ("validation", 8), ("test", 16)])
def test_nuclei_come_with_binary_masks(split, count):
    images, masks = datasets.nuclei(split)
    assert images.shape == masks.shape == (count, 64, 64, 1)
    assert images.dtype == np.float32 and 0 <= images.min() <= images.max() <= 1
    assert masks.dtype == np.int64 and np.unique(masks).tolist() == [0, 1]


def test_no_nucleus_is_in_two_splits():
    splits = ("train", "validation", "test")
    numbers = [set(np.unique(datasets.nuclei(s, instances=True)[1])) - {0} for s in splits]
    assert all(numbers)
    assert not (numbers[0] & numbers[1] or numbers[0] & numbers[2] or numbers[1] & numbers[2])


def test_the_students_file_of_nuclei_does_not_hold_the_test_strip():
    arrays = datasets._verified("nuclei.npz", "nuclei.sha256")
    assert not [name for name in arrays if name.startswith("test")]


def test_fashion_scenes_are_the_same_for_the_same_seed_and_differ_otherwise():
    first, masks = datasets.fashion_scenes("validation", 5, 1)
    again, _ = datasets.fashion_scenes("validation", 5, 1)
    other, _ = datasets.fashion_scenes("validation", 5, 2)
    assert first.shape == masks.shape == (5, 48, 48, 1)
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert masks.dtype == np.int64 and masks.max() < len(datasets.SCENE_CLASSES)


@pytest.mark.parametrize("load", [datasets.nuclei, datasets.fashion_scenes])
def test_a_split_of_masks_that_does_not_exist_is_refused(load):
    with pytest.raises(ValueError, match="split must be one of train, validation, test"):
        load("tests")


def test_pets_say_which_package_they_need(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tensorflow_datasets", None)
    with pytest.raises(ModuleNotFoundError, match="pip install tensorflow_datasets"):
        datasets.oxford_pets()


def test_pets_without_a_network_are_a_connection_error(monkeypatch):
    class Offline:
        @staticmethod
        def load(*arguments, **options):
            raise OSError("no route to host")

    monkeypatch.setitem(__import__("sys").modules, "tensorflow_datasets", Offline)
    with pytest.raises(ConnectionError, match=r"Without a network use nuclei\(\)"):
        datasets.oxford_pets()
