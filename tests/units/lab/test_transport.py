"""How models travel: what arrives, what stays behind, and what is said of the rest."""

import functools
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab  # noqa: F401 - quiets TensorFlow
from autograder.lab import transport

L = keras.layers


def trip(layer):
    return transport.from_data(transport.to_data(layer))


def dense(**settings):
    return keras.Sequential([keras.Input((3,)), L.Dense(2, **settings)])


def numbers(model):
    x = np.random.default_rng(0).normal(size=(2, *model.input_shape[1:])).astype("float32")
    return np.asarray(model(x), "float32")


def own_regularizer(kernel):
    return keras.ops.sum(kernel)


class OwnInitializer(keras.Initializer):
    def __init__(self, value):
        self.value = value

    def __call__(self, shape, dtype=None):
        return self.value * keras.ops.ones(shape, dtype)


class OwnConstraint(keras.constraints.Constraint):
    def __call__(self, kernel):
        return kernel


FREE = {
    "own initializer": {"kernel_initializer": OwnInitializer(3.0)},
    "function as initializer": {"kernel_initializer": lambda shape, dtype=None: tf.ones(shape)},
    "TensorFlow's initializer": {"kernel_initializer": tf.random_normal_initializer(0.0, 0.02)},
    "a kernel as initializer": {"kernel_initializer": keras.initializers.Constant(np.ones((3, 2)))},
    "own regularizer": {"kernel_regularizer": own_regularizer, "bias_regularizer": lambda w: 0.0},
    "own constraint": {"kernel_constraint": OwnConstraint(), "bias_constraint": lambda w: w},
    "Keras' own": {
        "kernel_initializer": keras.initializers.HeNormal(3),
        "kernel_regularizer": keras.regularizers.L2(0.01),
        "activity_regularizer": "l1",
        "bias_constraint": "non_neg",
    },
}


@pytest.mark.parametrize("settings", FREE.values(), ids=FREE)
def test_what_decides_nothing_once_there_are_weights_stops_no_model(settings):
    model = dense(**settings)
    held = {name: getattr(model.layers[0], name) for name in settings}
    assert np.array_equal(numbers(trip(model)), numbers(model))
    assert all(getattr(model.layers[0], name) is value for name, value in held.items())


def test_keras_own_initializers_and_regularizers_travel():
    (layer,) = trip(dense(**FREE["Keras' own"])).layers
    assert isinstance(layer.kernel_initializer, keras.initializers.HeNormal)
    assert layer.kernel_regularizer.l2 == pytest.approx(0.01)
    (own,) = trip(dense(**FREE["own initializer"])).layers
    assert isinstance(own.kernel_initializer, keras.initializers.GlorotUniform)


class OwnLoss(keras.Loss):
    def call(self, y_true, y_pred):
        return y_true - y_pred


class OwnMetric(keras.Metric):
    pass


class OwnOptimizer(keras.optimizers.SGD):
    pass


def own_metric(y_true, y_pred):
    return tf.image.psnr(y_true, y_pred, 1.0)


@pytest.mark.parametrize(
    "compiled",
    [
        {"optimizer": "adam", "loss": own_metric},
        {"optimizer": OwnOptimizer(), "loss": OwnLoss(), "metrics": [own_metric, "mae"]},
        {"loss": lambda y_true, y_pred: y_pred, "metrics": [OwnMetric(), keras.metrics.AUC()]},
    ],
)
def test_nothing_that_compile_holds_travels(compiled):
    model = dense()
    model.compile(**compiled)
    arrived = trip(keras.Sequential([keras.Input((3,)), model]))
    assert np.array_equal(numbers(arrived), numbers(model))
    assert not arrived.compiled and not arrived.layers[0].compiled and model.compiled


SAME = [
    (tf.nn.relu, "relu"), (tf.nn.relu6, "relu6"), (tf.nn.leaky_relu, "leaky_relu"),
    (tf.nn.elu, "elu"), (tf.nn.selu, "selu"), (tf.nn.gelu, "gelu"), (tf.nn.swish, "silu"),
    (tf.nn.silu, "silu"), (tf.nn.softmax, "softmax"), (tf.nn.log_softmax, "log_softmax"),
    (tf.nn.softplus, "softplus"), (tf.nn.softsign, "softsign"), (tf.nn.sigmoid, "sigmoid"),
    (tf.sigmoid, "sigmoid"), (tf.math.sigmoid, "sigmoid"), (tf.tanh, "tanh"),
    (tf.exp, "exponential"), (tf.identity, "linear"), (keras.ops.relu, "relu"),
    (keras.ops.hard_swish, "hard_silu"), (keras.ops.sigmoid, "sigmoid"),
    (keras.activations.swish, "silu"), (None, "linear"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "name"), SAME)
def test_a_function_that_keras_has_under_any_name_travels(function, name):
    model = keras.Sequential([keras.Input((4, 4, 2)), L.Conv2D(3, 1, activation=function)])
    arrived = trip(model)
    assert arrived.layers[0].activation is getattr(keras.activations, name)
    assert np.allclose(numbers(arrived), numbers(model), atol=1e-6)


