"""What the visible checks say of the catalogue's answers, which are run here without the grader.

A right answer passes its visible check. A wrong one ends with the kind of finding that a line
`Told: KIND` of its docstring names; it names a cause unless the line says `no cause`. Where that
line ends with `by the hidden tests`, the answer
passes, too; `test_catalogue.py` grades it.
"""

import contextlib
import io
from functools import cache

import keras
import nbformat
import numpy as np
import pytest
import tensorflow as tf
from packed import ASSIGNMENTS, ROOT, catalogue, solution_sources

from autograder import cells, lab
from autograder.lab.checking import Check
from autograder.lab.shown import describe

pytestmark = pytest.mark.slow

EVERY_ANSWER = [(a, answer) for a in ASSIGNMENTS for answer in catalogue(a)]


def told_by_the_hidden_tests(assignment, answer):
    """Whether an answer's docstring says that its visible check finds nothing wrong."""
    file = ROOT / f"tests/catalogue/{assignment}/{answer.function}/{answer.name}.py"
    return ", by the hidden tests\n" in file.read_text()


@cache
def cells_of(assignment, role):
    """Cells of the student release with this role, by the name of their exercise."""
    notebook = nbformat.read(ROOT / f"notebooks/{assignment}/{assignment}.ipynb", as_version=4)
    return {cells.exercise(c): c.source for c in notebook.cells if cells.role(c) == role}


@cache
def names_before(assignment):
    """What set-up cells and reference answers define."""
    names = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in cells_of(assignment, "set-up").values():
            exec(source, names)
        for source in solution_sources(assignment).values():
            exec(source, names)
    return names


def visible_check(assignment, function, **answers):
    """Run what a student sees below the exercise, on other answers than the reference."""
    names = {**names_before(assignment), **answers}
    exec(cells_of(assignment, "grade")[function], names)
    declared = [c for c in vars(names["check"]).values() if isinstance(c, Check)]
    (check,) = [c for c in declared if c.name == function and c.is_of(names["check"])]
    return check


@pytest.mark.filterwarnings("ignore:You are using a softmax", "ignore:invalid value")
@pytest.mark.parametrize(
    ("assignment", "answer"), EVERY_ANSWER, ids=[f"{x.function}-{x.name}" for _, x in EVERY_ANSWER]
)
def test_the_visible_check_says_what_is_wrong(assignment, answer, capsys):
    names = dict(names_before(assignment))
    keras.utils.set_random_seed(0)  # what a network that is not trained gives depends on it
    exec(answer.source, names)
    if answer.right or told_by_the_hidden_tests(assignment, answer):
        check = visible_check(assignment, answer.function, **names)
        assert f"✓ {answer.function}: right on" in capsys.readouterr().out
        assert check.outcome == "right"
    else:
        with pytest.raises(lab.CheckFailed) as failure:
            visible_check(assignment, answer.function, **names)
        finding = failure.value.finding
        assert (finding.kind, finding.recognized) == (answer.told, answer.named)
        call, _, expected = finding.call.partition("  # expected ")
        if expected:  # the line can be pasted, and shows the difference
            with contextlib.redirect_stdout(io.StringIO()):
                assert describe(eval(call, names)) != expected


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
