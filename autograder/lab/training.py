"""Training in checks: whether a model can learn, and short runs on the CPU.

`expect_trainable` is what the visible checks ask of every model that a notebook trains;
`train_briefly`, `train_copy` and `quick_to_train` are called by hidden tests, which train at a
small scale.
"""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from autograder.lab import models
from autograder.lab.trial import Trial


def expect_trainable(trial: Trial, model: keras.Model) -> None:
    """End the trial if a layer is frozen."""
    if not model.trainable or any(not layer.trainable for layer in models.layers_of(model)):
        trial.report("frozen")


def expect_gradients(trial: Trial, model: keras.Model, x: np.ndarray) -> None:
    """End the trial unless a gradient reaches every kernel in the first steps of a training.

    The batch `x` is trained on. Not in the first step alone: a last layer that starts at zero lets
    no gradient pass until it has changed.
    """
    weights, saved = model.trainable_weights, model.get_weights()
    waiting = {index for index, weight in enumerate(weights) if len(weight.shape) > 1}
    if not waiting:
        trial.report("no-gradient")
    for _ in range(3):
        with tf.GradientTape() as tape:
            y = model(x, training=True)
            target = tf.reshape(tf.linspace(-1.0, 1.0, tf.size(y)), y.shape)
            loss = tf.reduce_mean(tf.square(y - target))
        slopes = [
            np.zeros(weight.shape) if slope is None else np.asarray(tf.convert_to_tensor(slope))
            for weight, slope in zip(weights, tape.gradient(loss, weights), strict=True)
        ]
        waiting -= {index for index in waiting if np.any(slopes[index])}
        if not waiting:
            break
        for weight, slope in zip(weights, slopes, strict=True):
            weight.assign(weight - 0.01 * np.sign(slope))
    model.set_weights(saved)
    if waiting:
        trial.report("no-gradient")


def quick_to_train(model: keras.Model) -> keras.Model:
    """A model whose batch normalization is ready after few steps, for a short training run.

    Keras' default momentum of 0.99 needs several hundred steps until the moving averages, which
    are used outside training, have forgotten where they started.
    """
    for layer in models.layers_of(model):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.momentum = min(layer.momentum, 0.9)
    return model


def train_briefly(
    model: keras.Model,
    inputs: np.ndarray,
    targets: np.ndarray,
    *,
    epochs: int,
    batch_size: int,
    rate: float,
    seed: int,
    until: Callable[[keras.Model], bool] = lambda model: False,
) -> bool:
    """Train a model by Adam on the mean squared error.

    The same steps as those of `fit` in half of the time: a run of 200 short steps is too short
    for what `fit` sets up before the first one and does around each.

    Args:
        model: Built; it is changed.
        inputs: One example for each entry of the first axis.
        targets: What the model should give for them.
        epochs: Passes over the examples, in a new random order each time.
        batch_size: Examples in a step; what remains of an epoch is left out.
        rate: Adam's learning rate.
        seed: Of the orders.
        until: Asked after each epoch; when it says True, the model has learned enough.

    Returns:
        True if `until` said so.
    """
    step = _adam(model, lambda _: tf.constant(rate), _squared_error)
    order = np.random.default_rng(seed)
    for _ in range(epochs):
        shuffled = order.permutation(len(inputs))
        with _graphs_as_they_are():
            for start in range(0, len(inputs) - batch_size + 1, batch_size):
                batch = shuffled[start : start + batch_size]
                step(tf.constant(inputs[batch]), tf.constant(targets[batch]))
        if until(model):
            return True
    return False


def train_copy(
    model: keras.Model,
    inputs: np.ndarray,
    targets: np.ndarray,
    *,
    steps: int,
    seed: int,
    loss: Callable[[Any, Any], Any],
    batch_size: int = 8,
) -> keras.Model:
    """A copy of a model with new weights, trained by Adam with a falling step size.

    The same steps as those of a `fit` with `CosineDecay(1e-2, steps)`, in less than half of the
    time.

    Args:
        model: Built; it stays as it is.
        inputs: One example for each entry of the first axis.
        targets: What the model should give for them.
        steps: How many batches are drawn.
        seed: Of the new weights and of the batches.
        loss: Of a batch of targets, float32, and the outputs for it.
        batch_size: Examples in a step.
    """
    keras.utils.set_random_seed(seed)
    model = keras.models.clone_model(model)
    step = _adam(model, lambda done: 5e-3 * (1 + tf.cos(np.pi * (done - 1) / steps)), loss)
    order = np.random.default_rng(seed)
    with _graphs_as_they_are():
        for _ in range(steps):
            batch = order.integers(len(inputs), size=batch_size)
            step(tf.constant(inputs[batch]), tf.constant(targets[batch], "float32"))
    return model


def _squared_error(y_true: tf.Tensor, y_pred: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.square(y_pred - y_true))


def _adam(
    model: keras.Model,
    rate: Callable[[tf.Tensor], tf.Tensor],
    loss: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
) -> Callable[[tf.Tensor, tf.Tensor], None]:
    """A step of Adam on a batch, with the settings of Keras' optimizer.

    TensorFlow updates a weight in one operation. Keras' optimizer takes many for it, and making
    their graph would take a quarter of a short training.

    Args:
        model: To be trained.
        rate: The step size of a step, whose number is given, from 1.
        loss: Of targets and outputs.
    """
    first, second, epsilon = 0.9, 0.999, 1e-7
    weights = [
        (weight, tf.Variable(tf.zeros(weight.shape)), tf.Variable(tf.zeros(weight.shape)))
        for weight in model.trainable_weights
    ]  # each with its first and second moment
    count = tf.Variable(tf.zeros(()))

    @tf.function(autograph=False)
    def step(x: tf.Tensor, y: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            value = loss(y, model(x, training=True)) + sum(model.losses)
        slopes = tape.gradient(value, [weight.value for weight, *_ in weights])
        done = count.assign_add(1.0)
        size = rate(done)
        first_power, second_power = first**done, second**done
        for (weight, m, v), slope in zip(weights, slopes, strict=True):
            if slope is not None:
                tf.raw_ops.ResourceApplyAdam(
                    var=weight.value.handle,
                    m=m.handle,
                    v=v.handle,
                    beta1_power=first_power,
                    beta2_power=second_power,
                    lr=size,
                    beta1=first,
                    beta2=second,
                    epsilon=epsilon,
                    grad=tf.convert_to_tensor(slope),
                )
            if weight.constraint is not None:
                weight.assign(weight.constraint(weight))

    return step


@contextlib.contextmanager
def _graphs_as_they_are() -> Iterator[None]:
    """Leave graphs unoptimized: for few and short steps that takes longer than it saves."""
    options = tf.config.optimizer
    before = options.get_experimental_options().get("disable_meta_optimizer", False)
    options.set_experimental_options({"disable_meta_optimizer": True})
    try:
        yield
    finally:
        options.set_experimental_options({"disable_meta_optimizer": before})
