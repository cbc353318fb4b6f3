"""Similar answers: a disguised copy of an unusual answer is found, and honest likeness is not."""

import sys
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from tiny import ROOT, TINY, grade_class, hand_in, solved

from autograder.grading.classroom import Classroom, NotebookRef
from autograder.grading.outgoing.marks import Class, Mark, Submission, read_exercises
from autograder.grading.outgoing.similar import find_similar, known_answers, write_similar

sys.path.append(str(ROOT / "tests" / "catalogue"))
from packed import ASSIGNMENTS, catalogue

FIRST = "01-zero-insertion"
COURSE = Classroom(ROOT, ROOT / "classroom")

UNUSUAL = '''
def stamp(x, kernel, stride):
    """Add up one copy of the kernel for each entry of x, stride apart."""
    total = {}
    for i, row in enumerate(x.tolist()):
        for j, value in enumerate(row):
            for (p, q), weight in np.ndenumerate(kernel):
                place = i * stride + p, j * stride + q
                total[place] = total.get(place, 0.0) + value * weight
    height = max(place[0] for place in total) + 1
    width = max(place[1] for place in total) + 1
    return np.array([[total.get((r, c), 0.0) for c in range(width)] for r in range(height)])
'''
DISGUISED = """
def stamp(x, kernel, stride):
    # My own idea: keep all sums in a dictionary,
    # and make an array of it at the end.
    sums = dict()
    sums = {}
    for a, line in enumerate( x.tolist() ):
        for b, pixel in enumerate( line ):

            # every entry of the kernel
            for (u, v), k in np.ndenumerate( kernel ):
                where = (a * stride + u, b * stride + v)
                sums[where] = sums.get(where, 0.0) + pixel * k

    rows = max(where[0] for where in sums) + 1
    columns = max(where[1] for where in sums) + 1
    return np.array([
        [sums.get((m, n), 0.0) for n in range(columns)]
        for m in range(rows)
    ])
"""


def exercises_of(assignment):
    return read_exercises(COURSE, NotebookRef(assignment))


def group(assignment, answers):
    """A class from every student's answers to some exercises."""
    exercises = exercises_of(assignment)
    submissions = []
    for student, given in answers.items():
        marks = {
            e.name: Mark(e.points, "right" if e.answer in given else "not attempted")
            for e in exercises
        }
        sources = {e.answer: given.get(e.answer, e.stub) for e in exercises}
        submissions.append(Submission(student, 0.0, 0.0, True, (), None, marks, sources))
    return Class(NotebookRef(assignment), exercises, submissions, [])


def known(assignment, catalogued=True):
    stored = ROOT / "tests" / "catalogue" / assignment if catalogued else ROOT / "nowhere"
    return {e.answer: known_answers(e, stored / e.answer) for e in exercises_of(assignment)}


def found(answers, assignment=FIRST, catalogued=True):
    pairs, shared = find_similar(group(assignment, answers), known(assignment, catalogued))
    return {pair.students for pair in pairs}, shared


def right(function, assignment=FIRST):
    return [a.source for a in catalogue(assignment) if a.function == function and a.right]


def test_a_renamed_and_reformatted_copy_of_an_unusual_answer_is_found():
    classmates = dict(enumerate(right("stamp")))
    answers = {f"s{n}": {"stamp": text} for n, text in classmates.items()}
    pairs, shared = found({"ada": {"stamp": UNUSUAL}, "bob": {"stamp": DISGUISED}, **answers})
    assert pairs == {("ada", "bob")}
    assert shared == []


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_right_answers_written_independently_are_not_found(assignment):
    """Each student gives another one of the catalogue's answers, which explains none of them."""
    answers = {}
    for answer in catalogue(assignment):
        if answer.right and "without_normalization" not in answer.name:  # the reference, cut down
            styles = len(answers)
            answers[f"s{styles}"] = {answer.function: answer.source}
    assert len(answers) > 15
    assert found(answers, assignment, catalogued=False) == (set(), [])


def test_blank_submissions_are_not_found():
    assert found({"ada": {}, "bob": {}}) == (set(), [])
    stubs = {e.answer: f"{e.stub}  # later" for e in exercises_of(FIRST)}
    assert found({"ada": stubs, "bob": stubs}) == (set(), [])


def test_two_students_with_an_answer_that_everybody_can_know_are_not_found():
    reference = {e.answer: e.reference for e in exercises_of(FIRST)}
    assert found({"ada": reference, "bob": reference}) == (set(), [])
    for text in right("stamp"):
        assert found({"ada": {"stamp": text}, "bob": {"stamp": text}}) == (set(), [])


