"""Submissions that break things: their `double` is lost (3 points), their `half` is not (2)."""

CODE = {
    "exits": "import os; os._exit(0)",
    "sys-exit": "import sys; sys.exit()",
    "kills-itself": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "segfault": "import ctypes; ctypes.string_at(0)",
    "aborts": "import os; os.abort()",
    "endless": "while True: pass",
    "endless-and-deaf": """
import signal
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
while True:
    try:
        while True: pass
    except BaseException:
        pass
""",
    "sleeps": "import time; time.sleep(1000)",
    "waits-for-input": "input('your name? ')",
    "fork-bomb": "import os\nwhile True: os.fork()",
    "thread-bomb": """
import threading, time
while True: threading.Thread(target=time.sleep, args=(100,)).start()
""",
    "memory-bomb": "import numpy as np\nkept = [np.ones(10**8) for _ in range(100)]",
    "slow-memory-bomb": "kept = []\nwhile True: kept.append(bytearray(10**7))",
    "memory-of-a-child": """
import os, time
if os.fork() == 0:
    kept = [b"x" * 10**7 for _ in range(200)]
time.sleep(5)
""",
    "memory-of-many-children": """
import os, time
for _ in range(8):
    if os.fork() == 0:
        kept = [b"x" * 10**7 for _ in range(30)]
        break
time.sleep(5)
""",
    "shared-memory": "import mmap\nkept = mmap.mmap(-1, 2 << 30)\n"
    "for at in range(0, 2 << 30, 4096): kept[at] = 1",
    "page-tables": """
import mmap
kept = mmap.mmap(-1, 400 << 30, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ)
kept.madvise(mmap.MADV_NOHUGEPAGE)
for at in range(0, 400 << 30, 2 << 20): kept[at]  # 4 KB each
__import__("time").sleep(5)
""",
    "full-sockets": """
import os, socket, time
for _ in range(9):
    if os.fork() == 0: break
kept = []
for _ in range(100):
    kept += socket.socketpair()
    for end in kept[-2:]:
        end.setblocking(False)
        try:
            while True: end.send(bytes(2**14))
        except BlockingIOError: pass
time.sleep(5)
""",
    "half-a-character": "raise ValueError('\\ud800')",
    "error-whose-class-acts": """
class Acts(type):
    __name__ = property(lambda kind: 1 / 0)
class Error(NameError, metaclass=Acts):
    name = property(lambda error: 1 / 0)
raise Error("x")
""",
    "full-disk": """
with open("/tmp/full", "wb") as file:
    while True: file.write(bytes(10**6))
""",
    "recursion": "def f(): f()\nf()",
    "syntax-error": "def double(x:\n  return",
    "raises": "1 / 0",
    "deletes-builtins": "import builtins\nvars(builtins).clear()",
    "closes-everything": "import os\nos.closerange(0, 1000)",
    "dies-when-called": "import os\ndef double(x): os._exit(1)",
    "hangs-when-called": "def double(x):\n    while True: pass",
    "recurses-when-called": "def double(x): return double(x)",
    "returns-a-huge-array": "import numpy as np\ndef double(x): return np.zeros(2 * 10**8)",
    "returns-a-huge-int": "def double(x): return 10 ** 10**6",
    "returns-nested-lists": """
def double(x):
    deep = []
    for _ in range(100000): deep = [deep]
    return deep
""",
    "returns-a-circle": "def double(x):\n    a = []; a.append(a); return a",
    "its-error-cannot-be-shown": """
class Bad(Exception):
    def __str__(self): raise ValueError
    __repr__ = __str__
def double(x): raise Bad()
""",
    "endless-background-process": """
import subprocess
subprocess.Popen(["sleep", "1000"]); 1 / 0
""",
}

# These are ended by the limit on a cell's time; every other one ends by itself or by another limit.
ENDLESS = ("endless", "endless-and-deaf", "sleeps", "hangs-when-called")

# These print too much, or on the wrong stream; their answers are right, and count.
HARMLESS = {
    "shows-half-a-character": "from IPython.display import HTML\ndisplay(HTML('<b>\\ud800</b>'))",
    "shows-a-picture-that-is-not-there": "from IPython.display import Markdown\n"
    "display(Markdown('![x](attachment:a.png)'))",
    "shows-much-markup": "from IPython.display import HTML\ndisplay(HTML('<table><b>' * 10**5))",
    "leaves-a-dead-child": """
import os, time
if os.fork() == 0: os._exit(0)
time.sleep(0.5)
""",
    "names-its-process": """
import ctypes, os, time
for name in (b"\\xff\\xfe", b"RssAnon: x", b") S 1 1", b"a\\nRssAnon: x"):
    ctypes.CDLL(None).prctl(15, name, 0, 0, 0)
    if os.fork() == 0: os._exit(0)
    time.sleep(0.2)
""",
    "exits-the-notebook's-way": "exit",
    "runs-a-command": "!expr 6 \\* 7000",
    "two-hundred-megabytes": "import sys\nfor _ in range(200): sys.stdout.write('x' * 2**20)",
    "floods-stderr": "import os\nfor _ in range(50): os.write(2, b'e' * 2**20)",
    "warns": "import warnings\nwarnings.warn('only a warning')\ndouble = (lambda f: f)(double)",
    "prints-when-called": """
import sys
_right = double
def double(x):
    print("working"); print("careful", file=sys.stderr)
    return _right(x)
""",
    "not-utf-8": "import os\nos.write(1, bytes(range(256)))",
    "many-pictures": """
import matplotlib.pyplot as plt
for _ in range(3): plt.plot([1, 2]); plt.show()
""",
}
