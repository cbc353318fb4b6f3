"""Drawings of results: two arrays as heat maps side by side, two models as lists of layers."""

import html
import math
from collections.abc import Collection, Sequence

from autograder.lab.findings import Finding, Rows

_LEVELS = 5  # shades on either side of zero
_NUMBERS = 9  # columns of an array whose numbers are written
_WIDE, _HIGH, _PLAIN = 46, 28, 18  # pixels of a cell with a number, and without


def heat_maps(finding: Finding) -> dict[str, str]:
    """What was expected and what came back, as SVG; nothing where there is nothing to draw."""
    yours, wanted, marks = finding.yours_values, finding.wanted_values, {*finding.differing}
    if not yours or not wanted:
        yours, wanted = _numbers(finding.yours), _numbers(finding.wanted)
        marks = _differing(yours, wanted)
    if not yours or not wanted:
        return {}
    scale = _scale([*yours, *wanted])
    return {
        "expected": _heat_map(wanted, marks, scale, "What was expected"),
        "returned": _heat_map(yours, marks, scale, "What came back"),
    }


def layers(finding: Finding) -> dict[str, str]:
    """The layers that were expected, if that is known, and those that came back, as lists."""
    yours, wanted = finding.yours_layers, finding.wanted_layers
    at = finding.differing_layer
    if at < 0 and wanted:
        pairs = enumerate(zip(yours, wanted, strict=False))
        at = next((i for i, (a, b) in pairs if a != b), min(len(yours), len(wanted)))
    found = {"expected": wanted, "returned": yours}
    return {name: _layers(lines, at) for name, lines in found.items() if lines}


def _layers(lines: Sequence[str], at: int) -> str:
    items = []
    for index, line in enumerate(lines):
        marked = ' class="at"' if index == at else ""
        sign = "<strong>▸ here</strong> " if index == at else ""
        items.append(f"<li{marked}>{sign}<code>{html.escape(line)}</code></li>")
    return f'<ol class="layers">{"".join(items)}</ol>'


def _numbers(rows: Sequence[str]) -> Rows:
    """The numbers of a matrix that a version without drawings wrote as text."""
    try:
        return tuple(tuple(map(float, row.split())) for row in rows)
    except ValueError:
        return ()


def _differing(yours: Rows, wanted: Rows) -> set[tuple[int, ...]]:
    if [*map(len, yours)] != [*map(len, wanted)]:
        return set()
    pairs = enumerate(zip(yours, wanted, strict=True))
    return {(i, j) for i, row in pairs for j, (a, b) in enumerate(zip(*row, strict=True)) if a != b}


def _scale(rows: Sequence[Sequence[float]]) -> float:
    finite = [abs(v) for row in rows for v in row if math.isfinite(v)]
    return max(finite, default=0.0) or 1.0


def _level(value: float, scale: float) -> str:
    """The class of a shade: `p1` to `p5` above zero, `n1` to `n5` below it."""
    if not math.isfinite(value):
        return "no"
    step = min(math.ceil(abs(value) / scale * _LEVELS), _LEVELS)
    return f"{'p' if value > 0 else 'n'}{step}" if step else "p0"


def _heat_map(values: Rows, marks: Collection[tuple[int, ...]], scale: float, title: str) -> str:
    columns = max(map(len, values))
    written = columns <= _NUMBERS
    wide, high = (_WIDE, _HIGH) if written else (_PLAIN, _PLAIN)
    cells: dict[str, list[str]] = {}
    texts: dict[bool, list[str]] = {False: [], True: []}
    for i, row in enumerate(values):
        for j, value in enumerate(row):
            level = _level(value, scale)
            cells.setdefault(level, []).append(f"M{j * wide} {i * high}h{wide}v{high}h-{wide}z")
            if written:
                place = f'x="{j * wide + wide // 2}" y="{i * high + 19}"'
                texts[level[1] in "45"].append(f"<text {place}>{_short(value)}</text>")
    outlines = "".join(
        f"M{j * wide + 2} {i * high + 2}h{wide - 4}v{high - 4}h-{wide - 4}z"
        for i, j in sorted(marks)
        if i < len(values) and j < len(values[i])
    )
    width, height = columns * wide, len(values) * high
    fills = "".join(f'<path class="{level}" d="{"".join(d)}"/>' for level, d in cells.items())
    shape = f"{len(values)}x{columns}"
    count = f"; {len(marks)} of them differ{'s' * (len(marks) == 1)}" if marks else ""
    lines = f'<path class="halo" d="{outlines}"/><path class="mark" d="{outlines}"/>'
    return (
        f'<svg viewBox="-1 -1 {width + 2} {height + 2}" width="{width + 2}" role="img" '
        f'aria-label="{title}: {shape} entries{count}.">{fills}'
        f'<g class="dark">{"".join(texts[False])}</g><g class="pale">{"".join(texts[True])}</g>'
        f"{lines if outlines else ''}</svg>"
    )


def _short(value: float) -> str:
    return f"{value + 0.0:.3g}".replace("-", "−")
