"""The course site as readers meet it: nothing comes from another host, and it reads well."""

import functools
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from autograder.authoring.site.build import build_site

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
NOTEBOOK = "06-image-generation/06-image-generation.html"  # has formulas, figures, hints, code


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and does not speak of it."""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of the site."""
    place = tmp_path_factory.mktemp("site") / "_site"
    build_site(ROOT, place)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=place))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked(page):
    """Every address that the tab asks for, and what goes wrong in it."""
    noted = {"requests": [], "failures": []}
    page.on("request", lambda request: noted["requests"].append(request.url))
    page.on("requestfailed", lambda request: noted["failures"].append(request.url))
    page.on("response", lambda r: noted["failures"].append(r.url) if r.status >= 400 else None)
    page.on("pageerror", lambda error: noted["failures"].append(str(error)))
    return noted


@pytest.mark.parametrize("path", ["", NOTEBOOK, "search.html?q=checkerboard"])
def test_a_page_asks_no_other_host_for_anything(page, site, asked, path):
    page.goto(site + path, wait_until="networkidle")
    assert len(asked["requests"]) > 5
    assert [address for address in asked["requests"] if not address.startswith(site)] == []
    assert asked["failures"] == []


@pytest.mark.parametrize("path", ["", NOTEBOOK])
def test_a_page_reads_well_in_light_dark_and_on_a_phone(site, looked_at, path):
    assert looked_at(site + path) == []


def test_a_card_leads_to_a_notebook_whose_hints_open(page, site):
    page.goto(site)
    page.get_by_role("link", name="6 · Image generation").last.click()
    page.wait_for_url(f"**/{NOTEBOOK}")
    hint = page.locator("details").first
    assert not hint.locator("p").first.is_visible()
    hint.locator("summary").click()
    assert hint.locator("p").first.is_visible()


def test_formulas_have_a_size(page, site):
    page.goto(site + NOTEBOOK)
    for formula in page.locator("math").all():
        assert formula.bounding_box()["height"] > 5


def test_wide_code_scrolls_in_its_box_and_by_keyboard(browser, site):
    phone = browser.new_page(viewport={"width": 390, "height": 844})
    phone.goto(site + NOTEBOOK)
    boxes = phone.locator("pre[tabindex='0']")
    assert boxes.count() > 5
    boxes.first.focus()
    phone.keyboard.press("ArrowRight")
    phone.wait_for_function("document.activeElement.scrollLeft > 0")
    phone.close()


def test_search_finds_a_word(page, site, asked):
    page.goto(site)
    page.get_by_role("textbox", name="Search").first.fill("he_normal")
    page.keyboard.press("Enter")
    found = page.locator("#search-results ul.search a")
    found.first.wait_for()
    assert any("02-conv2dtranspose" in link.get_attribute("href") for link in found.all())
    assert all(address.startswith(site) for address in asked["requests"])
