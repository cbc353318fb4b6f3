"""What every visible check does, whatever its exercise."""

from importlib import import_module
from pkgutil import iter_modules

import keras
import numpy as np
import pytest

from autograder import lab
from autograder.lab import checks
from autograder.lab.checking import Check
from autograder.lab.checks import first_edition

MODULES = [import_module(f"{checks.__name__}.{m.name}") for m in iter_modules(checks.__path__)]
EXERCISES = {
    m.__name__: [x for x in vars(m).values() if isinstance(x, Check) and x.is_of(m)]
    for m in MODULES
}
EVERY_CHECK = [check for exercises in EXERCISES.values() for check in exercises]
OTHER_KINDS = [None, 3, "text", (), [[1.0]], np.zeros(3), np.array([[None]]), keras.Sequential()]


def stub(*arguments):
    raise NotImplementedError()


def broken(*arguments):
    return arguments[99]


@pytest.mark.parametrize("check", EVERY_CHECK, ids=lambda check: check.name)
def test_a_stub_and_an_exception_are_told_apart(check):
    for function, outcome in [(stub, "not attempted"), (broken, "raises")]:
        with pytest.raises(lab.CheckFailed):
            check(function)
        assert check.outcome == outcome


@pytest.mark.parametrize("check", EVERY_CHECK, ids=lambda check: check.name)
def test_a_result_of_another_kind_is_explained(check):
    for value in OTHER_KINDS:
        with pytest.raises(lab.CheckFailed) as failure:
            check(lambda *arguments, value=value: value)
        # a function that the exercise calls by itself, such as a block, may raise
        assert failure.value.finding.outcome in ("wrong", "raises")


@pytest.mark.parametrize("name", ["repair_decoder", "cheaper", "replace_transposed"])
def test_the_model_that_was_given_must_not_come_back(name):
    for check in [check for check in EVERY_CHECK if check.name == name]:
        with pytest.raises(lab.CheckFailed) as failure:
            check(lambda model: model)
        assert failure.value.finding.kind == "returned-the-model"


@pytest.mark.parametrize("module", sorted(EXERCISES.keys() - {first_edition.__name__}))
def test_the_exercises_of_an_assignment_are_worth_40_points(module):
    assert sum(check.points for check in EXERCISES[module]) == 40
