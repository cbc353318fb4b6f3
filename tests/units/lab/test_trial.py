"""What a trial says of a function: the four outcomes, and the words that go with them."""

import sys
import traceback
from types import ModuleType

import keras
import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab.checking import Check
from autograder.lab.failures import FunctionRaised
from autograder.lab.findings import Finding


def trial_of(function):
    return lab.Trial(function, "double", ("x", "times"))


def message_of(function, expected, *args, **options):
    trial = trial_of(function)
    with pytest.raises(lab.CheckFailed) as failure:
        trial.call(*args)
        trial.expect(expected, **options)
    return str(failure.value)


def stub(x):
    raise NotImplementedError()


def finding_of(function, expected, *args, **options):
    trial = trial_of(function)
    with pytest.raises(lab.CheckFailed) as failure:
        trial.call(*args)
        trial.expect(expected, **options)
    assert str(failure.value) == failure.value.finding.text()
    return failure.value.finding


def test_a_stub_is_not_attempted():
    with pytest.raises(lab.NotAttempted, match="not attempted yet"):
        trial_of(stub).call(1)


@pytest.mark.parametrize(
    "attempt",
    [lambda x: list(x), lambda x: tf.nn.space_to_depth(x, 2)],
    ids=["a loop over a Keras tensor", "a TensorFlow function on a Keras tensor"],
)
def test_what_keras_has_not_implemented_is_an_attempt(attempt, capsys):
    symbolic = keras.Input((4, 4, 1))
    with pytest.raises(FunctionRaised) as failure:
        trial_of(attempt).call(symbolic)
    assert "it raises " in str(failure.value)
    if isinstance(failure.value.__cause__, NotImplementedError):
        with pytest.raises(NotImplementedError), lab.needs("attempt"):
            attempt(symbolic)
        assert capsys.readouterr().out == ""


def test_an_attempt_that_says_itself_what_is_missing_is_an_attempt():
    def partial(x):
        raise NotImplementedError("only stride 1 works")

    with pytest.raises(FunctionRaised, match="only stride 1 works"):
        trial_of(partial).call(1)


def test_a_stub_in_another_process_is_known_by_the_line_that_it_sends():
    def remote(line):
        error = NotImplementedError()
        error.student_frames = [traceback.FrameSummary("cell", 2, "double", line=line)]
        raise error

    with pytest.raises(lab.NotAttempted):
        trial_of(lambda x: remote("raise NotImplementedError()")).call(1)
    with pytest.raises(FunctionRaised):
        trial_of(lambda x: remote("return list(x)")).call(1)


def test_an_exception_is_reported_with_the_students_line():
    def broken(x):
        return x["missing"]

    with pytest.raises(FunctionRaised) as failure:
        trial_of(broken).call({})
    assert "raised    KeyError: 'missing'" in str(failure.value)
    assert 'return x["missing"]' in str(failure.value)


def test_codes_for_a_terminal_in_a_message_are_left_out():
    def colored(x, times):
        raise ValueError("Exception encountered\n\n\x1b[1mtoo short\x1b[0m")

    with pytest.raises(lab.CheckFailed) as failure:
        trial_of(colored).call(1, 2)
    assert failure.value.finding.raised.endswith("\n\ntoo short")


def test_a_name_that_is_no_function_is_explained():
    with pytest.raises(lab.CheckFailed, match="`double` should be a function, but it is 3"):
        trial_of(3)


def test_a_changed_argument_is_named_by_its_parameter():
    def careless(x, times):
        x *= times
        return x

    with pytest.raises(lab.CheckFailed, match="changed its argument `x`"):
        trial_of(careless).call(np.ones((2, 2)), 3)


def test_nan_in_an_unchanged_argument_is_no_change():
    assert trial_of(lambda x: 1).call(np.array([np.nan])) == 1


