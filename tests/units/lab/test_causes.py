"""What is named as the cause of a wrong answer, and what is not; and the call that shows it."""

import numpy as np
import pytest
import tensorflow as tf

from autograder import lab
from autograder.lab.findings import Finding


def mean(x):
    return float(np.mean(x))


def both_sides(x):
    """Mistakes that are alike where there are two numbers, and differ where there are more."""
    return {"values": float(x.max() + x.min()) / 2, "shape": float(np.median(x))}


def doubled(x):
    return 2.5 * x


def told(function, oracle, *given, **options) -> Finding:
    trial = lab.Trial(function, "answer", ("x", "times"))
    with pytest.raises(lab.CheckFailed) as failure:
        trial.compare(oracle, *given, **options)
    assert Finding.from_data(failure.value.finding.to_data()) == failure.value.finding
    return failure.value.finding


def run(finding: Finding, function):
    """What the line of a finding gives in a notebook, and what its comment expects."""
    line, expected = finding.call.split("  # expected ")
    return eval(line, {"np": np, "tf": tf, "answer": function}), expected


X = np.array([[1.0, 2.0, 6.0], [4.0, 8.0, 16.0]])


def test_a_mistake_is_named_that_explains_a_second_input():
    found = told(lambda x: float(x.max() + x.min()) / 2, mean, X, mistakes=both_sides)
    assert (found.kind, found.recognized) == ("values", True)


def test_a_mistake_that_fits_one_input_only_is_not_named():
    wrong = float(X.max() + X.min()) / 2
    found = told(lambda x: wrong if np.array_equal(x, X) else 0.0, mean, X, mistakes=both_sides)
    assert not found.recognized


def test_of_two_mistakes_that_explain_all_inputs_none_is_named():
    def rivals(x):
        return {"values": float(x.max()), "shape": float(np.sort(x.ravel())[-1])}

    assert not told(lambda x: float(x.max()), mean, X, mistakes=rivals).recognized


def test_a_mistake_that_an_earlier_right_answer_refutes_is_not_named():
    def largest_of_many(x):
        return float(x.max()) if x.size > 2 else float(np.mean(x))

    trial = lab.Trial(largest_of_many, "answer")
    trial.compare(mean, X[:1, :2])
    with pytest.raises(lab.CheckFailed) as failure:
        trial.compare(mean, X, mistakes=lambda x: {"values": float(x.max())})
    assert not failure.value.finding.recognized


def test_a_mistake_that_gives_the_right_result_is_not_named_where_an_exception_is_raised():
    def fails_on_many(x):
        if x.size > 4:
            raise ValueError("too many")
        return float(x.max())

    def largest(x):
        return {"values": float(x.max() if x.size <= 4 else np.mean(x))}

    def largest_or_nothing(x):
        return {"values": float(x.max() if x.size <= 4 else 0)}

    few = [(X[:, :2],), (2 * X[:, :2],)]
    assert told(fails_on_many, mean, X, mistakes=largest_or_nothing, others=few).remarks
    assert not told(fails_on_many, mean, X, mistakes=largest, others=few).remarks


def test_the_oracle_is_asked_only_for_inputs_that_the_exercise_has():
    seen = []

    def answer(x):
        seen.append(x.shape)
        return 0.0

    def square_mean(x):
        if x.shape[0] != x.shape[1]:
            raise ValueError("squares only")
        return mean(x)

    told(answer, square_mean, np.ones((6, 6)))
    assert {rows == columns for rows, columns in seen} == {True}


def test_the_number_of_calls_is_bounded():
    calls = []
    generator = np.random.default_rng(0)
    told(lambda x: calls.append(1) or 0.0, mean, generator.normal(size=(40, 30)))
    assert len(calls) < 100


def test_a_large_example_is_shrunk_to_a_line_that_shows_the_difference():
    def negative_lost(x):
        return np.maximum(x, 0) * 2.5

    x = np.random.default_rng(0).normal(0, 3, (9, 11)).astype("float32")
    found = told(negative_lost, doubled, x)
    result, expected = run(found, negative_lost)
    assert result.size == 1 and str(result) != expected
    assert found.call == "answer(np.array([[-1.]], 'float32'))  # expected [[-2.5]]" or result == 0


def test_an_example_is_not_shrunk_to_zeros():
    def shown(x, kernel):
        return float(x[0, 0] + kernel.sum() + 1)

    x = np.random.default_rng(0).uniform(0.05, 0.2, (9, 11))
    found = told(shown, lambda x, kernel: float(x[0, 0] + kernel.sum()), x, x)
    _, first, second = found.call.partition("  #")[0].split("np.array")
    assert "0." in first and "[[0.]]" not in first + second


def test_the_same_example_is_found_again():
    x = np.random.default_rng(0).normal(0, 3, (9, 11))
    assert len({told(lambda x: 0 * x, doubled, x) for _ in range(2)}) == 1


def test_a_small_example_is_shown_as_it_is():
    x = np.array([[0.5, 1.0]])
    assert told(lambda x: x, doubled, x).call == (
        "answer(np.array([[0.5, 1.]]))  # expected [[1.25, 2.5 ]]"
    )


