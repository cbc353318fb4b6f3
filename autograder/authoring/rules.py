"""The rules of a source: what must hold in solutions/<assignment>.py before anything is built.

Each rule is a function from a source to the problems that it finds; `source_problems` applies all
of them. `build` refuses to go on and `build --check` fails where there are any.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from autograder import cells
from autograder.authoring import hints, points
from autograder.authoring.publish import addressed, repository
from autograder.authoring.sources import Cell, Problem, Source
from autograder.cells import Names

REGIONS = {"SOLUTION": "solution", "HIDDEN TESTS": "grade"}  # marker -> where it may stand
_MARKER = re.compile(rf"\b(BEGIN|END) ({'|'.join(REGIONS)})\b")
_REGION = re.compile(
    rf"^([ \t]*)[^\n]*BEGIN ({'|'.join(REGIONS)})\b.*?END \2[^\n]*$", re.MULTILINE | re.DOTALL
)
_ADDRESSES = re.compile(
    r"(?:colab\.research\.google\.com/github/|mybinder\.org/v2/gh/|git\+https?://(?P<host>[^/\s]+)/)"
    r"(?P<name>[\w.-]+/[\w.-]+?)(?=\.git\b|[^\w.-]|$)"
)


def source_problems(root: Path, source: Source) -> list[Problem]:
    """All problems of one source, the accepted points left out."""
    rules = (_ids, _markers, _open_answers, _grade_cells, _last_cell, _names, _emphasis, _files)
    found = [problem for rule in (*rules, _predictions) for problem in rule(source)]
    found += [*_declared_points(root, source), *hints.problems(root, source), *_links(root, source)]
    return [*found, *address_problems(root, source.file)]


def hidden_lines(cell: Cell) -> list[str]:
    """The lines of a cell's solutions and hidden tests that are long enough to tell something."""
    lines = [line for region in _REGION.finditer(cell.text) for line in region[0].splitlines()]
    return [line.strip() for line in lines if len(line.strip()) >= 20 and not _MARKER.search(line)]


def open_text(cell: Cell) -> str:
    """What students see of a cell, the stub left out."""
    return _REGION.sub("", cell.text)


def address_problems(root: Path, file: str) -> Iterator[Problem]:
    """Badges and installation lines of a file that are not those of pyproject.toml's repository."""
    named = repository(root)
    names = f"which names {named.address if named else 'none'}"
    lines = (root / file).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        for match in _ADDRESSES.finditer(line):
            host = match["host"] or "github.com"
            if not named or f"https://{host}/{match['name']}" != named.address:
                wrong = f"`{match[0]}` is not the repository of pyproject.toml, {names}."
                yield Problem(f"{file}:{number}", "", wrong)
                return
    due = addressed(root, file, named).splitlines()
    for number, (line, other) in enumerate(zip(lines, due, strict=False), 1):
        if line != other:
            wrong = f"`{other}` should stand here for the repository of pyproject.toml, {names}."
            yield Problem(f"{file}:{number}", "", wrong)
            return


def _ids(source: Source) -> Iterator[Problem]:
    counts = Counter(cell.name for cell in source.cells if cell.name)
    for cell in source.cells:
        if counts[cell.name] > 1:
            yield source.problem(cell, f"grade id `{cell.name}` is used {counts[cell.name]} times.")
        elif cell.name and cell.node.id != cell.name:
            yield source.problem(cell, "a grade id has at most 64 letters, digits, `-` and `_`.")
        elif cell.kind == "set-up" and not cell.name.startswith("setup"):
            yield source.problem(cell, "a locked cell without points needs a grade id `setup...`.")


