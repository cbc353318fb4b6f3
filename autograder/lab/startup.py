"""Imports TensorFlow once, quietly; imported first by `autograder.lab`.

TensorFlow and its libraries write start-up lines straight to file descriptor 2, before any Python
setting can stop them. In a notebook those lines would be a red box in the first cell.
"""

import contextlib
import os
import sys
from collections.abc import Iterator

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Send what native code writes to file descriptor 2 to the null device."""
    sys.stderr.flush()
    saved = os.dup(2)
    with open(os.devnull, "wb") as sink:
        os.dup2(sink.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


with _quiet_stderr():
    import tensorflow  # noqa: F401

import keras  # noqa: E402, F401
