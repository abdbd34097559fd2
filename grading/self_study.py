"""The commands of a student who works alone: their copy, their progress, questions and solutions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from grading.command_messages import GRADER_ERRORS, clear_errors, err, fail, fail_without_sandbox, out, say

if TYPE_CHECKING:
    from grading.own_copy import Change
    from grading.results import NotebookResult
    from grading.standing import Standing

Notebook = Annotated[Path, typer.Argument(help="Your notebook.")]
Question = Annotated[str, typer.Argument(help="The function that it asks for, for example conv2d_forward.")]
Assignment = Annotated[str | None, typer.Option(help="Its assignment.", show_default="from the file name")]
OwnCopy = Annotated[
    Path | None,
    typer.Option("--dir", help="Your copy of the course.", show_default="~/neural-network-training"),
]


def add_commands(app: typer.Typer) -> None:
    """Add the commands to the `course` command."""
    app.command()(lab)
    app.command()(progress)
    app.command()(reset)
    app.command()(solution)


def lab(
    directory: OwnCopy = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the server; 0 for any free one.")
    ] = 8888,
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
    start: Annotated[
        bool, typer.Option(help="Start JupyterLab; else only bring the copy up to date.")
    ] = True,
    allow_root: Annotated[
        bool, typer.Option("--allow-root", help="Run although you are root, as in a container.")
    ] = False,
) -> None:
    """Open JupyterLab on your own copy of the lectures and assignments; updates keep what you did."""
    from grading.lab import handed_out, jupyter_command, jupyter_environment
    from grading.own_copy import default_place, update_copy
    from grading.progress import ProgressError

    with clear_errors():
        root = (default_place() if directory is None else directory).absolute()
        course = handed_out()
        try:
            _remember_cells(root, course)
        except ProgressError as problem:
            # A broken record is no reason not to learn.
            _warn(problem)
        _say_changes(root, update_copy(root, course))
        if not start:
            return
        command = jupyter_command(root, port=port, browser=browser, allow_root=allow_root)
    say("JupyterLab starts; Ctrl+C twice in this terminal ends it")
    environment = jupyter_environment(os.environ)
    if os.name == "nt":
        # There a process cannot become another one: the shell would go on beside it.
        raise typer.Exit(subprocess.call(command, env=environment, cwd=root))
    sys.stdout.flush()
    # Where nbgrader is installed, its part of JupyterLab complains of any other directory.
    os.chdir(root)
    os.execve(sys.executable, command, environment)


def progress(
    directory: OwnCopy = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all that is recorded, as JSON.")] = False,
    export: Annotated[
        Path | None, typer.Option(help="Write all that is recorded to this file: .json or .csv.")
    ] = None,
    delete: Annotated[bool, typer.Option("--delete", help="Delete the record; notebooks stay.")] = False,
) -> None:
    """Show which lectures you worked through and which checks have passed; kept on this machine."""
    from grading.lab import handed_out
    from grading.own_copy import default_place, find_copy
    from grading.progress import Progress, as_csv
    from grading.progress import as_json as json_of
    from grading.standing import assignment_standings, lecture_standings

    with clear_errors():
        here = find_copy(Path.cwd()) if directory is None else directory.absolute()
        root = here or default_place()
        if find_copy(root) != root:
            raise FileNotFoundError(f"{root} is no copy of the course; course lab makes one")
        record = Progress(root)
        if delete:
            say(f"deleted {record.path}" if record.delete() else "nothing was recorded")
            say("outputs in your notebooks still tell which cells ran: clear them if that is to be gone, too")
            return
        course = handed_out()
        _remember_cells(root, course)
        if export is not None:
            if export.suffix not in (".json", ".csv"):
                fail(f"--export needs a file that ends in .json or .csv, got {export}")
            export.write_text((json_of if export.suffix == ".json" else as_csv)(record), encoding="utf-8")
            say(f"wrote {export}")
        elif as_json:
            sys.stdout.write(json_of(record))
        else:
            _say_standings("lectures", "cells ran", lecture_standings(course, record))
            _say_standings("assignments", "checks passed", assignment_standings(course, record))
            say(f"kept in {record.path}")


def remember_result(notebook: Path, result: NotebookResult) -> None:
    """Record how the checks of a notebook went, if it lies in a copy of the course."""
    from grading.own_copy import find_copy
    from grading.progress import Progress, ProgressError

    root = find_copy(notebook.parent)
    if root is None or result.status != "graded":
        return
    try:
        Progress(root).record_checks((check.name, check.status) for check in result.checks)
    except ProgressError as problem:
        _warn(problem)


def _warn(problem: Exception) -> None:
    err.print(Text(str(problem)), style="yellow", soft_wrap=True)


def _remember_cells(root: Path, course: dict[str, bytes]) -> None:
    from grading.own_copy import find_copy
    from grading.progress import Progress
    from grading.standing import look_at_cells

    if find_copy(root) == root:
        look_at_cells(root, course, Progress(root))


def _say_changes(root: Path, changes: tuple[Change, ...]) -> None:
    new = [change for change in changes if change.kind == "new"]
    if new and len(new) == len(changes):
        say(f"{len(new)} new file(s) in your copy of the course, {root}")
        return
    say(f"your copy of the course: {root}" + ("" if changes else " (up to date)"))
    for change in changes:
        if change.kind == "new":
            say(f"  new      {change.name}")
        elif change.kind == "updated":
            kept = f" (as it was: {change.other})" if change.other else ""
            say(f"  updated  {change.name}{kept}")
        else:
            say(f"  kept     {change.name}, as you worked in it; the new version is {change.other}")
        for section in change.sections:
            say(f"             {section}")


def _say_standings(title: str, what: str, standings: list[Standing]) -> None:
    complete = sum(standing.complete for standing in standings)
    say(f"{title}: {complete} of {len(standings)} worked through")
    width = max((len(standing.name) for standing in standings), default=0)
    for standing in standings:
        mark = "✓" if standing.complete else " "
        say(f"  {mark} {standing.name:{width}}  {standing.done:3} of {standing.total:3} {what}")


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
    with clear_errors():
        fail_without_sandbox("see model solutions")
        from grading.engine.model_solution import model_solution
        from grading.engine.single import assignment_of
        from grading.report.side_by_side import side_by_side

        shown = model_solution(notebook, assignment or assignment_of(notebook), question)
    if shown.withheld:
        fail(shown.withheld, code=GRADER_ERRORS)
    out.print(side_by_side(("yours", shown.theirs), ("model solution", shown.model)))