def _markers(source: Source) -> Iterator[Problem]:
    for cell in source.cells:
        for marker, kind in REGIONS.items():
            found = re.findall(rf"\b(BEGIN|END) {marker}\b", cell.text)
            if found and cell.kind != kind:
                yield source.problem(cell, f"{marker} region outside a {kind} cell.")
            elif found != ["BEGIN", "END"] * (len(found) // 2):
                yield source.problem(cell, f"BEGIN and END {marker} do not pair.")
        if cell.kind == "solution" and "BEGIN SOLUTION" not in cell.text:
            yield source.problem(cell, "no `### BEGIN SOLUTION`: students would get no signature.")


def _open_answers(source: Source) -> Iterator[Problem]:
    """Cells that show most of what another cell hides; single lines may well be alike."""
    for cell in source.cells:
        secrets = set(hidden_lines(cell))
        for other in source.cells if secrets else ():
            shown = [line for line in secrets if line in open_text(other)]
            if 2 * len(shown) > len(secrets):
                message = f"students would see {len(shown)} of {len(secrets)} lines of {cell.label}"
                yield source.problem(other, f"{message}, for example `{max(shown, key=len)}`.")


def _grade_cells(source: Source) -> Iterator[Problem]:
    exercises = {cell.name for cell in source.of_kind("solution")}
    for cell in source.of_kind("grade"):
        exercise = cells.exercise(cell.name)
        if exercise not in exercises or not cell.name.startswith("test_"):
            yield source.problem(cell, f"no solution cell has the grade id `{exercise}`.")
        if "raises-exception" not in cell.node.metadata.get("tags", []):
            yield source.problem(
                cell, 'lacks tags=["raises-exception"]: "Run All" would stop here at students.'
            )


def _declared_points(root: Path, source: Source) -> Iterator[Problem]:
    declared = points.declared(root, source)
    if not declared:
        return
    prose = "\n".join(cell.text for cell in source.of_kind("prose"))
    headings = re.findall(r"^### (Exercise .*)$", prose, re.MULTILINE)
    expected = [f"Exercise {n} · `{name}`" for n, name in enumerate(declared, 1)]
    for heading, other in zip(headings, expected, strict=False):
        if heading != other:
            message = f"the heading `{heading}` should be `{other}`, by the order of the checks."
            yield Problem(source.file, "", message)
            break
    for cell in source.of_kind("grade"):
        exercise = cells.exercise(cell.name)
        here, there = cells.points(cell.node), declared.pop(exercise, None)
        if there is None:
            yield source.problem(cell, f"the check module declares no points for `{exercise}`.")
        elif here != there:
            yield source.problem(cell, f"{here} points, but the check module declares {there}.")
    for exercise in declared:
        message = f"the check module declares `{exercise}`, which no grade cell tests."
        yield Problem(source.file, "", message)


def _last_cell(source: Source) -> Iterator[Problem]:
    code = [cell for cell in source.cells if cell.kind != "prose"]
    if code and not re.search(r"^lab\.scoreboard\(check\)", code[-1].text, re.MULTILINE):
        yield source.problem(code[-1], "the last code cell must call `lab.scoreboard(check)`.")


def _emphasis(source: Source) -> Iterator[Problem]:
    """Asterisks of a calculation that Markdown takes for emphasis: they are not shown."""
    from nbconvert.filters.markdown_mistune import markdown2html_mistune  # takes a second

    for cell in source.of_kind("prose"):
        page = markdown2html_mistune(cell.text)
        if found := re.search(r"[\w)\]]<(em|strong)>.*?</\1>|<(em|strong)>.*?</\2>[\w(\[]", page):
            shown = re.sub(r"<.*?>", "*", found[0])
            message = f"Markdown takes asterisks for emphasis at `{shown}`: use backticks or ×."
            yield source.problem(cell, message)


def _files(source: Source) -> Iterator[Problem]:
    """Files of the course that its students do not have."""
    for cell in source.cells:
        seen = re.sub(r"<!--.*?-->", "", open_text(cell), flags=re.DOTALL)
        for file in re.findall(r"\b(?:tests|solutions|classroom)/[\w./-]*\w", seen):
            yield source.problem(cell, f"names `{file}`, which students do not have.")


def _links(root: Path, source: Source) -> Iterator[Problem]:
    """Notebooks that are named and not linked, and links that lead nowhere in the release."""
    for cell in source.of_kind("prose"):
        for name in re.findall(r"(?<!\[)\b[Nn]otebook \d+\b", cell.text):
            yield source.problem(cell, f"link `{name}`: `[{name}](../NAME/NAME.ipynb)`.")
        for link in re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", cell.text):
            path = PurePosixPath(link)
            other = source.assignment if path.parts[0] != ".." else path.parts[1]
            made = path.parts == ("..", other, f"{other}.ipynb")
            known = root / "solutions" / (f"{other}.py" if made else f"{other}/{path.name}")
            if not known.exists():
                yield source.problem(cell, f"the link to `{link}` leads nowhere.")


def _names(source: Source) -> Iterator[Problem]:
    flows: dict[int, Names] = {}
    for cell in source.cells:
        if cell.kind != "prose":
            flow = flows[cell.number] = cells.names(cell.text)
            if flow.error:
                line = cell.line + (flow.error.lineno or 1) - 1
                message = f"line {line} of the source is not Python: {flow.error.msg}."
                yield source.problem(cell, message)
                return
            for module in flow.stars:
                message = f"`from {module} import *` hides which names it defines."
                yield source.problem(cell, message)

    stubs = {c.number: cells.names(_stub(c)) for c in source.of_kind("solution")}
    for cell in source.of_kind("solution"):
        if error := stubs[cell.number].error:
            yield source.problem(cell, f"without its solution it is not Python: {error.msg}.")
            return
    given = _names_that_students_have(source, flows, stubs)
    inside = {n for c in source.of_kind("solution") for n in flows[c.number].defines} - given
    plain = {n: c for c in source.of_kind("plain") for n in flows[c.number].defines}
    for cell in source.of_kind("grade", "solution"):
        reachable = given | (inside if cell.kind == "solution" else set())
        for name in sorted(flows[cell.number].needs):
            if name in plain:
                where = f"{plain[name].label} defines it, a demonstration that grading skips"
                yield source.problem(cell, f"needs `{name}`, but {where}.")
            elif name in inside - reachable:
                where = "it is defined inside a solution region only, which students do not get"
                yield source.problem(cell, f"needs `{name}`, but {where}.")
            elif name not in reachable:
                where = "no set-up or solution cell defines it"
                yield source.problem(cell, f"needs `{name}`, but {where}.")

    for cell in source.of_kind("grade"):
        for name, victim in _left_behind(cell, source, flows):
            yield source.problem(
                cell, f"leaves `{name}` behind, which {victim}: rename or `del` it."
            )


def _predictions(source: Source) -> Iterator[Problem]:
    """Each prediction stands alone and blank, above the demonstration that tells its outcome."""
    open_ones: dict[str, Cell] = {}
    known: set[str] = set()
    for cell in source.cells:
        if cell.kind == "prediction":
            made = cells.predictions(cell.node)
            keys = [repr(one.get("key")) for one in made]
            if len(made) > 1:
                yield source.problem(cell, "asks several questions: give each a cell of its own.")
            elif cell.text.count("guess=None") != 1 or made[0].get("guess") is not None:
                message = "write `guess=None` in it once: students put their guess there."
                yield source.problem(cell, message)
            elif keys[0] in known:
                yield source.problem(cell, f"another prediction has the key {keys[0]}.")
            known.update(keys)
            open_ones |= dict.fromkeys(keys, cell)
        elif _first_arguments(cell, "lab.predict"):
            message = "`lab.predict` stands in a cell of its own, without a grade id"
            yield source.problem(cell, f"{message}; its arguments are literals.")
        for key in _first_arguments(cell, "lab.outcome"):
            if cell.kind != "plain":
                yield source.problem(cell, "`lab.outcome` belongs in a demonstration.")
            elif key not in known:
                yield source.problem(cell, f"no prediction above it has the key {key}.")
            open_ones.pop(key, None)
    for key, cell in open_ones.items():
        message = f"no demonstration below it calls `lab.outcome({key}, ...)`."
        yield source.problem(cell, message)


def _first_arguments(cell: Cell, function: str) -> list[str]:
    """The first argument of each call of a function in a cell, as code."""
    if cell.kind == "prose" or function not in cell.text:
        return []
    try:
        nodes = ast.walk(cells.tree(cell.text))
    except SyntaxError:  # `_names` says so
        return []
    calls = [n for n in nodes if isinstance(n, ast.Call) and ast.unparse(n.func) == function]
    given = ([*call.args, *(k.value for k in call.keywords)] for call in calls)
    return [ast.unparse(arguments[0]) if arguments else "" for arguments in given]


def _stub(cell: Cell) -> str:
    """What students get of a solution cell."""
    return _REGION.sub(r"\1raise NotImplementedError()", cell.text)


def _names_that_students_have(
    source: Source, flows: dict[int, Names], stubs: dict[int, Names]
) -> set[str]:
    """What set-up cells and solution cells define in the release, and the exercises' own names."""
    given = set()
    for cell in source.of_kind("set-up"):
        given |= flows[cell.number].defines
    for cell in source.of_kind("solution"):
        given |= stubs[cell.number].defines | ({cell.name} & flows[cell.number].defines)
    return given


def _left_behind(grade: Cell, source: Source, flows: dict[int, Names]) -> Iterator[tuple[str, str]]:
    """Names that a grade cell changes for others, with what one of these has to do with it."""
    for name in sorted(flows[grade.number].defines - {"_"}):
        for cell in source.of_kind("set-up", "solution", "plain"):
            names = flows[cell.number]
            if cell.number < grade.number:
                if cell.kind != "plain" and name in names.defines:
                    yield name, f"{cell.label} defines"
                    break
            elif name in names.needs:
                yield name, f"{cell.label} needs"
                break
            elif name in names.defines:
                break
