"""The page a student reads: nbgrader's feedback, without hidden tests and without anything that can run."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.preprocessors.base import NbGraderPreprocessor
from traitlets.config import Config

from grading.engine.neutral_markup import allowed_html
from grading.engine.prose import render_prose

_TEMPLATES = Path(__file__).resolve().parent / "templates"
_DELIMITED = r"(?ms)^[^\n]*{begin}[^\n]*\n.*?(?:^[^\n]*{end}[^\n]*(?:\n|\Z)|\Z)"


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
        parent = settings.get("parent")
        config = Config(settings.get("config") or getattr(parent, "config", None) or {})
        # nbgrader's converter asks every HTML exporter for its own template; this section is more special.
        config.FeedbackExporter.template_name = "course_feedback"
        config.FeedbackExporter.extra_template_basedirs = [str(_TEMPLATES)]
        super().__init__(**settings | {"config": config})

    def from_notebook_node(self, nb: Any, resources: Any = None, **settings: Any) -> Any:  # noqa: ANN401
        """Return the page and the resources.

        nbconvert's own method parses the finished page once more for pictures without a description, which
        takes three times as long as everything else; the template describes every picture.
        """
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3", parent=self))
        return TemplateExporter.from_notebook_node(self, nb, resources, **settings)

    def default_filters(self) -> Any:  # noqa: ANN401 - a generator of pairs, as nbconvert defines it
        """Yield nbconvert's filters and those of the template."""
        yield from super().default_filters()
        yield "allowed_html", allowed_html
        yield "prose", render_prose
        yield "points", shown_points


def shown_points(value: float) -> str:
    """Return points with at most two decimals, and none where they are whole."""
    return f"{round(float(value), 2):g}"
