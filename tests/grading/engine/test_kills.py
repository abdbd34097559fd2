"""kill -9 of any process of a grading run, at any moment, costs the work in hand and nothing else.

``COURSE_KILLS=50`` asks for more moments than the ten of the usual run.
"""

import os
import random
import shutil
import time

import pytest
from interrupted_runs import TARGETS, await_ends, family, finish, finished, kill_one, recorded, start_grading

pytestmark = pytest.mark.slow

KILLS = int(os.environ.get("COURSE_KILLS", "10"))
STUDENTS = 16


@pytest.fixture(scope="module")
def undisturbed(released_template, open_classroom, tmp_path_factory):
    """A class with submissions, its outcome, and when its first checker starts and all is done."""
    base = tmp_path_factory.mktemp("kills")
    ungraded, graded = base / "ungraded", base / "graded"
    shutil.copytree(released_template, ungraded)
    room = open_classroom(ungraded)
    answers = [
        ("return a + b", "return 2 * a"),
        ("return a - b", "return 2 * a"),
        ("raise ValueError(a)", "return a * 2"),
    ]
    for number in range(STUDENTS):
        one, two = answers[number % len(answers)]
        room.hand_in(f"student{number:02d}", answers=(f"{one}  # {number}", two))
    shutil.copytree(ungraded, graded)
    began = time.monotonic()
    run = start_grading(graded)
    while run.poll() is None and not any("grading.checker" in line for line in family(run.pid).values()):
        time.sleep(0.05)
    first = time.monotonic() - began
    finish(run)
    assert run.returncode == 0
    return ungraded, recorded(graded), (first, time.monotonic() - began)


@pytest.mark.timeout(120 + 60 * KILLS)
@pytest.mark.parametrize("number", range(KILLS))
def test_a_kill_at_any_moment_loses_and_doubles_nothing(number, undisturbed, tmp_path):
    ungraded, expected, (first, last) = undisturbed
    chance = random.Random(f"kill {number}")
    target = sorted(TARGETS)[number % len(TARGETS)]
    root = tmp_path / "class"
    shutil.copytree(ungraded, root)
    grading = start_grading(root)
    # Before the first checker there is nothing but the coordinator to kill.
    killed = kill_one(grading, target, chance.uniform(first if target != "coordinator" else 0.3, last))
    processes = family(grading.pid)
    finish(grading)
    assert await_ends(set(processes) - {killed}) == []
    before = finished(root)
    again = start_grading(root)
    output = finish(again)
    assert again.returncode == 0, output
    assert recorded(root) == expected
    after = finished(root)
    assert len(after) == STUDENTS
    assert {student: after[student] for student in before} == before


@pytest.mark.parametrize("target", ["checker", "sandbox"])
def test_a_run_survives_the_loss_of_what_works_for_it(target, undisturbed, tmp_path):
    """Where a checker or its sandbox is killed while it grades, the same run starts another and goes on."""
    ungraded, expected, _ = undisturbed
    root = tmp_path / "class"
    shutil.copytree(ungraded, root)
    grading = start_grading(root)
    while grading.poll() is None and not finished(root):
        time.sleep(0.01)
    assert kill_one(grading, target, 0.05) is not None
    output = finish(grading)
    assert grading.returncode == 0, output
    assert recorded(root) == expected
