"""One question of a student's own notebook: finding its cell, and putting it back as it was handed out."""

from __future__ import annotations

import difflib
import json
import re
import uuid
from pathlib import Path
from typing import Any

from grading.engine.master import Master, MasterCell, read_master
from grading.engine.safe_files import UnsafeFileError, read_own_file, write_atomically
from grading.engine.shipped import shipped_master
from grading.engine.students_version import without_solution
from grading.engine.submissions import NOTEBOOK_BYTES

_MARKS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION[^\n]*\n?", re.MULTILINE)


class QuestionError(Exception):
    """The notebook or the question cannot be used; the text says the way out."""


def reset_question(path: Path, assignment: str, question: str) -> bool:
    """Put one question back as it was handed out; what the student wrote moves to a text cell below it.

    Parameters
    ----------
    path : Path
        The student's notebook. It is replaced whole, or not at all.
    assignment : str
        A shipped assignment.
    question : str
        Grade id of the solution cell, which is the function's name.

    Returns
    -------
    bool
        Whether there was anything to keep.

    Raises
    ------
    FileNotFoundError
        If there is no such notebook.
    LookupError
        If there is no such assignment.
    QuestionError
        If there is no such question, the file is no notebook of format 4, or the cell is there twice.
    """
    master = read_master(shipped_master(assignment), assignment)
    asked = solution_cell(master, question)
    notebook = read_own_notebook(path)
    cells = notebook["cells"]
    cell = own_cell(notebook, question)
    stub = handed_out(asked)
    old = "" if cell is None else source_of(cell)
    keep = bool(old.strip()) and old != stub
    if cell is None:
        place = _place_of_missing(master, asked, cells)
        cell = {"id": _new_id(), "metadata": {"nbgrader": dict(asked.nbgrader)}}
        cells.insert(place, cell)
    if keep:
        cells.insert(cells.index(cell) + 1, _kept(question, old, notebook))
    cell.update(cell_type="code", source=stub, outputs=[], execution_count=None)
    cell.pop("attachments", None)
    _drop_ids_of_old_formats(notebook)
    write_atomically(path, _as_bytes(notebook), mode=path.stat().st_mode & 0o777)
    return keep


def solution_cell(master: Master, question: str) -> MasterCell:
    """Return the cell of the master that answers a question; QuestionError lists the known ones."""
    known = {c.grade_id: c for c in master.cells if c.nbgrader.get("solution") and c.cell_type == "code"}
    if question in known:
        return known[question]
    close = difflib.get_close_matches(question, known, n=1)
    hint = f" Did you mean {close[0]!r}?" if close else ""
    raise QuestionError(
        f"{master.assignment} has no question {question!r}.{hint} Its questions: {', '.join(known)}"
    )


def handed_out(cell: MasterCell) -> str:
    """Return a solution cell's source as students get it."""
    return without_solution(cell.source)


def without_marks(cell: MasterCell) -> str | None:
    """Return the model solution without nbgrader's marks; None where the cell holds none."""
    return None if handed_out(cell) == cell.source else _MARKS.sub("", cell.source).rstrip()


def read_own_notebook(path: Path) -> dict[str, Any]:
    """Read a student's own notebook as data.

    Raises
    ------
    FileNotFoundError
        If there is none.
    QuestionError
        If it is no notebook of format 4.
    """
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        notebook = json.loads(read_own_file(path, limit=NOTEBOOK_BYTES))
        if notebook["nbformat"] != 4:
            raise QuestionError(f"{path} has notebook format {notebook['nbformat']}; save it in format 4")
        for cell in notebook["cells"]:
            source_of(cell)
            cell["metadata"].get("nbgrader")
    except UnsafeFileError as problem:
        raise QuestionError(str(problem)) from problem
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise QuestionError(f"{path} is no notebook that can be read: {problem!r}") from problem
    return notebook


def own_cell(notebook: dict[str, Any], question: str) -> dict[str, Any] | None:
    """Return the notebook's cell of a question; None if it was deleted.

    Raises
    ------
    QuestionError
        If it is there twice: which one counts must not be guessed.
    """
    found = [
        cell
        for cell in notebook["cells"]
        if isinstance(cell["metadata"].get("nbgrader"), dict)
        and cell["metadata"]["nbgrader"].get("grade_id") == question
    ]
    if len(found) > 1:
        raise QuestionError(f"the notebook has {len(found)} cells for {question!r}: delete all but one first")
    return found[0] if found else None


def source_of(cell: dict[str, Any]) -> str:
    """Return a cell's text, which the format stores whole or in lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _place_of_missing(master: Master, asked: MasterCell, cells: list[dict[str, Any]]) -> int:
    """Behind the nearest cell before it that is still there, else at the end."""
    before = [cell.grade_id for cell in master.cells[: master.cells.index(asked)] if cell.grade_id]
    places = {
        cell["metadata"]["nbgrader"].get("grade_id"): place
        for place, cell in enumerate(cells)
        if isinstance(cell["metadata"].get("nbgrader"), dict)
    }
    return next((places[grade_id] + 1 for grade_id in reversed(before) if grade_id in places), len(cells))


def _kept(question: str, old: str, notebook: dict[str, Any]) -> dict[str, Any]:
    """Wrap what a student wrote in a text cell, behind a fence longer than any in it."""
    fence = "`" * (max((len(run) for run in re.findall(r"`+", old)), default=0) + 1)
    fence = max(fence, "```", key=len)
    text = f"**What was in `{question}` before it was reset:**\n\n{fence}python\n{old}\n{fence}"
    return {"cell_type": "markdown", "id": _new_id(), "metadata": {}, "source": text}


def _drop_ids_of_old_formats(notebook: dict[str, Any]) -> None:
    """Cells have had ids since format 4.5, and earlier ones must not."""
    if int(notebook.get("nbformat_minor", 0)) < 5:
        for cell in notebook["cells"]:
            cell.pop("id", None)


def _new_id() -> str:
    return uuid.uuid4().hex[:8]


def _as_bytes(notebook: dict[str, Any]) -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")
