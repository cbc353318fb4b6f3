"""What `fit_unet` is judged by: striped images, and a network that remembers its steps."""

import keras
import numpy as np
import pytest

from autograder.lab import fitting


def striped(count=24):
    return fitting.striped(np.random.default_rng(0), count)


def fit(model, images, masks, epochs, batch_size=8):
    model.compile(keras.optimizers.Adam(3e-3), keras.losses.dice)
    model.fit(images, masks, batch_size=batch_size, epochs=epochs, verbose=0)
    return model


def test_the_images_have_one_mean_and_lie_between_0_and_1():
    images, masks = striped()
    assert images.dtype == "float32" and images.min() > 0 and images.max() < 1
    assert np.allclose(images.mean(axis=(1, 2, 3)), 0.5, atol=1e-6)
    assert masks.dtype == "int64" and set(np.unique(masks)) == {0, 1}
    assert 0.2 < masks.mean() < 0.5


def test_no_threshold_finds_the_objects():
    images, masks = striped(200)
    for blurred in (images, np.asarray(keras.ops.average_pool(images, 3, 1, "same"))):
        for level in np.linspace(0.2, 0.8, 25):
            for found in (blurred > level, blurred < level):
                iou = (found & (masks == 1)).sum() / (found | (masks == 1)).sum()
                assert iou < masks.mean() + 0.02  # what "everywhere" reaches


def test_the_network_starts_with_the_same_weights_each_time():
    one, other = fitting.network(), fitting.network()
    assert all(map(np.array_equal, one.get_weights(), other.get_weights()))
    assert fitting.operations(one) == fitting.operations(other)
    assert one.count_params() == 7091


def test_another_network_has_other_operations():
    deeper = keras.Sequential([keras.Input((16, 16, 1)), keras.layers.Conv2D(1, 3, padding="same")])
    assert fitting.operations(deeper) != fitting.operations(fitting.network())


@pytest.mark.parametrize(("epochs", "batch_size", "steps"), [(1, 8, 3), (4, 8, 12), (2, 32, 2)])
def test_the_network_remembers_how_many_batches_it_saw(epochs, batch_size, steps):
    images, masks = striped()
    model = fit(fitting.network(), images, masks, epochs, batch_size)
    assert fitting.steps_taken(model, images) == pytest.approx(steps, abs=0.2)


def test_a_network_that_was_not_fitted_saw_nothing():
    images, _ = striped()
    clone = keras.models.clone_model(fitting.network())
    assert fitting.steps_taken(clone, images) == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("change", [lambda x, y: y.astype("float32"), lambda x, y: 4 * x])
def test_batches_of_something_else_are_noticed(change):
    images, masks = striped()
    model = fit(fitting.network(), change(images, masks), masks, 4)
    assert fitting.steps_taken(model, images) is None


def test_too_many_batches_to_count_are_infinitely_many():
    images, _ = striped()
    model = fitting.network()
    model.layers[1].moving_mean.assign([0.5])
    model.layers[1].moving_variance.assign([images.var()])
    assert fitting.steps_taken(model, images) == np.inf


def test_a_history_is_described_and_a_model_comes_back():
    given, (images, masks) = fitting.network(), striped(8)
    returned = fitting.fitted(lambda model, *_: model, given, images, masks, 1, seed=0)
    assert returned is given
    told = fitting.fitted(lambda *_: keras.callbacks.History(), given, images, masks, 1, seed=0)
    assert "History" in told


def test_the_seed_decides_weights_that_an_answer_makes_anew():
    given, (images, masks) = fitting.network(), striped(8)

    def kernel(seed):
        answer = lambda model, *_: keras.models.clone_model(model)  # noqa: E731
        return fitting.fitted(answer, given, images, masks, 1, seed).get_weights()[2]

    assert np.array_equal(kernel(1), kernel(1)) and not np.array_equal(kernel(1), kernel(2))
