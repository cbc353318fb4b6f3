"""Short training runs in checks, and what says that a model can be trained at all."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab import training

L = keras.layers


def builds(model):
    trial = lab.Trial(lambda: model, "build")
    trial.call()
    return trial


def test_quick_to_train_lowers_a_slow_momentum_only():
    model = keras.Sequential(
        [keras.Input((4, 4, 1)), L.BatchNormalization(), L.BatchNormalization(momentum=0.5)]
    )
    assert [x.momentum for x in training.quick_to_train(model).layers] == [0.9, 0.5]


def test_a_brief_training_learns_and_repeats_itself():
    x = np.random.default_rng(0).normal(size=(64, 3)).astype("float32")
    y = x @ np.float32([[1.0], [2.0], [-1.0]])

    def trained(seed):
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((3,)), L.Dense(1)])
        training.train_briefly(model, x, y, epochs=20, batch_size=8, rate=0.05, seed=seed)
        return model(x).numpy()

    assert np.mean((trained(0) - y) ** 2) < 0.05 * np.mean(y**2)
    assert np.array_equal(trained(0), trained(0)) and not np.array_equal(trained(0), trained(1))


def test_a_brief_training_takes_the_steps_of_fit():
    x = np.arange(6)[:, None]
    y = np.random.default_rng(0).normal(size=(6, 2)).astype("float32")

    def model():
        keras.utils.set_random_seed(1)
        rows = L.Embedding(6, 3, embeddings_regularizer="l2")
        out = L.Dense(2, kernel_constraint="non_neg")
        return keras.Sequential([keras.Input((1,), dtype="int32"), rows, L.Flatten(), out])

    brief, fitted = model(), model()
    training.train_briefly(brief, x, y, epochs=9, batch_size=6, rate=0.05, seed=0)
    fitted.compile(keras.optimizers.Adam(0.05), loss="mse")
    fitted.fit(x, y, epochs=9, batch_size=6, verbose=0)
    for one, other in zip(brief.get_weights(), fitted.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-5)
    assert brief.get_weights()[1].min() == 0


def test_a_brief_training_stops_as_soon_as_it_is_enough():
    x = np.ones((4, 1), "float32")
    model = keras.Sequential([keras.Input((1,)), L.Dense(1)])
    asked = []

    def learned(trained):
        asked.append(trained)
        return len(asked) == 3

    how = {"epochs": 5, "batch_size": 2, "rate": 0.1, "seed": 0}
    assert training.train_briefly(model, x, x, **how, until=learned)
    assert asked == [model] * 3
    assert not training.train_briefly(model, x, x, **how)
    assert not tf.config.optimizer.get_experimental_options()["disable_meta_optimizer"]


def test_a_copy_is_trained_in_the_steps_of_fit_and_the_model_stays_as_it_is():
    x = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")
    y = (x @ np.float32([[1.0], [2.0], [-1.0]]) > 0).astype("int64")
    model = keras.Sequential([keras.Input((3,)), L.Dense(1, activation="sigmoid")])
    before = model.get_weights()
    loss = keras.losses.BinaryCrossentropy()

    def copied(seed):
        how = {"steps": 12, "seed": seed, "loss": loss, "batch_size": 4}
        return training.train_copy(model, x, y, **how).get_weights()

    keras.utils.set_random_seed(1)
    fitted = keras.models.clone_model(model)
    decay = keras.optimizers.schedules.CosineDecay(1e-2, 12)
    fitted.compile(keras.optimizers.Adam(decay), loss)
    order = np.random.default_rng(1)
    for _ in range(12):
        batch = order.integers(8, size=4)
        fitted.train_on_batch(x[batch], y[batch])
    assert all(map(np.array_equal, model.get_weights(), before))
    for one, other in zip(copied(1), fitted.get_weights(), strict=True):
        assert np.allclose(one, other, atol=1e-5)
    assert not any(map(np.array_equal, copied(1), copied(2)))


def test_a_frozen_layer_of_a_nested_model_is_named():
    inner = keras.Sequential([keras.Input((3,)), L.Dense(2, trainable=False)])
    model = keras.Sequential([keras.Input((3,)), inner, L.Dense(1)])
    with pytest.raises(lab.CheckFailed, match="trainable=False"):
        training.expect_trainable(builds(model), model)
    inner.layers[0].trainable = True
    training.expect_trainable(builds(model), model)


@pytest.mark.parametrize(
    ("starts", "reached"),
    [
        (("glorot_uniform", "glorot_uniform"), True),
        (("glorot_uniform", "zeros"), True),  # from the second step on
        (("zeros", "zeros"), False),
    ],
)
def test_a_kernel_that_no_gradient_reaches_is_named(starts, reached):
    layers = [
        L.Dense(n, use_bias=False, kernel_initializer=s)
        for n, s in zip((3, 1), starts, strict=True)
    ]
    model = keras.Sequential([keras.Input((2,)), *layers])
    before = model.get_weights()
    x = np.random.default_rng(0).normal(size=(4, 2)).astype("float32")
    if reached:
        training.expect_gradients(builds(model), model, x)
    else:
        with pytest.raises(lab.CheckFailed, match="A kernel receives no gradient"):
            training.expect_gradients(builds(model), model, x)
    assert all(map(np.array_equal, before, model.get_weights()))
