"""Looks at a built site for what is wrong with it: links, other hosts, anything of an answer."""

import re
import tempfile
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from autograder.authoring.package import package_problems
from autograder.authoring.sources import Problem
from autograder.files import write_whole

_LOADS = {"img": "src", "script": "src", "source": "src", "iframe": "src", "link": "href"}
_IN_CSS = re.compile(r"""url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""")


class Page(HTMLParser):
    """What stands in an HTML page.

    Attributes:
        text: Its text as a reader sees it; code in a line stands between backticks, as in sources.
        anchors: The ids in it.
        links: Where its links lead.
        loads: What a browser loads with it.
    """

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.text, self.anchors, self.links, self.loads = "", {""}, [], []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element says."""
        given = {name: value for name, value in attrs if value}
        self.text += "`" * (tag == "code")
        self.anchors.add(given.get("id", ""))
        if _LOADS.get(tag) in given:
            self.loads.append(given[_LOADS[tag]])
        elif "href" in given:
            self.links.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        """Note the end of code."""
        self.text += "`" * (tag == "code")

    def handle_data(self, data: str) -> None:
        """Note text."""
        self.text += data


def site_problems(root: Path, site: Path) -> Iterator[Problem]:
    """All that is wrong with a built site.

    Args:
        root: The course root.
        site: The site's folder.
    """
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        file = path.relative_to(site).as_posix()
        for address in page.loads:
            if _host(address):
                yield Problem(file, "", f"loads {address}, which another host serves.")
        for address in dict.fromkeys([*page.links, *page.loads]):
            if not _host(address) and not _arrives(address, path, pages):
                yield Problem(file, "", f"leads to {address}, which the site does not have.")
    for path in sorted(site.rglob("*.css")):
        for match in _IN_CSS.finditer(path.read_text(encoding="utf-8")):
            address = match[1] or match[2]
            if _host(address):
                file = path.relative_to(site).as_posix()
                yield Problem(file, "", f"loads {address}, which another host serves.")
    yield from package_problems(root, site)
    with tempfile.TemporaryDirectory() as scratch:  # in markup, tags stand between words
        for path, page in pages.items():
            write_whole(Path(scratch) / path.relative_to(site), page.text.encode())
        yield from package_problems(root, Path(scratch))


def _host(address: str) -> str:
    """The host, or the scheme, that an address names; empty inside the site."""
    parts = urlsplit(address)
    return parts.netloc or parts.scheme.replace("data", "")


def _arrives(address: str, page: Path, pages: dict[Path, Page]) -> bool:
    """Return True if a relative address, seen from a page, leads to a file and a place in it."""
    parts = urlsplit(address)
    if parts.scheme:
        return True
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if target in pages:
        return unquote(parts.fragment) in pages[target].anchors
    return target.is_file()
