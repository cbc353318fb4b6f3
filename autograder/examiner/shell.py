"""An IPython shell that collects what cells show instead of showing it."""

import base64
import sys
import traceback
from types import FrameType
from typing import Any, Literal

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from matplotlib_inline.backend_inline import configure_inline_support
from traitlets import Type
from traitlets.config import Config

from autograder.examiner.job import Output
from autograder.examiner.protocol import MAX_OUTPUTS, MAX_SHOWN
from autograder.examiner.wire import whole

_FRAMES = 20  # of a traceback; the innermost ones
_RUN_CODE = frozenset(["prun", "rerun", "run", "time", "timeit"])  # line magics that run Python


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, **_: Any) -> None:
        Shell.instance().collect("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        Shell.instance().shown.clear()


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        """Notebooks show the prompt themselves."""

    def write_format_data(self, format_dict, md_dict=None) -> None:
        Shell.instance().collect("execute_result", format_dict)

    def finish_displayhook(self) -> None:
        """Nothing was printed, so no line needs to end."""


class Shell(InteractiveShell):
    """Runs cells as a notebook's kernel does.

    Attributes:
        shown: Outputs of the running cell but for its text streams, which go to descriptors 1
            and 2.
        swallowed: The last error of the cell, or of code that a magic such as `%%capture` ran in
            it and that this magic kept to itself.
    """

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)

    @classmethod
    def make(cls) -> "Shell":
        """The process's shell, without history files."""
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        shell = cls.instance(config=config)
        shell.shown = []
        configure_inline_support(shell, "module://matplotlib_inline.backend_inline")
        return shell

    def init_virtualenv(self) -> None:
        """The environment is what it is."""

    system = InteractiveShell.system_raw  # the other way wants a terminal, and a session for it

    def ask_exit(self) -> None:
        """A run ends with its last cell."""

    def enable_gui(self, gui: str | None = None) -> None:
        """Open no window."""

    def run_line_magic(self, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        """Run a magic; one that fails or is missing costs nothing, unless it runs code.

        Most concern the page, the kernel or the installation, none of which is here.
        """
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)
        except Exception as error:
            if magic_name in _RUN_CODE:
                raise
            print(f"%{magic_name} has no effect here: {error}", file=sys.stderr)
            return None

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Run a cell under a magic, or without it where it is missing."""
        if self.find_cell_magic(magic_name) or self.find_line_magic(magic_name):
            return super().run_cell_magic(magic_name, line, cell)
        print(f"%%{magic_name} has no effect here: there is no such magic.", file=sys.stderr)
        return self.ex(self.transform_cell(cell))

    def collect(self, kind: Literal["display_data", "execute_result"], data: Any) -> None:
        """Keep one output; what is not text or bytes, or too much, is left out."""
        kept = {}
        for mime, content in dict(data).items():
            if isinstance(content, bytes):
                content = base64.b64encode(content).decode()
            if isinstance(content, str) and len(content) <= MAX_SHOWN:
                kept[whole(str(mime))] = whole(content)
        everything = [*self.shown, Output(kind, kept)]
        size = sum(len(text) for output in everything for text in output.data.values())
        if kept and size <= MAX_SHOWN and len(everything) <= MAX_OUTPUTS:
            self.shown = everything

    def run(self, source: str) -> tuple[list[Output], BaseException | None]:
        """Run one cell; what it showed, and the exception that ended it."""
        self.shown, self.swallowed = [], None
        result = self.run_cell(source, store_history=True, silent=False)
        failure = result.error_before_exec or result.error_in_exec
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        return self.shown, failure

    def render(self, error: BaseException) -> list[str]:
        """The traceback for a reader: the lines of the notebook, or what the error says itself."""
        render = getattr(error, "_render_traceback_", None)
        if render is not None:
            return list(render())
        frames = own_frames(error)
        lines = ["Traceback (most recent call last):", *traceback.format_list(frames[-_FRAMES:])]
        lines = lines if frames else []
        return [line.rstrip("\n") for line in lines + traceback.format_exception_only(error)]

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Whoever asked for the run renders the error, or does not."""
        self.swallowed = sys.exc_info()[1]

    showsyntaxerror = showindentationerror = showtraceback

    def _format_exception_for_storage(self, *_: Any, **__: Any) -> dict:
        """IPython would format it for a history that is not kept: seconds for a deep recursion."""
        return {}


def own_frames(error: BaseException) -> list[traceback.FrameSummary]:
    """The frames of an error that lie in a notebook's cells, the innermost last."""
    steps = [(f, line) for f, line in traceback.walk_tb(error.__traceback__) if _in_cell(f)]
    return list(traceback.StackSummary.extract(iter(steps[-_FRAMES:])))


def _in_cell(frame: FrameType) -> bool:
    return (
        "site-packages" not in frame.f_code.co_filename
        and frame.f_globals.get("__name__") == "__main__"
    )


def open_streams() -> None:
    """Make Python's streams write to descriptors 1 and 2 as they stand now."""
    text = {"buffering": 1, "encoding": "utf-8", "errors": "replace", "closefd": False}
    sys.stdin = open(0, **text)  # noqa: SIM115 - they stay open as long as the process lives
    sys.stdout = open(1, "w", **text)  # noqa: SIM115
    sys.stderr = open(2, "w", **text)  # noqa: SIM115
    sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr
