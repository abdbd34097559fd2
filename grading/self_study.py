"""The commands of a student who works alone: begin a question again, and look at the model solution."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grading.command_messages import GRADER_ERRORS, clear_errors, fail, out, say

Notebook = Annotated[Path, typer.Argument(help="Your notebook.")]
Question = Annotated[str, typer.Argument(help="The function that it asks for, for example conv2d_forward.")]
Assignment = Annotated[str | None, typer.Option(help="Its assignment.", show_default="from the file name")]


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the `course` command."""
    app.command()(reset)
    app.command()(solution)


def reset(notebook: Notebook, question: Question, assignment: Assignment = None) -> None:
    """Put one question back as it was handed out; your text stays in the notebook, below it."""
    from grading.engine.question import reset_question
    from grading.engine.single import assignment_of

    with clear_errors():
        kept = reset_question(notebook, assignment or assignment_of(notebook), question)
    say(f"{question} is as it was handed out, in {notebook}")
    if kept:
        say("what you had written is in a text cell below it")
    say("if the notebook is open, load it again (File, Reload Notebook from Disk) before you save")


def solution(notebook: Notebook, question: Question, assignment: Assignment = None) -> None:
    """Show the model solution beside yours, once your check passes."""
    from grading.engine.model_solution import model_solution
    from grading.engine.single import assignment_of
    from grading.report.side_by_side import side_by_side

    with clear_errors():
        shown = model_solution(notebook, assignment or assignment_of(notebook), question)
    if shown.withheld:
        fail(shown.withheld, code=GRADER_ERRORS)
    out.print(side_by_side(("yours", shown.theirs), ("model solution", shown.model)))
