"""What a notebook of the course imports: checks that explain themselves, data sets, figures.

`from autograder import lab` is the only import that students need besides TensorFlow, which it
imports first and quietly. `checking`, `findings` and `trial` do without TensorFlow, so the grading
host can import them. Nothing in here implements a graded function: the checks compare with Keras,
with stored values or with properties, so reading this package answers no exercise.
"""

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
    "student_side",
    "visible_check",
]
