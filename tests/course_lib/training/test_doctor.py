"""The doctor names problems by their curves, reads what others keep, and says what it cannot know."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.training import History, Monitor
from course_lib.training.doctor import diagnose
from course_lib.training.doctor.measures import Measures, running_mean
from course_lib.training.doctor.reading import read, smallest_denominator
from course_lib.training.doctor.table import RULES
from course_lib.training.monitor import Record

RNG = np.random.default_rng(0)
EPOCHS = np.arange(15)
FALLING = 0.2 + 2.1 * np.exp(-EPOCHS / 2)


def history(train, validation=None, *, steps_per_epoch=20, noise=0.03, seed=0):
    """A History whose steps lie on a line through the epochs' losses, with noise."""
    rng = np.random.default_rng(seed)
    train = np.asarray(train, dtype=float)
    places = np.arange(len(train) * steps_per_epoch) / steps_per_epoch
    steps = np.interp(places, np.arange(len(train)), train) * (1 + noise * rng.standard_normal(len(places)))
    return History(
        step_loss=steps.tolist(),
        train_loss=train.tolist(),
        validation_loss=[] if validation is None else np.asarray(validation, dtype=float).tolist(),
    )


def monitor(ratio=2e-3, *, silent=0.0, layer="ReLU", spread=0.7, records=30):
    """A monitor that has seen the same in every record."""
    made = Monitor()
    made.steps = list(range(records))
    made.update_ratio = {"0.weight": [ratio] * records, "0.bias": [math.nan] * records}
    record = Record(layer=layer, step=made.steps, std=[spread] * records, silent=[silent] * records)
    made.activations = {"1": record}
    return made


def test_a_healthy_run_has_no_finding():
    found = diagnose(history(FALLING, FALLING + 0.05), monitor(), validation_examples=500)
    assert (found.findings, found.first, found.unknown) == ((), "healthy", ())
    assert str(found) == "No problem found."
    assert "No problem found" in found._repr_html_()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.problem)
def test_every_rule_says_what_goes_on_what_to_do_and_where_to_read(rule):
    assert rule.meaning.endswith(".")
    assert rule.remedy.endswith(".")
    assert rule.lecture[:2].isdigit()
    assert rule.applies.__doc__


def test_problems_have_different_names():
    assert len({rule.problem for rule in RULES}) == len(RULES)


CLIMBING = 2.3 * np.exp(EPOCHS / 5)
SWINGING = 1.0 + 0.5 * (-1.0) ** np.arange(200)
WAVES = 1.0 + 0.5 * np.sin(np.arange(200) / 3)
STAIRS = np.concatenate([np.linspace(2.3, 1.7, 4), np.full(9, 1.7), [1.0, 0.5]])
LATE = np.concatenate([np.full(5, 2.3), 2.3 * np.exp(-np.arange(10) / 2)])
CASES = {
    "gradients not applied": (history(np.full(15, 2.3), np.full(15, 2.31)), None, "to the last digit"),
    "wrong direction": (history(CLIMBING), monitor(2e-3), "rose from 2.3"),
    "not a number": (
        History(step_loss=[2.3, 4.0, 90.0, math.nan, math.nan], train_loss=[math.nan] * 2),
        None,
        "nan from",
    ),
    "overfitting": (history(FALLING, 0.9 + 0.08 * np.abs(EPOCHS - 4)), monitor(), "lowest in epoch 5"),
    "memorising": (history(FALLING, 2.3 + 0.2 * EPOCHS), monitor(), "validation loss never below"),
    "not converged": (history(np.linspace(2.3, 1.1, 15)), monitor(), "last third"),
    "rate too low": (history(np.linspace(2.3, 2.0, 15)), monitor(2e-5), "2.0e-05 of the weights"),
    "slow start": (history(LATE), monitor(spread=1e-4), "standard deviation of 1.0e-04"),
    "oscillation": (
        History(step_loss=SWINGING.tolist(), train_loss=SWINGING.tolist()),
        None,
        "every step sees all examples",
    ),
    "instability": (history([*FALLING[:10], 2.0, 1.5, 0.9, 0.5, 0.4]), monitor(), "times the lowest"),
    "plateau": (history(STAIRS), monitor(), "for"),
    "dead units": (history(FALLING), monitor(silent=0.8), "80% of the units of layer 1"),
    "saturated units": (history(FALLING), monitor(silent=0.9, layer="Tanh"), "90% of the outputs of layer 1"),
}


@pytest.mark.parametrize("problem", CASES)
def test_a_curve_made_for_a_problem_gets_its_name_and_numbers(problem):
    seen, watched, evidence = CASES[problem]
    found = diagnose(seen, watched)
    assert found.first == problem
    assert evidence in found.findings[0].evidence
    assert problem in str(found)
    assert found.findings[0].remedy in str(found)
    assert f">{problem}" in found._repr_html_()


def test_waves_of_momentum_are_an_oscillation_too():
    assert diagnose(WAVES.tolist()).first == "oscillation"


def test_noise_alone_is_a_fluctuation():
    rng = np.random.default_rng(1)
    steps = np.concatenate([np.linspace(2.3, 0.8, 300), np.full(900, 0.8)]) * rng.chisquare(1, 1200)
    seen = History(step_loss=steps.tolist(), train_loss=steps.reshape(12, 100).mean(1).tolist())
    assert diagnose(seen, monitor()).first == "fluctuation"


def test_weights_that_never_move_are_named_with_certainty():
    found = diagnose(history(np.full(15, 2.3)), monitor(0.0))
    assert found.first == "gradients not applied"
    assert "exactly 0 at all 30" in found.findings[0].evidence


