"""Headings go by the names that JupyterLab gives them: so links of lectures lead to places of pages, too."""

from __future__ import annotations

import re

# A lecture beside the page, or a place in it: in HTML, or in Markdown.
_LECTURE = re.compile(r'(href="|\]\()([\w-]+)\.ipynb(?=[#")])')


def heading_anchor(title: str) -> str:
    """Return what JupyterLab calls a heading in addresses.

    Parameters
    ----------
    title : str
        The heading's text.

    Returns
    -------
    str
        It with dashes instead of spaces, and otherwise as it is.
    """
    return title.strip().replace(" ", "-")


def to_pages(page: str) -> str:
    """Let the links of an output to notebooks of the same folder lead to their pages.

    Parameters
    ----------
    page : str
        HTML or Markdown.

    Returns
    -------
    str
    """
    return _LECTURE.sub(r"\1\2.html", page)
