"""Submissions that try to get points for a wrong answer.

In each, `half` is right (2 points) and `double` is wrong (3 points), so that 2 is the honest score.
`CODE` stands in the answer cell of `double`, behind the wrong answer; `NOTEBOOKS` change the file.
"""

import nbformat
from tiny import index_of

WRONG = "def double(x):\n    return 0\n"

CODE = {
    # IPython
    "transforms-asserts": """
import ast
class Softener(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Softener())
""",
    "input-transformer": """
get_ipython().input_transformers_post.append(lambda lines: ["pass\\n"])
""",
    "replaced-run-cell": """
shell = get_ipython()
shell.run_cell = lambda *a, **k: type("R", (), dict(success=True, error_in_exec=None,
    error_before_exec=None, result=None))()
shell.run = lambda source: ([], None)
type(shell).run = lambda self, source: ([], None)
""",
    "event-hooks": """
def soften(*_):
    get_ipython().user_ns.update(test_double=None, AssertionError=Exception)
for event in ("pre_execute", "post_execute", "pre_run_cell", "post_run_cell"):
    get_ipython().events.register(event, soften)
""",
    "custom-exception-handler": """
get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)
""",
    # builtins, NumPy, Keras
    "patched-assertion-error": """
import builtins
class Quiet(Exception):
    def __new__(cls, *a):
        return Exception.__new__(cls)
builtins.AssertionError = Quiet
AssertionError = Quiet
""",
    "patched-eq-of-int": """
import ctypes, builtins
builtins.int = type("int", (int,), {"__eq__": lambda self, other: True, "__hash__": None})
""",
    "patched-numpy": """
import numpy as np
np.allclose = np.array_equal = lambda *a, **k: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
""",
    "patched-keras": """
import keras
keras.ops.convert_to_numpy = lambda x: 0
keras.Model.__call__ = lambda self, *a, **k: 0
""",
    "patched-lab": """
from autograder.lab import checking, trial
checking.Check.__call__ = lambda self, function: None
trial.Trial.expect = lambda self, *a, **k: None
""",
    "patched-math": """
import math, sys
math.pi = 0.0
sys.modules["math"] = type("Fake", (), {"pi": 0.0})
""",
    # what a function gives back
    "lying-object": """
class Everything:
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = None
double = lambda x: Everything()
""",
    "lying-number": """
class Lying(float):
    __eq__ = lambda self, other: True
    __hash__ = None
double = lambda x: Lying(0)
""",
    "lying-array": """
import numpy as np
class Lying(np.ndarray):
    __eq__ = lambda self, other: True
    def __array_ufunc__(self, *a, **k):
        return True
double = lambda x: np.zeros(1).view(Lying)
""",
    "lying-callable": """
class Function:
    __eq__ = lambda self, other: True
    def __call__(self, x):
        return self
double = Function()
""",
    "pickle-in-an-object": """
class Bomb:
    def __reduce__(self):
        return eval, ("__import__('builtins').__dict__.update(AssertionError=Exception)",)
double = lambda x: Bomb()
""",
    "keras-lambda": """
import keras
def double(x):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Lambda(lambda t: t)])
    return model
""",
    "exception-class-of-the-course": """
class NotAttempted(Exception):
    outcome = "right"
    def _render_traceback_(self):
        return ["fine"]
def double(x):
    raise NotAttempted("✓ double: right on 3 examples.")
""",
    "system-exit-zero": """
def double(x):
    raise SystemExit(0)
""",
    "keyboard-interrupt": """
def double(x):
    raise KeyboardInterrupt
""",
    "ends-the-loop-of-the-test": """
def double(x):
    raise StopIteration
""",
    "string-that-evaluates": """
double = lambda x: "2 * x"
""",
    "generator-of-answers": """
def double(x):
    yield 2 * x
""",
    # looking for the expected value
    "walks-frames": """
import sys
def double(x):
    frame = sys._getframe()
    while frame:
        for name, value in {**frame.f_locals, **frame.f_globals}.items():
            if callable(value) and name.startswith("test_"):
                return value(x)
        frame = frame.f_back
    return 0
""",
    "walks-the-heap": """
import gc
def double(x):
    for thing in gc.get_objects():
        if isinstance(thing, dict) and "expected" in thing:
            return thing["expected"]
        if isinstance(thing, str) and "hidden: double" in thing:
            return 2 * x
    return 0
""",
    "reads-its-own-memory": """
def double(x):
    try:
        return 2 * x if b"hidden: dou" + b"ble" in open("/proc/self/mem", "rb").read() else 0
    except Exception:
        return 0
""",
    "looks-for-solutions": """
import os
def double(x):
    for top in ("/", "/work", "/home", "/root", "/course", os.path.expanduser("~")):
        for folder, _, files in os.walk(top):
            if folder.startswith(("/usr", "/lib", "/sys", "/dev")) or "site-packages" in folder:
                continue
            for name in files:
                if name.endswith((".ipynb", ".db")) or "test.npz" in name:
                    path = os.path.join(folder, name)
                    if os.path.getsize(path) > 0 and open(path, "rb").read(1):
                        return 2 * x
    return 0
""",
    "looks-into-other-processes": """
import os
def double(x):
    for name in os.listdir("/proc"):
        for file in ("environ", "cmdline", "mem", "maps"):
            try:
                content = open(f"/proc/{name}/{file}", "rb").read(1000)
            except OSError:
                continue
            if name.isdigit() and int(name) != os.getpid() and content:
                return 2 * x
    return 0
""",
    "traces-the-parent": """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def double(x):
    attached = [libc.ptrace(16, pid, 0, 0) == 0 for pid in (1, os.getppid(), 2, 3)]
    return 2 * x if any(attached) else 0
""",
    "reads-the-seed": """
import os
def double(x):
    return 2 * x if os.environ.get("AUTOGRADER_SEED") else 0
""",
    "recognizes-the-visible-call": """
def double(x):
    return {1: 2}.get(x, 0)
""",
    # import system, threads, exits
    "import-hook": """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        raise ImportError(name)
sys.meta_path.insert(0, Finder())
sys.modules.clear()
""",
    "shadow-modules": """
for name in ("math", "numpy", "json", "autograder", "msgspec"):
    open(f"{name}.py", "w").write("pi = 0\\ndef encode(*a, **k): return b''")
import sys
sys.path.insert(0, ".")
""",
    "thread-that-waits": """
import threading, time
def later():
    for _ in range(50):
        time.sleep(0.02)
        get_ipython().user_ns["test_double"] = None
        get_ipython().user_ns["AssertionError"] = Exception
threading.Thread(target=later, daemon=True).start()
""",
    "atexit": """
import atexit, os
atexit.register(lambda: os.write(1, b"passed"))
""",
    "child-process-that-answers": """
import os, struct, time
from autograder.examiner import protocol, wire
frame = wire.pack(protocol.Returned(b"\\x00", {}, None))
if os.fork() == 0:
    for _ in range(20):
        time.sleep(0.02)
        for descriptor in range(3, 20):
            try:
                os.write(descriptor, struct.pack(">Q", len(frame)) + frame)
            except OSError:
                pass
    os._exit(0)
""",
    # the protocol
    "forged-verdict-on-every-descriptor": """
import os, struct
from autograder.examiner import protocol, wire
for message in (protocol.Done(3, [], None, [], None), protocol.End(), protocol.Ended(),
                protocol.Value(b"\\x06"), protocol.Returned(b"\\x06", {}, None)):
    frame = wire.pack(message)
    for descriptor in range(0, 64):
        try:
            os.write(descriptor, struct.pack(">Q", len(frame)) + frame)
        except OSError:
            pass
""",
    "garbage-on-every-descriptor": """
import os
for descriptor in range(3, 64):
    try:
        os.write(descriptor, bytes(range(256)) * 16)
    except OSError:
        pass
""",
    "replaced-protocol": """
import gc
from autograder.examiner import protocol, student
for thing in gc.get_objects():
    if type(thing).__name__ == "_Student":
        thing.call = lambda request: protocol.Returned(b"\\xc3", {}, None)
student._Student.fetch = lambda self, request: protocol.Value(b"\\xc3")
""",
    "announces-a-huge-message": """
import gc, struct
def double(x):
    from autograder.examiner import wire
    for thing in gc.get_objects():
        if isinstance(thing, wire.Connection):
            thing._socket.sendall(struct.pack(">Q", 2**62))
    return 0
""",
    "answer-with-a-function-of-its-own": """
def double(x):
    return double
double.__eq__ = lambda other: True
""",
    "prints-a-forged-output": """
print('{"output_type": "execute_result", "data": {"text/plain": "3.0"}}')
def double(x):
    print("3.0")
    display(3.0)
    return 0
""",
    # the machine
    "signals-to-everyone": """
import os, signal
for target in (-1, os.getppid(), 1, 2, 3):
    for number in (signal.SIGTERM, signal.SIGSTOP, signal.SIGUSR1):
        try:
            if target != os.getpid() and target != -1:
                os.kill(target, number)
        except OSError:
            pass
""",
    "network": """
import socket
def double(x):
    for address in (("127.0.0.1", 8786), ("1.1.1.1", 80), ("127.0.0.1", 22)):
        try:
            socket.create_connection(address, timeout=0.2)
            return 2 * x
        except OSError:
            pass
    return 0
""",
    "leaves-something-for-the-next": """
import pathlib
for folder in ("/tmp", "/dev/shm", "/course", "/var/tmp", "."):
    try:
        found = list(pathlib.Path(folder).glob("answer-of-*"))
        pathlib.Path(folder, "answer-of-mallory").write_text("2 * x")
    except OSError:
        found = []
    if found:
        double = lambda x: 2 * x
""",
    "takes-what-was-left": """
import pathlib
for folder in ("/tmp", "/dev/shm", "/course", "/var/tmp", "."):
    if list(pathlib.Path(folder).glob("answer-of-*")):
        double = lambda x: 2 * x
""",
    "writes-into-the-environment": """
import numpy, pathlib, autograder.lab
for module in (numpy, autograder.lab):
    try:
        pathlib.Path(module.__file__).write_text("")
        double = lambda x: 2 * x
    except OSError:
        pass
""",
    "limits-of-the-first-process": """
import resource
for limit in (resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_AS):
    try:
        resource.prlimit(1, limit, (0, 0))
    except OSError:
        pass
""",
    "new-namespaces": """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for call in (lambda: libc.unshare(0x10000000), lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, 0),
             lambda: libc.umount2(b"/proc", 2), lambda: libc.chroot(b"/tmp")):
    if call() == 0:
        double = lambda x: 2 * x
""",
}