def test_the_call_both_shapes_and_the_first_difference_are_shown():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    text = message_of(lambda x, times: x + times, x * 3, x, 3)
    assert "called    double(np.array([[1., 2.], [3., 4.]]), 3)  # expected [[3., 6." in text
    assert "4 of 4 entries, the first at [0, 0]: 4 instead of 3" in text
    assert "yours     expected\n  4 5        3  6\n  6 7        9 12" in text


def test_two_large_arrays_are_not_told_apart_by_their_type():
    text = message_of(lambda x: -x, np.ones((9, 9)), np.ones((9, 9)))
    assert "expected  float64 array of shape (9, 9)\n" in text and "ndarray" not in text


def test_a_wrong_shape_is_named():
    text = message_of(lambda x: x.T, np.ones((2, 3)), np.ones((2, 3)))
    assert "shape (3, 2) instead of (2, 3)" in text


def test_the_misconception_that_matches_is_the_one_named():
    x = np.array([[1.0, 2.0]])
    mistakes = [
        lab.Mistake("you forgot to double.", x),
        lab.Mistake("you tripled.", lambda: 3 * x),
    ]
    text = message_of(lambda x: 3 * x, 2 * x, x, mistakes=mistakes)
    assert "Likely cause: You tripled." in text
    assert "forgot" not in text


def test_a_mistake_may_lead_to_one_of_several_results():
    x = np.array([[1.0, 2.0]])
    for factor in (3, 4):
        found = finding_of(
            lambda x, factor=factor: factor * x, 2 * x, x, mistakes={"type": [3 * x, lambda: 4 * x]}
        )
        assert (found.kind, found.recognized) == ("type", True)


def test_a_function_that_makes_a_mistakes_result_is_called_only_when_the_answer_is_wrong():
    trial = trial_of(lambda x: 2 * x)
    trial.call(np.ones(2))
    trial.expect(2 * np.ones(2), {"values": lambda: pytest.fail("called")})


def test_a_numpy_number_is_shown_as_the_number_that_it_is():
    trial = lab.Trial(lambda: np.float32(0.25), "mean")
    trial.call()
    with pytest.raises(lab.CheckFailed, match=r"returned  0\.25\n") as failure:
        trial.expect(0.5)
    assert failure.value.finding.returned == "0.25"


@pytest.mark.parametrize("expected", [0.5, 2, float("inf"), float("nan")])
def test_a_number_larger_than_any_float_is_another_value(expected):
    trial = lab.Trial(lambda: 10**400, "mean")
    trial.call()
    with pytest.raises(lab.CheckFailed) as failure:
        trial.expect(expected)
    assert failure.value.finding.kind == "values"


def test_what_a_case_is_about_is_added_to_whatever_it_ends_with():
    check = make_check()
    trial = check.trial(lambda x: x)
    trial.call(1)
    trial.about("shape")
    with pytest.raises(lab.CheckFailed) as failure:
        trial.expect(2)
    assert failure.value.finding.remarks == ("The result has the wrong shape.",)
    trial.call(1)
    with pytest.raises(lab.CheckFailed) as failure:
        trial.expect(2)
    assert failure.value.finding.remarks == ()


def test_no_misconception_is_named_where_none_matches():
    x = np.array([[1.0, 2.0]])
    text = message_of(lambda x: 5 * x, 2 * x, x, mistakes=[lab.Mistake("you tripled.", 3 * x)])
    assert "cause" not in text


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (None, 3),
        (3.0, 3),
        (True, 1),
        (1, True),
        ("valid", "same"),
        ([1.0, 2.0], (1.0, 2.0)),
        (np.array([1.0, 2.0]), (1.0, 2.0)),
        ([[1.0]], np.ones((1, 1))),
        (np.array([["a"]]), np.ones((1, 1))),
        (np.array([[np.nan]]), np.ones((1, 1))),
        (float("nan"), 1.0),
        (np.ones((1, 1), complex), np.ones((1, 1))),
    ],
)
def test_a_value_of_another_kind_is_wrong(result, expected):
    assert "returned" in message_of(lambda: result, expected)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (np.int64(3), 3),
        (np.float32(2.5), 2.5),
        (3, 3.0),
        (float("inf"), float("inf")),
        (float("nan"), float("nan")),
        ((1.0, np.float64(2.0)), (1.0, 2.0)),
        (np.ones((2, 2), "float32") * (1 + 1e-6), np.ones((2, 2))),
        (np.array([[np.nan]]), np.array([[np.nan]])),
        (np.bool_(True), True),
    ],
)
def test_an_equal_value_is_right(result, expected):
    trial = trial_of(lambda: result)
    trial.call()
    trial.expect(expected)


