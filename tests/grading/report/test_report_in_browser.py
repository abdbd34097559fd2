"""The instructor's pages in a real browser: axe-core finds nothing, tables sort, nothing foreign runs."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from benchmarks.report_class import made_up_results, made_up_surroundings
from benchmarks.submitted_code import made_up_codes
from grading.report.class_report import render_report
from grading.report.page import Names
from grading.report.pseudonyms import pseudonyms
from grading.report.similarity import class_similarity
from grading.report.similarity_page import render_similarity

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[3]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAYLOAD = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


def artifacts(name):
    folder = ROOT / ".artifacts"
    folder.mkdir(exist_ok=True)
    return str(folder / name)


def report(count):
    results = made_up_results(count)
    names = Names(pseudonyms(b"key", [result.student for result in results]))
    return render_report(results, made_up_surroundings(results), names)


def similarity(count):
    codes = made_up_codes(count, statements=5)
    names = Names(pseudonyms(b"key", [code.student for code in codes]))
    return render_similarity("convolution", class_similarity(codes, []), names, side_by_side=3)


@pytest.fixture
def show(chromium, tmp_path):
    """Return what opens a page as a file, and fails on whatever the page complains about."""
    contexts, complaints = [], []

    def opened(text, **settings):
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}} | settings)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda problem: complaints.append(str(problem)))
        path = tmp_path / "page.html"
        path.write_text(text, encoding="utf-8")
        page.goto(path.as_uri())
        return page

    opened.complaints = complaints
    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("make", [report, similarity])
def test_axe_finds_nothing(show, make, scheme):
    # The page's own policy would not let axe in.
    page = show(make(25), color_scheme=scheme, bypass_csp=True)
    page.screenshot(path=artifacts(f"class_{make.__name__}_25_{scheme}.png"), full_page=make is report)
    for switched in (False, True):
        page.locator("#pseudonyms").set_checked(switched)
        found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": WCAG})
        assert found.violations_count == 0, found.generate_report()
    assert show.complaints == []


@pytest.mark.parametrize("make", [report, similarity])
def test_on_a_telephone_the_page_itself_does_not_scroll_sideways(show, make):
    page = show(make(25), viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    # What is wider scrolls in a region that the keyboard reaches.
    wider = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(item => item.scrollWidth > item.clientWidth + 1"
        " && ['auto', 'scroll'].includes(getComputedStyle(item).overflowX)).map(item => item.tabIndex)"
    )
    assert len(wider) > 0
    assert set(wider) == {0}
    page.screenshot(path=artifacts(f"class_{make.__name__}_telephone.png"), full_page=make is report)


def test_a_thousand_students_are_shown_and_found(show):
    page = show(report(1000))
    assert page.locator("#heat tbody tr").count() == 1000
    page.fill(".find input", "ada-4")
    assert page.locator("#heat tbody tr:visible").count() == 2
    assert page.inner_text(".find output") == "2 of 1000"
    page.fill(".find input", "")
    page.locator("#students").scroll_into_view_if_needed()
    page.screenshot(path=artifacts("class_report_1000.png"))
    assert show.complaints == []


def column(page, number):
    cells = page.locator(f"#heat tbody tr > :nth-child({number})")
    return [text.strip() for text in cells.all_text_contents()]


def test_a_heading_sorts_and_sorts_the_other_way_round(show):
    page = show(report(25))
    button = page.locator("#heat thead th >> nth=4").get_by_role("button")
    for direction, rising in (("descending", False), ("ascending", True)):
        button.press("Enter")
        assert page.locator("#heat thead th >> nth=4").get_attribute("aria-sort") == direction
        numbers = [float(text) for text in column(page, 5)]
        assert numbers == sorted(numbers, reverse=not rising)
    assert page.locator("#heat [aria-sort]").count() == 1
    page.locator("#heat thead th >> nth=0").get_by_role("button").click()
    names = page.locator("#heat tbody th .real").all_text_contents()
    assert names == sorted(names)


def test_the_switch_shows_one_name_or_the_other_and_finds_by_what_is_shown(show):
    page = show(report(25))
    assert page.locator(".alias:visible").count() == 0
    page.check("#pseudonyms")
    assert page.locator(".real:visible").count() == 0
    alias = page.locator("#heat tbody th >> nth=0").inner_text().split()[0]
    assert alias.startswith("S-")
    page.fill(".find input", alias)
    assert page.locator("#heat tbody tr:visible").count() == 1
    page.fill(".find input", "ada")
    assert page.locator("#heat tbody tr:visible").count() == 0


@pytest.mark.parametrize("make", [report, similarity])
def test_the_page_runs_its_own_script_and_no_other(show, make):
    page = show(make(8).replace("</main>", PAYLOAD + "</main>"))
    assert page.title() != "owned"
    assert len([text for text in show.complaints if "Content Security Policy" in text]) >= 2
    assert page.locator("th button").count() > 0


def test_a_passage_leads_to_the_other_side(show):
    page = show(similarity(25))
    page.locator("#p1l-1 a").click()
    assert page.evaluate("location.hash") == "#p1r-1"
    assert page.locator("mark:target").get_attribute("id") == "p1r-1"
