"""Grades a class in which nearly everybody attacks; run as a program, so that any user can be the grader.

``python -I attacked_class.py ORDER`` reads what to do from a JSON file and writes the report beside it.
"""

import json
import os
import re
import sys
import time
from dataclasses import replace
from pathlib import Path

HONEST = ("honest-early", "honest-victim", "zz-honest-late")
PAGES = {
    "html-outputs",
    "html-in-values",
    "markdown-payload",
    "markup-student",
    "metadata-payload",
    "output-scores",
    "terminal-escapes",
    "prints-the-questions",
    "hard-coded",
    "null-bytes",
}


def grade_attacked(order: dict) -> dict:
    """Grade the honest students, then all with the attacks among them, and look at everything that there is.

    Parameters
    ----------
    order : dict
        ``root`` (an empty directory), ``names`` of scenarios, and whether to write ``all_pages`` of feedback.

    Returns
    -------
    dict
        By scenario what differs from its expectation; and what happened to everybody else.
    """
    from world import ASSIGNMENT, PLANTED, SCENARIOS, World

    from grading.demo.classroom import hand_in
    from grading.demo.outcome import deviations, shown_outputs
    from grading.demo.scenario import Expected, ExtraCell, Mangling, Scenario
    from grading.demo.scenario_files import read_answers, read_scenarios
    from grading.engine import GradingOptions, Limits, grade_class, release_assignment, write_feedback
    from grading.report import write_report

    world = World(Path(order["root"]))
    directory = world.directory
    release_assignment(directory, ASSIGNMENT)
    limits = Limits(
        cell_seconds=3,
        call_seconds=1.5,
        submission_seconds=20,
        memory_bytes=1 << 29,
        scratch_bytes=16 << 20,
        scratch_files=500,
    )
    options = GradingOptions(workers=2, force=True, limits=limits)

    right, _ = read_answers(SCENARIOS / "right.py")
    honest = [
        Scenario(name, right, (), Mangling(), Expected("honest", "right", 20.0), name) for name in HONEST
    ]
    secret = ExtraCell("code", "after", "double", f"mine = '{PLANTED['another submission']}'")
    honest[1] = replace(honest[1], extra_cells=(secret,))
    hand_in(directory, ASSIGNMENT, honest)
    _remember_in_gradebook(directory, PLANTED["gradebook"])
    before = {
        result.student: result for result in grade_class(directory, ASSIGNMENT, options=options).results
    }

    prelude = ExtraCell(
        "code", "before", "imports", (SCENARIOS / "prelude.py").read_text().replace("@WORLD@", world.told())
    )
    scenarios = [s for s in read_scenarios(SCENARIOS) if s.name in order["names"]]
    hand_in(directory, ASSIGNMENT, [replace(s, extra_cells=(prelude, *s.extra_cells)) for s in scenarios])
    handed_in = world.snapshot()
    started = time.monotonic()
    graded = grade_class(directory, ASSIGNMENT, options=options)
    seconds = time.monotonic() - started
    afterwards = world.snapshot()
    results = {result.student: result for result in graded.results}
    # Pages take longer than grading: where time is short, those of attacks on their readers have to do.
    readers = [s.student for s in scenarios if s.name in PAGES and s.student in results]
    pages = write_feedback(directory, ASSIGNMENT, None if order["all_pages"] else [*readers, *HONEST])
    feedback = {page.parts[-3] for page in pages}
    report_page = write_report(directory, ASSIGNMENT)

    secrets = world.secrets([result.seed for result in results.values()])
    attacks = {}
    for scenario in scenarios:
        student = scenario.student
        if scenario.expected.refused:
            attacks[scenario.name] = _refusal(scenario, graded.refused, student in results)
            continue
        places = [
            directory.assignment("autograded", ASSIGNMENT, student) / f"{ASSIGNMENT}.ipynb",
            *directory.assignment("feedback", ASSIGNMENT, student).glob("*.html"),
        ]
        result = results.get(student)
        if result is None or (order["all_pages"] and student not in feedback):
            attacks[scenario.name] = {"found": ["it was not graded, or got no feedback"], "seconds": 0.0}
            continue
        compare = undeserved if scenario.expected.slow else deviations
        found = compare(scenario, result, shown_outputs(places[0]))
        shown = {place.name: _of_the_student(place) for place in places}
        shown["result"] = json.dumps(result.to_dict() | {"seed": ""}, ensure_ascii=False)
        found += leaks(shown, secrets) + active_content(places)
        attacks[scenario.name] = {"found": found, "seconds": result.seconds}
    return {
        "attacks": attacks,
        "isolation": results[HONEST[0]].isolation,
        "honest": [
            f"{name}: {_essence(results[name])}, alone {_essence(before[name])}"
            for name in HONEST
            if _essence(results[name]) != _essence(before[name]) or results[name].score != 20.0
        ],
        "honest_seconds": [results[name].seconds for name in HONEST],
        "changed": sorted(
            name
            for name in handed_in.keys() | afterwards.keys()
            if handed_in.get(name) != afterwards.get(name)
        ),
        "gradebook": _gradebook_faults(directory, ASSIGNMENT, results),
        "report": leaks({"report": report_page.read_text()}, secrets) + active_content([report_page]),
        "left": world.left_behind(),
        "seconds": seconds,
        "uid": os.geteuid(),
    }


