"""Settings that every test shares, the notebooks that nbval runs included."""

import os

import pytest

# Interactive figures show their static form, as they do in the committed notebooks.
os.environ["AUTOGRADER_STATIC"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def pytest_collection_modifyitems(items):
    """Mark the cells that nbval runs."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.notebooks)


@pytest.hookimpl(optionalhook=True)  # pytest knows it where pytest-xdist is installed
def pytest_xdist_auto_num_workers():
    """One worker more than there are cores, because tests also wait for processes; at most four."""
    return min((os.cpu_count() or 1) + 1, 4)
