"""What two processes that share Keras models need besides `lab.transport`."""

from collections import defaultdict

import keras
from keras.src.backend.common import global_state


def name_layers_apart() -> None:
    """Have layers that this process names get numbers that the other process never reaches.

    Keras counts names process by process. A model may hold layers of both, and their names must
    differ, as they do where one process makes them all.
    """

    class Counters(defaultdict):
        def __contains__(self, name: object) -> bool:
            return True  # so that the first layer of a kind gets a number, too

    global_state.set_global_attribute("object_name_uids", Counters(lambda: 100_000))


def replace(layer: keras.Layer, changed: keras.Layer) -> None:
    """Turn `layer` into `changed`, for a caller that still holds it."""
    if type(changed) is type(layer):
        layer.__dict__.clear()
        layer.__dict__.update(changed.__dict__)
