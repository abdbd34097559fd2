"""Student prose and grader HTML made harmless for the pages where people read them.

nbgrader's own pages turn Markdown into HTML as it comes. So Markdown that a student wrote loses, before it is
stored, every character that could begin a tag, and its remote pictures.
"""

from __future__ import annotations

import html
import re

import nh3

from grading.engine.outputs import plain_text

# In CommonMark, as in HTML, "<" begins a tag, comment or autolink only if one of these follows at once.
_TAG_OPENS = re.compile(r"<(?=[A-Za-z/!?])")
_PICTURE = re.compile(r"!(?=\[)")
# Renderers decode entities in addresses, some twice, after they looked for dangerous schemes.
_ENTITY = re.compile(r"&(?=#|[A-Za-z][A-Za-z0-9]*;)")
_SCRIPT_SCHEME = re.compile(r"(?i)((?:java|vb)\s*script|data)\s*:")
_CELL_CHARACTERS = 200_000

_TAGS = {
    "div", "span", "p", "br", "hr", "pre", "code", "samp", "kbd", "b", "i", "strong", "em", "small", "sub",
    "sup", "mark", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr",
    "th", "td", "h3", "h4", "h5", "h6", "details", "summary", "blockquote",
}  # fmt: skip
_STYLES = {
    "color", "background-color", "border-color", "border-style", "border-width", "border-left", "border",
    "border-bottom", "border-top", "border-right", "border-radius", "border-collapse", "padding",
    "padding-left", "padding-right", "padding-top", "padding-bottom", "margin", "margin-top",
    "margin-bottom", "margin-left", "margin-right", "text-align", "vertical-align", "font-weight",
    "font-style", "font-family", "font-size", "font-variant-numeric", "white-space", "overflow-x",
    "overflow-wrap", "max-width", "line-height", "display", "gap", "flex-wrap", "align-items", "opacity",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"style", "title", "role", "aria-label", "aria-hidden"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "details": {"open"},
}


def neutral_markdown(source: str) -> str:
    """Return Markdown that renders to text, formulas, lists, tables and links, and to nothing that acts.

    Parameters
    ----------
    source : str
        Markdown that a student wrote.

    Returns
    -------
    str
        Every ``<`` that could open a tag is followed by a space (which formulas do not mind), pictures are
        links, and addresses that run scripts are broken.
    """
    text = plain_text(source[:_CELL_CHARACTERS])
    text = _TAG_OPENS.sub("< ", text)
    text = _PICTURE.sub("", text)
    text = _ENTITY.sub("& ", text)
    return _SCRIPT_SCHEME.sub(r"\1 :", text)


def as_code_block(source: str) -> str:
    """Return Markdown that shows text as it is, in a block of code."""
    lines = neutral_markdown(source).split("\n")
    return "\n".join(["", *(f"    {line}" for line in lines)])


def allowed_html(markup: str) -> str:
    """Return the grader's HTML reduced to an allow-list of tags, attributes and style properties.

    Parameters
    ----------
    markup : str
        HTML from the checker, which has seen a student's values.

    Returns
    -------
    str
        Well-formed HTML without scripts, links, pictures, forms, ids and anything that leaves its place.
    """
    cleaned = nh3.clean(
        markup,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=set(),
        generic_attribute_prefixes=set(),
        filter_style_properties=_STYLES,
        clean_content_tags={
            "script",
            "style",
            "svg",
            "math",
            "template",
            "iframe",
            "object",
            "noscript",
            "title",
            "textarea",
        },
    )
    # No address can be named in a style property that is left, and this says so again.
    return re.sub(r"(?i)url\s*\(", "url-", cleaned)


def escaped(text: str) -> str:
    """Return text for HTML, without control characters."""
    return html.escape(plain_text(text), quote=True)
