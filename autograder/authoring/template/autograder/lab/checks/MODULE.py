"""Visible checks of assignment ASSIGNMENT.

Each check calls public `expect_...` functions with small examples. The hidden tests call the same
functions with other sizes, so that a student whose answer fails there is told why in the same
words; the file beside this one has them. Right answers come from Keras through
`autograder.lab.oracle`, from stored values or from properties.
"""

import numpy as np

from autograder.lab import oracle
from autograder.lab.checking import visible_check
from autograder.lab.trial import Trial


# --------------------------------------------------------------------------------- average_pool
@visible_check("x", "factor", points=4)
def average_pool(trial: Trial) -> None:
    """The example of the task, then a tall array, then one with a row and a column too many."""
    expect_means(trial, np.array([[1.0, 2.0, 4.0, 8.0], [3.0, 6.0, 4.0, 0.0]]), 2)
    for shape, factor in [((6, 3), 3), ((3, 5), 2)]:
        expect_means(trial, np.arange(float(np.prod(shape))).reshape(shape) ** 2, factor)


def expect_means(trial: Trial, x: np.ndarray, factor: int) -> None:
    """Keras takes means with a kernel of equal weights that moves on by its own size."""
    box = np.full((factor, factor), 1 / factor**2)
    right = oracle.conv2d(x, box, stride=factor)
    rows, columns = right.shape
    trial.call(x, factor)
    trial.expect(
        right,
        {
            "sum": right * factor**2,
            "subsampling": x[::factor, ::factor][:rows, :columns],
            "blocks-overlap": oracle.conv2d(x, box, stride=1),
        },
    )
