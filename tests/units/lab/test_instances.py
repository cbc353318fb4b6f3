"""Label maps that checks draw or build, and what is known of them."""

import numpy as np
import pytest

from autograder.lab import instances


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("dtype", ["uint8", "int16", "int64", "uint64"])
def test_a_label_map_has_the_shape_and_the_dtype_that_were_asked_for(dtype):
    labels = instances.label_map(rng(), (9, 13), 12, dtype)
    assert labels.shape == (9, 13) and labels.dtype == dtype
    assert len(np.unique(labels)) > 3 and labels.max() > 13  # with gaps


def test_label_maps_differ_and_repeat_themselves():
    first, again = (instances.label_map(rng(1), (8, 8), 6) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, instances.label_map(rng(2), (8, 8), 6))


def test_some_object_has_two_parts():
    def is_cut(labels, label):
        rows = [np.flatnonzero(row == label) for row in labels]
        return any(len(row) and np.ptp(row) >= len(row) for row in rows)

    maps = [instances.label_map(rng(seed), (20, 20), 12) for seed in range(10)]
    assert any(is_cut(labels, label) for labels in maps for label in np.unique(labels[labels != 0]))


def test_the_outline_lies_inside_and_the_edge_of_the_image_is_none():
    labels = np.array([[4, 4, 4, 0], [4, 4, 4, 0], [4, 4, 4, 9], [0, 0, 0, 9]])
    expected = [[1, 1, 2, 0], [1, 1, 2, 0], [2, 2, 2, 2], [0, 0, 0, 2]]
    assert np.array_equal(instances.inside_and_outline(instances=labels), expected)


def test_each_mistake_differs_from_the_right_map_somewhere():
    maps = instances.telling_maps()
    right = [instances.inside_and_outline(instances=labels) for labels in maps]
    wrong = [instances.wrong_outlines(labels) for labels in maps]
    for kind in wrong[0]:
        made = [w[kind] if isinstance(w[kind], list) else [w[kind]] for w in wrong]
        for variant in zip(*made, strict=True):
            assert any(not np.array_equal(one, r) for one, r in zip(variant, right, strict=True))


def table_of(true, found):
    """Pixels that objects of two maps have in common, by their labels in order of appearance."""
    labels = [np.concatenate([[0], np.setdiff1d(m, [0])]) for m in (true, found)]
    return np.array([[np.sum((true == a) & (found == b)) for b in labels[1]] for a in labels[0]])


@pytest.mark.parametrize("width", [1, 4, 7])
def test_maps_have_the_overlaps_that_they_are_made_of(width):
    overlaps = instances.random_overlaps(rng(), 4, 6)
    true, found = instances.maps_of(overlaps, width, "uint8")
    assert true.shape == found.shape and true.shape[1] == width and true.dtype == "uint8"
    counts = table_of(true, found)
    filled = counts.sum() - overlaps.sum()
    assert 0 <= filled < width
    assert sorted(counts.ravel())[:-1] == sorted(overlaps.ravel())[:-1]
    assert sorted(counts[1:].sum(axis=1)) == sorted(overlaps[1:].sum(axis=1))
    assert sorted(counts[:, 1:].sum(axis=0)) == sorted(overlaps[:, 1:].sum(axis=0))


def test_there_are_not_so_many_labels():
    with pytest.raises(ValueError, match="labels"):
        instances.maps_of(np.ones((2, 14), int), 3, "int64")


def test_an_iou_at_the_threshold_is_no_match():
    half = np.array([[3, 1], [0, 1]])
    assert instances.counted(half, threshold=0.5) == (0, 1, 1)
    assert instances.counted(np.array([[3, 1], [0, 2]])) == (1, 0, 0)
    assert instances.counted(np.array([[3, 0, 5], [1, 6, 0], [4, 0, 0]]), threshold=0.75) == (
        1,
        1,
        1,
    )


@pytest.mark.parametrize("threshold", [0.25, 1.0])
def test_the_exercise_has_no_such_threshold(threshold):
    with pytest.raises(ValueError, match="threshold"):
        instances.counted(np.array([[3, 1], [0, 2]]), threshold=threshold)


def test_an_object_without_pixels_is_refused():
    with pytest.raises(ValueError, match="pixels"):
        instances.counted(np.array([[3, 0], [1, 0]]))


def test_each_mistake_counts_something_else_somewhere():
    given = [(table, threshold) for table in instances.TELLING_TABLES for threshold in (0.5, 0.75)]
    right = [instances.counted(table, threshold=threshold) for table, threshold in given]
    wrong = [instances.wrong_counts(table, threshold, 4) for table, threshold in given]
    for kind in wrong[0]:
        made = [w[kind] if isinstance(w[kind], list) else [w[kind]] for w in wrong]
        for variant in zip(*made, strict=True):
            assert any(one != r for one, r in zip(variant, right, strict=True)), kind