def test_few_validation_examples_are_told_by_their_accuracies():
    counts = [3, 5, 8, 7, 9, 8, 10, 9, 11, 10, 9, 11]
    seen = {"loss": FALLING[:12], "val_loss": FALLING[:12] + 0.1, "val_acc": [k / 12 for k in counts]}
    assert diagnose(seen).first == "validation set too small"
    many = {**seen, "val_acc": [0.3 + 0.0537 * k for k in range(12)]}
    assert diagnose(many).first == "healthy"
    assert diagnose(many, validation_examples=9).first == "validation set too small"


@pytest.mark.parametrize("examples", [7, 12, 30, 400, 1000])
def test_accuracies_tell_the_number_of_examples(examples):
    counts = np.random.default_rng(examples).integers(0, examples + 1, 15)
    found = smallest_denominator((counts / examples).astype(np.float32).astype(float))
    # A smaller number is given only where all shares can be cancelled down to it.
    assert examples % found == 0
    assert np.allclose(counts * found % examples, 0)


def test_accuracies_of_few_values_tell_nothing():
    assert smallest_denominator(np.array([0.5, 0.5, 0.5])) is None
    assert smallest_denominator(np.array([0.5, 0.5, 1.0])) == 2
    assert smallest_denominator(np.array([math.nan])) is None


def test_a_bare_curve_is_enough_for_some_findings_and_the_rest_is_said_to_be_unknown():
    found = diagnose(np.linspace(2.3, 1.1, 15).tolist())
    assert found.first == "not converged"
    unknown = "\n".join(found.unknown)
    for problem in ("overfitting", "dead units", "saturated units", "fluctuation"):
        assert f"“{problem}” cannot be judged without" in unknown
    for problem in ("gradients not applied", "rate too high", "rate too low"):
        assert f"“{problem}” can only be guessed without" in unknown
    assert "Monitor()" in unknown
    assert "Not known: " in str(found)


def test_a_finding_from_less_than_all_is_uncertain():
    flat = diagnose([2.3] * 10)
    assert flat.first == "gradients not applied"
    assert not flat.findings[0].certain
    assert "(perhaps)" in str(flat)
    sure = diagnose(history(np.full(15, 2.3), np.full(15, 2.3)), monitor(0.0))
    assert sure.findings[0].certain


# What Keras's fit returns, what it keeps, and what loops around PyTorch collect, for the same overfitted run.
TRAIN, VALIDATION = FALLING.tolist(), (0.9 + 0.08 * np.abs(EPOCHS - 4)).tolist()
SAME = {
    "Keras's object": SimpleNamespace(
        history={"loss": TRAIN, "val_loss": VALIDATION, "accuracy": [0.5] * 15, "val_accuracy": [0.5] * 15}
    ),
    "Keras's mapping": {"loss": TRAIN, "val_loss": VALIDATION},
    "a mapping of lists": {"train_loss": TRAIN, "valid_loss": VALIDATION},
    "a list of dicts": [
        {"train_loss": a, "val_loss": b, "epoch": n} for n, (a, b) in enumerate(zip(TRAIN, VALIDATION))
    ],
    "our history": History(train_loss=TRAIN, validation_loss=VALIDATION),
    "our history as a dict": History(train_loss=TRAIN, validation_loss=VALIDATION).to_dict(),
}


@pytest.mark.parametrize("given", SAME.values(), ids=SAME)
def test_histories_of_others_say_the_same(given):
    found = diagnose(given)
    assert found.first == "overfitting"
    assert "lowest in epoch 5" in found.findings[0].evidence


def test_tensors_of_one_element_are_numbers():
    class Tensor:
        def __init__(self, value):
            self.value = value

        def __float__(self):
            return float(self.value)

    assert (
        diagnose([{"loss": Tensor(a), "val_loss": Tensor(b)} for a, b in zip(TRAIN, VALIDATION)]).first
        == "overfitting"
    )


def test_accuracies_in_percent_are_shares():
    run = read({"loss": TRAIN, "accuracy": [50.0] * 14 + [98.0], "val_acc": [0.5] * 15})
    assert run.train_accuracy.max() == 0.98
    assert run.validation_accuracy.max() == 0.5


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (
            {"val_loss": [1.0]},
            ValueError,
            r"history must hold a training loss .* got the names \['val_loss'\]",
        ),
        ([], ValueError, "history must hold a training loss"),
        (3.5, TypeError, "history must be a History.* got a float"),
        ("loss.csv", TypeError, "history must be a History.* got a str"),
        ({"loss": ["a"]}, TypeError, r"history\['loss'\] must be a list of numbers"),
    ],
)
def test_what_is_no_history_is_refused(given, error, message):
    with pytest.raises(error, match=message):
        diagnose(given)


def test_short_runs_are_judged_without_a_hitch():
    for length in range(1, 8):
        assert isinstance(str(diagnose((2.3 / np.arange(1, length + 1)).tolist())), str)
    assert diagnose([math.nan]).first == "not a number"


def test_running_means_keep_a_line_and_its_length():
    line = np.arange(20.0)
    np.testing.assert_allclose(running_mean(line, 5)[2:-2], line[2:-2])
    assert running_mean(line, 5).shape == line.shape
    np.testing.assert_allclose(running_mean(line, 5)[0], 1.0)


def test_noise_is_not_predictable_and_a_wave_is():
    noise = np.random.default_rng(0).standard_normal(400) + 10
    wave = 10 + np.sin(np.arange(400) / 2)
    assert Measures(read(noise)).predictable < 0.2
    assert Measures(read(wave)).predictable > 0.9
