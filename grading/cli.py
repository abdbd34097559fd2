"""The `course` command: one class, from an empty directory to feedback and report.

Everything heavy is imported by the command that needs it, so that ``course --help`` answers at once.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from grading.classroom_commands import add_classroom_commands, take_roster
from grading.command_messages import (
    GRADED,
    GRADER_ERRORS,
    clear_errors,
    err,
    fail,
    fail_without_sandbox,
    out,
    say,
    shown_moment,
    write_json,
)
from grading.report_commands import add_report_commands
from grading.self_study import add_commands, remember_result

if TYPE_CHECKING:
    from grading.engine.class_directory import ClassDirectory
    from grading.engine.coordinator import ClassResult

app = typer.Typer(
    name="course",
    help="Grade a class: student code runs in a sandbox, nbgrader keeps the record.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Assignment = Annotated[str, typer.Argument(help="Name of the assignment, for example convolution.")]
Directory = Annotated[Path, typer.Option("--dir", help="The class directory.", show_default="here")]
Students = Annotated[list[str] | None, typer.Option("--student", help="Only this student; may be repeated.")]


@app.command()
def init(
    directory: Annotated[Path, typer.Argument(help="A new or empty directory, outside the repository.")],
    roster: Annotated[Path | None, typer.Option(help="A CSV of the students.")] = None,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Take over a class directory that stock nbgrader made.")
    ] = False,
) -> None:
    """Make a class directory in nbgrader's layout, with a key of its own."""
    from grading.engine.class_directory import ClassDirectory

    with clear_errors():
        made = ClassDirectory.adopt(directory) if adopt else ClassDirectory.create(directory)
        say(f"{'took over' if adopt else 'made'} the class directory {made.root}")
        if roster is not None:
            take_roster(made, roster)
    say(f"next: cd {directory} && course {'grade ASSIGNMENT' if adopt else 'release convolution'}")


@app.command()
def release(
    assignment: Assignment,
    directory: Directory = Path(),
    solutions_from: Annotated[
        datetime | None,
        typer.Option(help="When students may see model solutions, right or not; else after full marks."),
    ] = None,
    due: Annotated[
        str | None, typer.Option(help="When it is due, like '2026-10-05 18:00'; students may get more time.")
    ] = None,
) -> None:
    """Make the students' version of an assignment, without solutions and hidden tests."""
    with clear_errors():
        room = open_class(directory)
        from grading.engine.due_dates import set_due_date
        from grading.engine.extensions import read_moment
        from grading.engine.release import release_assignment

        ends = None if due is None else read_moment(due)
        made = release_assignment(room, assignment)
        if ends is not None:
            set_due_date(room, assignment, ends)
        if solutions_from is not None:
            from grading.engine.model_solution import allow_from

            for path in made.notebooks:
                allow_from(path, solutions_from.astimezone())
    if made.copied:
        say(f"copied the course's source to {room.assignment('source', assignment)}")
    for path in made.notebooks:
        say(f"released {path}  ({made.points:g} points)")
    if ends is not None:
        say(f"due {shown_moment(ends)}")
    show_rehearsal(room, assignment)
    say(f"hand-ins go to {room.assignment('submitted', assignment, 'STUDENT')}")


@app.command()
def grade(
    assignment: Assignment,
    directory: Directory = Path(),
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="Checkers side by side.", show_default="one a processor"),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            help="Grade on the workers of this Dask scheduler, like tls://HOST:8786.", metavar="ADDRESS"
        ),
    ] = None,
    student: Students = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is graded already.")] = False,
    question: Annotated[
        str | None, typer.Option(help="Grade this question again, and leave all other scores as they are.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the results as JSON, and nothing else.")
    ] = False,
) -> None:
    """Grade what students handed in, in the sandbox, and record it."""
    with clear_errors():
        room = open_class(directory)
        from grading.engine.coordinator import GradingOptions, grade_class
        from grading.report.terminal import progress_bar

        if cluster is not None and workers is not None:
            fail("--workers is for this machine; a cluster has the workers that were started for it")
        options = GradingOptions(workers=workers, force=force, question=question, cluster=cluster)
        with progress_bar(err if as_json else out) as advance:
            graded = grade_class(
                room,
                assignment,
                students=student,
                options=options,
                on_progress=advance,
                notify=lambda text: err.print(Text(text), style="yellow"),
            )
    if as_json:
        write_json([result.to_dict() for result in graded.results])
    else:
        show_class(room, graded)
    raise typer.Exit(GRADER_ERRORS if graded.grader_errors or graded.refused else GRADED)


