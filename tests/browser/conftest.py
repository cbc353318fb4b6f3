"""A JupyterLab server on a copy of the course, and a headless browser that looks at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOKEN = "for-tests-on-this-machine-only"
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next((path for name in names if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        if executable is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: `make browser` says how to get one")
        arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", *QUIET]
        window = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield window
        window.close()


@pytest.fixture
def course(tmp_path):
    """A fresh checkout's course folders, without a classroom."""
    shutil.copy(ROOT / "nbgrader_config.py", tmp_path)
    for folder in ("solutions", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture
def server(course):
    """The address, with its token, of a JupyterLab that runs at the root of `course`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = course / "home"
    home.mkdir()
    environment = {**os.environ, "HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={TOKEN}"]
    log = course / "lab.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, cwd=course, env=environment, stdout=sink, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_it_answers(f"{address}/api?token={TOKEN}", process, log)
        yield f"{address}/lab?token={TOKEN}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_it_answers(url, process, log):
    for _ in range(240):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()}")
