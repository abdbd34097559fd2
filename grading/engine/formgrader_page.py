"""nbgrader's formgrader in a class: nothing from a distant server, and a way to the class reports."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import ChoiceLoader, DictLoader
from nbconvert.exporters import HTMLExporter

_PACKAGE = "nbgrader.server_extensions.formgrader"
# The template that every page of nbconvert takes its MathJax from.
_NO_MATHJAX = {"mathjax.html.j2": '{%- macro mathjax(url="") -%}{%- endmacro -%}'}
_STOCK = "manage_assignments.tpl"
_OURS = {
    "class_reports.tpl": """
{%- extends "manage_assignments.tpl" -%}
{%- block messages -%}
{{ super() }}
<div class="panel panel-default" id="class-reports">
  <div class="panel-heading"><h4 class="panel-title">Class reports</h4></div>
  <ul class="list-group">
  {% for item in class_reports %}
    <li class="list-group-item"><a href="{{ item.address | e }}" target="_blank">{{ item.name | e }}</a>
    <small>written {{ item.written | e }}</small></li>
  {% else %}
    <li class="list-group-item">None yet: <code>course report ASSIGNMENT</code> writes one.</li>
  {% endfor %}
  </ul>
</div>
{%- endblock -%}
"""
}


class LocalPageExporter(HTMLExporter):
    """Turns a graded notebook into formgrader's page; the page loads nothing from outside of its server."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - traitlets' keyword arguments
        super().__init__(**settings | {"extra_loaders": [DictLoader(_NO_MATHJAX)]})


def keep_formgrader_local() -> None:
    """Make formgrader use this page, where this process is a server that has loaded formgrader."""
    formgrader = sys.modules.get(f"{_PACKAGE}.formgrader")
    if formgrader is not None:
        formgrader.HTMLExporter = LocalPageExporter


def show_class_reports() -> None:
    """Make formgrader list the class's reports on its first page, where this process is such a server.

    The links go to the server's own ``/files/``, which shows a page in an origin of its own: not even the
    report's script could use the instructor's session.
    """
    handlers = sys.modules.get(f"{_PACKAGE}.handlers")
    if handlers is not None:
        handlers.ManageAssignmentsHandler.render = _render


def reports_in(root: Path, files: str) -> list[dict[str, str]]:
    """Return name, address and time of every page in a class's ``reports/``.

    Parameters
    ----------
    root : Path
        The class directory.
    files : str
        Address of the class directory on the server, without a slash at its end.
    """
    return [
        {
            "name": path.stem,
            "address": f"{files}/reports/{quote(path.name)}",
            "written": f"{datetime.fromtimestamp(path.stat().st_mtime):%d %B %Y, %H:%M}",
        }
        for path in sorted((root / "reports").glob("*.html"))
    ]


def _render(handler: Any, name: str, **values: Any) -> str:  # noqa: ANN401 - nbgrader's handler
    """Stand in for nbgrader's own: the same page, with one block more."""
    environment = handler.settings["nbgrader_jinja2_env"]
    if name != _STOCK:
        return environment.get_template(name).render(**values)
    # Below the server's root, or formgrader would have refused to show anything.
    prefix = "" if handler.url_prefix == "." else f"/{quote(handler.url_prefix)}"
    listed = reports_in(Path(handler.coursedir.root), f"{handler.base_url}/files{prefix}")
    extended = environment.overlay(loader=ChoiceLoader([DictLoader(_OURS), environment.loader]))
    return extended.get_template("class_reports.tpl").render(**values, class_reports=listed)
