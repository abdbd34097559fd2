"""A Sphinx extension: docstrings are read as they are meant, with stars and bars that mark nothing up."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

_CODE = re.compile(r"(``.*?``|`[^`]*`)")
# A star that stands for axes, as in (N, C, *) and (*, *gamma.shape), and an absolute value, as in |theta|.
# The stars of lists, and those around types, mean what they say.
_LONE_STAR = re.compile(r"(?:(?<=\()|(?<=,)|(?<=, ))\*(?=[,)]|\w[\w.]*\))")
_BAR = re.compile(r"(?<!\\)\|")
# What begins small and has no dot describes a type, as in "ndarray, shape (N, C)": no class is called so.
_DESCRIPTION = re.compile(r"[a-z_]+")


def setup(app: Sphinx) -> dict[str, object]:
    """Have docstrings changed after the reading of NumPy's sections."""
    app.connect("autodoc-process-docstring", _process, priority=600)
    app.connect("doctree-read", _leave_descriptions)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def as_meant(line: str) -> str:
    """Return a line of a docstring with what would be mistaken for markup escaped, except in code.

    Parameters
    ----------
    line : str
        reStructuredText.

    Returns
    -------
    str
    """
    if line.lstrip().startswith((".. ", "| ")):
        return line
    parts = _CODE.split(line)
    return "".join(
        part if part.startswith("`") else _BAR.sub(r"\\|", _LONE_STAR.sub(r"\\*", part)) for part in parts
    )


def _process(app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]) -> None:
    lines[:] = [as_meant(line) for line in lines]


def _leave_descriptions(app: Sphinx, doctree: nodes.document) -> None:
    for link in list(doctree.findall(addnodes.pending_xref)):
        if link.get("reftype") == "class" and _DESCRIPTION.fullmatch(link["reftarget"]):
            link.replace_self(link.children)
