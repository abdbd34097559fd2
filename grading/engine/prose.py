"""Markdown for the pages that people read: formulas as MathML, everything else through an allow-list."""

from __future__ import annotations

import functools
import re
import secrets
from collections.abc import Mapping
from typing import Any

import nh3
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from grading.engine.formulas import formula_markup

_TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "s", "samp", "small",
    "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u",
    "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "title", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_PICTURE = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\s]*\Z")
_LINK = re.compile(r"(https?://|mailto:|#)")


def render_prose(source: str, attachments: Mapping[str, Any] | None = None) -> str:
    """Return Markdown as HTML that runs nothing, sends nothing and fetches nothing.

    Parameters
    ----------
    source : str
        Markdown.
    attachments : mapping, optional
        The cell's pictures.

    Returns
    -------
    str
        Sanitised HTML; formulas are MathML.
    """
    return _render(source, attachments) if attachments else _render_shared(source)


@functools.lru_cache(maxsize=512)
def _render_shared(source: str) -> str:
    """Render the questions once, and not once a student."""
    return _render(source, {})


def _render(source: str, attachments: Mapping[str, Any]) -> str:
    renderer = _FormulaRenderer(attachments)
    rendered = MarkdownWithMath(renderer=renderer).render(source)
    cleaned = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep,
        url_schemes={"https", "http", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
    )
    return renderer.with_formulas(cleaned)


class _FormulaRenderer(IPythonRenderer):
    """nbconvert's renderer, with a token in the place of every formula until the page has been cleaned."""

    def __init__(self, attachments: Mapping[str, Any]) -> None:
        super().__init__(escape=False, exclude_anchor_links=True, attachments=dict(attachments))
        self._mark = f"formula{secrets.token_hex(8)}n"
        self._formulas: list[str] = []

    def inline_math(self, body: str) -> str:
        """Remember a formula within a line."""
        return self._token(formula_markup(body))

    def block_math(self, body: str) -> str:
        """Remember a formula on lines of its own."""
        return self._token(formula_markup(body, display=True))

    def latex_environment(self, name: str, body: str) -> str:
        """Remember a formula that begins with an environment."""
        return self._token(formula_markup(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True))

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Show a picture; its text where the notebook does not have it."""
        name = url.removeprefix("attachment:")
        if url.startswith("attachment:") and name not in self.attachments:
            return super().escape_html(text)
        return super().image(text, url, title)

    def with_formulas(self, page: str) -> str:
        """Put the formulas in the places of their tokens."""
        return re.sub(rf"{self._mark}(\d+)e", lambda match: self._formulas[int(match[1])], page)

    def _token(self, markup: str) -> str:
        self._formulas.append(markup)
        return f"{self._mark}{len(self._formulas) - 1}e"


def _keep(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return value if _PICTURE.match(value) else None
    if tag == "a" and name == "href":
        return value if _LINK.match(value) else None
    return value
