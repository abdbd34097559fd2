"""A verdict as data, HTML, text and JSON: nothing is lost, nothing from a student acts."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from assignment_students import CHECKS, right, verdict_on

from grading.checks.array_pictures import PLANES, picture
from grading.checks.comparison import Tolerance
from grading.checks.evidence import show
from grading.checks.verdict import Exhibit, PartVerdict, Verdict
from grading.checks.verdict_views import as_html, as_json, as_text

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\x1b[31m\u202e"


def wrong_padding(x, w, b, stride=1, padding=0):
    return right("conv2d_forward")(x, w, b, stride, 1)


def evil(*args):
    raise ValueError(EVIL)


def evil_text(*args):
    return EVIL


evil_name = type("<b>Evil</b>", (Exception,), {})


def evil_class(*args):
    raise evil_name(EVIL)


class Tags(HTMLParser):
    """Collects tags and attributes, and whether they nest."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.open = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parse(markup):
    tags = Tags()
    tags.feed(markup)
    tags.close()
    assert tags.open == []
    return tags


VERDICTS = {
    "right": lambda: verdict_on("conv2d_forward", right("conv2d_forward")),
    "wrong": lambda: verdict_on("conv2d_forward", wrong_padding),
    "evil": lambda: verdict_on("canonical_kernel", evil),
    "evil text": lambda: verdict_on("canonical_kernel", evil_text),
    "evil class": lambda: verdict_on("canonical_kernel", evil_class),
    "error": lambda: Verdict("f", "error", 0.0, (PartVerdict("a", 1, "error", EVIL),), EVIL),
}


@pytest.mark.parametrize("kind", VERDICTS)
def test_survives_json(kind):
    verdict = VERDICTS[kind]()
    again = Verdict.from_dict(json.loads(as_json(verdict)))
    assert again == verdict
    assert as_html(again) == as_html(verdict)


@pytest.mark.parametrize("kind", VERDICTS)
def test_html_is_well_formed_and_harmless(kind):
    markup = VERDICTS[kind]()._repr_html_()
    tags = parse(markup)
    assert tags.tags <= {"div", "span", "strong", "em", "code", "pre", "table", "tr", "td", "br"}
    assert tags.attributes <= {"style", "title"}
    assert "\x1b" not in markup
    assert "\u202e" not in markup
    assert "url(" not in markup


def test_what_comes_from_the_student_is_escaped():
    for kind in ("evil", "evil text", "evil class"):
        markup = VERDICTS[kind]()._repr_html_()
        assert "&lt;script&gt;" in markup
        assert "<script" not in markup
        assert "<img" not in markup
        assert "<b>Evil" not in markup


def test_text_has_no_control_characters():
    for make in VERDICTS.values():
        text = str(make())
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)


def test_html_passes_the_allow_list_of_feedback_pages_unchanged():
    allowed_html = pytest.importorskip("grading.engine.neutral_markup").allowed_html
    for kind in ("right", "wrong", "evil"):
        markup = VERDICTS[kind]()._repr_html_()
        before, after = parse(markup), parse(allowed_html(markup))
        assert after.tags - {"tbody"} == before.tags
        assert after.attributes == before.attributes
        styles = [re.sub(r"\s", "", style) for style in re.findall(r'style="([^"]*)"', markup)]
        kept = [re.sub(r"\s", "", style) for style in re.findall(r'style="([^"]*)"', allowed_html(markup))]
        assert [s.rstrip(";").count(";") for s in kept] == [s.rstrip(";").count(";") for s in styles]


def test_no_colour_depends_on_the_theme():
    # Text keeps the page's colour but on badges, and grounds are half transparent but for badges.
    for make in VERDICTS.values():
        for style in re.findall(r'style="([^"]*)"', make()._repr_html_()):
            rules = dict(rule.split(":") for rule in style.split(";"))
            if "color" in rules:
                assert rules["color"] == "#ffffff"
                assert rules["background-color"].startswith("#")
            elif "background-color" in rules:
                assert (
                    rules["background-color"].startswith("rgba(")
                    or rules["background-color"] == "transparent"
                )


