"""How nbval compares the outputs of cells tagged "measured": numbers within a margin.

What a training prints depends a little on the machine and on the number of threads. Importing this
module, as the root's conftest does, makes nbval hold such a cell to its words, and to its numbers
within the margin of `is_close`; it compares all other cells as they stand.
"""

import re

from nbval.plugin import IPyNbCell, coalesce_streams

_compare = IPyNbCell.compare_outputs
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def _compare_outputs(cell, test, ref, skip_compare=None):
    """Compare a cell's outputs; of a cell tagged "measured", numbers only within a margin."""
    if "measured" in cell.cell.metadata.get("tags", []):
        test, ref = coalesce_streams(test), coalesce_streams(ref)
        for now, then in zip(test, ref, strict=False):
            if "text" in now and "text" in then and is_close(now.text, then.text):
                now.text = then.text
    return _compare(cell, test, ref, skip_compare)


def is_close(now, then):
    """Return True if two texts have the same words, and numbers within a margin.

    The margin is 15% and three units of the last digit: what a training gives moves by less from
    one machine to the next, and what a wrong cell gives seldom does.
    """
    pairs = list(zip(_NUMBER.findall(now), _NUMBER.findall(then), strict=False))
    digits = [len(text.partition("e")[0].partition(".")[2]) for _, text in pairs]
    return _words(now) == _words(then) and all(
        abs(float(a) - float(b)) <= 0.15 * max(float(a), float(b)) + 3 * 10.0**-n
        for (a, b), n in zip(pairs, digits, strict=True)
    )


def _words(text):
    """A text without its numbers, and without the blanks that align them."""
    return _NUMBER.sub("#", text).split()


IPyNbCell.compare_outputs = _compare_outputs
