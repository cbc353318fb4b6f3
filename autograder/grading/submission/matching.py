"""Finds a release's cells in a submission: by their marks or, where these are lost, by their text.

A mark is nbgrader's id in a cell's metadata. A student who types an answer into a new cell has none
there, and some editors drop all of them. `match` is what `sanitize` and `releases` call.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress

from nbformat import NotebookNode

from autograder import cells


@dataclass
class Match:
    """Which cells of a submission are which of a release.

    Attributes:
        places: By grade id, the place of its cell among the submission's; none if it is missing.
        recognized: The ids of the cells that were found by their text instead of their marks.
        answered_in: By the id of an answer, that of the answer in whose cell it stands.
        twice: Ids that several cells bear.
        left_out: Places of cells that do not count: copies of locked cells, and stubs as they were
            released whose answers stand elsewhere.
    """

    places: dict[str, int] = field(default_factory=dict)
    recognized: list[str] = field(default_factory=list)
    answered_in: dict[str, str] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)


def match(submitted: Sequence[NotebookNode], released: NotebookNode) -> Match:
    """Find each identified cell of a release among a submission's cells.

    Of several cells with one mark the first counts. A locked cell without a mark is known by its
    text. An answer is searched for where there is none: its cell is missing, is empty or is as it
    was released. It is the cell that defines the names of its stub; an answer in prose is what the
    student wrote in its place.
    """
    return _Search(submitted, released).found


class _Search:
    """One search, in the order of its methods."""

    def __init__(self, submitted: Sequence[NotebookNode], released: NotebookNode) -> None:
        self.submitted, self.known = submitted, cells.by_id(released.cells)
        self.texts = [cells.text(cell.source) for cell in submitted]
        self.authors = {cells.text(c.source) for c in released.cells if not cells.grade_id(c)}
        guesses = [cells.role(cell) == "prediction" for cell in submitted]
        self.authors |= {*compress(self.texts, guesses)}  # but for the guess
        self.found = Match()
        self._by_mark()
        self._by_text()
        answers = [name for name, cell in self.known.items() if cells.is_answer(cell)]
        for name in answers:
            if self._is_open(name):
                self._search(name)

    def _by_mark(self) -> None:
        for place, cell in enumerate(self.submitted):
            name = cells.grade_id(cell)
            if name not in self.known:
                continue
            if name in self.found.places:
                self.found.twice.append(name)
                if not cells.is_answer(self.known[name]):
                    self.found.left_out.add(place)
            else:
                self.found.places[name] = place

    def _by_text(self) -> None:
        """Find locked cells; equal ones in their order."""
        for name, cell in self.known.items():
            if name not in self.found.places and not cells.is_answer(cell):
                text = cells.text(cell.source)
                same = (p for p in self._free(cell.cell_type) if self.texts[p] == text)
                self._recognize(name, next(same, None))

    def _free(self, cell_type: str) -> Iterator[int]:
        """Places of cells that are not known yet."""
        taken = {*self.found.places.values()} | self.found.left_out
        for place, cell in enumerate(self.submitted):
            if place not in taken and cell.cell_type == cell_type:
                yield place

    def _recognize(self, name: str, place: int | None) -> None:
        if place is not None:
            self.found.places[name] = place
            self.found.recognized.append(name)

    def _is_open(self, name: str) -> bool:
        place = self.found.places.get(name)
        return place is None or not self.texts[place] or not self._is_changed(name)

    def _is_changed(self, name: str) -> bool:
        return self.texts[self.found.places[name]] != cells.text(self.known[name].source)

    def _search(self, name: str) -> None:
        """Find an answer in a cell without a mark, in that of another answer, or in a locked one.

        It stands in a locked cell where a student merged the two.
        """
        stub, own = self.known[name], self.found.places.get(name)
        defines = cells.names(stub.source).defines if stub.cell_type == "code" else None
        if not defines:
            if own is None:
                self._recognize(name, next(self._written_around(name), None))
            return
        free = [p for p in self._free("code") if self._answers(p, name, defines, own is not None)]
        if free:
            self._move(name, self._last_before_test(name, free))
            return
        places = self.found.places
        code = {n: p for n, p in places.items() if self.submitted[p].cell_type == "code"}
        others = [n for n, p in code.items() if n != name and self._defines(p, defines)]
        for other in sorted(others, key=lambda n: not cells.is_answer(self.known[n])):
            if cells.is_answer(self.known[other]):
                self._share(name, other)
            elif self._is_changed(other):
                self._move(name, places.pop(other))
            else:
                continue
            return

    def _answers(self, place: int, name: str, defines: frozenset[str], replaces: bool) -> bool:
        """Return True if the student's cell defines the names, and more than the stub does."""
        text = self.texts[place]
        untouched = replaces and text == cells.text(self.known[name].source)
        return text not in self.authors and not untouched and self._defines(place, defines)

    def _defines(self, place: int, names: frozenset[str]) -> bool:
        """Return True if a cell seems to bind all names; broken code is read, too, and none run."""
        return all(
            re.search(
                rf"^(?:async +)?(?:def|class) +{name}\b|^{name}[ \t]*(?::[^\n=]*)?=(?!=)"
                rf"|^from [\w.]+ import [^\n]*\b{name}\b",
                self.texts[place],
                re.MULTILINE,
            )
            for name in map(re.escape, names)
        )

    def _last_before_test(self, name: str, places: list[int]) -> int:
        """What counts in a notebook that is run from the top; else the first after the test."""
        order = [*self.known]
        later = order[order.index(name) :]
        tests = (n for n in later if cells.role(self.known[n]) == "grade")
        test = self.found.places.get(next(tests, ""), len(self.submitted))
        return max((p for p in places if p < test), default=places[0])

    def _written_around(self, name: str) -> Iterator[int]:
        """Cells of the student's own between the neighbors of a missing cell."""
        order = [*self.known]
        here = order.index(name)
        places = self.found.places
        first = max((places[n] for n in order[:here] if n in places), default=-1)
        last = min((places[n] for n in order[here:] if n in places), default=len(self.submitted))
        for place in self._free(self.known[name].cell_type):
            if first < place < last and self.texts[place] and self.texts[place] not in self.authors:
                yield place

    def _move(self, name: str, place: int) -> None:
        if name in self.found.places:
            self.found.left_out.add(self.found.places.pop(name))
        self._recognize(name, place)

    def _share(self, name: str, other: str) -> None:
        """Note that one cell answers two exercises; it counts for the first of them."""
        places, order = self.found.places, [*self.known]
        if name in places:
            self.found.left_out.add(places.pop(name))
        if order.index(name) < order.index(other):
            places[name] = places.pop(other)
            shared = self.found.answered_in
            shared |= {n: name for n, first in shared.items() if first == other}
            name, other = other, name
        self.found.answered_in[name] = other