def test_a_dtype_is_graded_only_when_asked_for():
    x = np.ones((2, 2), "float32")
    trial = trial_of(lambda x: x.astype("float64"))
    trial.call(x)
    trial.expect(x)
    with pytest.raises(lab.CheckFailed, match="dtype float64 instead of float32"):
        trial.expect(x, dtype="float32")


def test_a_bad_argument_wants_its_error_and_a_parameters_name():
    def careful(x):
        raise ValueError("x must be positive")

    def mute(x):
        raise ValueError("bad")

    def other(x):
        raise TypeError("x")

    trial_of(careful).expect_error(ValueError, ("x",), -1)
    with pytest.raises(lab.CheckFailed, match=r'names `x`\n.*ValueError\("bad"\)'):
        trial_of(mute).expect_error(ValueError, ("x",), -1)
    with pytest.raises(FunctionRaised, match="a ValueError whose message names `x`"):
        trial_of(other).expect_error(ValueError, ("x",), -1)
    with pytest.raises(lab.CheckFailed, match=r"names `x`\n  returned  None$"):
        trial_of(lambda x: None).expect_error(ValueError, ("x",), -1)
    for returned in (ValueError("x is negative"), ValueError):
        with pytest.raises(lab.CheckFailed, match="`raise` raises it") as failure:
            trial_of(lambda x, y=returned: y).expect_error(ValueError, ("x",), -1)
        assert failure.value.finding.kind == "returns-error"


def test_a_parameter_is_not_named_by_a_letter_of_another_word():
    def incidental(y):
        raise ValueError("cannot reshape array")

    def naming(y):
        raise ValueError("y_shape: (3,) is wanted")

    with pytest.raises(lab.CheckFailed, match="whose message names `y`"):
        trial_of(incidental).expect_error(ValueError, ("y",), -1)
    trial_of(naming).expect_error(ValueError, ("y",), -1)


def test_an_open_exercise_that_another_one_calls_is_named():
    def earlier(x):
        raise NotImplementedError()

    def later(x):
        return earlier(x)

    for function, says, outcome, kind in [
        (earlier, ": not attempted yet", "not attempted", "not-attempted"),
        (later, "it calls `earlier`, which", "wrong", "calls-unattempted-earlier"),
    ]:
        with pytest.raises(lab.NotAttempted, match=says) as failure:
            trial_of(function).call(1)
        assert (failure.value.finding.outcome, failure.value.finding.kind) == (outcome, kind)


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        (np.ones(4), "shape"),
        ([1.0], "type"),
        (np.array(["a"] * 3), "not-real"),
        (np.ones(3), "values"),
    ],
)
def test_what_differs_gives_the_kind_of_the_finding(result, kind):
    found = finding_of(lambda: result, 2 * np.ones(3))
    assert (found.exercise, found.outcome, found.kind) == ("double", "wrong", kind)
    assert found.sentence and not found.recognized and found.differs


def test_what_was_raised_or_left_out_gives_the_kind_of_the_finding():
    def raising(x):
        raise KeyError("y")

    for function, kind in [
        (raising, "raises-KeyError"),
        (lambda x: None, "no-error"),
        (lambda x: int("a"), "error-names-no-parameter"),
        (np.ndarray.sort, "raises-TypeError"),
    ]:
        with pytest.raises(lab.CheckFailed) as failure:
            trial_of(function).expect_error(ValueError, ("x",), -1)
        assert failure.value.finding.kind == kind
    with pytest.raises(lab.CheckFailed) as failure:
        trial_of(lambda x: x.sort()).call(np.array([2, 1]))
    assert failure.value.finding.kind == "changes-argument"


