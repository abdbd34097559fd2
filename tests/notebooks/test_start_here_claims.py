"""The way in, run: the verdicts that it speaks of, the map, and the answers of its self-test."""

import html
import re

import pytest
from executed_lecture import LECTURES

from grading.outline import read_lectures

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def start(run_lecture):
    return run_lecture("00_start_here")


def shown(start, cell_id, kind="text/html"):
    return "".join(output.data.get(kind, "") for output in start.cells[cell_id].outputs if "data" in output)


def verdict(start, cell_id):
    return html.unescape(re.sub(r"<[^>]+>", " ", shown(start, cell_id)))


def test_a_wrong_function_gets_its_mistake_named_and_the_smallest_call(start):
    text = " ".join(verdict(start, "wrong").split())
    assert "✗ failed" in text
    assert "This looks like: the step climbs" in text
    assert "sgd_step(theta, grad, 0.5)" in text
    # The text works this call out: from 3, gradient 2, half a step of it.
    assert re.search(r"theta \(1,\) float64 3 .*grad \(1,\) float64 2 .*expected .* 2 .*yours .* 4 ✗", text)
    assert "Lecture 02, section 2.1" in text


def test_a_forgotten_return_is_said(start):
    text = verdict(start, "forgotten")
    assert "✗ failed" in text
    assert "return" in text


def test_the_right_function_passes(start):
    assert "✓ passed" in verdict(start, "right")


def test_the_map_shows_every_lecture_and_assignment_that_it_read(start):
    picture = html.unescape(shown(start, "map-drawn"))
    assert f"Map of the course: {len(LECTURES)} lectures" in picture
    for name in ("descent on 01 and 02", "convolution on 05 and 06", "02 needs 01"):
        assert name in picture


def test_ways_begin_where_nothing_is_needed_and_end_at_the_goal(start):
    lines = start.printed("ways-shown").splitlines()
    assert "to Adaptive optimisers: 01 → 02 → 03 → 04" in lines
    assert "to Convolutional networks: 05 → 06" in lines


def test_every_section_of_every_lecture_is_listed(start):
    listed = shown(start, "contents-shown", "text/markdown")
    for lecture in read_lectures():
        assert f"<summary>{lecture.number:02} · {lecture.title}</summary>" in listed
        numbers = {section.number for section in lecture.sections if section.number}
        assert set(re.findall(rf"^- \[({lecture.number}\.\d+) ", listed, re.MULTILINE)) == numbers


def test_calculus_comes_out_as_answered(start):
    text = start.printed("calculus-computed")
    assert "1. gradient [4. 4.]" in text
    assert "2. dL/dw -0.25" in text
    assert start.number(r"error ([\d.]+) times", "calculus-computed") == pytest.approx(8, abs=0.2)
    values = [float(v) for v in re.search(r"derivatives \[(.*?)\]", text)[1].split()]
    assert values == pytest.approx([8, -4, 8], abs=0.01)
    assert "5. 10.000000" in text


def test_linear_algebra_comes_out_as_answered(start):
    text = start.printed("algebra-computed")
    assert "6. (10,) (300, 10)" in text
    assert "7. [1. 3.] 2.0" in text
    assert "8. [-1.  3.] indefinite" in text
    assert "9. [0.81 0.  ]" in text
    assert "10. [[1.0, 1.0], [1.0, 1.0]]" in text
    assert start.number(r"mean of 4: ([\d.]+)", "algebra-computed") == 0.5


def test_python_prints_what_the_answers_say(start):
    assert start.printed("python-asked").splitlines() == [
        "12. (3, 4)",
        "13. [0. 1. 1. 0.]",
        "14. (3,) (8, 75)",
        "15. [-1. -1.]",
        "16. True",
        "17. True False",
    ]
