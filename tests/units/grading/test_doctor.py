"""What `autograder doctor` says of a machine."""

import io

import pytest
from rich.console import Console

from autograder.grading import doctor
from autograder.grading.display import print_findings
from autograder.grading.doctor import Finding, verdict

FINE, LIMITED, BROKEN = (Finding(state, state, "so") for state in ("ok", "limited", "broken"))


@pytest.mark.parametrize(("known", "state"), [(True, "ok"), (False, "limited")])
def test_whether_waiting_for_a_core_is_known_is_said(monkeypatch, known, state):
    monkeypatch.setattr(doctor, "is_waiting_counted", lambda: known)
    found = doctor._time()
    assert (found.state, bool(found.todo)) == (state, not known)


def test_each_line_is_there_before_the_next_is_looked_for():
    shown, seen = io.StringIO(), []

    def looking():
        for item in (FINE, Finding("broken", "sandbox", "refused", "Allow it.")):
            yield item
            seen.append(shown.getvalue())

    print_findings(Console(file=shown, width=100), looking())
    assert "ok" in seen[0] and "sandbox" not in seen[0]
    assert "✗ sandbox" in seen[1] and "→ Allow it." in seen[1]


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ([FINE], "Grading works here."),
        ([FINE, LIMITED], "Grading works here. The lines marked ! say what is limited (1)."),
        ([LIMITED, BROKEN], "Grading does not work here until you fix the lines marked ✗"),
    ],
)
def test_the_verdict_is_a_sentence(found, says):
    assert verdict(found).startswith(says)
