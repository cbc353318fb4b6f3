"""The two processes: what crosses, who runs what, and what a test sees of an answer."""

import keras
import pytest
from examining import LIMITS, run, verdict

from autograder.examiner.job import Cell
from autograder.lab import CheckFailed


def test_tests_see_what_a_call_did_to_its_arguments(engine):
    answer = "def f(x, items, table):\n    x[0] = 5; items.append(1); table['a'] = 2"
    test = """
x, items, table = np.zeros(2), [0], {}
f(x, items, table)
assert x.tolist() == [5, 0] and items == [0, 1] and table == {"a": 2}
"""
    assert verdict(engine, answer, test) == ""


def test_a_result_that_is_the_argument_is_seen_as_such(engine):
    test = "x = np.zeros((2, 3))[:, ::-1]\nassert np.shares_memory(f(x), x)"
    assert verdict(engine, "def f(x):\n    return x[:]", test) == ""
    assert (
        verdict(engine, "def f(x):\n    return x + 0", test.replace("assert", "assert not")) == ""
    )


def test_a_view_cannot_say_that_it_lies_elsewhere(engine):
    answer = """
class Other(np.ndarray):
    __array_interface__ = property(lambda self: np.zeros(1).__array_interface__)
def f(x):
    return x.view(Other)
"""
    assert verdict(engine, answer, "x = np.ones(3)\nassert np.shares_memory(f(x), x)") == ""


KNOCK_OUT = """
import os
{how}
reference = lambda x: 0
TOLERANCE = 1e9
"""


WAYS = {
    "ends the process": "get_ipython().events.register('pre_run_cell', lambda info:"
    " os._exit(0) if 'def reference' in info.raw_cell else None)",
    "takes too long": "import time\nget_ipython().events.register('pre_run_cell', lambda info:"
    " time.sleep(1000) if 'def reference' in info.raw_cell else None)",
    "raises a group": "get_ipython().input_transformers_post.append(lambda lines:"
    " [\"raise ExceptionGroup('x', [ValueError('y')])\"]"
    " if any('def reference' in line for line in lines) else lines)",
}


@pytest.mark.parametrize("how", WAYS.values(), ids=WAYS)
def test_what_a_set_up_cell_defines_never_comes_from_the_student(engine, how):
    cells = [
        ("student", KNOCK_OUT.format(how=how)),
        ("setup", "def reference(x):\n    return 2 * x\nTOLERANCE = 1e-6"),
        ("student", "reference = lambda x: 0\nTOLERANCE = 1e9\ndef f(x):\n    return 0"),
        ("grade", "assert abs(f(3) - reference(3)) < TOLERANCE, 'wrong'"),
        ("student", "def g(x):\n    return 2 * x"),
        ("grade", "assert abs(g(3) - reference(3)) < TOLERANCE"),
    ]
    results = run(engine, *cells, cell_seconds=6)
    assert results[3].error.value == "wrong"
    assert results[5].ended and not results[5].error


def test_a_set_up_function_stays_what_it_is_on_the_students_side(engine):
    setup = "from autograder import lab\ndef twice(f, x):\n    return f(f(x))"
    answer = "def f(x):\n    return 0\ndef twice(f, x):\n    return 12"
    assert verdict(engine, answer, "assert lab.student_side(twice)(f, 3) == 0", setup) == ""


def test_only_names_that_a_test_reads_from_the_student_are_asked_for(engine):
    answer = "result = append = object()\ndef f(x):\n    return 2 * x"
    test = "found = []\nfound.append(f(3))\nresult = found[0]\nassert result == 6"
    assert verdict(engine, answer, test) == ""


def test_a_group_of_exceptions_is_an_error_like_any_other(engine):
    answer = "def f():\n    raise ExceptionGroup('many', [ValueError('one')])"
    assert "many" in verdict(engine, answer, "f()")
    assert verdict(engine, answer + "\nf()", "assert True") == ""


@pytest.mark.parametrize("test", ["assert all(map(f, [1, 2]))", "assert not [*map(f, [1, 2])]"])
def test_no_exception_ends_a_loop_of_the_test(engine, test):
    for kind in ("StopIteration", "type('Own', (StopIteration,), {})"):
        assert verdict(engine, f"def f(x):\n    raise {kind}('enough')", test) == (
            "enough\nin line 2 of `f`: " + f"raise {kind}('enough')"
        )


