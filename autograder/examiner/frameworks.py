"""What crosses of Keras and TensorFlow, and what two processes that share models need.

Imported where a process has one of them or is sent something of them: see `values.frameworks`.
"""

from collections import defaultdict
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras.src.backend.common import global_state

from autograder.examiner.wire import WireError
from autograder.lab import transport


def name_layers_apart() -> None:
    """Have layers that this process names get numbers that the other process never reaches.

    Keras counts names process by process. A model may hold layers of both, and their names must
    differ, as they do where one process makes them all.
    """

    class Counters(defaultdict):
        def __contains__(self, name: object) -> bool:
            return True  # so that the first layer of a kind gets a number, too

    global_state.set_global_attribute("object_name_uids", Counters(lambda: 100_000))


def as_array(value: Any) -> np.ndarray | None:
    """The numbers of a tensor or variable; None if it is neither.

    Raises:
        WireError: It is symbolic, so it has none.
    """
    if isinstance(value, keras.KerasTensor):
        raise WireError("a symbolic Keras tensor cannot cross: it belongs to a model being built")
    if isinstance(value, keras.Variable):
        return np.asarray(value)
    return value.numpy() if isinstance(value, tf.Tensor | tf.Variable) else None


def tensor(array: np.ndarray) -> tf.Tensor:
    """A tensor of these numbers."""
    return tf.constant(array)


def are_layers(*values: Any) -> bool:
    """Return True if all values are Keras layers or models."""
    return all(isinstance(value, keras.Layer) for value in values)


def replace(layer: keras.Layer, changed: keras.Layer) -> None:
    """Turn `layer` into `changed`, for a caller that still holds it."""
    if type(changed) is type(layer):
        layer.__dict__.clear()
        layer.__dict__.update(changed.__dict__)


def note_owner(layer: keras.Layer, owner: keras.Layer) -> None:
    """Note that a layer which has travelled holds the weights of another one."""
    transport.origin(layer).owner = owner
