"""Student prose and grader HTML: what is rendered holds nothing that acts."""

import re
from html.parser import HTMLParser

import pytest
from nbconvert.filters.markdown_mistune import markdown2html_mistune

from grading.engine.neutral_markup import allowed_html, as_code_block, neutral_markdown

ACTIVE = {
    "script",
    "img",
    "svg",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "style",
    "link",
    "meta",
    "base",
    "video",
}


class Acting(HTMLParser):
    """Collects what a browser would run, load or submit."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag in ACTIVE:
            self.found.append(tag)
        for name, value in attributes:
            # Browsers ignore white space and control characters in front of and inside a scheme.
            address = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if name.startswith("on") or address.startswith(("javascript:", "vbscript:", "data:")):
                self.found.append(f"{name}={value}")


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "a <b onmouseover=alert(1)>b</b>",
    "[click](javascript:alert(1))",
    "[click](java&#x73;cript:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](javascript&colon;alert(1))",
    "[click][x]\n\n[x]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![picture](https://evil.example/pixel.png)",
    '![a" onerror="alert(1)](x)',
    "![x][y]\n\n[y]: https://evil.example/pixel.png",
    "&lt;script>alert(1)</script>",
    "<!-- --><script>alert(1)</script>",
    "<?php ?><img src=x onerror=alert(1)>",
    "`<script>alert(1)</script>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "$<script>alert(1)</script>$",
    "$$\\text{<img src=x onerror=alert(1)>}$$",
    "\\begin{align}<img src=x onerror=alert(1)>\\end{align}",
    "| a |\n|---|\n| <iframe src=x> |",
    "<\x00script>alert(1)</script>",
    "<\u200bscript>alert(1)</script>",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](<java\tscript:alert(1)>)",
    "[a](< javascript:alert(1)>)",
    "[a](&Tab;javascript:alert(1))",
    "[a](java&Tab;script:alert(1))",
    "[a](java&NewLine;script:alert(1))",
    "[a][b]\n\n[b]: <java\tscript:alert(1)>",
    '<https://x.y/"onmouseover=alert(1)>',
    "https://x.y/<img/src=x/onerror=alert(1)>",
    "[a]( \x01javascript:alert(1))",
    '[a](x "y\\" onclick=alert(1) z")',
]


@pytest.mark.parametrize("source", HOSTILE)
def test_rendered_student_markdown_holds_nothing_that_acts(source):
    page = markdown2html_mistune(neutral_markdown(source))
    assert Acting(page).found == []


@pytest.mark.parametrize("source", HOSTILE)
def test_a_raw_cell_becomes_a_block_of_code(source):
    page = markdown2html_mistune(as_code_block(source))
    assert Acting(page).found == []
    assert "<a " not in page


def test_the_hostile_samples_do_act_without_it():
    acting = [source for source in HOSTILE if Acting(markdown2html_mistune(source)).found]
    assert len(acting) >= 10


@pytest.mark.parametrize(
    "source",
    [
        "# Title\n\nText with **bold**, `code` and $a < b$.",
        "1. one\n2. two",
        "if x<3: pass",
        "a <= b, c<-d & e",
        "[a](https://b.c?d=e&f=g)",
        "\\begin{align} a &= b \\end{align}",
    ],
)  # fmt: skip
def test_harmless_prose_is_left_alone(source):
    assert neutral_markdown(source) == source


def test_html_of_the_grader_keeps_its_table_and_loses_the_rest():
    markup = (
        '<div style="color: red; position: fixed; background: url(http://e)" class="c" id="i" onclick="x()">'
        "<table><tr><td colspan=2>1</td></tr></table><script>x()</script><style>*{}</style>"
        '<img src="http://e"><a href="http://e">away</a><svg onload=x()><title>t</title></svg>'
        "<form><input></form></div>"
    )
    cleaned = allowed_html(markup)
    assert "<table>" in cleaned
    assert 'colspan="2"' in cleaned
    assert "color:red" in cleaned.replace(" ", "")
    for gone in (
        "position",
        "url",
        "class",
        "id=",
        "onclick",
        "script",
        "<style",
        "<img",
        "<a",
        "svg",
        "form",
        "input",
    ):
        assert gone not in cleaned
    assert "away" in cleaned
