"""One engine for all tests of the examiner."""

import pytest

from autograder.examiner.engine import Engine
from autograder.examiner.sandbox import SandboxUnavailable


@pytest.fixture(scope="session")
def engine():
    try:
        with Engine() as made:
            yield made
    except SandboxUnavailable as reason:
        pytest.skip(str(reason))
