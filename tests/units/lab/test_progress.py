"""The words in which work says how far it is."""

import pytest

from autograder.lab import progress
from autograder.lab.progress import _Loop, sentence


def test_a_training_says_epoch_loss_and_the_time_left():
    loop = _Loop("epoch", 10, done=2.5, loss=0.02134)
    assert sentence([loop], 7) == "epoch 3 of 10, loss 0.0213, about 20 s left"


def test_at_the_start_and_at_the_end_no_time_is_guessed():
    assert sentence([_Loop("step", 800)], 30) == "step 1 of 800"
    assert sentence([_Loop("step", 800, done=2)], 0.1) == "step 3 of 800"
    assert sentence([_Loop("step", 800, done=800)], 30) == "step 800 of 800"


def test_the_time_left_of_nested_loops_is_that_of_the_outer_one():
    loops = [_Loop("training", 4, done=1), _Loop("epoch", 2, done=1)]
    assert sentence(loops, 30) == "training 2 of 4, epoch 2 of 2, about 50 s left"


@pytest.mark.parametrize(
    ("done", "left"), [(0.999, "1 s"), (0.98, "6 s"), (0.9, "35 s"), (0.25, "15 min")]
)
def test_times_are_round(done, left):
    assert sentence([_Loop("epoch", 1, done=done)], 300).endswith(f"about {left} left")


def test_where_nobody_looks_a_loop_is_the_plain_loop_and_the_callback_does_nothing(capsys):
    from keras.callbacks import Callback

    assert list(progress.each("abc", total=7)) == ["a", "b", "c"]
    progress.loss(3)
    assert type(progress.epochs()) is Callback
    assert capsys.readouterr().out == ""
