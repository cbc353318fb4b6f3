"""Finds pairs of students with answers that are more alike than the exercise explains.

`autograder similar` writes reports/ASSIGNMENT-similar.html, a place to look, not a verdict. Each
answer becomes a sequence of tokens: comments, docstrings and layout are left out, names that a
student may choose become one token, and so do strings. Two answers are alike if RapidFuzz aligns
nearly all of both. That alone says little where an exercise has few right answers. What counts is
the part of the alignment that the nearest known answer (the stub, the reference solution, the
catalogue's right answers) does not have. Answers that many of the class share are listed apart.

Exercises are short and have their own cells, so whole answers are aligned; fingerprints of
passages, as winnowing makes them, pay off where long files share a part.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from pygments.lexers import PythonLexer
from pygments.token import Comment, Name, String, Text
from rapidfuzz.distance import Indel, LCSseq
from rapidfuzz.process import cdist

from autograder.grading.classroom import Classroom
from autograder.grading.outgoing.marks import Class, Exercise, Mark, read_class
from autograder.grading.outgoing.pages import similar_page, write_page
from autograder.grading.submission.beside import read_beside

# Right answers in the catalogue that were not made from another one align to 0.86 at most.
_ALIKE = 0.9
_OWN = 12  # tokens, about a line and a half: less than that in common says nothing
_FEW = 3  # an answer that more other students gave is listed apart, not in pairs
_SHOWN = 50  # pairs on the page
_MODULES = "modules beside the notebook"
_LONGEST = 20_000  # characters of an answer; the rest is not compared


@dataclass(frozen=True)
class Answer:
    """One student's answer to an exercise, or a known one.

    Attributes:
        who: The student, or the known answer's name.
        outcome: What became of it, as in `marks.Mark`.
        source: Its text.
        tokens: One character for each token.
        lines: In which line of `source` each token stands, from 0.
    """

    who: str
    outcome: str
    source: str
    tokens: str
    lines: tuple[int, ...]


@dataclass(frozen=True)
class Match:
    """Two answers to one exercise that are alike.

    Attributes:
        exercise: Its name.
        outcomes: What became of the two.
        alike: Share of the two that aligns.
        own: Tokens that they share and that the nearest known answers do not have.
        nearest: That known answer, and the share of the first answer that aligns with it.
        sides: The lines of both texts, and whether more than a third of a line is such tokens.
    """

    exercise: str
    outcomes: tuple[str, str]
    alike: float
    own: int
    nearest: tuple[str, float]
    sides: tuple[list[tuple[str, bool]], list[tuple[str, bool]]]


@dataclass(frozen=True)
class Pair:
    """Two students and all answers in which they are alike."""

    students: tuple[str, str]
    matches: tuple[Match, ...]

    @property
    def own(self) -> int:
        """Tokens that they share and that no known answer explains."""
        return sum(match.own for match in self.matches)


@dataclass(frozen=True)
class Shared:
    """An answer that no known one explains, but that many students gave."""

    exercise: str
    students: tuple[str, ...]
    source: str


def write_similar(classroom: Classroom, assignment: str) -> tuple[Path, int]:
    """Write the page; its path, and how many pairs were found.

    Raises:
        GradingError: There is no such assignment, or nothing of it is graded.
    """
    group = read_class(classroom, assignment)
    stored = classroom.root / "tests" / "catalogue" / assignment
    known = {e.answer: known_answers(e, stored / e.answer) for e in group.exercises if e.answer}
    known[_MODULES] = _known_of_modules(group, known)
    group = _with_modules(classroom, group)
    pairs, shared = find_similar(group, known)
    path = similar_page(classroom, assignment)
    write_page(
        "similar.html",
        path,
        assignment=assignment,
        names=group.names,
        compared=sum(s.graded for s in group.submissions),
        found=len(pairs),
        pairs=pairs[:_SHOWN],
        shared=shared,
        few=_FEW,
        alike=_ALIKE,
        own=_OWN,
    )
    return path, len(pairs)


def find_similar(group: Class, known: dict[str, dict[str, str]]) -> tuple[list[Pair], list[Shared]]:
    """All pairs, those with most in common first, and the answers that many share.

    Args:
        group: The class.
        known: Of each solution cell the texts, by name, that explain a likeness.
    """
    matches: dict[tuple[str, str], list[Match]] = defaultdict(list)
    shared: list[Shared] = []
    exercises: dict[str, Exercise] = {}
    for exercise in group.exercises:
        if exercise.answer and not exercise.prose:
            exercises.setdefault(exercise.answer, exercise)  # an answer may have two grade cells
    for exercise in exercises.values():
        vocabulary: dict[str, str] = {}
        answers = [
            _answer(
                s.student, s.marks[exercise.name].outcome, s.answers[exercise.answer], vocabulary
            )
            for s in group.submissions
            if exercise.answer in s.answers
            and s.graded
            and s.marks[exercise.name].outcome != "not attempted"
        ]
        explained = [
            _answer(name, "right", text, vocabulary)
            for name, text in known[exercise.answer].items()
        ]
        if len(answers) > 1:
            _compare(exercise.name, answers, explained, matches, shared)
    pairs = [Pair(students, tuple(found)) for students, found in matches.items()]
    return sorted(pairs, key=lambda pair: (-pair.own, pair.students)), shared


def known_answers(exercise: Exercise, folder: Path) -> dict[str, str]:
    """What everyone may know of an exercise, and the right answers stored in a folder."""
    stored = {path.stem: path.read_text() for path in sorted(folder.glob("right_*.py"))}
    return {"the stub": exercise.stub, "the reference solution": exercise.reference, **stored}


def _with_modules(classroom: Classroom, group: Class) -> Class:
    """A class in which the modules beside each notebook are the answer to one more exercise."""
    submissions = []
    for submission in group.submissions:
        folder = classroom.submitted(submission.student, group.ref.assignment)
        files = read_beside(folder, group.ref.file).files.items()
        if code := "\n".join(text for name, text in files if name.endswith(".py")):
            answers = {**submission.answers, _MODULES: code}
            marks = {**submission.marks, _MODULES: Mark(0, "handed in")}
            submission = replace(submission, answers=answers, marks=marks)
        submissions.append(submission)
    modules = Exercise(_MODULES, "", 0, _MODULES, "", "")
    return replace(group, exercises=[*group.exercises, modules], submissions=submissions)


def _known_of_modules(group: Class, known: dict[str, dict[str, str]]) -> dict[str, str]:
    """What explains a likeness of modules: each known answer, and all of a kind together."""
    single = {f"{name} of {e}": text for e, texts in known.items() for name, text in texts.items()}
    code = [exercise for exercise in group.exercises if not exercise.prose]
    return {
        "the stubs": "\n".join(exercise.stub for exercise in code),
        "the reference solutions": "\n".join(exercise.reference for exercise in code),
        **single,
    }


def _answer(who: str, outcome: str, source: str, vocabulary: dict[str, str]) -> Answer:
    """Read an answer's tokens; names may be chosen unless they are attributes or built in."""
    source = "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}"
                     for c in source[:_LONGEST])  # fmt: skip
    tokens, lines, line, before = [], [], 0, ""
    for _, kind, text in PythonLexer().get_tokens_unprocessed(source):
        here, line = line, line + text.count("\n")
        if not text.strip() or kind in Text or kind in Comment or kind is String.Doc:
            continue
        if kind in String:
            text = '""'
        elif kind in Name and kind not in Name.Builtin and before != ".":
            text = "name"
        if text == before == '""':  # the parts of one string
            continue
        tokens.append(vocabulary.setdefault(text, chr(0x10000 + len(vocabulary))))
        lines.append(here)
        before = text
    return Answer(who, outcome, source, "".join(tokens), tuple(lines))


