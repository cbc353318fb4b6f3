"""What the visible checks say where an answer is written: in this process, without the grader.

`test_catalogue.py` grades the same answers and hears what the wrong ones are told.
"""

import keras
import numpy as np
import pytest
import tensorflow as tf
from packed import ASSIGNMENTS, catalogue, cells_of, names_before

from autograder.lab.checking import Check

pytestmark = pytest.mark.slow

EVERY_ANSWER = [(a, answer) for a in ASSIGNMENTS for answer in catalogue(a)]


def visible_check(assignment, function, **answers):
    """Run what a student sees below the exercise, on other answers than the reference."""
    names = {**names_before(assignment), **answers}
    exec(cells_of(assignment, "grade")[function], names)
    declared = [c for c in vars(names["check"]).values() if isinstance(c, Check)]
    (check,) = [c for c in declared if c.name == function and c.is_of(names["check"])]
    return check


RIGHT = [(a, answer) for a, answer in EVERY_ANSWER if answer.right]


@pytest.mark.filterwarnings("ignore:You are using a softmax")
@pytest.mark.parametrize(
    ("assignment", "answer"), RIGHT, ids=[f"{x.function}-{x.name}" for _, x in RIGHT]
)
def test_a_right_answer_passes_its_visible_check_where_it_is_written(assignment, answer, capsys):
    names = dict(names_before(assignment))
    keras.utils.set_random_seed(0)  # what a network that is not trained gives depends on it
    exec(answer.source, names)
    check = visible_check(assignment, answer.function, **names)
    assert f"✓ {answer.function}: right on" in capsys.readouterr().out
    assert check.outcome == "right"


@pytest.mark.parametrize(
    ("assignment", "function", "convert"),
    [
        ("01-zero-insertion", "output_length", np.int64),
        ("01-zero-insertion", "transpose_conv2d_same", np.float32),
        ("01-zero-insertion", "conv_matrix", np.asfortranarray),
        ("01-zero-insertion", "is_adjoint", np.bool_),
        ("01-zero-insertion", "is_adjoint", tf.constant),
        ("01-zero-insertion", "round_trip", np.float32),
        ("01-zero-insertion", "round_trip", tf.constant),
        ("01-zero-insertion", "perfect_kernels", np.float32),
        ("01-zero-insertion", "perfect_kernels", tf.constant),
        ("02-conv2dtranspose", "count_parameters", np.int64),
        ("02-conv2dtranspose", "bilinear_kernel", tf.constant),
        ("02-conv2dtranspose", "transposed_he_stddev", np.array),
        ("02-conv2dtranspose", "transposed_he_stddev", tf.constant),
        ("02-conv2dtranspose", "conv_input_gradient", tf.constant),
        ("03-segmentation-decoder", "mean_iou", np.float64),
        ("04-checkerboard-artifacts", "overlap_count", np.uint8),
        ("04-checkerboard-artifacts", "flat_order", np.int64),
        ("04-checkerboard-artifacts", "flat_order", tf.constant),
        ("04-checkerboard-artifacts", "flat_order", float),
        ("04-checkerboard-artifacts", "grid_score", np.float32),
        ("04-checkerboard-artifacts", "grid_score", np.array),
        ("04-checkerboard-artifacts", "grid_score", tf.constant),
        ("04-checkerboard-artifacts", "audit", tuple),
        ("04-checkerboard-artifacts", "audit", set),
        ("04-checkerboard-artifacts", "audit", lambda names: names[::-1]),
        ("04-checkerboard-artifacts", "gradient_overlap", tf.constant),
        ("05-super-resolution", "icnr", tf.constant),
        ("05-super-resolution", "macs_per_pixel", np.array),
        ("05-super-resolution", "macs_per_pixel", tf.constant),
        ("05-super-resolution", "psnr", tf.constant),
        ("06-image-generation", "kl_divergence", tf.identity),
        ("06-image-generation", "interpolate", tf.constant),
    ],
)
def test_a_right_value_of_another_type_passes(assignment, function, convert):
    answer = names_before(assignment)[function]
    converted = {function: lambda *arguments: convert(answer(*arguments))}
    assert visible_check(assignment, function, **converted).outcome == "right"


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_wrong_answers_and_no_others_say_what_they_are_told(assignment):
    for answer in catalogue(assignment):
        assert bool(answer.told) != answer.right, answer.name


def test_the_cause_is_named_for_four_of_five_wrong_answers():
    wrong = [answer for _, answer in EVERY_ANSWER if not answer.right]
    share = sum(answer.named for answer in wrong) / len(wrong)
    assert share >= 0.8 or len(wrong) < 100  # of a few answers a share says little
