"""Writes a measurement into `data/measurements-NAME.json`, as `datasets.measurements` reads it.

The programs in this folder measure what a notebook says but cannot repeat in its own minutes, or
what it shows for one seed and says of several. Nothing here is a test. Each program's docstring
says what it measures, how long it takes and what it writes; run them from the root of the
repository.
"""

import datetime
import importlib.metadata
import json
import platform
import re
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[2] / "data"


def store(name: str, about: str, script: str, seeds: list[int], **rows: Any) -> Path:
    """Write one measurement with what it needs to be repeated.

    Args:
        name: The file is `measurements-NAME.json`.
        about: What was measured, in sentences that also name the units.
        script: The program's path in the repository.
        seeds: Seeds of the runs.
        **rows: The measurements, as plain lists, dicts, numbers and strings.
    """
    packages = ("tensorflow", "keras", "numpy")
    content = {
        "about": about,
        "script": script,
        "date": datetime.date.today().isoformat(),
        "versions": {"python": platform.python_version()}
        | {package: importlib.metadata.version(package) for package in packages},
        "seeds": seeds,
        **rows,
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    # Lists of numbers, and lists of these, stay on one line.
    text = re.sub(r"\[[\s\d.,\[\]e-]+\]", lambda m: re.sub(r"\s+", " ", m[0]), text)
    text = text.replace("[ ", "[").replace(" ]", "]")
    path = DATA / f"measurements-{name}.json"
    path.write_text(f"{text}\n", encoding="utf-8")
    return path