def undeserved(scenario, result, shown: str) -> list[str]:
    """Say what an attack gained.

    Heavy attacks fight for time and memory with the other answers of their own author, on any machine:
    what those still earn is open, what may never happen is a gain.
    """
    expected, found = scenario.expected, []
    for check in result.checks:
        due = expected.checks[check.name].points if check.name in expected.checks else check.max_points
        if check.points > due + 1e-9:
            found.append(f"{check.name}: {check.points:g} points, at most {due:g} are due")
    if result.score > expected.score + 1e-9:
        found.append(f"the score is {result.score:g}; at most {expected.score:g} is due")
    if expected.never_shown and (leak := re.search(expected.never_shown, shown)):
        found.append(f"its outputs show {leak[0]!r}: the code got through")
    return found


def _essence(result) -> tuple:
    return (
        result.score,
        result.seed,
        tuple((check.name, check.status, check.points) for check in result.checks),
    )


def _refusal(scenario, refused, graded: bool) -> dict:
    import re

    said = [item.reason for item in refused if item.name == ascii(scenario.student)]
    found = ["it was graded all the same"] if graded else []
    if not any(re.search(scenario.expected.refused, reason) for reason in said):
        found.append(f"refused for {said}; expected {scenario.expected.refused!r}")
    return {"found": found, "seconds": 0.0}


def _of_the_student(place: Path) -> str:
    """Return a page, or a graded notebook without its test cells' sources: those are the master's own."""
    if place.suffix == ".html":
        return place.read_text()
    notebook = json.loads(place.read_text())
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            del cell["source"]
    return json.dumps(notebook, ensure_ascii=False)


def leaks(texts: dict[str, str], secrets: dict[str, str]) -> list[str]:
    return [
        f"{what} is in {place}"
        for place, text in texts.items()
        for what, secret in secrets.items()
        if secret in text
    ]


def active_content(places: list[Path]) -> list[str]:
    from active_content import Dangers

    from grading.report.page import page_script

    found = []
    for place in places:
        text = place.read_text()
        if place.suffix == ".html":
            # The instructor's report has a script of its own, students' pages have none.
            page = Dangers(text, own_script=page_script() if place.parent.name == "reports" else None)
            found += [f"{place.name} runs {item}" for item in page.found if not item.startswith("<svg")]
            found += [] if "default-src 'none'" in page.policy else [f"{place.name} has no policy"]
            continue
        notebook = json.loads(text)
        found += [
            f"metadata: {name}"
            for name in notebook["metadata"]
            if name not in ("kernelspec", "language_info")
        ]
        for cell in notebook["cells"]:
            pages = [cell["source"]] if cell["cell_type"] != "code" else []
            for output in cell.get("outputs", []):
                data = output.get("data", {})
                pages.append("".join(data.get("text/html", "")))
                kinds = set(data) - {"text/plain", "text/html", "image/png", "image/jpeg"}
                found += [f"an output of type {kind}" for kind in kinds]
            found += [f"a cell runs {item}" for page in pages for item in Dangers(page).found]
            found += ["attachments"] if "attachments" in cell else []
        if any(code in text for code in ("\\u001b", "\x1b")):
            found.append("terminal escapes")
    return found


def _remember_in_gradebook(directory, secret: str) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(directory.db_url) as gradebook:
        gradebook.update_or_create_student("honest-victim", last_name=secret)


def _gradebook_faults(directory, assignment: str, results: dict) -> list[str]:
    from nbgrader.api import Gradebook

    found = []
    statuses = {
        (name, check.grade_id): check.status for name, result in results.items() for check in result.checks
    }
    with Gradebook(directory.db_url) as gradebook:
        scores = {item.student.id: item.score for item in gradebook.assignment_submissions(assignment)}
        for name in scores.keys() | results.keys():
            expected = results[name].score if name in results else None
            if scores.get(name) is None or abs(scores[name] - expected) > 1e-9:
                found.append(f"{name}: {scores.get(name)} in the gradebook, {expected} in the results")
        found += [item.name for item in gradebook.assignments if item.name != assignment]
        found += [item.id for item in gradebook.students if item.id not in results]
        for item in gradebook.assignment_submissions(assignment):
            for grade in (grade for notebook in item.notebooks for grade in notebook.grades):
                status = statuses[item.student.id, grade.name]
                touched = grade.manual_score is not None or grade.extra_credit
                # What the grader could not judge is for the instructor to look at, and nothing else is.
                if touched or grade.needs_manual_grade != (status == "error"):
                    found.append(f"{item.student.id}: {grade.name} was touched by hand")
    return found


def main() -> None:
    order_path = Path(sys.argv[1])
    order = json.loads(order_path.read_text())
    sys.path[:0] = order["path"]
    if order["uid"] and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(order["uid"], order["uid"], order["uid"])
        os.setresuid(order["uid"], order["uid"], order["uid"])
    report = grade_attacked(order)
    (Path(order["root"]) / "report.json").write_text(json.dumps(report))


if __name__ == "__main__":
    main()
