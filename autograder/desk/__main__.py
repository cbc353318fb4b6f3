"""The command: lays out my-work/, says what is new there, and starts JupyterLab at its first page.

`python -m autograder.desk` takes JupyterLab's options. If a program is named first, such as
Binder's own command, it is started in JupyterLab's place.
"""

import os
import sys
from pathlib import Path

from autograder.desk.home import HOME, write_home
from autograder.desk.work import prepare

_SETTINGS = Path(__file__).parent / "settings"


def main(arguments: list[str]) -> None:
    """Prepare the desk and start the server; it ends when the server does."""
    root = next((f for f in (Path.cwd(), *Path.cwd().parents) if (f / "notebooks").is_dir()), None)
    if root is None:
        sys.exit(f"{Path.cwd()} is not inside a course: it has no notebooks/ here or above.")
    news = []
    for sentence in prepare(root):
        print(sentence, flush=True)
        news.append(sentence)
    try:
        write_home(root, news)
    except OSError as reason:
        sys.exit(f"{root / HOME} cannot be written: {reason.strerror or reason}.")
    os.chdir(root)
    paths = (str(_SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH", ""))
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    if arguments and not arguments[0].startswith("-"):
        os.execvp(arguments[0], arguments)
    from jupyterlab.labapp import LabApp

    own = [f"--LabApp.default_url=/lab/tree/{HOME}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # the server refuses root otherwise
        own.append("--allow-root")
    LabApp.launch_instance([*own, *arguments])


if __name__ == "__main__":
    main(sys.argv[1:])