def test_what_a_check_computed_from_the_result_is_not_said_to_come_from_the_call():
    trial = lab.Trial(lambda x: x, "answer")
    trial.call(3)
    trial.result = 4
    with pytest.raises(lab.CheckFailed) as failure:
        trial.expect(5)
    assert failure.value.finding.call == "answer(3)"


def test_an_exception_is_shown_with_the_smallest_call_that_raises_it():
    def fails_on_rows(x):
        return doubled(x) if len(x) == 1 else x["rows"]

    found = told(fails_on_rows, doubled, np.ones((7, 8)))
    assert found.call == "answer(np.array([[1.], [1.]]))"
    assert found.outcome == "raises" and "fails_on_rows" in found.where


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (lambda x: None, "returns-nothing"),
        (lambda x: doubled, "returns-function"),
        (lambda x: doubled(x).tolist(), "returns-list"),
        (lambda x: list(doubled(x)), "returns-list"),
        (lambda x: (doubled(x),), "returns-tuple"),
        (lambda x: x, "returns-argument"),
        (lambda x: -doubled(x), "sign-turned"),
        (lambda x: doubled(x).T, "transposed"),
        (lambda x: doubled(x)[None], "another-shape"),
        (lambda x: doubled(x)[:-1], "cut-off"),
        (lambda x: doubled(x)[1:, 1:], "cut-off"),
        (lambda x: doubled(x)[:1], "first-only"),
        (lambda x: doubled(x) * (np.arange(x.size).reshape(x.shape) < 1), "first-pass"),
        (lambda x: doubled(x).astype(int), "truncated"),
        (lambda x: np.resize(doubled(x), (len(x), len(x))), "square-only"),
    ],
)
def test_a_slip_is_recognised_whatever_the_exercise(answer, kind):
    found = told(answer, doubled, X)
    assert (found.kind, found.recognized) == (kind, True)


@pytest.mark.parametrize(
    ("result", "kind"),
    [("7.5", "returns-text"), (np.array([7.5]), "returns-array"), ((7.5, 1), "returns-tuple")],
)
def test_a_slip_in_a_number_is_recognised_from_one_result(result, kind):
    trial = lab.Trial(lambda: result, "answer")
    trial.call()
    with pytest.raises(lab.CheckFailed) as failure:
        trial.expect(7.5)
    assert failure.value.finding.kind == kind


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: doubled(x)[:, :1] * np.ones(x.shape),  # the first column, repeated
        lambda x: np.zeros(x.shape),
        lambda x: np.resize(doubled(x), (len(x), 2)),
        lambda x: doubled(x)[:-1] + 1,
        lambda x: (doubled(x) + 1).tolist(),
        lambda x: doubled(x).T + (x.shape != X.shape),
        lambda x: np.rint(2 * x).astype(int),
    ],
)
def test_a_slip_is_not_seen_in_another_mistake(answer):
    assert not told(answer, doubled, X).recognized


def test_numbers_that_overflow_are_told_from_other_mistakes():
    x = np.array([[200, 100], [3, 250]], "uint8")

    def total(x):
        return x.astype(int) * 2

    assert told(lambda x: x * np.uint8(2), total, x).kind == "overflow"
    assert told(lambda x: x.astype(int) * 3, total, x).kind == "values"


def test_the_order_in_memory_is_told_from_other_mistakes():
    def by_memory(x):
        return 2.5 * x.ravel("K").reshape(x.shape)

    assert told(by_memory, doubled, np.asfortranarray(X)).kind == "memory-order"
    assert told(lambda x: 3 * x, doubled, np.asfortranarray(X)).kind == "values"


@pytest.mark.parametrize(
    "convert", [np.asarray, tf.constant, tf.Variable, lambda x: np.asfortranarray(x)]
)
def test_any_array_like_of_the_right_values_passes(convert):
    trial = lab.Trial(lambda x: convert(doubled(x)), "answer")
    trial.compare(doubled, X)
    assert isinstance(trial.result, np.ndarray)


@pytest.mark.parametrize("convert", [float, np.float32, np.array, tf.constant])
def test_any_scalar_of_the_right_value_passes(convert):
    lab.Trial(lambda x: convert(mean(x)), "answer").compare(mean, X)


def test_scalars_are_shown_by_value():
    found = told(lambda x: tf.constant(0.25), lambda x: 0.5, X[:1])
    assert (found.expected, found.returned) == ("0.5", "0.25")


def test_what_a_function_prints_is_printed_once(capsys):
    def talking(x):
        print("here")
        return 0 * x

    told(talking, doubled, np.random.default_rng(0).normal(size=(9, 9)))
    assert capsys.readouterr().out == "here\n"


def test_a_file_of_this_package_or_of_python_is_no_frame_of_the_students():
    import statistics

    def answer(x):
        return statistics.mean([])

    found = told(answer, mean, X)
    assert found.where.endswith("return statistics.mean([])")
