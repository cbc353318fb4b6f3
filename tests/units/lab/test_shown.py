"""How values are shown: drawings of results, which entries differ, digits of numbers."""

import numpy as np
import pytest

from autograder.lab.shown import describe_both, drawing, pictures


def drawn(result, expected):
    return drawing(result, expected, 1e-6)


def test_a_small_matrix_is_drawn_whole():
    found = drawn(np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert found["yours_values"] == ((1, 2), (3, 5)) and found["wanted_values"][1] == (3, 4)
    assert (found["part"], found["differing"]) == ("", ((1, 1),))


def test_a_vector_is_drawn_as_a_row_and_a_column_as_a_column():
    assert drawn(np.ones(3), np.zeros(3))["yours_values"] == ((1, 1, 1),)
    assert drawn(np.ones((2, 1)), np.zeros((2, 1)))["yours_values"] == ((1,), (1,))


def test_of_a_large_image_the_part_around_the_first_difference_is_drawn():
    right = np.arange(2 * 40 * 30 * 3.0).reshape(2, 40, 30, 3)
    wrong = right.copy()
    wrong[1, 20, 29, 2] = -1
    found = drawn(wrong, right)
    assert found["part"] == "[1, 12:28, 14:30, 2]"
    (place,) = found["differing"]
    assert found["yours_values"][place[0]][place[1]] == -1
    assert len(found["yours_values"]) == len(found["yours_values"][0]) == 16


def test_results_of_different_shapes_are_drawn_without_marks():
    found = drawn(np.ones((2, 3)), np.ones((20, 2)))
    assert len(found["wanted_values"]) == 16 and found["part"] == "[:16, :16]"
    assert "differing" not in found
    assert drawn(np.ones((2, 3, 4)), np.ones((2, 3))) == {}


def test_of_a_tuple_the_part_that_differs_is_drawn():
    found = drawn((np.ones(2), np.array([1.0, 2.0])), (np.ones(2), np.array([1.0, 3.0])))
    assert (found["part"], found["differing"]) == ("[1]", ((0, 1),))


def test_what_is_not_an_array_of_real_numbers_is_not_drawn():
    for value in (1.0, "text", np.array(["text"]), np.ones(2, complex), np.zeros(0)):
        assert drawn(value, np.ones(2)) == {}


def test_an_array_with_two_axes_that_are_longer_than_1_is_pictured_as_a_matrix():
    kernel = np.arange(6.0).reshape(2, 3, 1, 1)
    assert pictures(-kernel, kernel)["wanted"] == ("0 1 2", "3 4 5")
    assert pictures(kernel[:, :, 0, 0], kernel)["yours"] == ("0 1 2", "3 4 5")
    assert pictures(np.ones((1, 1)), np.zeros((1, 1)))["yours"] == ("1",)
    for shape in [(2, 2, 2, 1), (3, 1, 1), (10, 2, 1), (0, 2, 1), (3,)]:
        assert not pictures(np.ones(shape), np.ones(shape))


@pytest.mark.parametrize(
    ("one", "other", "shown"),
    [
        (0.555555522441864, 0.25, ("0.5556", "0.25")),
        (np.float32(2 / 3), 1, ("0.6667", "1")),
        (0.555551, 0.555552, ("0.555551", "0.555552")),
        (float("nan"), 0.5, ("nan", "0.5")),
        (1.0, None, ("1.0", "None")),
        (np.array(0.1 + 0.2), 0.25, ("0.3", "0.25")),
        (2, 3, ("2", "3")),
        (0.5, 0.5, ("0.5", "0.5")),
    ],
)
def test_numbers_are_shown_in_four_digits_or_as_many_as_tell_them_apart(one, other, shown):
    assert describe_both(one, other) == shown