def test_the_callers_own_words_become_the_finding():
    found = []
    for text in ["It ends at 30x30 instead of 28.", "It ends at 7x9 instead of 28.5.", "Other."]:
        with pytest.raises(lab.CheckFailed, match=f"  {text}\n  A hint") as failure:
            trial_of(len).fail(text, "A hint.")
        found.append(failure.value.finding)
    assert found[0].kind == found[1].kind == "it-ends-at-instead-of" != found[2].kind
    assert found[0].sentence == "It ends at 30x30 instead of 28." and found[0].recognized
    assert found[0].remarks == ("A hint.",)


@pytest.fixture
def with_hints(tmp_path, monkeypatch):
    """Makes the trial of an exercise whose table has hints; says what it ends with."""
    checks = ModuleType("checks_with_hints")
    checks.__file__ = str(tmp_path / "checks.py")
    monkeypatch.setitem(sys.modules, checks.__name__, checks)
    (tmp_path / "checks.toml").write_text(
        '[double]\nhints = [["tripled", "no-error"], ["raises-IndexError", "shape"], '
        '["square-only", "changes-argument", "cut-short"]]\n'
        'tripled = "It is tripled."\nhalved = "It is halved."\n'
    )

    def found(function, use):
        with pytest.raises(lab.CheckFailed) as failure:
            use(lab.Trial(function, "double", ("x", "times"), checks.__name__))
        return failure.value.finding

    return found


def one_more(x):
    return x + 1


def square_only(x):
    return np.array([x[:, column].sum() for column in range(len(x))])


@pytest.mark.parametrize(
    ("function", "use", "kind", "hint"),
    [
        (one_more, lambda t: t.report("tripled"), "tripled", 1),
        (one_more, lambda t: t.report("halved"), "halved", 0),
        (one_more, lambda t: t.expect_error(ValueError, ("x",), 1), "no-error", 1),
        (one_more, lambda t: t.call([]), "raises-TypeError", 0),
        (lambda x: x[3], lambda t: t.call([]), "raises-IndexError", 2),
        (lambda x: x.sort(), lambda t: t.call(np.array([2, 1])), "changes-argument", 3),
        (stub, lambda t: t.call(1), "not-attempted", 0),
        (
            lambda x: x[1:],
            lambda t: t.compare(lambda x: 2 * x**2, np.arange(3.0)),
            "shape",
            2,
        ),
        (
            square_only,  # why it raises comes before what it raises
            lambda t: t.compare(lambda x: x.sum(0), np.arange(6.0).reshape(3, 2)),
            "raises-IndexError",
            3,
        ),
    ],
)
def test_whatever_a_trial_ends_with_names_the_hint_of_the_table(
    with_hints, function, use, kind, hint
):
    found = with_hints(function, use)
    assert (found.kind, found.hint) == (kind, hint)


def test_what_another_process_says_of_a_call_has_its_hint(with_hints):
    def cut_short(x):
        error = RuntimeError()
        error.finding = Finding("", "wrong", "cut-short", "It is cut short.", hint=9)
        raise error

    assert with_hints(cut_short, lambda trial: trial.call(1)).hint == 3


def test_a_message_that_nobody_foresaw_is_still_a_short_sentence():
    def odd(x):
        raise type("Größe", (ValueError,), {})("a\x1b[2Jb\u202e" * 500)

    with pytest.raises(FunctionRaised) as failure:
        trial_of(odd).call(1)
    found = failure.value.finding
    assert len(found.sentence) <= 250 and found.sentence.isprintable()
    assert Finding.from_data(found.to_data()).sentence == found.sentence


