"""What `autograder doctor` says of a machine."""

import pytest

from autograder.grading import doctor


@pytest.mark.parametrize(("known", "state"), [(True, "ok"), (False, "limited")])
def test_whether_waiting_for_a_core_is_known_is_said(monkeypatch, known, state):
    monkeypatch.setattr(doctor, "is_waiting_counted", lambda: known)
    found = doctor._time()
    assert (found.state, bool(found.todo)) == (state, not known)
