"""What a notebook of the course imports: checks that explain themselves, data sets, figures.

`from autograder import lab` is the only import that students need besides TensorFlow. Nothing in
here implements a graded function: the checks compare with Keras, with stored values or with
properties, so reading this package answers no exercise.
"""

from autograder.lab import startup  # isort: skip  (silences TensorFlow before anything imports it)
from autograder.lab.checking import needs, rng, scoreboard, student_side, visible_check
from autograder.lab.trial import CheckFailed, Mistake, NotAttempted, Trial

__all__ = [
    "CheckFailed",
    "Mistake",
    "NotAttempted",
    "Trial",
    "needs",
    "rng",
    "scoreboard",
    "startup",
    "student_side",
    "visible_check",
]
