"""The demonstration's table: what it says of a result, without students' texts taking the terminal over."""

import dataclasses
import io

from rich.console import Console

from grading.demo.show import class_table, findings
from grading.results import CheckResult, NotebookResult


def result(*checks: CheckResult, **rest: object) -> NotebookResult:
    points = [sum(values) for values in zip(*((c.points, c.max_points) for c in checks))] or [0, 0]
    return NotebookResult("convolution", "someone", points[0], points[1], checks, **rest)


def test_all_right_says_so():
    assert findings(result(CheckResult("area", "passed", 2, 2))) == ["all right"]


def test_a_named_misconception_is_the_finding():
    check = CheckResult("area", "failed", 0, 2, message="3 of 4 differ", misconception="radius-for-diameter")
    assert findings(result(check)) == ["area: radius-for-diameter"]


def test_one_message_of_several_checks_is_one_line():
    checks = [CheckResult(name, "failed", 0, 2, message="NotImplementedError") for name in ("a", "b", "c")]
    assert findings(result(*checks)) == ["3 functions: NotImplementedError"]
    assert findings(result(*checks[:2])) == ["a, b: NotImplementedError"]


def test_a_message_that_names_its_function_does_not_name_it_twice():
    check = CheckResult("area", "failed", 0, 2, message="area raised ValueError")
    assert findings(result(check)) == ["area: raised ValueError"]


def test_many_findings_are_cut_short():
    checks = [CheckResult(name, "failed", 0, 2, message=f"text {name}") for name in "abcd"]
    assert findings(result(*checks[:3])) == ["a: text a", "b: text b", "c: text c"]
    assert findings(result(*checks)) == ["a: text a", "b: text b", "and 2 more"]


def test_errors_of_the_grader_are_told_apart_from_failures():
    assert findings(result(CheckResult("area", "error", 0, 2, message="unsupported"))) == [
        "area: error: unsupported"
    ]
    assert findings(result(status="unreadable", reason="not JSON")) == ["unreadable: not JSON"]


def test_control_characters_and_markup_stay_harmless_and_lines_short():
    message = "\x1b]0;title\x07\x1b[2J[bold]x[/bold]\nsecond line " + "long " * 50
    check = CheckResult("area", "failed", 0, 2, message=message)
    (line,) = findings(result(check))
    assert len(line) <= 100
    console = Console(record=True, width=120, file=io.StringIO())
    console.print(class_table([result(check)]))
    text = console.export_text()
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "[bold]x[/bold]" in text
    assert "0 / 2" in text


def test_a_narrow_terminal_keeps_names_and_scores():
    check = CheckResult("area", "failed", 1.5, 2, message="long " * 20)
    long_name = dataclasses.replace(result(check), student="somebody-with-a-rather-long-name")
    console = Console(record=True, width=60, file=io.StringIO())
    console.print(class_table([long_name, result(check)]))
    head, first, second = (line for line in console.export_text().splitlines() if line.strip())
    assert head.split() == ["student", "score", "what", "was", "found"]
    assert first.startswith("somebody-with-a-rather-long-name  1.5 / 2  area: l")
    assert second.split()[:4] == ["someone", "1.5", "/", "2"]
