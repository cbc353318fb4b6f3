"""Imports TensorFlow once, quietly; imported first by `autograder.lab`.

TensorFlow and its libraries write start-up lines straight to file descriptor 2, before any Python
setting can stop them. In a notebook those lines would be a red box in the first cell; there a line
says instead why nothing happens yet, and goes once TensorFlow is there.
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


@contextlib.contextmanager
def _notice() -> Iterator[None]:
    """Say in a live notebook that this takes a while; nothing of it stays in the notebook."""
    ipython = sys.modules.get("IPython")
    live = ipython and getattr(ipython.get_ipython(), "kernel", None)
    if not live or os.environ.get("AUTOGRADER_STATIC") == "1" or "keras" in sys.modules:
        yield
        return
    from IPython.display import clear_output

    print("Loading TensorFlow: the first time takes up to a minute ...", flush=True)
    try:
        yield
    finally:
        clear_output()


with _notice(), _quiet_stderr():
    import keras  # noqa: F401
    import tensorflow  # noqa: F401
