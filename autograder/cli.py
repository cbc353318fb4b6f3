"""The command line: `autograder COMMAND`, and `autograder --help` for all of them.

Each part of the course brings its commands in a module that imports its machinery only when the
command runs, so that help is quick.
"""

import atexit
import gc
import sys

try:
    import typer
except ModuleNotFoundError:  # where only the notebooks' packages are installed
    sys.exit("autograder needs more packages than the notebooks: `make demo` installs them.")

from autograder.authoring import commands as authoring
from autograder.grading import console as grading

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False)


@app.callback()
def course() -> None:
    """Author, release and grade the notebooks of the course."""
    # Imports leave no garbage, and looking for it would take a fifth of their time.
    gc.set_threshold(100_000)
    atexit.register(gc.freeze)  # nor does Python have to look for it once more at the end


# For authors
app.command()(authoring.new)
app.command()(authoring.build)
app.command()(authoring.publish)
app.command()(authoring.site)
app.add_typer(authoring.package, name="package")

# For instructors
app.command()(grading.collect)
app.command()(grading.grade)
app.command()(grading.feedback)
app.command()(grading.keep)
app.command()(grading.export)
app.command()(grading.report)
app.command()(grading.similar)
app.command()(grading.demo)
app.command()(grading.doctor)

if __name__ == "__main__":
    app()
