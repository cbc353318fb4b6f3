"""Findings: their text, their way as data, and the sentences that checks report."""

import ast
import json
import math
import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.lab.checks import super_resolution, zero_insertion
from autograder.lab.findings import HINTS, Finding, hint_number, sentences, slug

CHECKS = Path(super_resolution.__file__).parent
SHARED = tomllib.loads((CHECKS / "shared.toml").read_text())
BESIDE = {
    "checkerboard": ("blocks", "rebuilt"),
    "segmentation": ("instances", "scores", "tiles"),
}  # modules of `lab` that report its kinds
MODULES = sorted(path.stem for path in CHECKS.glob("*.toml") if path.stem != "shared")
FINDING = Finding(
    "double", "wrong", "tripled", "It is tripled.", True, "double(x = 1)", "2", "3", "another value"
)
DRAWN = (
    "line", "yours_values", "wanted_values", "part", "differing", "yours_layers", "wanted_layers",
    "differing_layer", "hint",
)  # fmt: skip


def test_a_recognized_mistake_is_the_likely_cause():
    assert FINDING.text().splitlines() == [
        "✗ double: not right yet.",
        "  called    double(x = 1)",
        "  expected  2",
        "  returned  3",
        "  differs   another value",
        "  Likely cause: It is tripled.",
    ]


def test_two_matrices_stand_side_by_side():
    shown = replace(FINDING, recognized=False, yours=("1 2", "3 4"), wanted=("1 2",)).text()
    assert shown.endswith("\n  yours     expected\n  1 2       1 2\n  3 4")
    assert "tripled" not in shown


def test_lines_of_a_message_are_indented():
    finding = Finding("f", "raises", "raises-KeyError", "It raises.", raised="KeyError: a\nb")
    assert finding.text() == "✗ f: it raises KeyError.\n  raised    KeyError: a\n  b"


def test_a_finding_survives_its_way_as_data():
    finding = replace(FINDING, remarks=("Read the task.",), yours=("1",), wanted=("2",), hint=3)
    assert Finding.from_data(finding.to_data()) == finding


def test_numbers_to_be_drawn_survive_their_way_as_json():
    drawn = {"yours_values": ((1.5, math.inf),), "wanted_values": ((1.5, -2.0),)}
    finding = replace(FINDING, **drawn, differing=((0, 1),), yours_layers=("Input",))
    text = json.dumps(finding.to_data(), allow_nan=False)
    read = Finding.from_data(json.loads(text))
    assert read == finding and [*map(type, read.differing[0])] == [int, int]


def test_what_a_version_without_drawings_found_is_read():
    data = {name: value for name, value in FINDING.to_data().items() if name not in DRAWN}
    assert Finding.from_data(data) == FINDING


def test_long_texts_and_large_drawings_are_cut_on_their_way():
    large = ((1.0,) * 10**3,) * 10**3
    finding = replace(
        FINDING,
        returned="x" * 10**6,
        remarks=("y" * 10**6,) * 1000,
        yours_values=large,
        wanted_values=large,
        differing=((1, 1),) * 10**5,
        yours_layers=("z" * 10**5,) * 10**4,
    )
    assert len(str(finding.to_data())) < 10**5
    assert Finding.from_data(finding.to_data()).sentence == FINDING.sentence


def test_a_hint_that_no_task_has_does_not_travel():
    assert Finding.from_data(replace(FINDING, hint=1000).to_data()) == FINDING


@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": "right"},
        {"kind": "<b>"},
        {"kind": ""},
        {"sentence": 1},
        {"sentence": "x" * 10**4},
        {"recognized": "yes"},
        {"call": True},
        {"remarks": "text"},
        {"remarks": [1]},
        {"yours": ["x"] * 1000},
        {"yours_values": [["x"]]},
        {"yours_values": [1]},
        {"yours_values": [[0] * 17]},
        {"differing": [["nan", 1]]},
        {"yours_layers": [1]},
        {"line": "3"},
        {"hint": "1"},
        {"hint": True},
        {"hint": -1},
        {"hint": 10**6},
        {"hint": [1]},
        {"more": ""},
    ],
)
def test_data_of_another_form_are_no_finding(changed):
    with pytest.raises(ValueError):
        Finding.from_data(FINDING.to_data() | changed)


