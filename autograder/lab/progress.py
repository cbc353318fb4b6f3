"""The progress of long work in a live notebook: one line, updated in place, gone at the end.

`epochs` is for `model.fit`, and `each` for loops that are written by hand; the two may be nested.
Elsewhere, in grading above all, both do nothing.

    model.fit(x, y, epochs=3, verbose=0, callbacks=[lab.progress.epochs()])

    for batch in lab.progress.each(batches, "step", total=800):
        lab.progress.loss(step(batch))
"""

import html
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from IPython import get_ipython
from IPython.display import DisplayHandle, display

from autograder.lab.live import is_live

if TYPE_CHECKING:
    from keras.callbacks import Callback

Item = TypeVar("Item")

_PAUSE = 0.2  # seconds between two updates of the line
_EARLY = 1.0  # seconds of work from which the time left is estimated


@dataclass(eq=False)
class _Loop:
    """A loop that is under way.

    Attributes:
        unit: What a round is called: "epoch", "step".
        total: How many rounds there will be.
        done: How many are done; a part of one counts.
        loss: The last loss, or None.
    """

    unit: str
    total: int
    done: float = 0.0
    loss: Any = None


class _Line:
    """The one line of a cell, shown from its first loop on."""

    def __init__(self) -> None:
        self.loops: list[_Loop] = []  # from the outermost to the innermost
        self.handle: DisplayHandle | None = None
        self.started = self.shown = 0.0

    def begin(self, loop: _Loop) -> None:
        if not self.loops:
            self.started = time.monotonic()
        self.loops.append(loop)
        self.show()

    def end(self, loop: _Loop) -> None:
        if loop in self.loops:
            del self.loops[self.loops.index(loop) :]
        if not self.loops:
            self.write("")

    def advance(self, loop: _Loop, done: float) -> None:
        loop.done = done
        if time.monotonic() - self.shown >= _PAUSE:
            self.show()

    def show(self) -> None:
        now = time.monotonic()
        self.shown = now
        self.write(sentence(self.loops, now - self.started))

    def write(self, text: str) -> None:
        """Put a text into the line; none leaves nothing to see in the saved notebook."""
        markup = f"<small>{html.escape(text)}</small>" if text else ""
        shown = {"text/plain": text, "text/html": markup}
        if self.handle is not None:
            self.handle.update(shown, raw=True)
        elif text:
            self.handle = display(shown, raw=True, display_id=True)
            get_ipython().events.register("post_run_cell", self.close)

    def close(self, _: Any = None) -> None:
        """Leave nothing behind where a cell ends, however it does."""
        get_ipython().events.unregister("post_run_cell", self.close)
        if self.loops:
            self.write("")
        self.loops, self.handle = [], None


_line = _Line()


def each(items: Iterable[Item], unit: str = "step", total: int | None = None) -> Iterator[Item]:
    """Go through `items` and show how far it is.

    Args:
        items: What the loop goes through.
        unit: What a round is called, in the singular.
        total: How many items there are; `len(items)` unless it is given.
    """
    if not is_live():
        yield from items
        return
    loop = _Loop(unit, len(items) if total is None else total)  # type: ignore[arg-type]
    _line.begin(loop)
    try:
        for count, item in enumerate(items, 1):
            yield item
            _line.advance(loop, count)
    finally:
        _line.end(loop)


def loss(value: Any) -> None:
    """Say the loss of the innermost loop, a number or a tensor; it is shown with the rest."""
    if _line.loops:
        _line.loops[-1].loss = value


def epochs() -> "Callback":
    """A callback for `model.fit` that shows the epoch, the loss and the time left."""
    from keras.callbacks import Callback

    if not is_live():
        return Callback()

    class Epochs(Callback):
        def on_train_begin(self, logs: Any = None) -> None:
            self.epoch, settings = 0, self.params or {}
            self.loop, self.steps = _Loop("epoch", settings["epochs"]), settings["steps"]
            _line.begin(self.loop)

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self.epoch = epoch

        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            self.loop.loss = (logs or {}).get("loss")
            _line.advance(self.loop, self.epoch + (batch + 1) / (self.steps or batch + 1))

        def on_train_end(self, logs: Any = None) -> None:
            _line.end(self.loop)

    return Epochs()


def sentence(loops: list[_Loop], seconds: float) -> str:
    """How far nested loops are after some seconds: "epoch 3 of 10, loss 0.0213, about 20 s left".

    The time left is that of the outermost loop.
    """
    parts, share, whole = [], 0.0, 1.0
    for loop in loops:
        parts.append(f"{loop.unit} {min(int(loop.done) + 1, loop.total)} of {loop.total}")
        share += whole * loop.done / loop.total
        whole /= loop.total
    if loops[-1].loss is not None:
        parts.append(f"loss {float(loops[-1].loss):.3g}")
    if seconds >= _EARLY and 0 < share < 1:
        parts.append(f"about {_in_words(seconds * (1 - share) / share)} left")
    return ", ".join(parts)


def _in_words(seconds: float) -> str:
    if seconds >= 90:
        return f"{seconds / 60:.0f} min"
    return f"{max(1, round(seconds)) if seconds < 10 else 5 * round(seconds / 5)} s"