@app.command()
def feedback(
    assignment: Assignment,
    directory: Directory = Path(),
    student: Students = None,
    packed: Annotated[
        Path | None, typer.Option("--zip", help="Put the pages into this file as well, a folder a student.")
    ] = None,
    platform: Annotated[
        str | None, typer.Option("--for", help="Name the files in the zip as this platform does: moodle.")
    ] = None,
) -> None:
    """Write a page of feedback for every graded notebook."""
    with clear_errors():
        room = open_class(directory)
        from grading.engine.feedback import write_feedback

        pages = write_feedback(room, assignment, student)
        if packed is not None:
            from grading.report.feedback_zip import write_feedback_zip

            made = write_feedback_zip(room, pages, packed.absolute(), platform=platform)
            say(f"packed them into {made.path}")
            if made.left_out:
                err.print(Text(f"without a participant number: {', '.join(made.left_out)}"), style="yellow")
    say(f"wrote {len(pages)} page(s): {room.assignment('feedback', assignment, 'STUDENT')}")


@app.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="Your notebook.")],
    assignment: Annotated[
        str | None, typer.Option(help="Its assignment.", show_default="from the file name")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON, and nothing else.")
    ] = False,
) -> None:
    """Grade one notebook of your own, in the sandbox, and show the verdicts."""
    with clear_errors():
        fail_without_sandbox("grade the whole notebook")
        from grading.engine.single import assignment_of, grade_notebook, other_checks

        if not notebook.is_file():
            raise FileNotFoundError(f"there is no file {notebook}")
        result = grade_notebook(notebook, assignment or assignment_of(notebook))
        mismatch = other_checks(notebook, result.assignment)
        remember_result(notebook, result)
    if mismatch:
        err.print(Text(mismatch), style="yellow", soft_wrap=True)
    if as_json:
        write_json([result.to_dict()])
    else:
        from grading.report.terminal import notebook_text

        out.print(notebook_text(result))
    raise typer.Exit(GRADER_ERRORS if result.needs_attention else GRADED)


@app.command()
def demo(
    directory: Annotated[
        Path | None, typer.Argument(help="Where the made-up class goes.", show_default="~/course-demo")
    ] = None,
    assignment: Annotated[str, typer.Option(help="The assignment that the class works on.")] = "convolution",
) -> None:
    """Grade a small made-up class from nothing to the report."""
    from grading.demo.run import run_demo

    with clear_errors():
        run_demo(directory, out, assignment)


@app.command()
def doctor(
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the probes as JSON, and nothing else.")
    ] = False,
) -> None:
    """Attack every layer of the sandbox on this machine, and say which held."""
    from grading.engine.doctor import probe_isolation

    with clear_errors():
        probes = probe_isolation()
    if as_json:
        write_json([probe.__dict__ for probe in probes])
    else:
        from grading.report.terminal import probe_table

        out.print(probe_table(probes))
    raise typer.Exit(GRADED if probes and all(probe.held for probe in probes) else GRADER_ERRORS)


def main() -> None:
    """Run the `course` command."""
    app()


def open_class(directory: Path) -> ClassDirectory:
    """Return the class directory at a path, or end with a clear message."""
    from grading.engine.class_directory import ClassDirectory

    return ClassDirectory.open(directory)


def show_rehearsal(room: ClassDirectory, assignment: str) -> None:
    """Say which test cells give points to students who know nothing, or cannot be graded as they stand."""
    from grading.engine.rehearsal import rehearse

    with clear_errors():
        found = rehearse(room, assignment)
    for item in found:
        err.print(Text(f"weak test: {item}"), style="yellow", soft_wrap=True)
    if not found:
        say("tried its tests on students who know nothing: none gives them a point")


def show_class(room: ClassDirectory, graded: ClassResult) -> None:
    """Print the summary of a graded class and where everything is."""
    from grading.engine.nbgrader_session import class_config, gradebook_address
    from grading.report.terminal import class_table

    out.print(class_table(graded.results))
    for item in graded.refused:
        err.print(Text(f"not graded: {item.name}: {item.reason}"), style="yellow")
    for result in graded.grader_errors:
        reason = result.reason or "a check could not be judged"
        err.print(Text(f"needs the instructor: {result.student}: {reason}"), style="yellow")
    rate = f", {60 * graded.fresh / graded.seconds:.0f} a minute" if graded.fresh and graded.seconds else ""
    say(f"{len(graded.results)} notebook(s), {graded.fresh} graded now in {graded.seconds:.1f} s{rate}")
    if graded.backup is not None:
        say(f"  gradebook before  {graded.backup}")
    if graded.backup is not None or graded.changes:
        for change in graded.changes:
            say(f"  changed           {change.student}: {change.before:g} → {change.after:g}")
        say(f"  {len(graded.changes)} score(s) changed by grading again")
    name = graded.assignment
    say(f"  graded notebooks  {room.assignment('autograded', name, 'STUDENT')}")
    say(f"  gradebook         {gradebook_address(class_config(room), room)}")
    say(f"next: course feedback {name} · course report {name}")


add_classroom_commands(app)
add_report_commands(app)
add_commands(app)

if __name__ == "__main__":
    main()