def test_the_reference_solution_with_a_small_change_is_not_found():
    reference = next(e.reference for e in exercises_of(FIRST) if e.name == "stamp")
    changed = reference.replace("top, left = ", "print(row)\n        top, left = ")
    assert changed != reference
    assert found({"ada": {"stamp": changed}, "bob": {"stamp": changed}}) == (set(), [])


def test_what_many_share_is_told_apart_from_pairs():
    crowd = {f"s{n}": {"stamp": UNUSUAL if n % 2 else DISGUISED} for n in range(5)}
    pairs, [shared] = found({**crowd, "zoe": {"stamp": right("stamp")[0]}})
    assert pairs == set()
    assert (shared.exercise, shared.students) == ("stamp", tuple(sorted(crowd)))


def test_more_in_common_comes_first():
    other = next(a.source for a in catalogue(FIRST) if a.name == "wrong_largest_where_they_meet")
    both = {"stamp": UNUSUAL, "insert_zeros": right("insert_zeros")[1].replace("zeros(", "full(0,")}
    answers = {"ada": both, "bob": both, "cy": {"stamp": other}, "dora": {"stamp": other}}
    pairs, _ = find_similar(group(FIRST, answers), known(FIRST))
    assert pairs[0].students == ("ada", "bob")
    assert [pair.own for pair in pairs] == sorted((pair.own for pair in pairs), reverse=True)


def test_code_that_does_not_compile_is_compared_too():
    broken = UNUSUAL.replace("return np", "return return np")
    assert found({"ada": {"stamp": broken}, "bob": {"stamp": broken}})[0] == {("ada", "bob")}


def test_marked_are_the_lines_that_no_known_answer_has():
    pairs, _ = find_similar(
        group(FIRST, {"ada": {"stamp": UNUSUAL}, "bob": {"stamp": DISGUISED}}), known(FIRST)
    )
    [match] = pairs[0].matches
    for side, source in zip(match.sides, (UNUSUAL, DISGUISED), strict=True):
        assert "\n".join(text for text, _ in side) == source
        marked = "\n".join(text for text, own in side if own)
        assert "ndenumerate" in marked
        assert "def stamp" not in marked and "idea" not in marked and "Add up" not in marked


def test_the_page_shows_hostile_code_as_text_and_says_that_it_is_no_verdict(room, released):
    body = "sum([len(f'{x:>{n}}') for n in (3, 5, 7)]) or [x.real, '<script>alert(1)</script>'][0]"
    hand_in(room, "<b>ada", solved(released, double=body), helpers=UNUSUAL)
    hand_in(room, "bob", solved(released, double=body.replace("n", "width")), mine=DISGUISED)
    hand_in(room, "cy", solved(released))
    for student in ("dee", "eve"):  # all references in a module: everybody can know them
        known = "def double(x):\n    return 2 * x\n\ndef half(x):\n    return x / 2\n"
        hand_in(room, student, solved(released), helpers=known)
    grade_class(room)
    path, pairs = write_similar(room, TINY)
    soup = BeautifulSoup(path.read_text(), "html.parser")
    assert pairs == 1
    assert len(soup.find_all("script")) == 1 and not soup.find_all("b")
    alike = [heading.get_text() for heading in soup.find_all("h3")]
    assert alike == ["double", "modules beside the notebook"]
    assert "<script>alert(1)</script>" in soup.find("pre").get_text()
    assert "not a verdict" in soup.get_text() and "talk with the students" in soup.get_text()


def test_an_endless_answer_is_cut_before_it_is_compared():
    long = UNUSUAL + "\n# x" * 100 + "\nx = 1" * 100_000
    pairs, _ = find_similar(
        group(FIRST, {"ada": {"stamp": long}, "bob": {"stamp": long}}), known(FIRST)
    )
    assert len("\n".join(text for text, _ in pairs[0].matches[0].sides[0])) == 20_000


def test_answers_in_prose_are_not_compared():
    whole = group(FIRST, {"ada": {"stamp": UNUSUAL}, "bob": {"stamp": UNUSUAL}})
    prose = [replace(exercise, prose=True) for exercise in whole.exercises]
    assert find_similar(replace(whole, exercises=prose), known(FIRST)) == ([], [])


def test_a_submission_that_could_not_be_run_is_left_out():
    whole = group(FIRST, {"ada": {"stamp": UNUSUAL}, "bob": {"stamp": UNUSUAL}})
    broken = replace(whole.submissions[0], graded=False, marks={}, answers={})
    assert (
        find_similar(replace(whole, submissions=[broken, whole.submissions[1]]), known(FIRST))[0]
        == []
    )
