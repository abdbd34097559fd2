"""Lectures link to cells of each other, as JupyterLab wants; here these links lead to places in pages."""

from __future__ import annotations

import re

import nbformat
from docutils.nodes import make_id

# In text, where Sphinx finds the page; and in outputs, which it leaves as they are.
_TO_CELL = re.compile(r"\]\((?:([\w-]+)\.ipynb)?#cell-id=([\w-]+)\)")
_IN_OUTPUT = re.compile(r'(href="|\]\()([\w-]+)\.ipynb(?:#cell-id=([\w-]+))?(?=[")])')


def place(lecture: str, cell: str) -> str:
    """Return what a cell is called on the site.

    Parameters
    ----------
    lecture : str
        Name of the notebook without its suffix.
    cell : str
        The cell's id.

    Returns
    -------
    str
        An id for HTML that no other cell of the course has.
    """
    return make_id(f"cell-{lecture}-{cell}")


def with_places(notebook: nbformat.NotebookNode, lecture: str) -> nbformat.NotebookNode:
    """Give each cell that begins with a heading its place, and let links lead to places.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        It is changed.
    lecture : str
        Its name without the suffix.

    Returns
    -------
    nbformat.NotebookNode
        The same notebook.
    """

    def lead(found: re.Match) -> str:
        return f"](#{place(found[1] or lecture, found[2])})"

    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "markdown":
            continue
        cell.source = _TO_CELL.sub(lead, cell.source)
        # The first is the page itself, which must begin with its title.
        if number and cell.source.startswith("#"):
            cell.source = f"({place(lecture, cell.id)})=\n{cell.source}"
    return notebook


def to_pages(output: str) -> str:
    """Let the links of an output to notebooks of the same folder lead to their pages.

    Parameters
    ----------
    output : str
        HTML or Markdown.

    Returns
    -------
    str
    """

    def lead(found: re.Match) -> str:
        cell = f"#{place(found[2], found[3])}" if found[3] else ""
        return f"{found[1]}{found[2]}.html{cell}"

    return _IN_OUTPUT.sub(lead, output)
