"""An assignment as a student meets it: prompts and beginnings, without solutions and without outputs."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

_HEADING = re.compile(r"^(#{1,5} )", re.MULTILINE)
_CODE = re.compile(r"(^```.*?^```[^\n]*$)", re.MULTILINE | re.DOTALL)


def prompts(source: Path) -> nbformat.NotebookNode:
    """Return an assignment's notebook as it is given to students.

    Parameters
    ----------
    source : Path
        The instructor's notebook, in nbgrader's source format.

    Returns
    -------
    nbformat.NotebookNode
        With one first-level heading, the title: those of its parts are one level lower.

    Raises
    ------
    RuntimeError
        If a solution begins and does not end.
    """
    notebook = nbformat.read(source, as_version=4)
    for preprocessor in (ClearSolutions(), ClearHiddenTests()):
        notebook, _ = preprocessor.preprocess(notebook, {})
    written = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    for cell in written[1:]:
        cell.source = _lowered(cell.source)
    notebook.cells = [cell for cell in notebook.cells if cell.source.strip()]
    return notebook


def _lowered(text: str) -> str:
    """Lower every heading by a level; a comment in a block of code is none."""
    parts = _CODE.split(text)
    return "".join(part if part.startswith("```") else _HEADING.sub(r"#\1", part) for part in parts)
