"""The site in a real browser, below a sub-path of a plain web server: alive, accessible, and on its own.

`make site SITE_OPTIONS=--in-browser`, a step of CI, opens every page of the whole site; here is one of each
kind, from a site with two lectures.
"""

import pytest

pytest.importorskip("sphinx", reason="the extra `site` is not installed")
pytest.importorskip("axe_playwright_python", reason="the extra `test` is not installed")

from tools.site.building import build
from tools.site.in_browser import PHONE, WIDE, Watch, stumbling_blocks, violations
from tools.site.links import broken_links
from tools.site.serving import served
from tools.site.staging import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.browser]

LECTURE = "lectures/05_convolution.html"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    output = tmp_path_factory.mktemp("site")
    # Executed lectures are shared with `make site`: both would run the same cells with the same library.
    html = build(output, ["00_start_here", "05_convolution"], kept=ROOT / "build" / "site" / "executed")
    assert (output / "warnings.txt").read_text("utf-8") == ""
    return html


@pytest.fixture(scope="module")
def address(site):
    with served(site) as where:
        yield where


@pytest.fixture
def open_page(chromium, address):
    """Return a function that opens a page; at the end nothing may have failed or been asked for elsewhere."""
    contexts, watches = [], []

    def open_one(name, viewport=WIDE, scheme="light"):
        context = chromium.new_context(viewport=viewport, color_scheme=scheme)
        contexts.append(context)
        watches.append(Watch(context, address))
        page = context.new_page()
        page.goto(address + name)
        page.wait_for_load_state("networkidle")
        return page

    yield open_one
    problems = [problem for watch in watches for problem in watch.take()]
    for context in contexts:
        context.close()
    assert problems == []


def test_all_links_lead_somewhere(site):
    assert broken_links(site) == []


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "dark"), (PHONE, "light")], ids=["wide", "phone"])
@pytest.mark.parametrize(
    "name", ["index.html", LECTURE, "lectures/00_start_here.html", "assignments/convolution.html",
             "guides/kernels.html", "reference/course_lib.functional.html", "search.html"]
)  # fmt: skip
def test_it_passes_axe_and_fits_the_screen(open_page, name, viewport, scheme):
    page = open_page(name, viewport, scheme)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    assert page.evaluate("document.documentElement.dataset.theme") == scheme


SOUND = '<!doctype html><html lang="en"><title>x</title><body><main><h1>x</h1>{}</main></body></html>'
WORD = '<span class="k" style="color: {}">word</span>'
TWO_DARK = 2 * WORD.format("#000")
FAULTS = {
    '<p style="color: #aaa; background: #fff">pale</p>': "color-contrast",
    f'<div class="highlight"><pre>{TWO_DARK} {WORD.format("#aaa")}</pre></div>': "color-contrast",
    '<img src="figure.svg">': "image-alt",
    '<div style="width: 2000px">wide</div>': "pixels wider than the screen",
    "<script>throw new Error('it broke')</script>": "it broke",
    '<script type="module">import "http://x.invalid/a.js"</script>': "x.invalid/a.js, which is not",
    '<div class="live-widget" data-module="none.js">still</div>': "stays asleep: none.js",
}


def test_what_a_reader_would_stumble_over_is_found_at_both_widths(chromium, tmp_path):
    (tmp_path / "figure.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "sound.html").write_text(SOUND.format("<p>All is well.</p>"))
    for number, markup in enumerate(FAULTS):
        (tmp_path / f"{number}.html").write_text(SOUND.format(markup))
    found = stumbling_blocks(tmp_path, chromium, patience=1)
    assert not [problem for problem in found if problem.startswith("sound")]
    for number, fault in enumerate(FAULTS.values()):
        of_this = [problem for problem in found if problem.startswith(f"{number}.html") and fault in problem]
        assert {problem.split(": ")[0] for problem in of_this} == {
            f"{number}.html (1280, light)", f"{number}.html (390, dark)"
        }, fault  # fmt: skip


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
