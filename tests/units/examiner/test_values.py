"""What crosses between the processes: equal values, whatever they are, and errors for the rest."""

import contextlib
import struct

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.examiner import values, wire

DTYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**40), 10**40), st.floats(), st.text(), st.binary()
)
ARRAYS = st.sampled_from(DTYPES).flatmap(
    lambda kind: arrays.arrays(np.dtype(kind), arrays.array_shapes(min_dims=0, min_side=0))
)
KEYS = st.one_of(st.text(), st.integers(-(2**63), 2**64 - 1), st.booleans(), st.none())
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.sets(SCALARS.filter(lambda value: value == value), max_size=4)
    ),
    max_leaves=12,
)


def same(one, other):
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (
            one.dtype == other.dtype
            and one.shape == other.shape
            and (one.tobytes() == other.tobytes())
        )
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[k], other[k]) for k in one)
    return (
        struct.pack("d", one) == struct.pack("d", other)
        if isinstance(one, float)
        else (one == other)
    )


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_a_value_arrives_equal(value):
    assert same(value, values.decode(values.encode(value)))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["f4", "f8", "i4"]),
    st.lists(st.tuples(st.integers(1, 4), st.sampled_from([-2, -1, 1, 2, 3])), min_size=1,
             max_size=3),
    st.randoms(),
)  # fmt: skip
def test_an_array_keeps_its_memory_layout(dtype, axes, random):
    whole = np.arange(np.prod([n * abs(s) for n, s in axes]), dtype=dtype)
    whole = whole.reshape([n * abs(s) for n, s in axes])
    order = list(range(len(axes)))
    random.shuffle(order)
    view = whole[tuple(slice(None, None, step) for _, step in axes)].transpose(order)
    arrived = values.decode(values.encode(view))
    assert same(np.ascontiguousarray(view), np.ascontiguousarray(arrived))
    lengths = [length > 1 for length in view.shape]
    assert np.array(view.strides)[lengths].tolist() == np.array(arrived.strides)[lengths].tolist()


@settings(max_examples=1000, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_an_error(frame):
    with contextlib.suppress(wire.WireError):
        values.decode(frame)


@settings(max_examples=500, deadline=None)
@given(VALUES, st.lists(st.tuples(st.integers(0), st.integers(0, 255)), max_size=4))
def test_a_damaged_message_gives_a_value_or_an_error(value, changes):
    frame = bytearray(values.encode(value))
    for place, byte in changes:
        frame[place % len(frame)] = byte
    with contextlib.suppress(wire.WireError):
        values.decode(bytes(frame))


@pytest.mark.parametrize("value", [tf.constant([[1.0, 2.0]]), tf.Variable(np.arange(3))])
def test_tensors_arrive_as_tensors(value):
    arrived = values.decode(values.encode(value))
    assert isinstance(arrived, tf.Tensor)
    assert arrived.dtype == value.dtype and np.array_equal(arrived, value)


def test_a_generator_goes_on_where_it_was():
    generator = np.random.default_rng(3)
    generator.random(5)
    assert values.decode(values.encode(generator)).random() == generator.random()


MODELS = {
    "sequential": lambda: keras.Sequential(
        [
            keras.Input((4, 6, 2)),
            keras.layers.Conv2DTranspose(3, 3, strides=2, padding="same", activation="relu"),
            keras.layers.BatchNormalization(),
            keras.layers.Conv2D(1, 1, activation="sigmoid"),
        ]
    ),
    "built when called": lambda: built_when_called(),
    "skips": lambda: skips(),
    "nested": lambda: keras.Sequential([keras.Input((4, 6, 2)), MODELS["sequential"]()]),
}


def built_when_called():
    model = keras.Sequential([keras.layers.Conv2D(3, 3), keras.layers.Conv2D(1, 1)])
    model(np.zeros((1, 4, 6, 2), "float32"))
    return model


def skips():
    inputs = keras.Input((4, 6, 2))
    x = keras.layers.Conv2D(2, 3, padding="same")(inputs)
    return keras.Model(inputs, keras.ops.relu(keras.layers.Concatenate()([x, inputs])) + 1.0)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_arrives_with_its_weights(name):
    model = MODELS[name]()
    model.layers[-1].trainable = False
    arrived = values.decode(values.encode(model))
    x = np.random.default_rng(0).random((2, 4, 6, 2)).astype("float32")
    assert np.array_equal(model(x), arrived(x))
    assert [layer.name for layer in arrived.layers] == [layer.name for layer in model.layers]
    assert [layer.trainable for layer in arrived.layers] == [x.trainable for x in model.layers]


def test_a_layer_arrives_built_or_not():
    layer = keras.layers.Conv2DTranspose(2, 2, strides=2, trainable=False)
    assert not values.decode(values.encode(layer)).built
    layer.build((None, None, None, 3))
    arrived = values.decode(values.encode(layer))
    assert arrived.built and not arrived.trainable
    assert np.array_equal(arrived.kernel, layer.kernel)


class OwnLayer(keras.layers.Layer):
    pass


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (object(), "a value of type object cannot cross"),
        (lambda x: x, "function cannot cross"),
        (keras.Input((3,)), "a symbolic Keras tensor"),
        (np.array(["text"]), "only numeric arrays"),
        (np.array([None]), "only numeric arrays"),
        (OwnLayer(), "a class of your own"),
        (keras.Sequential([keras.layers.Lambda(lambda t: t)]), "Lambda"),
        ({(1, 2): 3}, "key of type tuple"),
        ([10**10**4], "too many digits"),
    ],
)
def test_what_cannot_cross_says_why(value, says):
    with pytest.raises(wire.WireError, match=says):
        values.encode(value)


def test_a_model_that_cannot_be_rebuilt_is_told_from_bytes_that_are_no_value():
    frame = values.encode(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]))
    with pytest.raises(values.ModelError, match=r"a Danse of keras\.layers"):
        values.decode(frame.replace(b"Dense", b"Danse"))
    with pytest.raises(values.ModelError):
        values.encode(OwnLayer())
