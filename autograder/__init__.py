"""A course on transposed convolution in Keras, and the grader that marks it."""

import importlib
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    """Import TensorFlow quietly when a notebook says `from autograder import lab`, its first line.

    The grading host imports modules of `autograder.lab` by their full names and needs neither.
    """
    if name != "lab":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    importlib.import_module("autograder.lab.startup")
    return importlib.import_module("autograder.lab")