def sigmoid(x):
    return 1 / (1 + keras.ops.exp(x))


OWN = [
    sigmoid, lambda x: keras.ops.relu(x), functools.partial(tf.nn.leaky_relu, alpha=0.3), tf.abs,
    keras.ops.identity,
]  # fmt: skip


@pytest.mark.parametrize("function", OWN)
def test_a_function_of_another_meaning_does_not_whatever_its_name(function):
    conv = L.Conv2D(1, 1, name="last")
    model = keras.Sequential([keras.Input((4, 4, 1)), conv])
    conv.activation = function
    with pytest.raises(transport.CannotCross, match=r"the layer `last` \(Conv2D\) has the act"):
        transport.to_data(model)
    assert conv.activation is function
    wrapped = keras.Sequential([keras.Input((2, 4, 4, 1)), L.TimeDistributed(conv)])
    with pytest.raises(transport.CannotCross, match="the layer `last`"):
        transport.to_data(wrapped)


class Thin(keras.Model):
    def __init__(self, width):
        image = keras.Input((4, 4, 1))
        super().__init__(image, L.Conv2D(width, 3)(image))
        self.width = width

    def train_step(self, data):
        return {}


class ThinSequential(keras.Sequential):
    def __init__(self):
        super().__init__([keras.Input((4, 4, 1)), Thin(2)])


class OwnCall(keras.Model):
    def __init__(self):
        image = keras.Input((4, 4, 1))
        super().__init__(image, L.Conv2D(2, 3)(image))

    def call(self, x):
        return -super().call(x)


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.last = L.Dense(2)

    def call(self, x):
        return self.last(x)


class Followed(keras.Model):
    """Holds its layers in a list, calls operations, and one layer asks whether it is trained."""

    def __init__(self, unused=False):
        super().__init__()
        self.steps = [L.Conv2D(2, 3, padding="same"), L.BatchNormalization(), L.Dropout(0.5)]
        self.other = L.Dense(3) if unused else None
        self(keras.Input((4, 4, 1)))

    def call(self, x, training=False):
        first = x
        for step in self.steps:
            x = step(x, training=training) if isinstance(step, L.Dropout) else step(x)
        return keras.ops.relu(x) + first


class CallsTensorFlow(Followed):
    def call(self, x):
        return tf.nn.relu(self.steps[0](x))


class SaysNothing(Followed):
    raises = False

    def call(self, x):
        if self.raises:
            raise ValueError
        return super().call(x)


def says_nothing():
    model = SaysNothing()
    model.raises = True
    return model


class MakesLayers(keras.Model):
    def call(self, x):
        return L.Dense(2)(x)


class HasWeights(keras.Model):
    def __init__(self):
        super().__init__()
        self.scale = self.add_weight(shape=(1,), initializer="ones")
        self.last = L.Dense(1)

    def call(self, x):
        return self.last(x) * self.scale


def after_a_call(model):
    model(np.ones((1, 3), "float32"))
    return model


class OwnLayer(L.Dense):
    pass


@pytest.mark.parametrize("make", [lambda: Thin(2), ThinSequential])
def test_a_class_that_only_builds_a_functional_model_travels_as_that_model(make):
    model = make()
    kind = type(model)
    arrived = trip(model)
    assert type(model) is kind
    assert type(arrived).__module__.startswith("keras.src.")
    assert np.array_equal(numbers(arrived), numbers(model))


@pytest.mark.parametrize(
    "make", [Followed, lambda: Followed(unused=True), OwnCall, lambda: after_a_call(Subclassed())]
)
def test_a_model_travels_as_the_layers_that_its_own_call_calls(make):
    model = make()
    inputs = transport._input_shape(model)
    x = np.random.default_rng(0).normal(size=(2, *inputs[1:])).astype("float32")
    arrived = trip(model)
    assert arrived.input_shape[1:] == inputs[1:]
    assert np.allclose(arrived(x), model(x), atol=1e-6)


def test_training_reaches_the_layers_of_a_model_with_its_own_call():
    arrived, x = trip(Followed()), np.ones((1, 4, 4, 1), "float32")
    assert not np.allclose(arrived(x, training=True), arrived(x))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (Subclassed, "`Subclassed` is .* with its own `call`, and it does not know its input"),
        (CallsTensorFlow, "`CallsTensorFlow` is .*, and Keras cannot follow its `call` .A Keras"),
        (says_nothing, "`SaysNothing` is .*, and Keras cannot follow its `call` .ValueError.; use"),
        (lambda: after_a_call(MakesLayers()), "`MakesLayers` is .* that makes its layers anew"),
        (lambda: after_a_call(HasWeights()), "`HasWeights` is .* that has weights outside of lay"),
        (
            lambda: keras.Sequential([keras.Input((4, 4, 1)), Followed()]),
            "`Followed` is a class of your own with its own `call`; return keras.Model",
        ),
        (lambda: keras.Sequential([OwnLayer(2, name="mine")]), "the layer `mine` .OwnLayer. is of"),
        (
            lambda: keras.Sequential([L.Lambda(lambda x: x, name="f")]),
            "the layer `f` .Lambda. holds",
        ),
        (lambda: keras.Sequential([L.TimeDistributed(OwnLayer(2))]), "OwnLayer"),
        (
            lambda: keras.Model(x := keras.Input((3,)), keras.ops.vectorized_map(sigmoid, x)),
            "Keras",
        ),
    ],
)
def test_what_does_not_travel_says_what_stops_it(make, says):
    with pytest.raises(transport.CannotCross, match=says):
        transport.to_data(make())