@pytest.mark.parametrize("data", [None, [], {}, "wrong", {"kind": "x"}])
def test_something_else_is_no_finding(data):
    with pytest.raises(ValueError):
        Finding.from_data(data)


def test_a_kind_made_of_words_leaves_numbers_out():
    assert slug("`Conv2D` gives 30x30, not 28.5") == "Conv2D-gives-not"
    assert slug("…") == "unnamed"


def test_a_kind_made_of_words_is_short():
    assert slug("Trained on 60 images, it gains 0.2 dB over bicubic enlargement on others") == (
        "Trained-on-images-it-gains-dB-over-bicubic"
    )


def test_the_own_sentences_of_an_exercise_come_before_those_of_all():
    table = sentences(super_resolution.__name__, "psnr")
    assert table["no-max-val"] == "`max_val` is left out."
    assert table["values"] == SHARED["values"]
    assert dict(sentences("__main__", "psnr")) == dict(sentences("", "")) == SHARED


def test_a_kind_leads_to_the_hint_that_names_it_and_others_to_none():
    module = zero_insertion.__name__
    assert hint_number(module, "stamp", "gap-at-the-end") == 1
    assert hint_number(module, "stamp", "overwrites") == 2
    assert hint_number(module, "stamp", "kernel-turned") == 0
    assert (
        hint_number(module, "no_exercise", "overwrites") == hint_number("", "stamp", "shape") == 0
    )


def test_hints_are_no_sentence():
    assert HINTS not in sentences(zero_insertion.__name__, "stamp")


@pytest.mark.parametrize("module", MODULES)
def test_each_exercise_has_its_table_and_each_sentence_is_reported(module):
    tree = ast.parse((CHECKS / f"{module}.py").read_text())
    tables = tomllib.loads((CHECKS / f"{module}.toml").read_text())
    beside = [CHECKS.parent / f"{name}.py" for name in BESIDE.get(module, ())]
    trees = [tree, *(ast.parse(path.read_text()) for path in beside)]
    strings = {n.value for t in trees for n in ast.walk(t) if isinstance(n, ast.Constant)}
    functions = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
    assert tables.keys() - {"shared"} <= functions | strings
    for exercise, table in tables.items():
        known = strings | SHARED.keys() | {"about", HINTS}
        assert table.keys() <= known, f"{exercise}: no check reports these"


def test_each_sentence_of_all_assignments_is_reported():
    code = "".join(p.read_text() for p in [*CHECKS.glob("*.py"), *CHECKS.parent.glob("*.py")])
    assert [kind for kind in SHARED if f'"{kind}"' not in code] == []


@pytest.mark.parametrize("module", MODULES)
def test_each_kind_that_a_check_reports_has_a_sentence(module):
    tables = tomllib.loads((CHECKS / f"{module}.toml").read_text())
    known = {kind for table in [SHARED, *tables.values()] for kind in table}
    paths = [CHECKS / f"{module}.py"]
    paths += [CHECKS.parent / f"{name}.py" for name in BESIDE.get(module, ())]
    code = "".join(path.read_text() for path in paths)
    reported = re.findall(r"\.report\(\s*\"(.+?)\"", code)
    assert set(reported) <= known


def test_every_sentence_is_a_sentence():
    for module in [*MODULES, "shared"]:
        tables = tomllib.loads((CHECKS / f"{module}.toml").read_text())
        for table in [tables] if module == "shared" else tables.values():
            for kind, says in ((k, v) for k, v in table.items() if k != HINTS):
                first, *_ = lines = [says] if isinstance(says, str) else says
                assert re.fullmatch(r"[a-z0-9-]+", kind)
                assert first[0].upper() == first[0] and all(x[-1] in ".?:" for x in lines), kind


@pytest.mark.slow
def test_a_notebooks_first_line_imports_tensorflow_quietly():
    code = "import sys; from autograder import lab; print('tensorflow' in sys.modules, lab.needs)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("True <class") and done.stderr == ""
