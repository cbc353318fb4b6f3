"""Lays out the instructor's pages below reports/ with the templates of this package."""

import base64
import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.files import write_whole
from autograder.grading.classroom import Classroom, NotebookRef


def reports(classroom: Classroom) -> Path:
    """The folder of all pages and exports."""
    return classroom.folder / "reports"


def index_page(classroom: Classroom) -> Path:
    """Where the page of the class lies, or will lie."""
    return reports(classroom) / "index.html"


def report_page(classroom: Classroom, assignment: str) -> Path:
    """Where an assignment's report lies, or will lie."""
    return reports(classroom) / f"{assignment}.html"


def similar_page(classroom: Classroom, assignment: str) -> Path:
    """Where an assignment's page of similar answers lies, or will lie."""
    return reports(classroom) / f"{assignment}-similar.html"


def write_page(template: str, path: Path, **content: Any) -> Path:
    """Render a template of this package into a file; everything that is put in is escaped."""
    loader = PackageLoader("autograder.grading.outgoing")
    environment = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = loader.get_source(environment, "sort.js")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = environment.get_template(template).render(
        **content, script=script, script_hash=f"sha256-{digest}"
    )
    write_whole(path, page.encode())
    return path


def feedback_link(classroom: Classroom, student: str, ref: NotebookRef) -> str:
    """The address of a student's feedback page from reports/; empty if there is none."""
    path = classroom.feedback(student, ref)
    return quote(f"../{path.relative_to(classroom.folder).as_posix()}") if path.is_file() else ""
