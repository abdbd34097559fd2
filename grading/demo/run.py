"""The demonstration: a made-up class, graded from nothing to the report."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from grading.demo.classroom import default_place, hand_in, make_class, scenario_folder
from grading.demo.outcome import deviations, shown_outputs
from grading.demo.scenario import Scenario
from grading.demo.scenario_files import read_scenarios
from grading.demo.show import class_table
from grading.engine import ClassDirectory, ClassResult, grade_class, release_assignment, write_feedback
from grading.report import write_report

ASSIGNMENT = "convolution"


class UnexpectedOutcome(Exception):
    """A submission was not graded as its scenario expects."""


def run_demo(directory: Path | None, console: Console, assignment: str = ASSIGNMENT) -> Path:
    """Make a class, release, hand in, grade, write feedback and the class report, and say where to look.

    Parameters
    ----------
    directory : Path or None
        Where the class directory goes; None for ``~/course-demo``. That of an earlier
        demonstration is replaced.
    console : rich.console.Console
        Where to print.
    assignment : str
        Which of the shipped assignments the class works on.

    Returns
    -------
    Path
        The class directory.

    Raises
    ------
    DemoUnavailable
        If the scenarios are not installed, or the place is taken.
    ClassDirectoryError, CheckerUnavailable
        If the class cannot be graded; the text says the way out.
    UnexpectedOutcome
        If a submission was not graded as its scenario expects: all is written and printed by then.
    """
    started = time.monotonic()
    scenarios = read_scenarios(scenario_folder(assignment))
    classroom = make_class(default_place() if directory is None else directory)
    console.print(f"A made-up class in {classroom.root}", highlight=False, soft_wrap=True)
    release = release_assignment(classroom, assignment)
    hand_in(classroom, assignment, scenarios)
    console.print(
        f"Released {assignment} ({release.points:g} points); {len(scenarios)} students handed in",
        highlight=False,
    )
    outcome = _grade(classroom, assignment, len(scenarios), console)
    pages = write_feedback(classroom, assignment)
    report = write_report(classroom, assignment)
    console.print()
    console.print(class_table(outcome.results))
    console.print()
    mistaken = {scenario.name for scenario in scenarios if scenario.expected.kind == "mistake"}
    seconds = time.monotonic() - started
    console.print(f"{len(outcome.results)} notebooks in {seconds:.0f} s. Where to look:", highlight=False)
    for what, path in (
        ("class report", report),
        ("a feedback page", next((page for page in pages if mistaken.intersection(page.parts)), pages[0])),
        ("gradebook", classroom.root / "gradebook.db"),
    ):
        console.print(Text(f"  {what:<16} {path}"), soft_wrap=True)
    _compare(classroom, assignment, scenarios, outcome, console)
    return classroom.root


def _grade(classroom: ClassDirectory, assignment: str, students: int, console: Console) -> ClassResult:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("grading", total=students)
        return grade_class(
            classroom,
            assignment,
            on_progress=lambda progress: bar.update(task, completed=progress.done),
            notify=lambda text: bar.console.print(Text(text)),
        )


def _compare(
    classroom: ClassDirectory,
    assignment: str,
    scenarios: list[Scenario],
    outcome: ClassResult,
    console: Console,
) -> None:
    results = {result.student: result for result in outcome.results}
    wrong = 0
    for scenario in scenarios:
        notebook = classroom.assignment("autograded", assignment, scenario.name) / f"{assignment}.ipynb"
        found = deviations(scenario, results[scenario.name], shown_outputs(notebook))
        wrong += bool(found)
        for text in found:
            who = f"{scenario.name} ({scenario.expected.title})"
            console.print(Text(f"not as expected: {who}: {text}", style="bold red"))
    if wrong:
        raise UnexpectedOutcome(f"{wrong} of {len(scenarios)} submissions were not graded as expected")
    console.print(f"All {len(scenarios)} submissions were graded as expected.", highlight=False)
