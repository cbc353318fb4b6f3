"""Names that cells of the first edition use: kept releases of earlier terms still call them.

`first_edition.txt` lists them once and for all; a name that moves keeps its old place, too.
"""

import importlib
from pathlib import Path

import pytest

from autograder import lab

NAMES = Path(__file__).with_name("first_edition.txt").read_text().split()


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_the_first_edition_is_where_it_was(name):
    parts = name.split(".")
    found = lab
    for end in range(3, len(parts) + 1):
        if not hasattr(found, parts[end - 1]):
            importlib.import_module(".".join(parts[:end]))
        found = getattr(found, parts[end - 1])
    assert found is not None


def test_a_trial_keeps_what_hidden_tests_read():
    trial = lab.Trial(lambda: 3, "three")
    trial.call()
    assert trial.result == 3
    trial.expect(3, mistakes=[lab.Mistake("it is four.", 4)], dtype=None, rtol=1e-5, atol=1e-6)


def test_words_of_the_first_edition_make_findings():
    with pytest.raises(lab.CheckFailed, match="Likely cause: It is four") as failure:
        trial = lab.Trial(lambda: 4, "three")
        trial.call()
        trial.expect(3, [lab.Mistake("it is four.", 4)])
    assert failure.value.finding.kind == "it-is-four"
    with pytest.raises(lab.CheckFailed, match=r"^My own words\.$") as failure:
        raise lab.CheckFailed("My own words.")
    assert failure.value.finding.sentence == "My own words."