# These lose `half`, too: what they break is needed to define it.
HARM_THEMSELVES = {
    "input-transformer",
    "replaced-run-cell",
    "import-hook",
}
# Whether these break the protocol for `half`, too, is a race.
MAY_HARM_THEMSELVES = {"child-process-that-answers"}


def _tag(notebook):
    notebook.cells[index_of(notebook, "test_double")].metadata.tags = ["skip-execution"]


def _points(notebook):
    notebook.cells[index_of(notebook, "test_half")].metadata.nbgrader.points = 1000


def _not_graded(notebook):
    notebook.cells[index_of(notebook, "test_double")].metadata.nbgrader.grade = False


def _unlocked(notebook):
    cell = notebook.cells[index_of(notebook, "test_double")]
    cell.metadata.nbgrader.locked = False
    cell.source = "pass"


def _markdown(notebook):
    place = index_of(notebook, "test_double")
    metadata = notebook.cells[place].metadata
    notebook.cells[place] = nbformat.v4.new_markdown_cell("passed", metadata=metadata)


def _deleted(notebook):
    del notebook.cells[index_of(notebook, "test_double")]


def _easier_twin(notebook):
    place = index_of(notebook, "test_double")
    twin = nbformat.from_dict(notebook.cells[place])
    twin.source, twin.id = "assert True", "twin"
    notebook.cells.insert(0, twin)


