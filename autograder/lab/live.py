"""Says whether somebody looks at the notebook while it runs.

What is for those eyes only, such as the progress of a training or a slider, asks here first.
"""

import os

from IPython import get_ipython


def is_live() -> bool:
    """Return True in a notebook's kernel, unless it runs to be built, compared or graded.

    `AUTOGRADER_STATIC=1` says so for builds and comparisons; nbgrader sets `NBGRADER_EXECUTION`
    when it validates or grades. The examiner has no kernel.
    """
    return (
        getattr(get_ipython(), "kernel", None) is not None
        and os.environ.get("AUTOGRADER_STATIC") != "1"
        and not os.environ.get("NBGRADER_EXECUTION")
    )
