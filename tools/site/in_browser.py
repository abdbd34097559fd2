"""Opens every page of a built site in Chromium, and tells what a reader would stumble over."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from tools.site.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
# Each width and each scheme once: the rules depend on one or on the other.
LOOKS = ((WIDE, "light"), (PHONE, "dark"))
# The success criteria of WCAG 2.1 at the levels A and AA, as far as a machine can judge them.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
# Loading style sheets once more is for a rule that is not among these; it would resolve imports wrongly.
_OPTIONS = {"runOnly": _RULES, "resultTypes": ["violations"], "preload": False}
_FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
# Of thousands of words of code with the same colour on the same ground one is judged, as its contrast is that
# of all; the others become plain text of their block.
_ONE_OF_EACH_COLOUR = """() => {
  const seen = new Set(), alike = [];
  for (const word of document.querySelectorAll(".highlight pre span[class]")) {
    const { color, backgroundColor, fontWeight, opacity } = getComputedStyle(word);
    const blocks = [word.closest("pre"), word.closest(".highlight")];
    const grounds = blocks.map((block) => getComputedStyle(block).backgroundColor);
    const look = [color, backgroundColor, fontWeight, opacity, ...grounds].join();
    if (seen.has(look)) alike.push(word);
    else seen.add(look);
  }
  for (const word of alike) word.replaceWith(...word.childNodes);
}"""
_WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run headless Chromium: the machine's own where there is one, otherwise Playwright's."""
    from playwright.sync_api import sync_playwright

    system = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@cache
def _axe() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


def violations(page: Page) -> list[str]:
    """Return what axe-core finds on a page.

    Parameters
    ----------
    page : playwright.sync_api.Page
        Open and loaded; its code loses colours that stand there twice.

    Returns
    -------
    list of str
        A broken rule each, with the first element that breaks it; empty if all is well.

    Raises
    ------
    RuntimeError
        If axe-core judged no element at all.
    """
    page.evaluate(_ONE_OF_EACH_COLOUR)
    page.evaluate(_axe())
    found = page.evaluate("options => axe.run(document, options)", _OPTIONS)
    if not found["passes"]:
        raise RuntimeError(f"axe-core found nothing to judge on {page.url}")
    return [
        f"{rule['id']}, {len(rule['nodes'])} times: {rule['nodes'][0]['html'][:200]}"
        for rule in found["violations"]
    ]


class Watch:
    """What the pages of a context complain of, and whom they ask.

    Parameters
    ----------
    context : playwright.sync_api.BrowserContext
        It is watched from now on.
    address : str
        The site's own.
    """

    def __init__(self, context: BrowserContext, address: str) -> None:
        self._problems: list[str] = []
        self._own = (address, "data:", "blob:")
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda error: self._note(str(error.error)))

    def take(self) -> list[str]:
        """Return the problems since the last call."""
        problems, self._problems = self._problems, []
        return problems

    def _note(self, problem: str) -> None:
        self._problems.append(problem)

    def _said(self, message: object) -> None:
        if message.type == "error":
            self._note(f"{message.text} ({message.location['url']})")

    def _asked(self, request: object) -> None:
        if not request.url.startswith(self._own):
            self._note(f"asks for {request.url}, which is not the site's")


def _asleep_at_last(page: Page, patience: float) -> list[str]:
    """Wait until all widgets of a page live; returns what is to be said of those that do not in time."""
    from playwright.sync_api import TimeoutError as Waited

    asleep = page.locator(".live-widget:not([data-alive])")
    try:
        page.wait_for_function(
            "!document.querySelector('.live-widget:not([data-alive])')", timeout=1000 * patience
        )
    except Waited:
        return [f"a widget stays asleep: {one.get_attribute('data-module')}" for one in asleep.all()]
    return []


def stumbling_blocks(
    site: Path, browser: Browser, looks: Sequence[tuple[dict, str]] = LOOKS, patience: float = 20
) -> list[str]:
    """Open every page of a site below a sub-path, wide in light colours and on a phone in dark ones.

    Parameters
    ----------
    site : Path
        The folder of the pages.
    browser : playwright.sync_api.Browser
        Chromium.
    looks : sequence of (dict, str)
        Sizes of the window, and colour schemes.
    patience : float
        Seconds that a page's widgets have to come alive.

    Returns
    -------
    list of str
        ``page (width, scheme): what is wrong``: rules of WCAG AA that axe-core finds broken, errors in the
        console, requests to other addresses, widgets that stay asleep, and pages wider than the screen.
    """
    wrong = []
    with served(site) as address:
        for viewport, scheme in looks:
            context = browser.new_context(viewport=viewport, color_scheme=scheme)
            watch = Watch(context, address)
            page = context.new_page()
            for path in sorted(site.rglob("*.html")):
                name = path.relative_to(site).as_posix()
                page.goto(address + name)
                asleep = _asleep_at_last(page, patience)
                problems = [*violations(page), *watch.take(), *asleep]
                if (pixels := page.evaluate(_WIDER)) > 0:
                    problems.append(f"is {pixels} pixels wider than the screen")
                wrong += [f"{name} ({viewport['width']}, {scheme}): {problem}" for problem in problems]
            context.close()
    return wrong


def look_over(site: Path) -> list[str]:
    """Return what `stumbling_blocks` finds, with a Chromium of its own for each look.

    Parameters
    ----------
    site : Path
        The folder of the pages.

    Returns
    -------
    list of str
        As of `stumbling_blocks`.
    """

    def one(look: tuple[dict, str]) -> list[str]:
        with chromium() as browser:
            return stumbling_blocks(site, browser, [look])

    with ThreadPoolExecutor(len(LOOKS)) as pool:
        return [problem for found in pool.map(one, LOOKS) for problem in found]
