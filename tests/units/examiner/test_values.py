"""What crosses between the processes: equal values, whatever they are, and errors for the rest."""

import contextlib
import json
import struct

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.examiner import models, values, wire

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
        (OwnLayer(), "use Keras' own layers"),
        (keras.Sequential([keras.layers.Lambda(lambda t: t)]), "Lambda"),
        ({(1, 2): 3}, "key of type tuple"),
        ([10**10**4], "too many digits"),
    ],
)
def test_what_cannot_cross_says_why(value, says):
    with pytest.raises(wire.WireError, match=says):
        values.encode(value)


@pytest.mark.parametrize(
    "change",
    [
        lambda config: config.replace('"Dense"', '"Lambda"'),
        lambda config: config.replace("keras.layers", "os"),
        lambda config: config.replace('"class_name": "Dense"', '"class_name": "function"'),
        lambda config: config.replace('"units": 2', '"units": 3'),
        lambda config: "[1, 2]",
        lambda config: "null",
    ],
)
def test_a_forged_model_is_refused(change):
    data = models.to_data(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]))
    with pytest.raises(wire.WireError):
        models.from_data({**data, "config": change(data["config"])})


def calls_a_function(module, function, *arguments):
    """A model in whose configuration an operation calls a function of Keras."""
    shared = {"registered_name": None, "config": {}}
    entry = {"module": "keras.layers", "class_name": "InputLayer", "name": "i", "inbound_nodes": []}
    entry |= {**shared, "config": {"batch_shape": [None, 4], "name": "i"}}
    called = {"module": module, "class_name": function, **shared}
    switch = {"module": "keras.src.ops.core", "class_name": "Switch", "name": "s", **shared}
    switch["inbound_nodes"] = [{"args": [0, [called], *arguments], "kwargs": {}}]
    ends = {"input_layers": [["i", 0, 0]], "output_layers": [["i", 0, 0]]}
    model = {"name": "m", "trainable": True, "layers": [entry, switch], **ends}
    kind = {"module": "keras.src.models.functional", "class_name": "Functional", **shared}
    return json.dumps({**kind, "config": model})


@pytest.mark.parametrize(
    ("function", "argument"),
    [("set_epsilon", 1e30), ("set_floatx", "float16"), ("set_image_data_format", "channels_first")],
)
def test_a_model_calls_no_function_of_keras(function, argument):
    state = keras.config.epsilon(), keras.config.floatx(), keras.config.image_data_format()
    data = {"weights": [], "built": True, "trainable": []}
    for module in ("keras.config", "keras.src.backend.config", "keras"):
        with pytest.raises(wire.WireError, match=f"a {function} of {module}"):
            models.from_data({**data, "config": calls_a_function(module, function, argument)})
    dense = models.to_data(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]))
    called = {"module": "keras.config", "class_name": function, "config": {}}
    config = dense["config"].replace(
        '"activation": "linear"', f'"activation": {json.dumps(called)}'
    )
    assert config != dense["config"]
    with pytest.raises(wire.WireError, match=function):
        models.from_data({**dense, "config": config})
    assert state == (
        keras.config.epsilon(), keras.config.floatx(), keras.config.image_data_format(),
    )  # fmt: skip


def models_of_many_kinds():
    layers, ops = keras.layers, keras.ops
    x = keras.Input((4, 4, 2))
    yield keras.Model(x, ops.concatenate([x[:, 1:], ops.relu(x[:, :-1]) * 2.0 + x[:, 1:]], axis=-1))
    yield keras.Model(x, ops.sigmoid(layers.Conv2D(3, 1)(layers.ZeroPadding2D(1)(x))))
    dense = {"kernel_regularizer": "l2", "kernel_constraint": "max_norm", "dtype": "mixed_float16"}
    compiled = keras.Sequential([keras.Input((3,)), layers.Dense(2, tf.nn.relu, **dense)])
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    compiled.compile(keras.optimizers.Adam(rate), keras.losses.BinaryCrossentropy(), ["mae"])
    yield compiled
    wrapped = [
        layers.SpectralNormalization(layers.Conv1D(2, 3)),
        layers.Bidirectional(layers.LSTM(2)),
    ]
    yield keras.Sequential([keras.Input((4, 3)), layers.TimeDistributed(layers.Dense(2)), *wrapped])
    yield keras.Sequential([keras.Input((3,)), layers.Dense(2, activation=layers.LeakyReLU(0.1))])


@pytest.mark.parametrize(
    "model",
    list(models_of_many_kinds()),
    ids=["ops", "one op", "compiled", "wrappers", "layer as activation"],
)
def test_every_kind_of_kerass_own_models_crosses(model):
    arrived = values.decode(values.encode(model))
    x = np.random.default_rng(0).normal(size=(2, *model.input_shape[1:])).astype("float32")
    assert np.array_equal(model(x), arrived(x))
