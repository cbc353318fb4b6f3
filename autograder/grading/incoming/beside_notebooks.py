"""Lays the files that came with a notebook beside it, as `beside` says which can be used."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from autograder.grading.incoming.archives import others
from autograder.grading.incoming.place import Candidate, best_of
from autograder.grading.incoming.schemes import Place, place_of
from autograder.grading.submission.beside import fault_of_name, is_of_a_system, read_beside

_Path = tuple[str, ...]


def lay_beside(
    source: Path,
    asides: Collection[_Path],
    found: dict[tuple[str, str], list[Candidate]],
    one_students: bool,
) -> tuple[dict[tuple[str, str], Candidate], dict[_Path, str]]:
    """Lay beside each notebook that counts what came with it.

    Args:
        source: The download.
        asides: Where the files are in it that are no notebooks.
        found: The notebooks, by student and assignment.
        one_students: True if the whole download is one student's.

    Returns:
        The notebooks that count, each as late as the latest of its files, and by path of a file
        that came with one why it is not used, or an empty text if it is.

    Raises:
        GradingError: The download cannot be read any more.
    """
    beside: dict[_Path, list[tuple[Place, _Path]]] = defaultdict(list)
    for path in asides:
        place = place_of(path, one_students)
        if place and not is_of_a_system(place.name):
            beside[place.folder].append((place, path))
    said: dict[_Path, str] = {}
    wanted: dict[_Path, list[Path]] = defaultdict(list)
    laid: dict[Path, tuple[Place, _Path]] = {}
    counting = {key: best_of(group) for key, group in found.items()}
    for candidate in counting.values():
        place = place_of(candidate.path, one_students)
        files = sorted(beside[place.folder] if place else [], key=lambda f: (f[0].attempt, f[1]))
        last = {file.name: path for file, path in files}
        for file, path in files:
            if why := fault_of_name(file.name):
                said[path] = why
            elif last[file.name] != path:
                said[path] = "a later one of that name counts"
            else:
                target = candidate.content.with_name(file.name)
                wanted[path].append(target)
                laid[target] = file, path
    times = _read(source, wanted, said)
    return {k: _with_them(one, laid, times, said) for k, one in counting.items()}, said


def _read(
    source: Path, wanted: dict[_Path, list[Path]], said: dict[_Path, str]
) -> dict[Path, datetime | None]:
    """Write files where they are wanted; when each was written."""
    times = {}
    said |= dict.fromkeys(wanted, "cannot be read")
    for found in others(source, wanted) if wanted else ():
        if found.content is None:
            said[found.path] = found.refused
            continue
        for target in wanted[found.path]:
            target.write_bytes(found.content)
            times[target] = found.modified
    return times


def _with_them(
    candidate: Candidate,
    laid: dict[Path, tuple[Place, _Path]],
    times: dict[Path, datetime | None],
    said: dict[_Path, str],
) -> Candidate:
    """Take away what cannot be used; the notebook, as late as the latest that is left."""
    folder = candidate.content.parent
    found = read_beside(folder, candidate.content.name)
    for name, why in found.unused.items():
        (folder / name).unlink()
        said[laid[folder / name][1]] = why
    origin, modified = candidate.origin, candidate.modified
    for target in (folder / name for name in found.files):
        place, path = laid[target]
        said[path] = ""
        origin = replace(origin, attempt=max(origin.attempt, place.attempt))
        time = times[target]
        if time and not candidate.is_told_when:
            origin = replace(origin, written=max(origin.written, time.isoformat()))
            modified = max(modified, time) if modified else None
    return replace(candidate, origin=origin, modified=modified)
