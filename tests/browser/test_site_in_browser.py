"""The site in a real browser, below a sub-path of a plain web server: alive, accessible, and on its own."""

import functools
import http.server
import threading
from pathlib import Path

import pytest

from tools.site.links import broken_links

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LECTURE = "lectures/05_convolution.html"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SUB_PATH = "/some/course"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    pytest.importorskip("sphinx", reason="the extra `site` is not installed")
    from tools.site.building import build

    output = tmp_path_factory.mktemp("site")
    html = build(output, ["05_convolution"])
    assert (output / "warnings.txt").read_text("utf-8") == ""
    return html


@pytest.fixture(scope="module")
def address(site):
    class Below(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path):
            # What is asked for outside the sub-path is not there.
            inside = path.removeprefix(SUB_PATH) if path.startswith(f"{SUB_PATH}/") else "/outside"
            return super().translate_path(inside)

        def log_message(self, *_):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Below, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def open_page(chromium, address):
    """Return a function that opens a page; at the end nothing may have failed or been asked for elsewhere."""
    contexts, complaints, requests = [], [], []

    def open_one(name, viewport=WIDE, scheme="light"):
        context = chromium.new_context(viewport=viewport, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + name)
        page.wait_for_load_state("networkidle")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []
    assert [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []


def axe():
    package = pytest.importorskip("axe_playwright_python", reason="the extra `test` is not installed")
    return (Path(package.__path__[0]) / "axe.min.js").read_text("utf-8")


def violations(page):
    page.evaluate(axe())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert found["passes"], "axe-core looked at nothing"
    return [(item["id"], [node["html"] for node in item["nodes"]][:3]) for item in found["violations"]]


def test_all_links_lead_somewhere(site):
    assert broken_links(site) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize(
    "name", ["index.html", LECTURE, "assignments/convolution.html", "guides/kernels.html",
             "reference/course_lib.functional.html", "search.html"]
)  # fmt: skip
def test_it_passes_axe_and_fits_the_screen(open_page, name, viewport, scheme):
    page = open_page(name, viewport, scheme)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.evaluate("document.documentElement.dataset.theme") == scheme


def test_every_page_passes_axe(open_page, site):
    page = open_page("index.html")
    root = page.url.removesuffix("index.html")
    found = {}
    for path in sorted(site.rglob("*.html")):
        page.goto(root + path.relative_to(site).as_posix())
        if wrong := violations(page):
            found[path.relative_to(site).as_posix()] = wrong
    assert found == {}


def test_the_stepper_lives_without_a_kernel(open_page):
    page = open_page(LECTURE)
    widget = page.locator(".live-widget[data-alive]").first
    words = widget.get_by_text("y[1, 1]:").first
    words.wait_for()
    widget.get_by_label("Stride").fill("2")
    widget.get_by_label("Stride").press("Enter")
    # 7 pixels, a kernel of 3 and stride 2: (7 - 3) / 2 + 1 = 3 rows of outputs.
    output = widget.get_by_role("grid", name="output")
    output.get_by_role("row").nth(2).wait_for()
    assert output.get_by_role("row").count() == 3


def test_every_other_widget_shows_its_figure_with_words(open_page):
    page = open_page(LECTURE)
    pictures = page.locator(".cell_output img")
    assert pictures.count() >= 5
    for picture in pictures.all():
        assert len(picture.get_attribute("alt")) >= 40


def test_the_search_finds_a_lecture(open_page):
    page = open_page("search.html?q=dilation")
    page.locator("#search-results a", has_text="Convolution").first.wait_for()