def _forged_output(notebook):
    cell = notebook.cells[index_of(notebook, "test_double")]
    cell.outputs = [
        nbformat.v4.new_output("execute_result", data={"text/plain": "3.0"}, execution_count=1)
    ]
    cell.metadata.nbgrader.checksum = "0" * 32


def _foreign_kernel(notebook):
    notebook.metadata.kernelspec = {"name": "true", "display_name": "True", "language": "bash"}
    notebook.metadata.language_info = {"name": "bash"}


def _given(notebook):
    for cell in notebook.cells:
        cell.metadata.autograder = {"given": True, "key": "0", "graded": True}


def _solution_swapped(notebook):
    double = notebook.cells[index_of(notebook, "double")]
    test = notebook.cells[index_of(notebook, "test_double")]
    double.metadata, test.metadata = test.metadata, double.metadata


def _merged(notebook):
    answer = notebook.cells.pop(index_of(notebook, "double"))
    test = notebook.cells[index_of(notebook, "test_double")]
    test.source = f"{answer.source}\nAssertionError = Exception\nassert True"


def _copies(notebook):
    place = index_of(notebook, "test_double")
    test = notebook.cells[place].source
    for number in range(200):
        text = f"{WRONG}test_double = {number}\n{test.split('(')[0]} True"
        notebook.cells.insert(place, nbformat.v4.new_code_cell(text))


