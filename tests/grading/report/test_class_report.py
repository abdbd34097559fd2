"""The class report: nothing runs or is fetched, every figure has its numbers, both themes are readable."""

import base64
import hashlib
import re
import time
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

import grading.report
from grading.engine.regrade import Change, Regrade
from grading.report import render_report
from grading.report.class_report import Surroundings
from grading.report.histogram import score_histogram
from grading.report.page import Names, page_policy, page_script
from grading.report.pseudonyms import pseudonyms
from grading.report.statistics import class_statistics
from grading.results import CheckResult, NotebookResult

SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"


def make_class(size=25):
    results = []
    for number in range(size):
        wrong = number % 3 == 0
        checks = (
            CheckResult(
                "conv2d_forward",
                "failed" if wrong else "passed",
                2.5 if wrong else 10.0,
                10.0,
                message=SCRIPT,
                counterexample=f"x = [[1]]\n{SCRIPT}" if wrong else None,
                misconception="padding-hard-coded" if wrong else None,
                explanation="The padding is always 1." if wrong else None,
                section="Lecture 05, section 2" if wrong else None,
            ),
            CheckResult("filter_image", "passed" if number % 2 else "failed", 6.0 * (number % 2), 6.0),
        )
        results.append(
            NotebookResult(
                "convolution",
                f"student {number} {SCRIPT}",
                sum(item.points for item in checks),
                16.0,
                checks,
                notebook="convolution",
                isolation={"seccomp": "held", "landlock": "held"},
                engine_version="1.0+abc",
                graded_at="2026-10-01T10:00:00+00:00",
                notes=(SCRIPT,),
            )
        )
    failed = (
        CheckResult("conv2d_forward", "error", 0.0, 10.0, "x"),
        CheckResult("filter_image", "error", 0.0, 6.0, "x"),
    )
    results.append(
        NotebookResult(
            "convolution", "broken", 0.0, 16.0, failed, notebook="convolution", status="error",
            reason=f"died {SCRIPT}", graded_at="2026-10-01T10:00:00+00:00",
        )
    )  # fmt: skip
    return results


def regrade(student):
    change = Change(student, "convolution", 12.5, 10.0, {"check_conv2d_forward": [10.0, 7.5]})
    return Regrade(datetime(2026, 10, 2, 8, 15, tzinfo=UTC), (change,))


