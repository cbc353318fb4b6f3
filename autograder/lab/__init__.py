"""What a notebook of the course imports: checks that explain themselves, data sets, figures.

`from autograder import lab` is the only import that students need besides TensorFlow, which it
imports first and quietly. `checking`, `findings`, `packages`, `predictions` and what `trial` is
made of do without TensorFlow, so the grading host can import them. Nothing in here implements a
graded function: the checks compare with Keras, with stored values or with properties, so reading
this package answers no exercise.

checking: visible checks, the scoreboard, and guards around demonstrations.
predictions: questions before a cell runs, and what came out, beside the student's guess.
packages: which packages grading has, and warnings of others.
trial: calls one function, compares, and explains.
causes: why a result is wrong, as far as a second input shows it.
inputs: other inputs of an exercise: different ones, and smaller ones.
shown: how results are compared, and how messages show values.
failures: how a check ends other than well, as exceptions.
findings: what a check found, as data; every text is made from it.
checks: the visible checks and their sentences, for each assignment.
models, graphs, training: questions that checks ask of Keras models.
blocks: models of functions of symbolic tensors, and what is expected of them.
rebuilt: a model that an answer rebuilt, compared with the one that it was given.
small_models: the models that checks hand to an answer.
transport: how a Keras model travels to the process that judges it.
oracle: Keras' own convolutions, the source of right answers.
adjoints: pairs of linear maps that are adjoint, or are not.
scores: IoU, Dice and their mistakes.
instances: objects in label maps.
tiles: a network for tiles, and what a result shows that was made of them.
fitting: a network that remembers how it was fitted, and images for it.
datasets: the data sets of the course.
published: generators of well-known tutorials, untrained.
figures: the figures of the notebooks.
progress: how far a training is, for those who wait.
live: whether somebody looks at the notebook while it runs.
startup: imports TensorFlow once, quietly.
"""

from autograder.lab import progress
from autograder.lab.checking import needs, rng, scoreboard, student_side, visible_check
from autograder.lab.failures import CheckFailed, NotAttempted
from autograder.lab.predictions import outcome, predict, predictions
from autograder.lab.trial import Mistake, Trial

__all__ = [
    "CheckFailed",
    "Mistake",
    "NotAttempted",
    "Trial",
    "needs",
    "outcome",
    "predict",
    "predictions",
    "progress",
    "rng",
    "scoreboard",
    "student_side",
    "visible_check",
]
