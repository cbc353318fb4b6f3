"""Tiles: a network whose results are spoiled near an edge, and what a stitched result shows."""

import numpy as np
import pytest

from autograder.lab import tiles

OVERLAP, TILE = 4, 6


def rng():
    return np.random.default_rng(3)


@pytest.fixture
def image():
    return rng().uniform(size=(9, 11, 2))


@pytest.fixture
def kernel():
    return tiles.random_kernel(rng(), OVERLAP, 2, 3)


def whole(image, kernel):
    return np.asarray(tiles.network(image[None], kernel))[0]


def at_places(places, write):
    """An answer that calls the network on these tiles and writes what `write` says."""

    def answer(predict, image, tile, overlap):
        result = np.zeros((*image.shape[:2], 3))
        for top, left in places:
            window = (slice(top, top + tile), slice(left, left + tile))
            write(result, window, np.asarray(predict(image[None, *window]))[0])
        return result

    return answer


EVERYWHERE = [(top, left) for top in (0, 2, 3) for left in (0, 2, 4, 5)]


def overwrite(result, window, found):
    result[window] = found


def add(result, window, found):
    result[window] += found


def middle(result, window, found):
    inner = tuple(slice(w.start + 2, w.stop - 2) for w in window)
    result[inner] = found[2:-2, 2:-2]


def center(result, window, found):
    inner = tuple(slice(w.start + 3, w.stop - 3 + 1) for w in window)
    result[inner] = found[3:-2, 3:-2]


def mean(predict, image, tile, overlap):
    total = at_places(EVERYWHERE, add)(predict, image, tile, overlap)
    count = np.zeros((*image.shape[:2], 1))
    for top, left in EVERYWHERE:
        count[top : top + tile, left : left + tile] += 1
    return total / count


def why(answer, image, kernel):
    result, seen = tiles.stitched(answer, kernel, image, TILE, OVERLAP, as_tensor=False)
    return tiles.why_wrong(result, whole(image, kernel), seen, image, kernel)


def test_a_tile_gives_what_the_whole_image_gives_except_near_an_edge_of_its_own(image, kernel):
    tile = np.asarray(tiles.network(image[None, 3:9, 2:8], kernel))[0]
    right = whole(image, kernel)[3:9, 2:8]
    same = np.isclose(tile, right).all(axis=2)
    assert same[2:, 2:4].all()  # rows end where the image ends
    assert not same[:2].any() and not same[:, :2].any() and not same[:, 4:].any()


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (at_places(EVERYWHERE, overwrite), "from-an-edge"),
        (at_places(EVERYWHERE, add), "summed"),
        (at_places(EVERYWHERE, middle), "image-edge-empty"),
        (at_places(EVERYWHERE, center), "left-empty"),
        (at_places([(0, 0), (2, 0)], overwrite), "uncovered"),
        (mean, "averaged"),
        (lambda predict, image, tile, _: np.asarray(predict(image[None, ::-1][:, :tile, :tile]))[0]
         .mean() * np.ones((9, 11, 3)), "not-a-window"),
        (lambda predict, image, *_: np.ones((9, 11, 3)), "uncovered"),
    ],
)  # fmt: skip
def test_the_values_show_what_was_done(answer, kind, image, kernel):
    assert why(answer, image, kernel) == kind


def test_a_cause_that_the_values_do_not_show_is_not_named(image, kernel):
    def noise(result, window, found):
        result[window] = found * 1.5

    assert why(at_places(EVERYWHERE, noise), image, kernel) == ""
    assert why(lambda *_: whole(image, kernel), image, kernel) == ""


def test_the_network_takes_tiles_and_nothing_else(image, kernel):
    def all_at_once(predict, image, tile, overlap):
        return predict(image[None])

    result, seen = tiles.stitched(all_at_once, kernel, image, TILE, OVERLAP, as_tensor=False)
    assert result is None and [x.shape for x in seen] == [(1, 9, 11, 2)]


@pytest.mark.parametrize("as_tensor", [False, True])
def test_the_network_gives_an_array_or_a_tensor(as_tensor, image, kernel):
    def one(predict, image, tile, overlap):
        return predict(image[None, :tile, :tile])

    result, seen = tiles.stitched(one, kernel, image, TILE, OVERLAP, as_tensor)
    assert isinstance(result, np.ndarray) != as_tensor
    assert np.shape(result) == (1, 6, 6, 3) and len(seen) == 1


def test_a_tile_is_found_in_the_image_or_not(image):
    assert tiles.place_of(image[3:8, 1:6], image) == (3, 1)
    assert tiles.place_of(image[3:8, 1:6].astype("float32"), image) == (3, 1)
    assert tiles.place_of(image[3:8, 1:6] + 0.1, image) is None
