"""The commands around grading a class: its roster, what comes in from a platform, what goes back to it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from grading.command_messages import GRADED, GRADER_ERRORS, clear_errors, err, fail, say, shown_moment

Assignment = Annotated[str, typer.Argument(help="Name of the assignment, for example convolution.")]
Directory = Annotated[Path, typer.Option("--dir", help="The class directory.", show_default="here")]
_SHOWN = 20


def add_classroom_commands(app: typer.Typer) -> None:
    """Add the commands to the `course` command."""
    for command in (roster, collect, export, extend, remove):
        app.command()(command)


def roster(
    students: Annotated[
        Path, typer.Argument(help="A CSV of the students: your own, or Canvas's, Moodle's, Gradescope's.")
    ],
    directory: Directory = Path(),
) -> None:
    """Tell the class who its students are."""
    from grading.engine.class_directory import ClassDirectory

    with clear_errors():
        room = ClassDirectory.open(directory)
        take_roster(room, students)


def take_roster(room: object, students: Path) -> None:
    """Keep a roster in a class directory, and say so."""
    from grading.engine.roster import read_roster, save_roster

    say(f"{save_roster(room, read_roster(students))} student(s) from {students}")


def collect(
    assignment: Assignment,
    files: Annotated[
        list[Path], typer.Argument(help="Folders or zip files, as Canvas, Moodle or Gradescope export them.")
    ],
    directory: Directory = Path(),
) -> None:
    """Take what students handed in on a learning platform into the class."""
    from grading.engine.class_directory import ClassDirectory
    from grading.engine.collect import collect as collect_files

    with clear_errors():
        room = ClassDirectory.open(directory)
        found = collect_files(room, assignment, files)
    say(f"{len(found.new)} new, {len(found.changed)} changed, {len(found.unchanged)} there already")
    if found.superseded:
        say(f"{found.superseded} earlier attempt(s) left out")
    if found.missing:
        say(f"nothing so far from {_some(found.missing)}")
    for item in found.problems:
        err.print(Text(f"not collected: {item.file}: {item.reason}"), style="yellow", soft_wrap=True)
    say(f"next: course grade {assignment}")
    raise typer.Exit(GRADER_ERRORS if found.problems else GRADED)


def export(
    assignment: Assignment,
    directory: Directory = Path(),
    kind: Annotated[str, typer.Option("--format", help="csv, canvas, moodle or gradescope.")] = "csv",
    students: Annotated[
        Path | None,
        typer.Option("--roster", help="What the platform exported: its rows come back with the scores."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", help="The file.", show_default="in the class"),
    ] = None,
) -> None:
    """Write the scores as a file for a spreadsheet or a learning platform."""
    from grading.engine.class_directory import ClassDirectory
    from grading.engine.safe_files import write_atomically
    from grading.report.grade_export import export_scores

    with clear_errors():
        room = ClassDirectory.open(directory)
        made = export_scores(room, assignment, kind, roster=students)
        target = (output or room.root / f"{assignment}-{kind}.csv").absolute()
        write_atomically(target, made.text.encode("utf-8"), mode=0o600)
    say(f"wrote {made.students} score(s) to {target}")
    if made.without_score:
        err.print(Text(f"without a score: {_some(made.without_score)}"), style="yellow", soft_wrap=True)
    if made.not_in_roster:
        err.print(Text(f"not in the roster: {_some(made.not_in_roster)}"), style="yellow", soft_wrap=True)


def extend(
    assignment: Assignment,
    student: Annotated[str, typer.Argument(help="Whose due date it is.")],
    due: Annotated[
        str | None, typer.Argument(help="Their due date, like '2026-10-05 18:00'.", show_default="none")
    ] = None,
    directory: Directory = Path(),
    take_back: Annotated[bool, typer.Option("--take-back", help="Back to everybody's due date.")] = False,
) -> None:
    """Give one student more time; what is graded already is counted by it at once."""
    from grading.engine.class_directory import ClassDirectory
    from grading.engine.due_dates import extend as extend_for
    from grading.engine.extensions import read_moment

    if (due is None) != take_back:
        fail("give the student's due date, like '2026-10-05 18:00', or --take-back, and not both")
    with clear_errors():
        room = ClassDirectory.open(directory)
        moment = None if due is None else read_moment(due)
        extend_for(room, assignment, student, moment)
    until = "is due as for everybody" if moment is None else f"is due {shown_moment(moment)}"
    say(f"{assignment} {until}, for {student}")


def remove(
    student: Annotated[str, typer.Argument(help="Who leaves the class.")],
    directory: Directory = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take a student out of the class: files, scores, feedback, roster; a copy is kept aside."""
    from grading.engine.class_directory import ClassDirectory
    from grading.engine.student_removal import remove_student, traces_of

    with clear_errors():
        room = ClassDirectory.open(directory)
        traces = traces_of(room, student)
        if not traces:
            fail(f"this class holds nothing of a student called {student!r}")
        say(f"{student}: {traces}")
        if not yes and not typer.confirm("Remove all of this?"):
            raise typer.Exit(GRADED)
        traces, kept = remove_student(room, student)
    for path in traces.folders:
        say(f"  removed  {path}")
    say(f"{student} is no longer in this class. Files and the gradebook as it was: {kept}")
    say("remove that directory, and the older ones in .course/backups, to be rid of them for good")


def _some(names: tuple[str, ...]) -> str:
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(ascii(name)[1:-1] if not name.isprintable() else name for name in names[:_SHOWN]) + rest
