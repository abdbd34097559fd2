"""Runs with a known fault: sound without a dose, ill with a full one, each by its cause."""

import numpy as np
import pytest

from course_lib.training.doctor.table import RULES
from course_lib.training.faulty_runs import FAULTS, HEALTHY, Plan, carry_out, faulty_run, plan_for, told

ILL = [fault for fault in FAULTS if fault != HEALTHY]


def test_there_is_a_fault_for_every_finding():
    assert set(ILL) == {rule.problem for rule in RULES}


@pytest.mark.parametrize("fault", ILL)
def test_the_doctor_names_the_full_dose(fault):
    assert faulty_run(fault).diagnose().first == fault


def test_the_sound_run_is_healthy_and_learns():
    for seed in range(3):
        run = faulty_run(HEALTHY, seed=seed)
        assert run.plan == Plan()
        assert run.diagnose().findings == ()
        assert run.history.validation_accuracy[-1] > 0.85


def test_gradients_that_are_not_applied_leave_the_weights_alone():
    run = faulty_run("gradients not applied")
    assert np.ptp(run.history.validation_loss) == 0
    assert max(max(ratios) for name, ratios in run.monitor.update_ratio.items() if "weight" in name) == 0


def test_half_a_dose_of_the_wrong_direction_is_no_direction():
    assert plan_for("wrong direction", 0.5).gradient == 0
    assert np.ptp(faulty_run("wrong direction", 0.5).history.validation_loss) == 0


def test_units_are_silent_where_they_should_be():
    dead = faulty_run("dead units").monitor.activations
    assert max(np.median(record.silent) for record in dead.values() if record.silent) > 0.5
    saturated = faulty_run("saturated units").monitor.activations
    assert {record.layer for record in saturated.values() if record.silent} == {"Tanh"}


def test_validation_examples_and_weights_are_the_same_whatever_the_training_set():
    # With no updates only the training pixels' mean and deviation are others.
    large, small = (carry_out(Plan(train=count, gradient=0.0), 3) for count in (480, 448))
    assert large.history.validation_loss[0] == pytest.approx(small.history.validation_loss[0], rel=0.01)
    assert len(set(large.history.validation_loss)) == 1


def test_a_run_is_made_once_and_the_same_each_time():
    first = faulty_run("plateau", 0.7, seed=2)
    assert faulty_run("plateau", 0.7, seed=2) is first
    again = carry_out.__wrapped__(first.plan, 2)
    assert again.history.step_loss == first.history.step_loss
    assert faulty_run("plateau", 0.7, seed=3).history.step_loss != first.history.step_loss


def test_what_was_done_is_told():
    assert told(plan_for("dead units", 1.0)) == "initial biases of −6"
    assert told(plan_for("rate too high", 1.0)) == "a rate of 0.6"
    assert told(Plan()) == ""


@pytest.mark.parametrize(
    ("fault", "dose", "seed", "name"),
    [
        ("flu", 1.0, 0, "fault"),
        ("plateau", 1.5, 0, "dose"),
        ("plateau", True, 0, "dose"),
        ("plateau", 1.0, -1, "seed"),
    ],
)
def test_what_cannot_be_is_refused_by_name(fault, dose, seed, name):
    with pytest.raises(ValueError, match=f"{name} must be"):
        faulty_run(fault, dose, seed=seed)
