"""Each visible check of assignment 04: right answers pass, misconceptions are named."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab.checks import checkerboard as check

L = keras.layers
EXERCISES = [
    "overlap_count",
    "phase_sums",
    "is_flat",
    "checkerboard_score",
    "audit",
    "gradient_overlap",
    "folded_kernel",
    "resize_conv",
    "replace_transposed",
]


# ------------------------------------------------------------------------------ answers
def line_of(count, size, stride, length=None):
    line = np.zeros(length or (count - 1) * stride + size, int)
    for index in range(count):
        line[index * stride : index * stride + size] += 1
    return line


def overlap(n, size, stride):
    return np.outer(line_of(n, size, stride), line_of(n, size, stride))


def sums(kernel, stride, of=np.sum):
    return np.array(
        [[of(kernel[p::stride, q::stride]) for q in range(stride)] for p in range(stride)]
    )


def blocks(kernel, stride):
    rows, columns = (np.array_split(np.arange(n), stride) for n in kernel.shape)
    return np.array([[kernel[np.ix_(r, c)].sum() for c in columns] for r in rows])


def flat(kernel, stride, tol=1e-6):
    return np.ptp(sums(kernel, stride)) <= tol


def score(image, stride, crop=True, ddof=0, size="pixels", pool=False, dark=0.0, refuse=True):
    image = image if image.ndim == 3 else image[..., None]
    rows, columns = (n // stride * stride for n in image.shape[:2])
    if refuse and not rows * columns:
        raise ValueError("the image is smaller than the stride")
    region = image[:rows, :columns] if crop else image
    phases = [(p, q) for p in range(stride) for q in range(stride)]
    scores = []
    for c in range(region.shape[2]):
        channel = region if pool else region[..., c]
        means = np.array([channel[p::stride, q::stride].mean() for p, q in phases])
        if not channel.any():
            scores.append(dark)
            continue
        by = {
            "pixels": np.sqrt((channel**2).mean()),
            "phases": np.sqrt((means**2).mean()),
            "mean": abs(means.mean()),
            "all": np.sqrt((image[..., c] ** 2).mean()),
            "none": 1.0,
        }[size]
        scores.append(means.std(ddof=ddof) / by)
    return float(np.mean(scores))


def names(*chosen):
    return lambda decoders, seeds: [name for name in decoders if name in chosen]


PRONE = ["k2s2, k3s1", "k3s2", "k3s2, then resize", "k4s2 twice"]


def gradient(n, size, stride, padding="VALID"):
    x = tf.Variable(tf.zeros((1, n, n, 1)))
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(tf.nn.conv2d(x, tf.ones((size, size, 1, 1)), stride, padding))
    return tape.gradient(total, x)[0, :, :, 0]


def folded(kernel, factor):
    rows, columns = kernel.shape
    stamp = np.zeros((rows + factor - 1, columns + factor - 1))
    for i, j in np.ndindex(factor, factor):
        stamp[i : i + rows, j : j + columns] += kernel[::-1, ::-1]
    return stamp


def resize(x, filters, kernel_size=3, factor=2, **options):
    options = {"padding": "same", **options}
    return L.Conv2D(filters, kernel_size, **options)(L.UpSampling2D(factor)(x))


def pair(layer, **changed):
    options = {
        "filters": layer.filters,
        "kernel_size": layer.kernel_size,
        "activation": layer.activation,
        "use_bias": layer.use_bias,
        **changed,
    }
    return [L.UpSampling2D(layer.strides), L.Conv2D(padding="same", **options)]


def replaced(model, make=pair, strides=((2, 2), (3, 3))):
    def copy(layer):
        if isinstance(layer, L.Conv2DTranspose) and layer.strides in strides:
            return keras.Sequential(make(layer))
        return type(layer).from_config(layer.get_config())

    return keras.models.clone_model(model, clone_function=copy)


def replaced_flat(model):
    x = source = keras.Input(model.input_shape[1:])
    made = {id(model.inputs[0]): source}
    for layer in model.layers:
        if isinstance(layer, L.InputLayer):
            continue
        if not isinstance(model, keras.Sequential):
            x = keras.tree.map_structure(lambda t: made[id(t)], layer.input)
        strided = isinstance(layer, L.Conv2DTranspose) and max(layer.strides) > 1
        for part in pair(layer) if strided else [type(layer).from_config(layer.get_config())]:
            x = part(x)
        made[id(layer.output)] = x
    return keras.Model(source, x)


def replaced_in_place(model):
    for layer in model.layers:
        if isinstance(layer, L.Conv2DTranspose):
            layer.strides = (1, 1)
    return replaced_flat(model)


def skip_lost(model):
    """Right for chains; where `second` and `first` come from one map, one is read twice."""
    if isinstance(model, keras.Sequential):
        return replaced_flat(model)
    x = keras.Input(model.input_shape[1:])
    parts = {layer.name: layer for layer in model.layers}
    again = {name: type(p).from_config(p.get_config()) for name, p in parts.items()}
    kinds = [(name, type(p).__name__) for name, p in parts.items()]
    convolutions = [again[n] for n, kind in kinds if kind == "Conv2D"]
    pool = next(again[n] for n, kind in kinds if kind == "MaxPooling2D")
    merges = [again[n] for n, kind in kinds if kind in ("Concatenate", "Add")]
    dropout = next(again[n] for n, kind in kinds if kind == "Dropout")
    level = convolutions[0](x)
    low = convolutions[1](pool(level))
    up, side = low, low
    for part in pair(parts["first"]):
        up = part(up)
    for part in pair(parts["second"]):
        side = part(side)
    y = convolutions[2](merges[0]([up, level]))  # the order is the wrong one
    y = merges[1]([y, dropout(side), up])
    return keras.Model(x, convolutions[3](y))


# ------------------------------------------------------------------------------ right answers
RIGHT = [
    ("overlap_count", overlap),
    ("overlap_count", lambda *a: overlap(*a).astype("uint8")),
    ("phase_sums", sums),
    ("is_flat", flat),
    ("is_flat", lambda *a: bool(flat(*a))),
    ("checkerboard_score", score),
    ("checkerboard_score", lambda *a: np.float32(score(*a))),
    ("checkerboard_score", lambda *a: np.array(score(*a))),
    ("audit", names(*PRONE)),
    ("gradient_overlap", gradient),
    ("gradient_overlap", lambda *a: gradient(*a).numpy().astype(int)),
    ("folded_kernel", folded),
    ("resize_conv", resize),
    ("resize_conv", lambda *a: resize(*a, use_bias=False)),
    ("replace_transposed", replaced),
    ("replace_transposed", replaced_flat),
]


@pytest.mark.parametrize(("name", "answer"), RIGHT)
def test_a_right_answer_passes(name, answer, capsys):
    getattr(check, name)(answer)
    assert f"✓ {name}: right on" in capsys.readouterr().out
    assert getattr(check, name).outcome == "right"


# ------------------------------------------------------------------------------ wrong answers
WRONG = [
    ("overlap_count", lambda *a: np.add.outer(line_of(*a), line_of(*a)), "axes are added"),
    ("overlap_count", lambda *a: np.minimum(overlap(*a), 1), "touches a pixel"),
    ("overlap_count", lambda n, k, s: overlap(n, s, k), "changed places"),
    ("overlap_count", lambda n, k, s: overlap(n, k, s)[: n * s, : n * s], "cropped output"),
    ("overlap_count", lambda *a: overlap(*a).astype(float), "integers are asked for"),
    ("overlap_count", line_of, "instead of"),
    ("phase_sums", lambda k, s: sums(k, s, np.mean), "a sum is asked for"),
    ("phase_sums", lambda k, s: sums(k, s, np.size), "counted, not added"),
    ("phase_sums", lambda k, s: sums(k, s).T, "changed places"),
    ("phase_sums", blocks, "cut into blocks"),
    ("phase_sums", lambda k, s: sums(k.ravel()[None], s), "differs"),
    ("is_flat", lambda k, s, *t: k.shape[0] % s == k.shape[1] % s == 0, "only the size"),
    ("is_flat", lambda k, s, *t: flat(k, s), "the tolerance is not compared"),
    (
        "is_flat",
        lambda k, s, tol=1e-6: np.ptp(sums(k, s).sum(axis=1)) <= tol,
        "only one of the two axes|only the size",
    ),
    ("is_flat", lambda *a: int(flat(*a)), "another value"),
    ("checkerboard_score", lambda i, s: score(i, s, ddof=1), "ddof=1"),
    ("checkerboard_score", lambda i, s: score(i, s, size="phases"), "that of the pixels is meant"),
    ("checkerboard_score", lambda i, s: score(i, s, size="none"), "nothing is divided by"),
    ("checkerboard_score", lambda i, s: score(i, s, size="mean"), "the mean is divided by"),
    ("checkerboard_score", lambda i, s: score(i, s, size="all"), "outside the region"),
    ("checkerboard_score", lambda i, s: i.std() / np.sqrt((i**2).mean()), "all pixels are compar"),
    ("checkerboard_score", lambda i, s: score(i, s, crop=False), "differs"),
    ("checkerboard_score", lambda i, s: score(i, s, pool=True), "differs"),
    ("checkerboard_score", lambda i, s: score(i, s, dark=float("nan")), "0 is divided by 0"),
    ("checkerboard_score", lambda i, s: 0.0 * score(i, s, refuse=False), "another value"),
    (
        "checkerboard_score",
        lambda i, s: score(i, s) if min(i.shape[:2]) >= s else 0.0,
        "a ValueError whose message names `image` or `stride`",
    ),
    ("audit", names("k3s2", "k3s2, then resize"), "kernel sizes are divisible"),
    ("audit", names("k3s2", "k2s2, k3s1", "k4s2 twice"), "enlarged it"),
    ("audit", names(*PRONE, "bilinear"), "its kernel was chosen"),
    ("audit", names(*PRONE, "resize"), "not prone, and it is listed"),
    ("audit", names(), "prone, and it is left out"),
    ("audit", lambda d, s: names(*PRONE)(d, s)[::-1], "in the order of the decoders"),
    ("audit", lambda d, s: set(names(*PRONE)(d, s)), "A list of names is wanted"),
    ("audit", lambda d, s: [*PRONE, "another"], "not among the decoders"),
    ("gradient_overlap", lambda *a: gradient(*a, padding="SAME"), "padded"),
    ("gradient_overlap", overlap, "n is the size of the input"),
    ("gradient_overlap", lambda *a: np.minimum(gradient(*a), 1), "reads a pixel"),
    ("gradient_overlap", lambda *a: gradient(*a).numpy()[:5, :5], "shape of the input"),
    ("folded_kernel", lambda k, f: folded(k[::-1, ::-1], f), "not turned"),
    ("folded_kernel", lambda k, f: folded(k, f) / f**2, "repeats, it does not share"),
    ("folded_kernel", lambda k, f: np.kron(k, np.ones((f, f))), "kernel enlarged"),
    ("folded_kernel", lambda k, f: np.pad(k[::-1, ::-1], (0, f - 1)), "repeated pixels are miss"),
    ("resize_conv", lambda *a: resize(*a, activation="relu"), "activation = relu"),
    ("resize_conv", lambda *a: resize(*a, padding="valid"), "padding = valid"),
    ("resize_conv", lambda x, f, k=3, s=2: resize(x, f, k), "repeats by"),
    ("resize_conv", lambda x, f, k=3, s=2: resize(x, f, 3, s), "kernel_size ="),
    ("resize_conv", lambda x, f, *a: resize(x, 5, *a), "filters = 5; 3 is asked for"),
    (
        "resize_conv",
        lambda x, f, k=3, s=2: L.UpSampling2D(s)(L.Conv2D(f, k, padding="same")(x)),
        "comes before the upsampling",
    ),
    ("resize_conv", lambda x, f, k=3, s=2: L.Conv2DTranspose(f, k, s)(x), "does without"),
    ("replace_transposed", lambda m: m, "the very model"),
    ("replace_transposed", replaced_in_place, "changed the model"),
    ("replace_transposed", keras.models.clone_model, "still has 2 strided"),
    ("replace_transposed", lambda m: replaced(m, strides=((2, 2),)), "still has 1 strided"),
    (
        "replace_transposed",
        lambda m: replaced(m, lambda x: pair(x, activation=None)),
        r"missing .*Conv2D\(activation=relu",
    ),
    (
        "replace_transposed",
        lambda m: replaced(m, lambda x: pair(x, use_bias=True)),
        "use_bias of a replaced layer are kept",
    ),
    ("replace_transposed", lambda m: replaced(m, lambda x: pair(x)[::-1]), "another feature map"),
    (
        "replace_transposed",
        lambda m: replaced(m, strides=((1, 1), (2, 2), (3, 3))),
        "every other layer stays",
    ),
    ("replace_transposed", skip_lost, "reads another feature map"),
    ("replace_transposed", lambda m: None, "returned None"),
]


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
@pytest.mark.parametrize(("name", "answer", "says"), WRONG)
def test_a_misconception_is_named(name, answer, says):
    with pytest.raises(lab.CheckFailed, match=f"(?i){says}"):
        getattr(check, name)(answer)
    assert getattr(check, name).outcome == "wrong"


def stub(*arguments):
    raise NotImplementedError()


def broken(*arguments):
    return arguments[99]


@pytest.mark.parametrize("name", EXERCISES)
def test_a_stub_and_an_exception_are_told_apart(name):
    for function, outcome in [(stub, "not attempted"), (broken, "raises")]:
        with pytest.raises(lab.CheckFailed):
            getattr(check, name)(function)
        assert getattr(check, name).outcome == outcome


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("value", [None, 3, "text", (), np.zeros(3), keras.Sequential()])
def test_a_result_of_another_kind_is_explained(name, value):
    with pytest.raises(lab.CheckFailed):
        getattr(check, name)(lambda *arguments: value)
    assert getattr(check, name).outcome in ("wrong", "raises")


def test_the_exercises_are_worth_40_points():
    assert sum(getattr(check, name).points for name in EXERCISES) == 40


# ------------------------------------------------------------------------------ facts
@pytest.mark.parametrize("merge", ["concatenate", "add"])
@pytest.mark.parametrize("stride", [2, 3])
def test_a_model_with_skips_keeps_height_and_width(merge, stride):
    model = check.with_skips(merge, stride=stride)
    assert model.output_shape == (None, 12, 6, 2)
    assert model(np.zeros((1, 12, 6, 2))).shape == (1, 12, 6, 2)


@pytest.mark.parametrize(("size", "ratio"), [(3, 4), (5, 2.25), (4, 1), (2, 1)])
def test_largest_over_smallest_count_at_stride_2(size, ratio):
    interior = overlap(10, size, 2)[6:-6, 6:-6]
    assert interior.max() / interior.min() == ratio


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_random_kernels_of_every_size_are_about_as_uneven(size):
    generator = np.random.default_rng(0)
    values = [score(sums(generator.normal(size=(size, size)), 2), 2) for _ in range(400)]
    assert 0.8 < np.mean(values) < 0.92


def test_a_kernel_of_five_can_be_flat_at_stride_2():
    line = np.array([0.2, 0.5, 0.6, 0.5, 0.2])
    assert np.allclose([line[::2].sum(), line[1::2].sum()], 1)


@pytest.mark.parametrize("factor", [2, 3])
def test_resize_convolution_is_one_transposed_convolution(factor):
    generator = np.random.default_rng(1)
    x, kernel = generator.normal(size=(1, 6, 7, 1)), generator.normal(size=(3, 3))
    large = np.repeat(np.repeat(x, factor, axis=1), factor, axis=2)
    large = np.pad(large, ((0, 0), (2, 2), (2, 2), (0, 0)))
    two = keras.ops.conv(large, kernel[:, :, None, None])
    stamp = folded(kernel, factor)[:, :, None, None]
    one = keras.ops.conv_transpose(x, stamp, strides=factor, padding="valid")
    assert np.allclose(one, two)
    assert np.allclose(sums(stamp[:, :, 0, 0], factor), kernel.sum())
