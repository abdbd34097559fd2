"""A Sphinx extension: docstrings are read as they are meant, with stars and bars that mark nothing up."""

from __future__ import annotations

import re

from sphinx.application import Sphinx

_CODE = re.compile(r"(``.*?``|`[^`]*`)")
# A star that stands for axes, as in (N, C, *) and (*, *gamma.shape), and an absolute value, as in |theta|.
# The stars of lists, and those around types, mean what they say.
_LONE_STAR = re.compile(r"(?:(?<=\()|(?<=,)|(?<=, ))\*(?=[,)]|\w[\w.]*\))")
_BAR = re.compile(r"(?<!\\)\|")


def setup(app: Sphinx) -> dict[str, object]:
    """Have docstrings changed after the reading of NumPy's sections."""
    app.connect("autodoc-process-docstring", _process, priority=600)
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