@pytest.mark.parametrize("policy", ["float64", "float16", "mixed_float16", "mixed_bfloat16"])
def test_a_model_arrives_in_float32_whatever_a_notebook_has_set(policy):
    before = keras.config.floatx(), keras.config.dtype_policy()
    try:
        keras.config.set_floatx(policy if policy.startswith("float") else "float32")
        keras.config.set_dtype_policy(policy)
        image = keras.Input((4, 4, 2))
        x = L.BatchNormalization()(L.Conv2D(2, 3)(image))
        x = keras.ops.cast(x * np.array([1.0, 2.0]), keras.config.floatx())
        arrived = trip(keras.Model(image, x))
        y = arrived(np.ones((1, 4, 4, 2), "float32"))
        assert keras.config.dtype_policy().name == policy
    finally:
        keras.config.set_floatx(before[0])
        keras.config.set_dtype_policy(before[1])
    assert keras.backend.standardize_dtype(y.dtype) == "float32"
    assert {variable.dtype for variable in arrived.variables} == {"float32"}


def test_what_a_model_said_of_its_output_arrives_beside_what_it_does():
    model = keras.Sequential([keras.Input((4, 4, 1)), L.Conv2D(2, 3)])
    assert transport.origin(trip(model)).outputs == [(None, 2, 2, 2)]
    model.layers[0].padding = "same"
    arrived = trip(model)
    assert transport.origin(arrived).outputs == [(None, 2, 2, 2)]
    assert arrived.output_shape == (None, 4, 4, 2)
    model.layers[0].kernel_size = (5, 5)
    with pytest.raises(transport.CannotCross, match="make a new layer"):
        trip(model)


def test_models_that_hold_a_layer_together_are_known():
    shared = L.Dense(3)
    one, other, third = (
        keras.Sequential([keras.Input((3,)), layer]) for layer in (shared, shared, L.Dense(3))
    )
    assert transport.share_variables(one, other)
    assert not transport.share_variables(one, third)


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
    data = transport.to_data(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]))
    with pytest.raises(transport.CannotCross):
        transport.from_data({**data, "config": change(data["config"])})


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
        with pytest.raises(transport.CannotCross, match=f"a {function} of {module}"):
            transport.from_data({**data, "config": calls_a_function(module, function, argument)})
    built = transport.to_data(dense())
    called = {"module": "keras.config", "class_name": function, "config": {}}
    config = built["config"].replace(
        '"activation": "linear"', f'"activation": {json.dumps(called)}'
    )
    assert config != built["config"]
    with pytest.raises(transport.CannotCross, match=function):
        transport.from_data({**built, "config": config})
    assert state == (
        keras.config.epsilon(), keras.config.floatx(), keras.config.image_data_format(),
    )  # fmt: skip


def lookup(kind, **settings):
    config = {"vocabulary": "/proc/self/environ", **settings}
    return {"module": "keras.layers", "class_name": kind, "registered_name": None, "config": config}


SEQUENTIAL = {"module": "keras", "class_name": "Sequential", "registered_name": None}
TEXT = dict.fromkeys(["standardize", "split", "ngrams", "output_sequence_length"])


@pytest.mark.parametrize(
    "config",
    [
        lookup("StringLookup"),
        lookup("IntegerLookup"),
        lookup("TextVectorization", output_mode="int", **TEXT),
        {**SEQUENTIAL, "config": {"name": "s", "layers": [lookup("StringLookup")]}},
    ],
    ids=["strings", "numbers", "text", "within"],
)
def test_a_forged_model_reads_no_file(config):
    data = {"config": json.dumps(config), "weights": [], "built": False, "trainable": []}
    with pytest.raises(transport.CannotCross) as refused:
        transport.from_data(data)
    error: BaseException | None = refused.value
    while error and "the loading of a vocabulary file" not in str(error):
        error = error.__cause__
    assert error


def models_of_many_kinds():
    layers, ops = keras.layers, keras.ops
    x = keras.Input((4, 4, 2))
    yield keras.Model(x, ops.concatenate([x[:, 1:], ops.relu(x[:, :-1]) * 2.0 + x[:, 1:]], axis=-1))
    yield keras.Model(x, ops.sigmoid(layers.Conv2D(3, 1)(layers.ZeroPadding2D(1)(x))))
    dense = {"kernel_regularizer": "l2", "kernel_constraint": "max_norm"}
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
    arrived = trip(model)
    x = np.random.default_rng(0).normal(size=(2, *model.input_shape[1:])).astype("float32")
    assert np.array_equal(model(x), arrived(x))
