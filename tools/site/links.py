"""Looks whether every address in a built site leads to a file of it, and to a place in that file."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_ADDRESSES = {"href", "src", "data-module", "data-look", "data-state"}
# What the browser fetches by itself; a link that a reader may follow is another matter.
_FETCHED = {("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src")}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[tuple[str, str, str]] = []
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Note where a tag leads to, and the place that it is."""
        for name, value in attributes:
            if name in _ADDRESSES and value is not None:
                self.addresses.append((tag, name, value))
            if name == "id" or (tag == "a" and name == "name"):
                self.places.add(value or "")


def broken_links(site: Path) -> list[str]:
    """Return what is wrong with the links of a built site.

    Parameters
    ----------
    site : Path
        Its folder.

    Returns
    -------
    list of str
        ``page: address: what is wrong``, empty if all is well. Addresses on other machines are wrong where a
        browser would fetch them by itself, and are left alone where a reader may follow them.
    """
    site = site.resolve()

    @cache
    def read(path: Path) -> _Page:
        page = _Page()
        page.feed(path.read_text("utf-8"))
        return page

    wrong = []
    for path in sorted(site.rglob("*.html")):
        for tag, name, address in read(path).addresses:
            problem = _problem(path, tag, name, address, site, read)
            if problem:
                wrong.append(f"{path.relative_to(site)}: {address}: {problem}")
    return wrong


def _problem(path: Path, tag: str, name: str, address: str, site: Path, read: object) -> str:
    parts = urlsplit(address)
    if parts.scheme in ("data", "mailto"):
        return ""
    if parts.scheme or parts.netloc:
        fetched = (tag, name) in _FETCHED or name.startswith("data-")
        return "is fetched from another machine" if fetched else ""
    if parts.path.startswith("/"):
        return "begins with a slash, and would leave a sub-path"
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target.is_dir():
        target /= "index.html"
    if not target.is_relative_to(site) or not target.is_file():
        return "leads to no file of the site"
    # "#" alone is the top of a page, everywhere.
    if parts.fragment and target.suffix == ".html" and unquote(parts.fragment) not in read(target).places:
        return "leads to no place in that page"
    return ""
