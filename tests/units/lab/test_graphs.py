"""The walker over a model's graph unfolds nested models and computes every shape."""

import keras

from autograder import lab  # noqa: F401 - quiets TensorFlow
from autograder.lab import graphs

L = keras.layers


def kinds(model):
    return [type(step.operation).__name__ for step in graphs.steps_of(model)]


def small_network(side=8):
    image = keras.Input((side, side, 1))
    low = L.Conv2D(2, 3, padding="same")(L.MaxPooling2D()(image))
    up = L.Conv2DTranspose(1, 2, strides=2)(low)
    return keras.Model(image, L.Concatenate()([image, up]))


def test_a_model_inside_a_model_is_unfolded():
    image = keras.Input((8, 8, 1))
    nested = keras.Model(image, small_network()(image))
    assert kinds(nested) == kinds(small_network())
    assert kinds(nested) == [
        "NoneType", "MaxPooling2D", "Conv2D", "Conv2DTranspose", "Concatenate"
    ]  # fmt: skip


def test_a_sequential_model_inside_a_sequential_one_is_unfolded():
    inner = keras.Sequential([L.Conv2D(2, 3), keras.Sequential([L.ReLU()])])
    assert kinds(keras.Sequential([keras.Input((5, 5, 1)), inner, L.Flatten()])) == [
        "NoneType", "Conv2D", "ReLU", "Flatten"
    ]  # fmt: skip


def test_the_shapes_of_a_model_for_any_size_are_those_of_the_model_around_it():
    encoder = keras.Sequential([keras.Input((None, None, 1)), L.Conv2D(2, 3), L.MaxPooling2D()])
    image = keras.Input((10, 8, 1))
    model = keras.Model(image, encoder(image))
    assert [step.shape[1:3] for step in graphs.steps_of(model)] == [(10, 8), (8, 6), (4, 3)]
    assert graphs.feature_map_sizes(model) == [(8, 6), (4, 3)]


def test_a_shared_layer_is_one_step_for_each_call():
    shared = L.Conv2D(1, 1)
    image = keras.Input((4, 4, 1))
    steps = graphs.steps_of(keras.Model(image, shared(shared(image))))
    assert [step.operation for step in steps] == [None, shared, shared]
    assert [step.inputs for step in steps] == [(), (0,), (1,)]


def test_a_call_outside_the_model_is_no_step():
    image = keras.Input((4, 4, 1))
    layer = L.Conv2D(1, 1)
    model = keras.Model(image, layer(image))
    L.ReLU()(model.output)
    layer(keras.Input((6, 6, 1)))
    assert kinds(model) == ["NoneType", "Conv2D"]


def test_operations_and_their_several_outputs_are_steps():
    image = keras.Input((4, 4, 2))
    first, second = keras.ops.split(image, 2, axis=-1)
    steps = graphs.steps_of(keras.Model(image, keras.ops.subtract(second, first)))
    assert [step.inputs for step in steps] == [(), (0,), (0,), (2, 1)]


def test_what_leads_to_what_and_what_joins_two_feature_maps():
    image, pooled, low, up, joined = graphs.steps_of(small_network())
    steps = [image, pooled, low, up, joined]
    assert graphs.joins_of(steps) == [joined] and joined.inputs == (0, 3)
    assert graphs.leads_to(steps, image, joined) and graphs.leads_to(steps, low, joined)
    assert not graphs.leads_to(steps, joined, low)


def test_a_strided_transpose_is_found_inside_a_wrapper():
    hidden = L.Conv2DTranspose(1, 2, strides=2)
    layers = [keras.Input((3, 4, 4, 1)), L.TimeDistributed(hidden), L.TimeDistributed(L.Flatten())]
    assert graphs.strided_transposes(keras.Sequential(layers)) == [hidden]


def test_the_parts_of_a_model_are_its_layers_and_operations_once_each():
    hidden, image = L.Dense(1), keras.Input((4, 2))
    inner = keras.Sequential([keras.Input((4, 2)), L.TimeDistributed(hidden)])
    model = keras.Model(image, keras.ops.relu(inner(image)) + inner(image))
    kinds = [type(part).__name__ for part in graphs.parts_of(model)]
    assert next(graphs.parts_of(model)) is model
    assert sum(part is hidden for part in graphs.parts_of(model)) == 1
    assert {"Sequential", "TimeDistributed", "Dense", "Relu", "Add"} < set(kinds)


def test_the_ancestors_of_a_step_are_those_that_lead_to_it():
    steps = graphs.steps_of(small_network())
    ancestors = graphs.ancestors_of(steps)
    for step in steps:
        assert ancestors[step.index] == {s.index for s in steps if graphs.leads_to(steps, s, step)}
