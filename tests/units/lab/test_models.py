"""What is said of models that a student's function returns."""

import keras
import numpy as np
import pytest

from autograder import lab
from autograder.lab import models

L = keras.layers


def model(shape=(4, 4, 1)):
    return keras.Sequential([keras.Input(shape), L.Conv2D(2, 3, padding="same")])


def finding_of(check, *arguments):
    with pytest.raises(lab.CheckFailed) as failure:
        check(*arguments)
    return failure.value.finding


@pytest.mark.parametrize(
    ("make", "kind", "says"),
    [
        (lambda: None, "not-a-model", r"None (is a `return` missing?)"),
        (lambda: L.Conv2D(1, 1), "not-a-model", "a single layer, Conv2D"),
        (lambda: model().outputs[0], "not-a-model", "the output tensor"),
        (lambda: keras.Sequential, "not-a-model", "the class Sequential itself"),
        (lambda: [1], "not-a-model", "a list of 1"),
        (lambda: model()(np.zeros((1, 4, 4, 1))), "not-a-model", "an object of type EagerTensor"),
        (lambda: keras.Sequential([L.Conv2D(1, 1)]), "not-built", "keras.Input"),
        (lambda: model((1, 4, 4)), "input-shape", "(1, 4, 4)"),
        (lambda: keras.Sequential([keras.Input((4, 4)), L.Dense(1)]), "input-shape", "(4, 4)"),
        (lambda: keras.Sequential([keras.Input((4, 1)), L.Dense(1)]), "batch-axis", "(4, 1)"),
        (lambda: keras.Sequential([keras.Input((1, 4, 4, 1)), L.ReLU()]), "batch-axis", "(1, 4"),
    ],
)
def test_what_is_not_the_model_expected_is_described(make, kind, says):
    trial = lab.Trial(make, "build")
    trial.call()
    finding = finding_of(models.expect_model, trial, (4, 4, 1))
    assert finding.kind == kind
    assert says in finding.sentence


def test_a_model_that_fails_when_called_says_why():
    class Failing(L.Layer):
        def call(self, x):
            raise ValueError("no such luck")

    finding = finding_of(models.run, lab.Trial(stub, "build"), Failing(), np.zeros((1, 2)))
    assert finding.kind == "fails-when-called"
    assert "ValueError" in " ".join(finding.remarks)


def stub():
    raise NotImplementedError()


def renamed_layer(given):
    given.layers[0].padding = "valid"
    return keras.models.clone_model(given)


@pytest.mark.parametrize(
    ("function", "kind"),
    [
        (lambda given: given, "returned-the-model"),
        (renamed_layer, "changes-the-model"),
        (lambda given: None, "not-a-model"),
        (lambda given: model((5, 5, 1)), "input-shape"),
    ],
)
def test_another_model_for_the_same_input_must_come_back(function, kind):
    finding = finding_of(
        models.call_to_rebuild, lab.Trial(function, "rebuild"), model(), "a small model"
    )
    assert finding.kind == kind
    assert finding.remarks[-1] == "It was given a small model."


def reused_layers(given):
    return keras.Sequential([keras.Input((4, 4, 1)), *given.layers])


def set_after_building(given):
    new = keras.models.clone_model(given)
    new.layers[0].padding = "valid"
    return new


@pytest.mark.parametrize(
    ("function", "kind"),
    [(reused_layers, "reuses-layers"), (set_after_building, "set-after-building")],
)
def test_layers_that_are_not_new_are_told(function, kind):
    trial = lab.Trial(function, "rebuild")
    assert finding_of(models.call_to_rebuild, trial, model(), "a small model").kind == kind


def test_what_cannot_be_graded_is_said_before_grading():
    own = keras.Sequential([keras.Input((4, 4, 1)), L.Lambda(lambda x: x, name="twice")])
    trial = lab.Trial(lambda: own, "build")
    trial.call()
    finding = finding_of(models.expect_model, trial, (4, 4, 1))
    assert finding.kind == "cannot-be-graded"
    assert finding.sentence.startswith("What it returned cannot be graded: the layer `twice`")


def test_a_model_for_images_of_any_size_is_one_for_each_size():
    trial = lab.Trial(lambda: model((None, None, 1)), "build")
    trial.call()
    assert models.expect_model(trial, (4, 6, 1)).output_shape == (None, 4, 6, 2)
    assert finding_of(models.expect_model, trial, (4, 6, 3)).kind == "input-shape"


@pytest.mark.parametrize("policy", ["mixed_float16", "float64"])
def test_what_a_notebook_sets_changes_nothing_of_what_is_judged(policy):
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy(policy)
        trial = lab.Trial(lambda: model((None, None, 1)), "build")
        trial.call()
        judged = models.expect_model(trial, (4, 6, 1))
        y = judged(np.ones((1, 4, 6, 1), "float32"))
    finally:
        keras.config.set_dtype_policy(before)
    assert keras.backend.standardize_dtype(y.dtype) == "float32"


def test_random_weights_are_there_for_a_while():
    built = model()
    before = built.get_weights()
    with models.random_weights(built, np.random.default_rng(0)):
        assert not any(map(np.array_equal, before, built.get_weights()))
    assert all(map(np.array_equal, before, built.get_weights()))


@pytest.mark.parametrize(
    ("operation", "name"),
    [
        (L.Dense(1, activation="tanh"), "tanh"),
        (L.SpectralNormalization(L.Dense(1, activation="sigmoid")), "sigmoid"),
        (L.LeakyReLU(), "leaky_relu"),
        (L.Dense(1, activation=L.PReLU()), "prelu"),
        (keras.Model(x := keras.Input((1,)), keras.ops.relu(x)).operations[-1], "relu"),
        (L.Dense(1), None),
        (L.Flatten(), None),
    ],
)
def test_an_activation_is_known_wherever_it_stands(operation, name):
    assert models.activation_of(operation) == name


def test_a_sequential_model_without_input_is_built_for_the_input_of_the_given_one():
    trial = lab.Trial(lambda given: keras.Sequential([L.Conv2D(2, 3)]), "rebuild")
    assert models.call_to_rebuild(trial, model(), "").inputs[0].shape == (1, 4, 4, 1)


def test_settings_leave_out_what_decides_nothing_once_weights_are_given():
    settings = models.settings_of(L.Conv2D(2, 3, kernel_initializer="zeros", name="first"))
    assert settings == models.settings_of(L.Conv2D(2, 3))
    assert settings != models.settings_of(L.Conv2D(2, 3, padding="same"))
    rates = [models.settings_of(L.Dropout(rate, name=f"at_{rate}")) for rate in (0.2, 0.2, 0.5)]
    assert rates[0] == rates[1] != rates[2]


def test_a_finding_about_a_model_lists_its_layers_and_marks_the_one_at_fault():
    layers = [keras.Input((4, 4, 1)), keras.layers.Conv2DTranspose(2, 3, strides=3, name="up")]
    trial = lab.Trial(lambda: keras.Sequential(layers), "build", (), "")
    trial.call()
    model = models.expect_model(trial, (4, 4, 1))
    with pytest.raises(lab.CheckFailed) as failed:
        trial.report("not-built", at=model.layers[0])
    finding = failed.value.finding
    first, second = finding.yours_layers
    assert first == "Input  →  (4, 4, 1)" and finding.differing_layer == 1
    assert second.startswith("Conv2DTranspose(filters=2, kernel_size=(3, 3), strides=(3, 3)")
    assert second.endswith("→  (12, 12, 2)") and finding.wanted_layers == ()