class Page(HTMLParser):
    """Elements, attributes and visible text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attributes]

    def handle_data(self, data):
        self.words.append(data)


def test_nothing_a_student_wrote_is_markup():
    around = Surroundings(SCRIPT, {f"student 1 {SCRIPT}": "../f%22.html"}, [regrade(f"student 1 {SCRIPT}")])
    page = Page(render_report(make_class(), around))
    assert not {"img", "iframe", "object", "form", "link", "base"} & set(page.tags)
    assert page.tags.count("script") == 1
    assert not [item for item in page.attributes if item[1].startswith("on")]
    assert SCRIPT in "".join(page.words)


def test_the_policy_allows_the_pages_own_script_alone_and_nothing_is_fetched():
    text = render_report(make_class())
    page = Page(text)
    [policy] = [
        value for tag, name, value in page.attributes if tag == "meta" and value.startswith("default-src")
    ]
    assert policy == page_policy()
    digest = base64.b64encode(hashlib.sha256(page_script().encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; script-src 'sha256-{digest}';")
    # In a style sheet only: a script that is allowed inline would make the digest worthless.
    assert policy.count("unsafe-inline") == 1
    assert "style-src 'unsafe-inline'" in policy
    assert f"<script>{page_script()}</script>" in text
    addresses = [value for _, name, value in page.attributes if name in ("href", "src")]
    assert all(address.startswith("#") for address in addresses)
    assert "url(" not in text
    assert "@import" not in text


def test_the_script_writes_no_markup():
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function\(|fetch|XMLHttp|import"
    assert re.findall(forbidden, page_script()) == []


def test_every_figure_has_its_numbers():
    text = render_report(make_class())
    words = " ".join(Page(text).words)
    for expected in (
        "Padding hard coded",
        "9 ",
        "The padding is always 1.",
        "Lecture 05, section 2",
        "16 of 25",
    ):
        assert expected in words
    assert 'role="img" aria-labelledby' in text
    bars = re.findall(r"<title>([\d.]+ to (?:under )?[\d.]+) points: (\d+)</title>", text)
    assert sum(int(count) for _, count in bars) == 25
    rows = re.findall(
        r'<th scope="row">([\d.]+ to (?:under )?[\d.]+)</th><td class="number">(\d+)</td>', text
    )
    assert rows == bars


def scored(*scores):
    return class_statistics(
        NotebookResult(
            "a", f"student {number}", score, 100.0, (CheckResult("f", "failed", score, 100.0),),
            graded_at="2026-10-01T10:00:00+00:00",
        )
        for number, score in enumerate(scores)
    )  # fmt: skip


@pytest.mark.parametrize(
    "scores",
    [(50, 60, 65), (65, 60, 20), (1, 2, 4), (0, 0, 30), (97, 99, 99.5), (100, 100, 70), (50, 50), (5, 95, 6)],
)
def test_no_line_crosses_the_label_of_the_other(scores):
    drawn = score_histogram(scored(*map(float, scores)))
    lines = re.findall(r'<line class="mark" x1="([\d.]+)" x2="[\d.]+" y1="([\d.]+)"', drawn)
    labels = re.findall(
        r'<text class="mark" x="([\d.]+)" y="([\d.]+)" text-anchor="(\w+)">([^<]+)</text>', drawn
    )
    assert len(lines) == len(labels) == 2
    for (_, _, anchor, text), (x, y) in zip(labels, ((float(x), float(y)) for x, y, *_ in labels)):
        width = 7.5 * len(text)
        left = x - width if anchor == "end" else x
        assert 0 < left < left + width < 760
        crossing = [line for line in lines if left < float(line[0]) < left + width and float(line[1]) < y]
        assert crossing == []


def test_what_needs_attention_is_named():
    words = " ".join(Page(render_report(make_class())).words)
    assert "the whole notebook" in words
    assert "died" in words
    assert "1 not shown" in words


def test_reduced_isolation_is_never_silent():
    results = make_class(3)
    assert "Reduced isolation" not in render_report(results)
    reduced = NotebookResult(
        "convolution", "x", 0.0, 0.0, (), isolation={"landlock": "missing: old kernel"},
        graded_at="2026-10-01T10:00:00+00:00",
    )  # fmt: skip
    text = render_report([*results, reduced])
    assert "Reduced isolation" in text
    assert "missing: old kernel" in text


def test_a_thousand_students_take_less_than_two_seconds():
    results = make_class(1000)
    render_report(results[:5])
    started = time.process_time()
    render_report(results)
    assert time.process_time() - started < 2.0


def test_what_a_regrade_changed_is_shown():
    words = " ".join(
        " ".join(Page(render_report(make_class(), Surroundings(regrades=[regrade("bob")]))).words).split()
    )
    assert "2 October 2026, 08:15 UTC: 1 score changed" in words
    assert "12.5 10 −2.5 check_conv2d_forward 10 → 7.5" in words
    assert "Regrades" not in render_report(make_class())


def test_versions_that_graded_are_counted():
    text = render_report(make_class())
    rows = re.findall(r'Grader</th><td class="what"><code>([^<]+)</code></td><td class="number">(\d+)', text)
    assert rows == [("1.0+abc", "25"), ("unknown", "1")]
    assert "Not all submissions were graded by the same version" in text


def named_class(*students):
    checks = (CheckResult("f", "error", 0.0, 4.0, "no reply"), CheckResult("g", "passed", 2.0, 2.0))
    return [
        NotebookResult(
            "a", student, 2.0, 6.0, checks, notebook="a", graded_at="2026-10-01T10:00:00+00:00",
            notes=(f"submitted/{student}/a.ipynb was not UTF-8",),
        )
        for student in students
    ]  # fmt: skip


def test_a_page_with_pseudonyms_alone_names_nobody_wherever_the_grader_wrote_a_name():
    students = ["zoe-l", "ada.k", "bob-x"]
    names = Names(pseudonyms(b"key", students), hidden=True)
    around = Surroundings(regrades=[regrade("bob-x")])
    text = render_report(named_class(*students), around, names)
    assert [student for student in students if student in text] == []
    aliases = sorted(pseudonyms(b"key", students).values())
    assert re.findall(r'<tr><th scope="row">(S-\w+)</th><td class="number"><strong>', text) == aliases
    assert all(f"submitted/{alias}/a.ipynb" in text for alias in aliases)
    assert 'id="pseudonyms"' not in text


def test_the_switch_needs_both_names_on_the_page():
    students = ["ada", "bo"]
    text = render_report(named_class(*students), names=Names(pseudonyms(b"key", students)))
    assert 'id="pseudonyms"' in text
    for student, alias in pseudonyms(b"key", students).items():
        both = f'<span class="real">{student}</span><span class="alias">{alias}</span>'
        assert f'<th scope="row">{both}</th>' in text
        assert f"submitted/{both}/a.ipynb" in text


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, two):
    bright, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def themes(path):
    """The colour variables of the light and of the dark theme of a style sheet."""
    css = path.read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)", 1)
    found = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", part.split("* { box-sizing")[0]))
        for part in (light, dark)
    ]
    return [found[0], found[0] | found[1]]


REPORT = Path(grading.report.__file__).with_name("templates") / "page.css"
FEEDBACK = (
    Path(grading.report.__file__).parents[1] / "engine" / "templates" / "course_feedback" / "feedback.css"
)
EVERYWHERE = [
    "ink on ground",
    "ink on panel",
    "soft on ground",
    "soft on panel",
    "link on ground",
    "link on panel",
]
HEAT = ["on on full", "on on part", "on on none", "on on skipped", "on on error", "on on panel"]
CODE = [
    "keyword on code",
    "string on code",
    "number on code",
    "comment on code",
    "name on code",
    "ink on code",
]
VERDICTS = ["good on ground", "part on ground", "bad on ground", "bad on panel"]
PAIRS = [(REPORT, EVERYWHERE + HEAT), (FEEDBACK, EVERYWHERE + VERDICTS + CODE)]


@pytest.mark.parametrize(("sheet", "pairs"), PAIRS, ids=["report", "feedback"])
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_reaches_the_contrast_of_wcag_aa(sheet, pairs, theme):
    colours = themes(sheet)[theme]
    contrasts = {pair: contrast(*(colours[name] for name in pair.split(" on "))) for pair in pairs}
    assert {pair: value for pair, value in contrasts.items() if value < 4.5} == {}
