"""Builds the course site in a scratch folder and puts it in place if nothing is wrong with it.

The command `autograder site` calls `build_site`. Sphinx runs in this process; no notebook is run.
"""

import io
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from autograder.authoring.site import formulas
from autograder.authoring.site.findings import site_problems
from autograder.authoring.site.pages import ASSETS, course_title, write_sources
from autograder.authoring.sources import AuthoringError, Problem, assignments, label

_WARNING = re.compile(
    r"(?:(?P<file>/[^:\n]+):(?:(?P<line>\d+):)? )?(?:WARNING|ERROR): (?P<said>.*)"
)
_CELL = 10_000  # MyST-NB counts the lines of a notebook's n-th cell from n times this


def build_site(root: Path, place: Path) -> int:
    """Build the site of all released notebooks; an older one at its place is replaced.

    Args:
        root: The course root.
        place: The folder that becomes the site.

    Returns:
        The number of its pages.

    Raises:
        AuthoringError: Something is wrong: a broken link, a formula that cannot be drawn, a page
            that gives an answer away. The older site is left as it was.
    """
    names = assignments(root)
    if not names:
        raise AuthoringError(Problem("solutions/", "", "there is no assignment to show."))
    with tempfile.TemporaryDirectory() as scratch:
        source, site = Path(scratch).resolve() / "source", Path(scratch).resolve() / "site"
        write_sources(root, names, source)
        problems = [*_run_sphinx(source, site, course_title(root))]
        for name in names:
            shutil.copy(root / "notebooks" / name / f"{name}.ipynb", site / name)
            for picture in (source / name).glob("*.png"):
                shutil.copy(picture, site / name)
        problems += site_problems(root, site)
        if problems:
            raise AuthoringError(*dict.fromkeys(problems))
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(site, place)
    return len([*place.rglob("*.html")])


def _run_sphinx(source: Path, site: Path, title: str) -> Iterator[Problem]:
    """Run Sphinx; what it warns of is a problem."""
    from sphinx.application import Sphinx
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    warnings = io.StringIO()
    doctrees = source.parent / "doctrees"
    with patch_docutils(), docutils_namespace():  # as Sphinx's own command does
        app = Sphinx(
            source, None, site, doctrees, "html", _settings(title),
            status=None, warning=warnings, freshenv=True,
        )  # fmt: skip
        app.build()
    for name in (".buildinfo", "objects.inv"):  # for Sphinx itself
        (site / name).unlink(missing_ok=True)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())
    for match in _WARNING.finditer(plain):
        yield _problem(source, match)


def _problem(source: Path, match: re.Match[str]) -> Problem:
    """A warning of Sphinx by the file and the cell that it is about."""
    path, line = Path(match["file"] or source), int(match["line"] or 0)
    file = path.relative_to(source).as_posix() if path.is_relative_to(source) else path.name
    cell = ""
    if path.suffix == ".ipynb":
        file = f"notebooks/{file}"
        number = line // _CELL
        if number:
            nodes = nbformat.read(path, as_version=4).cells
            cell = label(number, nodes[number - 1])
    return Problem(file, cell, match["said"])


def _settings(title: str) -> dict[str, Any]:
    return {
        "project": title,
        "html_title": title,
        "language": "en",
        "extensions": ["myst_nb", formulas.__name__],
        "html_math_renderer": formulas.NAME,
        "nb_execution_mode": "off",
        "nb_ipywidgets_js": {},  # would come from another host
        "myst_enable_extensions": ["dollarmath"],
        "myst_heading_anchors": 4,
        "myst_update_mathjax": False,
        "nitpicky": True,
        "smartquotes": False,
        "html_theme": "furo",
        "html_theme_options": {"top_of_page_buttons": []},
        "html_static_path": [str(ASSETS / "static")],
        "html_favicon": str(ASSETS / "static/icon.svg"),
        "html_css_files": ["site.css"],
        "html_js_files": ["site.js"],
        "html_copy_source": False,
        "html_show_copyright": False,
        "html_use_index": False,
    }