def test_an_exception_keeps_its_kind_and_message(engine):
    answer = "class Mine(ValueError): pass\ndef f():\n    raise Mine('stride is bad')"
    test = """
try:
    f()
except ValueError as error:
    assert str(error) == "stride is bad" and type(error).__name__ == "Mine"
else:
    assert False
"""
    assert verdict(engine, answer, test) == ""


def test_keyword_arguments_and_callbacks_cross(engine):
    answer = "def f(x, *, times=1):\n    return x * times\ndef g(h):\n    return h(4)"
    setup = "def square(x):\n    return x * x"
    assert verdict(engine, answer, "assert f(3, times=2) == 6 and g(square) == 16", setup) == ""


def test_a_model_that_a_function_changes_is_changed(engine):
    setup = "import keras\nimport numpy as np"
    answer = """
def f(model):
    model.layers[0].set_weights([np.ones((2, 1)), np.ones(1)])
    model.layers[0].trainable = False
    return model
"""
    test = """
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
other = f(model)
assert float(model.layers[0].kernel[0, 0]) == 1 and not model.layers[0].trainable
assert np.allclose(other(np.ones((1, 2))), 3)
"""
    assert verdict(engine, answer, test, setup) == ""


@pytest.mark.parametrize("change", ["", "model.layers[0].set_weights(weights); "])
def test_only_a_model_that_a_function_changes_is_sent_back(engine, change):
    setup = "import keras\nimport numpy as np\nweights = [np.ones((2, 1)), np.ones(1)]"
    answer = f"def f(model):\n    {change}return 1"
    test = """
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1), keras.layers.Dropout(0.5)])
layer = model.layers[0]
f(model)
assert model.layers[0] is layer, "replaced"
"""
    assert ("replaced" in verdict(engine, answer, test, setup)) == bool(change)


@pytest.fixture
def float32_after():
    before = keras.config.dtype_policy()
    yield
    keras.config.set_dtype_policy(before)


REBUILD = """
from autograder import lab
import keras
from autograder.lab import models
"""
ASK = """
model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 1, name="first")])
models.call_to_rebuild(lab.Trial(f, "f"), model, "a model")
"""


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("return keras.models.clone_model(model)", ""),
        ("keras.mixed_precision.set_global_policy('mixed_float16');"
            " new = keras.models.clone_model(model); new.compile('sgd', loss=f); return new", ""),
        ("return model", "It returned the very model that it was given"),
        ("return keras.Sequential([keras.Input((4, 4, 1)), *model.layers])", "It holds layers of"),
        ("new = keras.models.clone_model(model); new.layers[0].strides = (2, 2); return new",
         "A setting of one of its layers was changed"),
        ("new = keras.models.clone_model(model); new.layers[0].filters = 3; return new",
         "make a new layer instead"),
        ("model.layers[0].padding = 'same'\n    return keras.models.clone_model(model)",
         "It changed the model"),
        ("return keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 1,"
         " activation=lambda x: x, name='own')])",
         "cannot be graded: the layer `own` (Conv2D) has the activation `<lambda>`, which is none"),
    ],
)  # fmt: skip
def test_a_check_says_the_same_of_a_model_here_and_there(engine, float32_after, answer, says):
    answer = f"def f(model):\n    {answer}"
    there = verdict(engine, answer, ASK, REBUILD)
    here: dict = {}
    exec(REBUILD + answer, here)
    if not says:
        assert there == ""
        exec(ASK, here)
    else:
        assert says in there and "lose" not in there
        with pytest.raises(CheckFailed) as failure:
            exec(ASK, here)
        assert says in str(failure.value)


def test_a_model_that_cannot_be_graded_costs_its_own_exercise_only(engine):
    answer = "import keras\ndef f():\n    return keras.Sequential([keras.layers.Lambda(abs)])"
    results = run(
        engine, ("student", answer), ("grade", "f()"), ("student", "g = 1"), ("grade", "assert g")
    )
    assert "(Lambda) holds code of its own" in results[1].error.value
    assert results[3].ended and not results[3].error


def test_layers_of_both_processes_fit_into_one_model(engine):
    setup = "import keras"
    answer = """
def f(model):
    entry = keras.Input(model.input_shape[1:])
    kept = keras.layers.Conv2D.from_config(model.layers[0].get_config())
    return keras.Model(entry, keras.layers.Conv2D(3, 1)(kept(entry)))
"""
    test = """
model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Conv2D(2, 1)])
assert f(model).output_shape == (None, 4, 4, 3)
"""
    assert verdict(engine, answer, test, setup) == ""


