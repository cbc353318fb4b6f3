"""Settings that every test shares, the notebooks that nbval runs included."""

import os
import tempfile

import measured  # noqa: F401 - how nbval compares what was measured
import nbval.kernel
import pytest

# Interactive figures show their static form, as they do in the committed notebooks.
os.environ["AUTOGRADER_STATIC"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Tests run side by side, a process for each core; threads that wait for each other would cost them
# a fifth of their time. What a training gives depends on it a little: see `measured`.
for _threads in ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")


_start = nbval.kernel.start_new_kernel
_STARTS = 3


def _start_kernel(**settings):
    """Start a notebook's kernel, again if it dies before it answers.

    Jupyter chooses a kernel's ports first and the kernel binds them a second later. A kernel that
    starts at the same time may have taken one by then.
    """
    for start in range(1, _STARTS + 1):
        with tempfile.TemporaryFile("w+") as errors:
            try:
                return _start(**(settings | {"stderr": errors}))
            except RuntimeError:
                errors.seek(0)
                print(f"The kernel did not start ({start} of {_STARTS}): {errors.read()}")
                if start == _STARTS:
                    raise


nbval.kernel.start_new_kernel = _start_kernel


def pytest_collection_modifyitems(items):
    """Mark the cells that nbval runs."""
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker(pytest.mark.notebooks)


@pytest.hookimpl(optionalhook=True)  # pytest knows it where pytest-xdist is installed
def pytest_xdist_auto_num_workers():
    """One worker more than there are cores, because tests also wait for processes; at most four."""
    return min((os.cpu_count() or 1) + 1, 4)
