"""What the terminal shows."""

from autograder.grading.display import printable


def test_a_name_cannot_steer_the_terminal():
    assert printable("ada\x1b[2Jb\nc") == "ada\N{REPLACEMENT CHARACTER}[2Jb\nc"
