"""Runs every notebook under each Python of the course, with the pinned and the newest packages.

`make compat` prints a dated table for the README. Each environment is new, gets the course as Colab
does, as a wheel, and is deleted afterwards: about 2.7 GB of disk and ten minutes for each.
"""

import argparse
import datetime
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.12", "3.13")
SHOWN = ("tensorflow", "keras", "numpy")
_VERSIONS = (
    "import json, importlib.metadata as m; "
    "print(json.dumps({d.name.lower(): d.version for d in m.distributions()}))"
)


class Failed(Exception):
    """A step of an environment; the message is the last line that it wrote."""


@dataclass(frozen=True)
class Row:
    """What came of one environment.

    Attributes:
        python: Its version, for example "3.12.1".
        packages: "pinned" or "newest".
        versions: Of the installed packages, by name; empty if they did not install.
        result: "6 of 6", or why there is none.
        seconds: What the notebooks took.
    """

    python: str
    packages: str
    versions: dict[str, str]
    result: str
    seconds: float

    def __str__(self) -> str:
        shown = [self.versions.get(name, "-") for name in SHOWN]
        minutes = f"{self.seconds / 60:.1f} min"
        return f"| {' | '.join([self.python, self.packages, *shown, self.result, minutes])} |"


def interpreter(version: str) -> str | None:
    """A Python of this version, on the path or from pyenv, that starts; None if there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [shutil.which(f"python{version}")]
    found += map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python")))
    code = "import sys, ensurepip; print('%d.%d' % sys.version_info[:2])"
    for path in filter(None, found):
        done = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
        if done.stdout.strip() == version:
            return path
    return None


def requirements(packages: str) -> str:
    """What runs a notebook and its hidden tests; for the newest packages without versions."""
    layers = [ROOT / f"requirements/{layer}.txt" for layer in ("student", "grading")]
    text = "".join(path.read_text(encoding="utf-8") for path in layers)
    text = text.replace("-r student.txt\n", "")
    return re.sub(r"==[^;\s]+", "", text) if packages == "newest" else text


def try_out(python: str, packages: str, folder: Path) -> Row:
    """Make an environment in `folder` and run every notebook in it."""
    name = run([python, "-c", "import platform; print(platform.python_version())"])
    inside, versions = str(folder / "bin" / "python"), {}
    try:
        run([python, "-m", "venv", str(folder)])
        wanted = folder / "requirements.txt"
        wanted.write_text(requirements(packages), encoding="utf-8")
        pip = [inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "-r", str(wanted)])
        run([*pip, "--no-deps", str(ROOT)])
        versions = json.loads(run([inside, "-c", _VERSIONS]))
    except Failed as failure:
        return Row(name, packages, versions, f"not installed: {failure}", 0)
    seconds = [*notebooks(inside)]
    passed = [s for s in seconds if s is not None]
    return Row(name, packages, versions, f"{len(passed)} of {len(seconds)}", sum(passed))


def notebooks(python: str) -> Iterator[float | None]:
    """Run every notebook; its seconds, or None where a cell raised."""
    script = Path(__file__).with_name("one_notebook.py")
    for source in sorted(ROOT.glob("solutions/*.py")):
        try:
            seconds = float(run([python, str(script), source.stem]))
            print(f"  {source.stem}: passed in {seconds:.0f} s", flush=True)
            yield seconds
        except Failed as failure:
            print(f"  {source.stem}: FAILED: {failure}", flush=True)
            yield None


def run(command: list[str]) -> str:
    """What a command prints.

    Raises:
        Failed: It ended with an error.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"exit status {done.returncode}"]
        raise Failed(lines[-1])
    return done.stdout.strip()


def main() -> int:
    """Print a line for each step and the table; the exit status is 1 if anything failed."""
    known = [*PYTHONS, "newest"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("environments", nargs="*", help=f"some of {', '.join(known)}; else all")
    chosen = parser.parse_args().environments or known
    found = {version: path for version in PYTHONS if (path := interpreter(version))}
    rows, missing = [], [v for v in chosen if v in PYTHONS and v not in found]
    for choice in chosen:
        python = found.get(max(found, default="") if choice == "newest" else choice)
        packages = "newest" if choice == "newest" else "pinned"
        if python is None:
            continue
        print(f"{python}, {packages} packages: installing and running", flush=True)
        with tempfile.TemporaryDirectory(prefix="compat-") as folder:
            rows.append(try_out(python, packages, Path(folder)))
        print(rows[-1], flush=True)
    print(f"\n{datetime.date.today()}, {platform.system()} {platform.machine()}:\n")
    print(f"| Python | packages | {' | '.join(SHOWN)} | notebooks that pass | time |")
    print(f"|{'---|' * (len(SHOWN) + 4)}", *rows, sep="\n")
    for version in missing:
        print(f"\nPython {version} was not found on this machine.")
    whole = f"{len([*ROOT.glob('solutions/*.py')])}"
    return int(not rows or any(row.result != f"{whole} of {whole}" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
