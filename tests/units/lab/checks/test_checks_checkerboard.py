"""What the checks of assignment 04 do beyond what the answers of the catalogue show, and facts."""

import keras
import numpy as np
import pytest

from autograder import lab
from autograder.lab import models, oracle
from autograder.lab.checks import checkerboard as check

L = keras.layers


# ------------------------------------------------------------------------------ rare mistakes
def sums(kernel, stride, of=np.sum):
    return np.array(
        [[of(kernel[p::stride, q::stride]) for q in range(stride)] for p in range(stride)]
    )


def test_a_block_with_a_strided_convolution_is_told_so():
    def block(x, filters, kernel_size=3, factor=2):
        large = L.UpSampling2D(factor)(x)
        return L.Conv2D(filters, kernel_size, strides=2, padding="same")(large)

    with pytest.raises(lab.CheckFailed, match=r"strides=\(2, 2\)") as failure:
        check.resize_conv_interpolated(block)
    assert failure.value.finding.kind == "strides"


def replaced(model, swap=False):
    """Right, unless the merging layer is to read its two feature maps the other way round."""
    made = {id(model.inputs[0]): keras.Input(model.input_shape[1:])}
    source = made[id(model.inputs[0])]
    x = source
    for layer in model.layers[1:] if not isinstance(model, keras.Sequential) else model.layers:
        if not isinstance(model, keras.Sequential):
            x = keras.tree.map_structure(lambda t: made[id(t)], layer.input)
        if swap and isinstance(layer, L.Concatenate):
            x = x[::-1]
        if isinstance(layer, L.Conv2DTranspose) and max(layer.strides) > 1:
            x = L.UpSampling2D(layer.strides)(x)
            kept = {key: getattr(layer, key) for key in ("kernel_size", "activation", "use_bias")}
            x = L.Conv2D(layer.filters, padding="same", **kept)(x)
        else:
            x = type(layer).from_config(layer.get_config())(x)
        made[id(layer.output)] = x
    return keras.Model(source, x)


def test_a_layer_that_reads_its_inputs_in_another_order_is_found():
    trial = check.replace_transposed.trial(lambda model: replaced(model, swap=True))
    check.expect_replaced(trial, check.with_skips("add"))
    with pytest.raises(lab.CheckFailed) as failure:
        check.expect_replaced(trial, check.with_skips("concatenate"))
    assert failure.value.finding.kind == "another-input"


def test_a_model_must_give_what_its_shapes_promise(monkeypatch):
    monkeypatch.setattr(models, "run", lambda trial, model, x: x)  # of the first edition
    with pytest.raises(lab.CheckFailed, match="Called on an array of shape") as failure:
        check.replace_transposed(replaced)
    assert failure.value.finding.kind == "another-size"


def test_an_answer_that_fails_is_told_which_model_it_was_given():
    with pytest.raises(lab.CheckFailed) as failure:
        check.cheaper(lambda model: {}[1])
    assert "It was given a Sequential model, to replace: 3x3 by 2" in str(failure.value)
    trial = check.cheaper.trial(lambda model: {}[1])
    model = check.resizing([(3, 2)], by_adding=True)
    with pytest.raises(lab.CheckFailed, match="It was built by `add`"):
        check.expect_cheaper(trial, model, np.random.default_rng(0))


@pytest.mark.parametrize(("period", "channels", "limit"), [(2, 1, 0.1), (3, 3, 0.42), (4, 3, 0.4)])
def test_no_mean_score_of_an_audit_is_close_to_the_limit(period, channels, limit):
    for seed in range(5):
        generator = np.random.default_rng(seed)
        images = 16 if channels == 1 else 4
        made, noises, *_ = check.audit_case(generator, period, channels, limit, images=images)
        for name, model in made.items():
            score = check._scores(model, noises[name], period).mean()
            assert not 0.75 * limit < score < 1.2 * limit, name


@pytest.mark.parametrize("stride", [2, 3, 4])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_box_more_is_an_order_more(stride, order):
    line = np.ones(1)
    for _ in range(order):
        line = np.convolve(line, np.ones(stride))
    kernel = np.random.default_rng(stride).normal(size=(3, 4))
    stamp = oracle.stamps(kernel, np.outer(line, line), stride=1)
    assert check._order(kernel, stride=stride) == 0
    assert check._order(stamp, stride=stride) == order


# ------------------------------------------------------------------------------ facts
def overlap(count, size, stride):
    line = np.zeros((count - 1) * stride + size, int)
    for index in range(count):
        line[index * stride : index * stride + size] += 1
    return line


def folded(kernel, factor):
    rows, columns = kernel.shape
    stamp = np.zeros((rows + factor - 1, columns + factor - 1))
    for i, j in np.ndindex(factor, factor):
        stamp[i : i + rows, j : j + columns] += kernel[::-1, ::-1]
    return stamp


@pytest.mark.parametrize("merge", ["concatenate", "add"])
@pytest.mark.parametrize("stride", [2, 3])
def test_a_model_with_skips_keeps_height_and_width(merge, stride):
    model = check.with_skips(merge, stride=stride)
    assert model.output_shape == (None, 12, 6, 2)
    assert model(np.zeros((1, 12, 6, 2))).shape == (1, 12, 6, 2)


@pytest.mark.parametrize(("size", "ratio"), [(3, 4), (5, 2.25), (4, 1), (2, 1)])
def test_largest_over_smallest_count_at_stride_2(size, ratio):
    interior = np.outer(overlap(10, size, 2), overlap(10, size, 2))[6:-6, 6:-6]
    assert interior.max() / interior.min() == ratio


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_random_kernels_of_every_size_are_about_as_uneven(size):
    generator = np.random.default_rng(0)
    phases = [sums(generator.normal(size=(size, size)), 2) for _ in range(400)]
    values = [np.std(p) / np.sqrt(np.mean(p**2)) for p in phases]
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