def test_a_sentence_that_is_missing_is_an_error_for_the_author():
    with pytest.raises(LookupError, match="no sentence for `nothing` of the exercise `double`"):
        trial_of(len).report("nothing")


def test_a_wrong_dtype_is_not_taken_for_a_misconception():
    mistakes = [lab.Mistake("it stays as it was.", np.ones(2))]
    says = message_of(lambda x: x, np.ones(2), np.ones(2), mistakes=mistakes, dtype="float32")
    assert "instead of float32" in says
    assert "stays as it was" not in says


def make_check(body=None):
    def doubled(trial):
        trial.call(2)
        trial.expect(4)

    doubled.__name__ = "doubled"
    return Check("doubled", ("x",), 3.0, body or doubled)


def test_a_check_prints_one_line_when_it_passes(capsys):
    check = make_check()
    check(lambda x: 2 * x)
    assert capsys.readouterr().out == "✓ doubled: right on 1 example.\n"
    assert check.outcome == "right"


def test_a_check_remembers_how_it_ended():
    check = make_check()
    for function, outcome in [
        (lambda x: x, "wrong"),
        (lambda x: 1 / 0, "raises"),
        (stub, "not attempted"),
    ]:
        with pytest.raises(lab.CheckFailed):
            check(function)
        assert check.outcome == outcome


def test_the_scoreboard_counts_points_and_escapes_names():
    from types import ModuleType

    module = ModuleType(__name__)
    module.doubled = make_check()
    module.tripled = Check("<tripled>", ("x",), 2.0, module.doubled.body)
    module.doubled(lambda x: 2 * x)
    board = lab.scoreboard(module)
    assert "1  doubled         3  ✓ right" in repr(board)
    assert "1 of 2 visible checks passed, on exercises worth 3 of 5 points" in repr(board)
    assert "Hidden tests" in repr(board)
    page = board._repr_html_()
    assert "&lt;tripled&gt;" in page and "<tripled>" not in page
    assert "<td style='text-align:left'>1 · <code>doubled</code></td>" in page


def test_in_a_live_notebook_the_scoreboard_leads_to_the_answers(monkeypatch):
    from types import ModuleType

    monkeypatch.setattr("autograder.lab.checking.is_live", lambda: True)
    monkeypatch.setenv("JPY_SESSION_NAME", "/course/my-work/01/my 01.ipynb")
    module = ModuleType(__name__)
    module.doubled = make_check()
    row = "<a href='my%2001.ipynb#cell-id=doubled'>1 · <code>doubled</code></a>"
    assert row in lab.scoreboard(module)._repr_html_()


def test_needs_forgives_only_what_is_not_attempted(capsys):
    with lab.needs("stamp"):
        raise NotImplementedError()
    assert "○ This cell shows its result once you have" in capsys.readouterr().out
    with lab.needs("stamp"):
        undefined_because_of_the_first_cell  # noqa: B018, F821
    assert "once you have run the cells above it again" in capsys.readouterr().out
    with pytest.raises(ValueError), lab.needs("stamp"):
        raise ValueError()


def open_exercise():
    # YOUR CODE HERE
    raise NotImplementedError()


def another_one():
    raise NotImplementedError


def written():
    return open_exercise()


def test_needs_names_the_functions_that_are_still_open(capsys):
    with lab.needs("written", "open_exercise", "another_one", "undefined"):
        written()
    said = "○ This cell shows its result once you have written `open_exercise`, `another_one`.\n"
    assert capsys.readouterr().out == said
    with lab.needs("written"):  # it does not say that it calls another one
        written()
    assert "once you have written `open_exercise`." in capsys.readouterr().out


def test_the_generator_depends_on_the_seed_and_the_exercise(monkeypatch):
    monkeypatch.delenv("AUTOGRADER_SEED", raising=False)
    first = lab.rng("stamp").random()
    assert lab.rng("stamp").random() == first
    assert lab.rng("correlate2d").random() != first
    monkeypatch.setenv("AUTOGRADER_SEED", "7")
    assert lab.rng("stamp").random() != first