def _compare(
    exercise: str,
    answers: Sequence[Answer],
    known: Sequence[Answer],
    matches: dict[tuple[str, str], list[Match]],
    shared: list[Shared],
) -> None:
    """Add what is alike in one exercise to `matches` and `shared`."""
    texts = [answer.tokens for answer in answers]
    alike = cdist(texts, texts, scorer=Indel.normalized_similarity, score_cutoff=_ALIKE)
    common = cdist(texts, [k.tokens for k in known], scorer=LCSseq.similarity)
    own = np.array([len(text) for text in texts]) - common.max(axis=1)
    close = (alike >= _ALIKE) & (own >= _OWN) & (own >= _OWN)[:, np.newaxis]
    np.fill_diagonal(close, False)
    others = close.sum(axis=1)
    open_ones = others > _FEW
    while open_ones.any():
        center = int(np.argmax(others * open_ones))
        crowd = close[center] | (np.arange(len(answers)) == center)
        students = tuple(answers[i].who for i in np.flatnonzero(crowd).tolist())
        shared.append(Shared(exercise, students, answers[center].source))
        open_ones &= ~crowd
    few = others <= _FEW
    for i, j in np.argwhere(np.triu(close & few & few[:, np.newaxis])).tolist():
        nearest = known[int(common[i].argmax())], known[int(common[j].argmax())]
        match = _match(exercise, answers[i], answers[j], nearest, float(alike[i, j]))
        if match.own >= _OWN:
            matches[answers[i].who, answers[j].who].append(match)


def _match(
    exercise: str, one: Answer, other: Answer, nearest: tuple[Answer, Answer], alike: float
) -> Match:
    ours, theirs = _aligned(one, other)
    ours -= _aligned(one, nearest[0])[0]
    theirs -= _aligned(other, nearest[1])[0]
    share = Indel.normalized_similarity(one.tokens, nearest[0].tokens)
    return Match(
        exercise,
        (one.outcome, other.outcome),
        alike,
        min(len(ours), len(theirs)),
        (nearest[0].who, share),
        (_marked(one, ours), _marked(other, theirs)),
    )


def _aligned(one: Answer, other: Answer) -> tuple[set[int], set[int]]:
    """Which tokens of each stand in the other, in the same order."""
    ours, theirs = set(), set()
    for part in LCSseq.opcodes(one.tokens, other.tokens):
        if part.tag == "equal":
            ours.update(range(part.src_start, part.src_end))
            theirs.update(range(part.dest_start, part.dest_end))
    return ours, theirs


def _marked(answer: Answer, own: set[int]) -> list[tuple[str, bool]]:
    tokens, found = Counter(answer.lines), Counter(answer.lines[index] for index in own)
    lines = enumerate(answer.source.split("\n"))
    return [(text, 3 * found[number] > tokens[number]) for number, text in lines]
