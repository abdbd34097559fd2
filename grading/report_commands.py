"""The commands that write what an instructor reads after grading: class report and similarity page."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from grading.command_messages import clear_errors, err, say

Assignment = Annotated[str, typer.Argument(help="Name of the assignment, for example convolution.")]
Directory = Annotated[Path, typer.Option("--dir", help="The class directory.", show_default="here")]
Open = Annotated[bool, typer.Option("--open", help="Show the page in a browser.")]
Pseudonyms = Annotated[
    bool, typer.Option("--pseudonyms", help="Write pseudonyms and no names, into a page of its own.")
]


def add_report_commands(app: typer.Typer) -> None:
    """Add the commands to the `course` command."""
    app.command()(report)
    app.command()(similarity)


def report(
    assignment: Assignment, directory: Directory = Path(), show: Open = False, hidden: Pseudonyms = False
) -> None:
    """Write the class report: scores, questions, misconceptions, students × checks, regrades."""
    with clear_errors():
        from grading.engine.class_directory import ClassDirectory

        room = ClassDirectory.open(directory)
        from grading.report.class_report import write_report

        page = write_report(room, assignment, hidden=hidden)
    say(f"wrote {page}")
    if show:
        show_page(page)


def similarity(
    assignment: Assignment,
    directory: Directory = Path(),
    pairs: Annotated[int, typer.Option(min=0, help="How many pairs are shown with their code.")] = 30,
    ignore: Annotated[
        list[Path] | None,
        typer.Option(help="Python file, notebook or folder that everybody could read; may be repeated."),
    ] = None,
    show: Open = False,
    hidden: Pseudonyms = False,
) -> None:
    """Write a page of submissions that share code: evidence to be read, and no verdict."""
    from grading.lab import find_lectures

    with clear_errors():
        from grading.engine.class_directory import ClassDirectory

        room = ClassDirectory.open(directory)
        from grading.report.similarity_page import write_similarity

        try:
            lectures = [find_lectures()]
        except FileNotFoundError as problem:
            err.print(Text(f"lectures are not left out of the comparison: {problem}"), style="yellow")
            lectures = []
        page, found = write_similarity(
            room, assignment, side_by_side=pairs, further=[*lectures, *(ignore or [])], hidden=hidden
        )
    say(
        f"compared {len(found.writings)} submissions: {len(found.pairs)} of {found.compared} pairs share code"
    )
    say(f"wrote {page}: evidence to be read, and no verdict")
    if show:
        show_page(page)


def show_page(page: Path) -> None:
    """Open a page in the person's browser, or say that there is none; the page is written either way."""
    try:
        opened = webbrowser.open(page.as_uri())
    except webbrowser.Error:
        opened = False
    if not opened:
        err.print(Text(f"no browser could be opened; the page is {page}"), style="yellow", soft_wrap=True)
