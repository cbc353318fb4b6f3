"""What the floor's parent process imports before it forks: the same as the examiner's zygote."""

import os

from autograder.examiner import sandbox

os.environ.update(sandbox.environment(sandboxed=False))

from autograder.examiner.zygote import import_frameworks, warm_up
from autograder.grading.gradebook import warm_pages  # noqa: F401 - the same parent serves the page writers

warm_up()
import_frameworks()
