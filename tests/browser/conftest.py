"""A JupyterLab server at a folder, and a headless browser that looks at it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "for-tests-on-this-machine-only"
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
ONLY_WRONG = {"resultTypes": ["violations"]}  # a third of the time, for axe-core
LAB = [sys.executable, "-m", "jupyterlab"]
PATIENCE = 300_000  # milliseconds; every step waits for what it needs, on however slow a machine


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import expect, sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next((path for name in names if (path := shutil.which(name))), None)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        if executable is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: `make browser` says how to get one")
        arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", OFFLINE, *QUIET]
        window = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield window
        window.close()


@pytest.fixture
def page(browser):
    """An empty tab."""
    tab = browser.new_page(viewport={"width": 1300, "height": 900})
    tab.set_default_timeout(PATIENCE)
    yield tab
    tab.close()


@pytest.fixture
def looked_at(browser):
    """A function that looks at a page as people do, and says what is wrong with it.

    In light and dark, at 1280x800 and on a phone: pages that scroll sideways, and what axe-core
    calls serious or critical. Colors do not depend on the width, so two of its runs see all.
    """
    from axe_playwright_python.sync_playwright import Axe

    def look(address):
        wrong = []
        tab = browser.new_page()
        tab.set_default_timeout(PATIENCE)
        tab.goto(address)
        for scheme, wide in (("light", True), ("light", False), ("dark", True), ("dark", False)):
            width, height = (1280, 800) if wide else (390, 844)
            tab.emulate_media(color_scheme=scheme)
            tab.set_viewport_size({"width": width, "height": height})
            shown = tab.evaluate("document.documentElement.scrollWidth")
            if shown > width:
                wrong.append(f"{scheme} {width}: the page is {shown} px wide")
            if wide == (scheme == "light"):
                for found in Axe().run(tab, options=ONLY_WRONG).response["violations"]:
                    if found["impact"] in ("serious", "critical"):
                        places = [node["target"] for node in found["nodes"]]
                        wrong.append(f"{scheme} {width}: {found['help']}: {places}")
        tab.close()
        return wrong

    return look


@pytest.fixture
def course(tmp_path):
    """A fresh checkout's course folders, without a classroom."""
    root = tmp_path / "course"
    root.mkdir()
    shutil.copy(ROOT / "nbgrader_config.py", root)
    for folder in ("solutions", "notebooks"):
        shutil.copytree(ROOT / folder, root / folder)
    return root


@pytest.fixture
def small_course(tiny_course, tmp_path):
    """The same of the tiny course of `tiny.py`, to be graded in seconds."""
    return Path(shutil.copytree(tiny_course, tmp_path / "course"))


@pytest.fixture
def serve(tmp_path_factory):
    """A function that starts JupyterLab at a folder and gives the address of a path in it."""
    with contextlib.ExitStack() as running:

        def start(folder, path="/lab", command=LAB):
            home = tmp_path_factory.mktemp("home")
            server = running.enter_context(jupyterlab(folder, home, command))
            return f"{server}{path}?token={TOKEN}"

        yield start


@contextlib.contextmanager
def jupyterlab(folder, home, command):
    settings = {"open_browser": False, "allow_root": True}  # and a port that is free
    lines = [f"c.ServerApp.{name} = {value!r}" for name, value in settings.items()]
    lines += [f"c.IdentityProvider.token = {TOKEN!r}"]
    (home / "jupyter_server_config.py").write_text("\n".join(lines))
    runtime, log = home / "runtime", home / "lab.log"
    environment = {
        **os.environ,
        "AUTOGRADER_STATIC": "",  # somebody looks
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "JUPYTER_RUNTIME_DIR": str(runtime),
    }
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield address_of_server(runtime, process, log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # `make` starts the server as its child
        process.wait(timeout=120)


def address_of_server(runtime, process, log):
    """Where the server answers; it says its port in a file."""
    for _ in range(1200):
        if process.poll() is not None:
            break
        try:
            (said,) = runtime.glob("jpserver-*.json")
            address = f"http://127.0.0.1:{json.loads(said.read_text())['port']}"
            with urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=5):
                return address
        except (OSError, ValueError):  # not there, not yet whole, or does not answer
            time.sleep(0.25)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()}")
