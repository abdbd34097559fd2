"""The doctor names the fault of runs that its rules were not tuned on, and the page says how often."""

from pathlib import Path

import numpy as np
import pytest

from course_lib import get_num_threads, set_num_threads
from course_lib.training.doctor.table import RULES
from tools.training_runs.confusion import NAMES, Confusion, as_table, from_table, judge
from tools.training_runs.generation import draw, draw_all
from tools.training_runs.worlds import HELD_OUT, TUNING

PAGE = Path(__file__).resolve().parents[2] / "docs" / "doctor.md"


@pytest.fixture(autouse=True)
def one_thread():
    before = get_num_threads()
    set_num_threads(1)
    yield
    set_num_threads(before)


def measured():
    page = PAGE.read_text(encoding="utf-8")
    with_monitor = Confusion(from_table(page[page.index("<!-- measured: begin -->") :]))
    assert with_monitor.counts.shape == (len(NAMES), len(NAMES))
    return with_monitor


def test_every_fault_has_a_rule_and_every_rule_a_fault():
    assert set(NAMES) == {"healthy"} | {rule.problem for rule in RULES}


def test_nothing_of_the_measured_runs_was_there_to_tune_on():
    assert not set(HELD_OUT.samples) & set(TUNING.samples)
    assert not set(HELD_OUT.widths) & set(TUNING.widths)
    assert not set(HELD_OUT.batches) & set(TUNING.batches)
    assert (HELD_OUT.seed, HELD_OUT.filters) != (TUNING.seed, TUNING.filters)


def test_a_run_is_the_same_whenever_it_is_drawn():
    first, again = (next(draw(HELD_OUT, "wrong direction", 1)) for _ in range(2))
    np.testing.assert_array_equal(first.outcome.history.step_loss, again.outcome.history.step_loss)


def test_the_table_of_the_page_is_read_as_it_was_written():
    counts = np.arange(len(NAMES) ** 2).reshape(len(NAMES), -1)
    np.testing.assert_array_equal(from_table(f"Before.\n\n{as_table(counts)}\n\nAfter."), counts)


def test_the_page_holds_the_measurement_of_300_runs():
    confusion = measured()
    assert confusion.counts.sum() == 300
    assert confusion.counts.sum(axis=1).tolist() == [60] + 15 * [15] + [15]
    assert confusion.right >= 0.9
    assert confusion.called_ill <= 0.05


@pytest.mark.slow
def test_the_first_run_of_every_fault_is_told_from_the_others():
    confusion = judge(draw_all(HELD_OUT, healthy=2, ill=1))
    assert confusion.called_ill == 0
    assert confusion.right >= 0.85, [(case.fault, case.first) for case in confusion.wrong]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_doctor_is_right_about_300_runs():
    confusion = judge(draw_all(HELD_OUT))
    assert confusion.right >= 0.9, [(case.fault, case.number, case.first) for case in confusion.wrong]
    assert confusion.called_ill <= 0.05
    # Other processors round otherwise, and a few runs near a threshold may fall to its other side.
    assert np.abs(confusion.counts - measured().counts).sum() <= 2 * 6
