"""`reset("conv2d_forward")` in a notebook: one question as it was handed out, and nothing lost."""

from __future__ import annotations

import os
from pathlib import Path

from grading.engine.master import read_master
from grading.engine.question import QuestionError, reset_question, solution_cell
from grading.engine.shipped import shipped_assignments, shipped_master

# Where a Jupyter server tells a kernel which notebook it belongs to.
_SESSION = "JPY_SESSION_NAME"


def reset(question: str, notebook: str | os.PathLike | None = None) -> None:
    """Put one question back as it was handed out; what was written moves to a text cell below it.

    The file on disk changes, and a browser that shows the notebook does not know it yet: what is to be done
    then is printed.

    Parameters
    ----------
    question : str
        The function that it asks for, for example "conv2d_forward".
    notebook : path, optional
        The notebook's file. By default the one that calls, as Jupyter names it, or the assignment's in the
        working directory.

    Raises
    ------
    FileNotFoundError
        If the notebook's file is not found; the message says how to name it.
    QuestionError
        If no assignment has this question, or the file is no notebook that can be read.
    """
    assignment = _assignment_with(question)
    path = _own_notebook(assignment) if notebook is None else Path(notebook)
    kept = reset_question(path, assignment, question)
    print(f"{question} is as it was handed out, in {path}")
    if kept:
        print("What you had written is in a text cell below it.")
    print("Load the notebook again before you save: File, Reload Notebook from Disk.")


def _assignment_with(question: str) -> str:
    """Return the assignment that has a question; QuestionError tells what the nearest one knows."""
    problems = []
    for assignment in shipped_assignments():
        try:
            solution_cell(read_master(shipped_master(assignment), assignment), question)
        except QuestionError as problem:
            problems.append(str(problem))
        else:
            return assignment
    # The one that knows a similar name helps most.
    raise QuestionError(
        max(problems, key=lambda text: "Did you mean" in text, default="no assignment is here")
    )


def _own_notebook(assignment: str) -> Path:
    """Return the notebook that a kernel belongs to, or the assignment's beside it."""
    named = Path(os.environ.get(_SESSION, ""))
    candidates = [named, Path.cwd() / named.name, Path.cwd() / f"{assignment}.ipynb"]
    for path in candidates:
        if path.suffix == ".ipynb" and path.is_file():
            return path
    raise FileNotFoundError(
        f"there is no {assignment}.ipynb in {Path.cwd()}: save your notebook, or name its file with "
        'reset("…", notebook="…")'
    )
