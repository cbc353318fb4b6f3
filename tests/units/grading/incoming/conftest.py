import nbformat
import pytest
from tiny import solved


@pytest.fixture
def notebook(released):
    """A submission of the tiny assignment, as bytes."""
    return nbformat.writes(solved(released)).encode()
