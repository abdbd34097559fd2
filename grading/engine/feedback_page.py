"""The page a student reads: nbgrader's feedback, without hidden tests and without anything that can run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nh3
from nbconvert.exporters import HTMLExporter
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.preprocessors.base import NbGraderPreprocessor

from grading.engine.neutral_markup import allowed_html

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_DELIMITED = r"(?ms)^[^\n]*{begin}[^\n]*\n.*?(?:^[^\n]*{end}[^\n]*(?:\n|\Z)|\Z)"
_PROSE_TAGS = nh3.ALLOWED_TAGS - {"a", "area", "map", "img"} | {
    "img",
    "a",
    "h1",
    "h2",
    "details",
    "summary",
    "section",
}


class StripHiddenTests(NbGraderPreprocessor):
    """Take regions between nbgrader's marks of hidden tests out of every cell.

    nbgrader's own `ClearHiddenTests` would do, but stops the whole page at an unclosed region; here a region
    without an end reaches to the end of its cell.
    """

    def preprocess(self, nb: Any, resources: Any) -> Any:  # noqa: ANN401 - nbconvert's untyped interface
        """Return the notebook without hidden tests; nbgrader's configured delimiters count."""
        marks = ClearHiddenTests(parent=self)
        begin, end = re.escape(marks.begin_test_delimeter), re.escape(marks.end_test_delimeter)
        region = re.compile(_DELIMITED.format(begin=begin, end=end))
        for cell in nb.cells:
            cell.source = region.sub("", cell.source).rstrip("\n")
        return nb, resources


class FeedbackExporter(HTMLExporter):
    """Turns a graded notebook into one self-contained page whose Content-Security-Policy allows no script."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - traitlets' keyword arguments
        super().__init__(**settings)
        # Set after the configuration was read: nbgrader's converter asks every HTML exporter for its own
        # template.
        self.extra_template_basedirs = [str(_TEMPLATES)]
        self.template_name = "course_feedback"
        self.embed_images = False

    def default_filters(self) -> Any:  # noqa: ANN401 - a generator of pairs, as nbconvert defines it
        """Yield nbconvert's filters and those of the template."""
        yield from super().default_filters()
        yield "allowed_html", allowed_html
        yield "clean_prose", clean_prose


def clean_prose(markup: str) -> str:
    """Return rendered Markdown without scripts, styles, frames, forms and remote pictures.

    Parameters
    ----------
    markup : str
        HTML made from Markdown.
    """
    return nh3.clean(
        markup,
        tags=_PROSE_TAGS,
        attributes={
            "*": {"class", "title", "align"},
            "a": {"href"},
            "img": {"src", "alt", "width", "height"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan", "scope"},
        },
        attribute_filter=_keep_attribute,
        url_schemes={"https", "http", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
    )


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if re.match(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*\Z", value) else None
    if tag == "a" and name == "href":
        return value if re.match(r"(https?://|mailto:|#)", value) else None
    return value