def test_the_verdict_says_what_a_student_needs():
    verdict = verdict_on("conv2d_forward", wrong_padding)
    for view in (as_text(verdict), as_html(verdict)):
        assert "This looks like: padding is always 1" in view
        assert "conv2d_forward(x, w, b, stride=1, padding=0)" in view
        assert "expected shape (1, 1, 1, 1), got (1, 1, 3, 3)" in view
        assert "Lecture 05, section 5.2, “Padding, stride, dilation”" in view
        for part in verdict.parts:
            assert part.name in view
    assert verdict.counterexample in re.sub(r"(?m)^    ", "", as_text(verdict))
    labels = [exhibit.label for exhibit in verdict.exhibits]
    assert labels == ["x", "w", "b", "expected", "yours"]


def test_a_right_answer_is_told_in_few_words():
    verdict = verdict_on("canonical_kernel", right("canonical_kernel"))
    assert str(verdict).splitlines()[0] == "✓ canonical_kernel: right"
    assert "Read again" not in str(verdict)
    assert repr(verdict) == str(verdict)


def test_advice_says_that_it_is_advice():
    assert "Advice from your own kernel" in as_text(Verdict("f", "passed", 1.0, advisory=True))
    assert "Advice from your own kernel" in as_html(Verdict("f", "passed", 1.0, advisory=True))
    assert "Advice" not in as_text(Verdict("f", "passed", 1.0))


def test_wrong_elements_are_marked_by_sign_frame_and_shade():
    expected = np.array([[1.0, 2.0], [3.0, 4.0]])
    exhibit = show("yours", expected + [[0, 0], [1, 2]], expected, Tolerance(1e-6, 1.0, "float64"))
    assert exhibit.heat == (0.0, 0.0, 0.5, 1.0)
    assert exhibit.text.splitlines()[1].split() == ["[4*", "6*]]"]
    markup = picture(exhibit)
    assert markup.count("✗") == 2
    assert markup.count("2px solid #d55e00") == 2


@pytest.mark.parametrize(
    ("value", "text", "dtype"),
    [
        (8, "8", "int"),
        (np.float64(0.25), "0.25", "float64"),
        (np.array(231211008), "231211008", "int64"),
        (np.array(1_000_012.0), "1000012", "float64"),
        (1 / 3, "0.33333", "float"),
        (float("nan"), "nan", "float"),
        pytest.param(10**5000, "an int", "int", id="huge"),
    ],
)
def test_a_single_number_is_shown_without_a_shape_and_whole_ones_in_full(value, text, dtype):
    exhibit = show("yours", value)
    assert (exhibit.text, exhibit.shape, exhibit.dtype) == (text, None, dtype)


def test_arrays_of_many_planes_show_those_that_differ_first():
    expected = np.zeros((10, 2, 2))
    got = expected.copy()
    got[8, 1, 1] = 5
    markup = picture(show("yours", got, expected, Tolerance(1e-6, 1.0, "float64")))
    assert markup.index("[8, :, :]") < markup.index("[0, :, :]")
    assert f"and {10 - PLANES} more planes" in markup


def test_large_arrays_become_maps_and_huge_ones_text():
    middle = picture(show("x", np.zeros((20, 30))))
    assert middle.count("<td") == 600
    huge = show("x", np.zeros((200, 300)))
    assert huge.cells == ()
    assert len(picture(huge)) < 3000
    assert "…" in show("x", "a" * 1000).text or len(show("x", "a" * 1000).text) <= 300


@pytest.mark.parametrize(
    "value", [[], {}, None, 1.5, "text", np.zeros((0, 3)), np.array(3.0), np.array([True]), [[1], [2, 3]]]
)
def test_any_value_can_be_shown(value):
    exhibit = show("yours", value)
    assert isinstance(exhibit, Exhibit)
    parse(picture(exhibit))


def test_a_verdict_out_of_range_is_refused():
    with pytest.raises(ValueError, match="fraction"):
        Verdict("f", "passed", 1.5)
    with pytest.raises(ValueError, match="status"):
        Verdict("f", "perfect", 1.0)


def test_every_check_has_a_headline_for_every_status():
    for status in ("passed", "failed", "error", "skipped"):
        assert all(str(Verdict(name, status, 0.0)).count("\n") == 0 for name in CHECKS)
