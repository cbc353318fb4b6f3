"""The student's own figures: folded, scaled to the size at which they are shown, within a bound.

A figure is a student's file, so only PNG and JPEG of a bounded size are decoded.
"""

import base64
import binascii
import html
import io
from functools import lru_cache

from PIL import Image

_MOST_BYTES = 1_000_000  # all figures of a page, as they stand in it
_WIDTH, _HEIGHT = 720, 1200  # pixels at which one is shown
_MOST_PIXELS, _LONGEST_SIDE = 12_000_000, 10_000
_MOST_FIGURES = 60  # that a page looks at
_SMALL = 50_000, 4_000_000  # bytes and pixels: only the browser scales it, which is faster
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}


class Figures:
    """The figures of one page, in the order in which they are asked for.

    Attributes:
        left_out: How many were not shown.
    """

    def __init__(self) -> None:
        self.left_out = 0
        self._asked = self._bytes = 0

    def show(self, kind: str, data: str, description: str = "") -> str:
        """A folded figure, or a sentence that says why there is none.

        Args:
            kind: Its MIME type.
            data: Base64.
            description: What it shows, in words, if somebody said so.
        """
        self._asked += 1
        shown = None
        if self._asked <= _MOST_FIGURES:
            shown = _scaled(kind, "".join(data.split()))
        if shown is None:
            self.left_out += 1
            return "<p><small>(A figure that cannot be shown was left out.)</small></p>"
        address, width, height = shown
        if self._bytes + len(address) > _MOST_BYTES:
            self.left_out += 1
            return (
                "<p><small>(A figure was left out: a page shows 1 MB of them at most. It is in "
                "your notebook.)</small></p>"
            )
        self._bytes += len(address)
        said = html.escape(" ".join(description.split())[:300])
        title = f"Figure: {said}" if said else "Figure"
        return (
            f'<details class="figure"><summary>{title}</summary><img src="{address}" '
            f'alt="{said or "A figure of this cell"}" width="{width}" height="{height}"></details>'
        )


@lru_cache(200)
def _scaled(kind: str, data: str) -> tuple[str, int, int] | None:
    """A figure's address, width and height; None if it cannot be shown."""
    try:
        given = base64.b64decode(data, validate=True)
        with Image.open(io.BytesIO(given), formats=[_FORMATS[kind]]) as image:
            width, height = image.size
            share, pixels = min(_WIDTH / width, _HEIGHT / height), width * height
            if pixels > _MOST_PIXELS or max(width, height) > _LONGEST_SIDE:
                return None
            if share < 1:
                width, height = max(round(share * width), 1), max(round(share * height), 1)
            if len(given) <= _SMALL[0] and pixels <= _SMALL[1]:
                image.verify()
            elif share < 1:
                small = image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGBA")
                small = small.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
                if kind == "image/jpeg":
                    small = small.convert("RGB")
                file = io.BytesIO()
                small.save(file, _FORMATS[kind])
                if len(file.getvalue()) < len(given):  # few colors can take more once they blend
                    data = base64.b64encode(file.getvalue()).decode()
    except (
        KeyError,
        OSError,
        ValueError,
        SyntaxError,
        binascii.Error,
        Image.DecompressionBombError,
    ):
        return None
    return f"data:{kind};base64,{data}", width, height
