"""nbgrader's formgrader without its script from a distant server: formulas stay as they were typed."""

from __future__ import annotations

import sys
from typing import Any

from jinja2 import DictLoader
from nbconvert.exporters import HTMLExporter

_MODULE = "nbgrader.server_extensions.formgrader.formgrader"
# The template that every page of nbconvert takes its MathJax from.
_NO_MATHJAX = {"mathjax.html.j2": '{%- macro mathjax(url="") -%}{%- endmacro -%}'}


class LocalPageExporter(HTMLExporter):
    """Turns a graded notebook into formgrader's page; the page loads nothing from outside of its server."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - traitlets' keyword arguments
        super().__init__(**settings | {"extra_loaders": [DictLoader(_NO_MATHJAX)]})


def keep_formgrader_local() -> None:
    """Make formgrader use this page, where this process is a server that has loaded formgrader."""
    formgrader = sys.modules.get(_MODULE)
    if formgrader is not None:
        formgrader.HTMLExporter = LocalPageExporter