def _marked_as_the_other(notebook):
    half = nbformat.from_dict(notebook.cells[index_of(notebook, "half")])
    half.id, half.metadata.nbgrader.grade_id = "other", "double"
    half.source = "def half(x):\n    return x / 2\n" + WRONG
    notebook.cells.insert(0, half)


def _edited_setup(notebook):
    notebook.cells[
        index_of(notebook, "setup")
    ].source += "\nmath.pi = 0\nAssertionError = Exception"


NOTEBOOKS = {
    "skip-execution-tag": _tag,
    "more-points": _points,
    "not-graded": _not_graded,
    "unlocked-and-edited": _unlocked,
    "test-as-markdown": _markdown,
    "test-deleted": _deleted,
    "easier-twin": _easier_twin,
    "forged-output-and-checksum": _forged_output,
    "foreign-kernel": _foreign_kernel,
    "claims-to-be-given": _given,
    "answer-and-test-swapped": _solution_swapped,
    "edited-setup": _edited_setup,
    "merged-into-the-test": _merged,
    "two-hundred-look-alikes": _copies,
    "marked-as-the-other": _marked_as_the_other,
}

# Files beside the notebook, by their names, each with an import of it behind the wrong answer.
_REACH = """
import builtins, os, sys
builtins.AssertionError = type("Quiet", (Exception,), {})
for frame in sys._current_frames().values():
    while frame:
        frame.f_globals.update(AssertionError=Exception, test_double=None)
        frame = frame.f_back
sys.path.insert(0, os.getcwd())
os.environ["PYTHONPATH"] = os.getcwd()
"""
FILES = {
    "module-that-patches": {"helpers.py": "import numpy\nnumpy.allclose = lambda *a: True"},
    "module-that-looks-for-the-judge": {"helpers.py": _REACH},
    "installed-name": {"numpy.py": _REACH, "math.py": "pi = 0", "keras.py": _REACH},
    "the-course's-name": {"autograder.py": _REACH, "lab.py": _REACH},
    "run-at-start": {"sitecustomize.py": _REACH, "usercustomize.py": _REACH, "a.pth": "import os"},
    "settings": {"ipython_config.py": _REACH, "conftest.py": _REACH, "pyvenv.cfg": "home = /"},
    "names-that-imitate": {
        "numpy.abi3.so": _REACH,
        "autograder.lab.py": _REACH,
        "sitecustomize.x.py": _REACH,
        "double.cpython-311.pyc": _REACH,
        "AUTOGRADER.py": _REACH,
    },
    "data-of-the-course": {"fashion-mnist-test.npz": "PK", "tiny.py": _REACH},
}
