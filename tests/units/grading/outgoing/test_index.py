"""The page of the class: everyone, every assignment, and a way to every other page."""

import csv
import re
from urllib.parse import unquote

import nbformat
import pytest
from bs4 import BeautifulSoup
from jinja2 import Environment, PackageLoader
from tiny import TINY, grade_class, hand_in, solved

from autograder.grading.classroom import Classroom
from autograder.grading.gradebook.people import enroll, write_roster
from autograder.grading.outgoing.index import update
from autograder.grading.outgoing.overview import read_overview
from autograder.grading.outgoing.pages import index_page
from autograder.grading.outgoing.report import write_report
from autograder.grading.outgoing.similar import write_similar
from autograder.grading.outgoing.tables import GRADES, write_tables

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def room(tiny_course, tmp_path_factory):
    """A class of four graded and one broken; yves hands in nothing, and zoe has left."""
    room = Classroom(tiny_course, tmp_path_factory.mktemp("class"))
    released = nbformat.read(tiny_course / "notebooks/tiny/tiny.ipynb", as_version=4)
    for student in ("ada", "eve #1", "zoe"):
        hand_in(room, student, solved(released))
    hand_in(room, "ben", solved(released, double="x + 1"))
    hand_in(room, "cy", solved(released, double="x + 1", half="x"))
    hand_in(room, "dora", b"no notebook")
    known = {"ada": "Ada Lovelace", "eve #1": f"=Eve {HOSTILE}", "yves": "Yves Klein"}
    enroll(room, {}, known)
    grade_class(room)
    write_roster(room, ["ada", "eve #1", "ben", "cy", "dora", "yves"])
    write_report(room, TINY)
    write_similar(room, TINY)
    update(room)
    return room


@pytest.fixture(scope="module")
def soup(room):
    return BeautifulSoup(index_page(room).read_text(), "html.parser")


def row(soup, student):
    return next(tr for tr in soup.select("table.scores tr") if tr.select("td.id") and
                tr.select_one("td.id").get_text() == student)  # fmt: skip


def test_everyone_of_the_class_is_on_the_page_by_name_and_id(soup):
    ids = [cell.get_text() for cell in soup.select("td.id")]
    assert sorted(ids) == ["ada", "ben", "cy", "dora", "eve #1", "yves"]
    assert row(soup, "ada").th.get_text() == "Ada Lovelace"
    assert row(soup, "ben").th.get_text() == "ben"


def test_every_link_leads_to_a_page(room, soup):
    links = [a["href"] for a in soup.find_all("a")]
    pages = [index_page(room).parent / unquote(link) for link in links]
    assert [page for page in pages if not page.resolve().is_file()] == []
    assert {f"{TINY}.html", f"{TINY}-similar.html", "grades.csv"} <= {*links}
    assert row(soup, "eve #1").a["href"] == f"../feedback/eve%20%231/{TINY}/{TINY}.html"


def test_every_other_page_leads_back_and_the_report_to_feedback(room, soup):
    for page in (f"{TINY}.html", f"{TINY}-similar.html"):
        found = BeautifulSoup((index_page(room).with_name(page)).read_text(), "html.parser")
        assert found.nav.a["href"] == "index.html"
    report = (index_page(room).with_name(f"{TINY}.html")).read_text()
    assert f'href="../feedback/ada/{TINY}/{TINY}.html"' in report and "Ada Lovelace" in report


def test_no_feedback_page_leads_to_an_instructors_page(room):
    for page in room.folder.glob("feedback/*/*/*.html"):
        links = [
            a["href"] for a in BeautifulSoup(page.read_text(), "html.parser").select("a[href]")
        ]
        assert not [link for link in links if "reports" in link or "index.html" in link]


def test_what_was_not_graded_is_no_0(soup):
    assert row(soup, "dora").select("td")[1].get_text(strip=True) == "not gradable"
    assert row(soup, "yves").select("td")[1].get_text(strip=True) == "not handed in"
    assert row(soup, "cy").select("td")[1].get_text(strip=True) == "0"


def test_the_median_is_that_of_the_graded_here_and_in_the_report(room):
    one = read_overview(room).summary(TINY)
    assert (one.graded, one.broken, one.absent) == (4, 1, 1)
    assert (one.median, one.mean) == (3.5, 3.0)  # of 5, 5, 2 and 0
    report = BeautifulSoup((index_page(room).with_name(f"{TINY}.html")).read_text(), "html.parser")
    figures = {d.dt.get_text(): d.dd.get_text() for d in report.select("dl.figures div")}
    assert figures["median of the 4 graded"] == "3.5" and figures["their mean"] == "3.0"


def test_the_report_gives_no_0_for_what_could_not_be_graded(room):
    report = BeautifulSoup((index_page(room).with_name(f"{TINY}.html")).read_text(), "html.parser")
    rows = report.select("table.students tbody tr")
    found = {tr.th.get_text(strip=True): tr.td.get_text(strip=True) for tr in rows}
    assert (found["dora"], found["cy"]) == ("–", "0")


def test_a_name_is_text_on_every_page(room):
    for page in index_page(room).parent.glob("*.html"):
        assert not BeautifulSoup(page.read_text(), "html.parser").find_all("img"), page.name
    assert HOSTILE in BeautifulSoup(index_page(room).read_text(), "html.parser").get_text()


def test_who_left_is_in_no_table_and_is_named_once(room, soup):
    assert read_overview(room).left == ("zoe",)
    assert re.search(r"Not on the roster, so not listed: zoe\.", soup.get_text())
    with index_page(room).with_name(GRADES).open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {*rows} == {"ada", "ben", "cy", "dora", "eve #1", "yves"}
    assert rows["yves"] == {
        "id": "yves", "name": "Yves Klein", TINY: "", f"{TINY} status": "not handed in",
        "total": "0.0",
    }  # fmt: skip
    assert rows["eve #1"]["name"] == f"'=Eve {HOSTILE}"


def test_what_waits_for_grading_says_so(room, tmp_path, released):
    hand_in(room, "fay", solved(released))
    try:
        overview = read_overview(room)
    finally:
        (room.submitted("fay", TINY) / f"{TINY}.ipynb").unlink()
        room.submitted("fay", TINY).rmdir()
    assert overview.status("fay", TINY) == "not graded yet"
    assert overview.score("fay", TINY) is None


def test_a_table_may_have_some_assignments_only(room):
    grades, _ = write_tables(room, read_overview(room), [])
    assert grades.read_text(encoding="utf-8-sig").splitlines()[0] == "id,name,total"
    update(room)


def test_of_a_class_without_grades_there_is_no_page(tiny_course, tmp_path):
    empty = Classroom(tiny_course, tmp_path)
    update(empty)
    assert not index_page(empty).exists() and not (tmp_path / "gradebook.db").exists()


def test_on_paper_no_word_is_larger_than_the_scores():
    template = PackageLoader("autograder.grading.outgoing").get_source(Environment(), "index.html")
    (rule,) = re.findall(r"@media print { (.*?) {", template[0])
    assert rule == ".scores, .scores small, .scores .none"