def test_symbolic_tensors_stay_on_the_students_side(engine):
    setup = """
import keras
from autograder import lab
def wrap(block, shape):
    inputs = keras.Input(shape)
    return keras.Model(inputs, block(inputs))
"""
    answer = "def block(x):\n    return keras.layers.Conv2D(3, 1)(x)"
    test = "assert lab.student_side(wrap)(block, (4, 5, 1)).output_shape == (None, 4, 5, 3)"
    assert verdict(engine, answer, test, setup) == ""
    refused = verdict(engine, answer, "block(keras.Input((2, 2, 1)))", setup)
    assert "a symbolic Keras tensor cannot cross" in refused


def test_what_cannot_cross_is_said(engine):
    assert "a value of type object cannot cross" in verdict(engine, "f = object()", "f")
    says = verdict(engine, "def f():\n    return object()", "f()")
    assert "a value of type object cannot cross" in says


def compared(engine, answer):
    """What is found when a test compares a function of x with 2 * x."""
    setup = "import numpy as np\nfrom autograder import lab"
    test = "lab.Trial(f, 'f').compare(lambda x: 2 * x, np.arange(35.0).reshape(5, 7))"
    *_, result = run(engine, ("setup", setup), ("student", answer), ("grade", test))
    return result.error.finding if result.error else None


def test_a_cause_and_the_smallest_call_are_found_across_the_processes(engine):
    assert compared(engine, "def f(x):\n    return x + x") is None
    found = compared(engine, "def f(x):\n    return 2 * x.T")
    assert (found["kind"], found["recognized"]) == ("transposed", True)
    assert found["call"] == "f(np.array([[1., 2.]]))  # expected [[2., 4.]]"


def test_nothing_of_the_judge_is_shown_as_the_students(engine):
    found = compared(engine, "def f(x):\n    return object()")
    assert "a value of type object cannot cross" in found["sentence"]
    assert "AnswerLost" not in str(found) and found["outcome"] == "wrong"


def test_the_last_value_of_a_grade_cell_is_shown_for_partial_credit(engine):
    *_, result = run(engine, ("student", "a = 1"), ("grade", "0.5 * a"))
    assert [o.data["text/plain"] for o in result.shown] == ["0.5"]


def test_grade_cells_leave_nothing_and_students_get_nothing(engine):
    results = run(
        engine,
        ("student", "f = 1"),
        ("grade", "secret = 5; assert f == 1"),
        ("student", "print('secret' in globals(), 'f' in globals())"),
        ("grade", "secret"),
    )
    assert results[2].printed["stdout"] == "False True\n"
    assert results[3].error.name == "NameError"


def test_a_test_may_bind_a_name_that_it_reads_from_the_student(engine):
    assert verdict(engine, "x = [2, 1]", "x = sorted(x)\nassert x == [1, 2]") == ""


def test_a_name_that_a_test_lacks_is_reported_as_missing(engine):
    cells = [Cell("student", "a = 1"), Cell("grade", "assert a == 1 and scale == 2")]
    examined = engine.examine(cells, LIMITS, seed=7)
    results, missing = examined.results, examined.missing
    assert results[1].error.name == "NameError" and missing == {"scale"}


@pytest.mark.parametrize(
    ("test", "says"),
    [
        ("%time assert f(1) == 2", ""),
        ("%%time\nassert f(1) == 2", ""),
        ("%matplotlib inline\nassert f(1) == 2", ""),
        ("%time assert f(1) == 3, 'wrong'", "wrong"),
        ("%%time\nassert f(1) == 3, 'wrong'", "wrong"),
        ("%%capture\nassert f(1) == 3, 'wrong'", "wrong"),
    ],
)
def test_a_magic_in_a_test_or_a_set_up_cell_is_what_it_is_in_a_notebook(engine, test, says):
    setup = "%matplotlib inline\n%time two = 2"
    assert verdict(engine, "def f(x): return 2 * x", f"{test}", setup) == says
    assert verdict(engine, "def f(x): return x * two", test, f"%%time\n{setup}") == says


def test_a_test_that_is_not_python_says_so(engine):
    assert "invalid syntax" in verdict(engine, "a = 1", "assert a ==")


def test_a_finding_names_the_line_of_the_test_at_which_it_ended(engine):
    test = "import math\nassert f(1) == 1\nassert f(2) == 2, 'two'"
    cells = [("student", "def f(x):\n    return 1"), ("grade", test)]
    *_, result = run(engine, *cells)
    assert result.error.finding["line"] == 3
    cells[0] = ("student", "def f(x):\n    raise KeyError(x)")
    *_, result = run(engine, *cells)
    assert result.error.finding["line"] == 2
