"""Every known mistake fails, with its own name, however it is made."""

import importlib
import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from assignment_students import ASSIGNMENTS, CHECKS, mistaken, right, verdict_on

import grading.checks

ROOT = Path(__file__).resolve().parents[3]
# Other ways to make the same mistake are for the slow tests.
MISTAKES = [
    pytest.param(
        check,
        mistake,
        number,
        id=f"{check.name}-{mistake.id}-{number}",
        marks=() if number == 0 else pytest.mark.slow,
    )
    for check in CHECKS.values()
    for mistake in check.misconceptions
    for number in range(len(mistake.computes))
]
ALL = [mistake for check in CHECKS.values() for mistake in check.misconceptions]


@cache
def judged(name, identifier, number):
    mistake = next(mistake for mistake in CHECKS[name].misconceptions if mistake.id == identifier)
    return verdict_on(name, mistaken(CHECKS[name], mistake, mistake.computes[number]))


@pytest.mark.parametrize(("check", "mistake", "number"), MISTAKES)
def test_mistake_fails_with_its_name(check, mistake, number):
    verdict = judged(check.name, mistake.id, number)
    assert verdict.status == "failed"
    assert verdict.misconception == mistake.id, str(verdict)
    assert verdict.explanation == mistake.explanation
    assert verdict.section == mistake.section
    assert verdict.fraction < 1


@pytest.mark.parametrize(("check", "mistake", "number"), MISTAKES)
def test_mistake_is_shown_on_a_small_input(check, mistake, number):
    verdict = judged(check.name, mistake.id, number)
    arguments = [e for e in verdict.exhibits if not e.label.startswith(("yours", "expected"))]
    assert sum(np.prod(argument.shape or 1) for argument in arguments) <= 24, verdict.counterexample


def test_padding_hard_coded_is_shown_on_a_single_pixel():
    verdict = verdict_on(
        "conv2d_forward", lambda x, w, b, stride=1, padding=0: right("conv2d_forward")(x, w, b, stride, 1)
    )
    assert [e.shape for e in verdict.exhibits[:2]] == [(1, 1, 1, 1), (1, 1, 1, 1)]


def test_identifiers_are_unique_and_kebab_case():
    identifiers = [mistake.id for mistake in ALL]
    assert len(set(identifiers)) == len(identifiers)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", identifier) for identifier in identifiers)


def test_explanations_are_one_to_three_short_sentences():
    for mistake in ALL:
        assert mistake.explanation.endswith((".", ".)")), mistake.id
        assert len(mistake.explanation) <= 240, mistake.id
        assert mistake.title[0].islower() or mistake.title[0] == "(", mistake.id
        assert not mistake.title.endswith("."), mistake.id


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_sections_are_headings_of_the_lecture(assignment):
    sections = importlib.import_module(f"grading.checks.{assignment}.sections")
    pointers = {value for name, value in vars(sections).items() if name.isupper()}
    used = {
        where.section for c in grading.checks.load(assignment).values() for where in (c, *c.misconceptions)
    }
    assert used <= pointers
    for pointer in pointers:
        assert re.fullmatch(r"Lecture \d\d(, section [\d.]+, “.+”)?", pointer), pointer
        if "“" in pointer:
            assert pointer in headings(pointer.split(",")[0].removeprefix("Lecture "))


@cache
def headings(lecture):
    """All sections of a lecture's notebook, written as a check points to them."""
    (path,) = (ROOT / "notebooks").glob(f"{lecture}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = [line for cell in cells for line in "".join(cell["source"]).splitlines()]
    number, found = "", set()
    for heading in (line.lstrip("# ") for line in lines if line.startswith("##")):
        # "4 · Title" or "4.2 Title"; a heading without a number belongs to the section before.
        number, title = re.fullmatch(r"(?:(\d[\d.]*)(?: ·)? )?(.+)", heading).groups(number)
        found.add(f"Lecture {lecture}, section {number}, “{title}”")
    return found


def test_two_mistakes_at_once_in_different_outputs_are_both_named():
    def both(dy, x, w, stride=1, padding=0):
        dx, dw, db = right("conv2d_backward")(dy, x, w, stride, padding)
        return dx, dw / len(x), dy.sum(axis=(2, 3))

    parts = {part.name[:2]: part for part in verdict_on("conv2d_backward", both).parts}
    assert parts["dx"].status == "passed"
    assert parts["dw"].misconception == "dw-averaged-over-batch"
    assert parts["db"].misconception == "db-axis-missing"


def test_an_unknown_mistake_is_not_given_a_name():
    def odd(x, w, b, stride=1, padding=0):
        return right("conv2d_forward")(x, w, b, stride, padding) + (x.shape[0] == 2)

    verdict = verdict_on("conv2d_forward", odd)
    assert verdict.status == "failed"
    assert verdict.misconception is None


def test_a_mistake_that_holds_on_some_inputs_only_is_not_named():
    def sometimes(x, w, b, stride=1, padding=0):
        return right("conv2d_forward")(x, w, b, stride, 1 if padding == 0 else padding)

    assert verdict_on("conv2d_forward", sometimes).misconception is None


def test_a_float_for_a_size_is_named_although_every_call_raises():
    def size_is_a_float(x, kernel_size, stride):
        return np.zeros((*x.shape[:2], (x.shape[2] - kernel_size) / stride + 1, 1))

    verdict = verdict_on("max_pool2d_forward", size_is_a_float)
    assert verdict.misconception == "size-is-a-float"
    assert "TypeError" in verdict.message
    assert "//" in verdict.explanation
