"""The range test finds the rate that theory gives, and leaves no trace."""

import numpy as np
import pytest

from course_lib import nn, optim
from course_lib.data import load_digits
from course_lib.training import fit, learning_rate_range, random_restarts

DIGITS = load_digits().subset(np.arange(400))


def net():
    model = nn.Sequential(
        nn.Conv2d(1, 8, 3, padding=1, rng=0),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(0.2, rng=3),
        nn.Linear(512, 10, rng=1),
    )
    return model, optim.SGD(model.parameters(), 0.05, momentum=0.9)


def test_on_a_quadratic_the_largest_rate_is_that_of_the_theory():
    """Least squares with one input: gradient descent diverges above 2/λ, λ the mean of 2x²."""
    x = np.full((64, 1), 3.0)
    model = nn.Linear(1, 1, bias=False, rng=0, dtype=np.float64)
    model.weight.data[...] = 1.0
    found = learning_rate_range(
        model,
        nn.MSELoss(),
        optim.SGD(model.parameters(), 1.0),
        (x, np.zeros((64, 1))),
        lowest=1e-4,
        highest=10,
        steps=400,
        smoothing=0,
    )
    edge = 2 / (2 * 9)
    assert found.diverged
    # The loss falls until the rate passes the edge, then rises.
    assert found.largest == pytest.approx(edge, rel=0.05)
    assert found.suggestion == pytest.approx(found.largest / 3)
    assert found.rates[0] == pytest.approx(1e-4)


def test_the_run_that_follows_is_the_one_without_the_test():
    def run(test_first):
        model, optimizer = net()
        rng = np.random.default_rng(5)
        fit(model, nn.CrossEntropyLoss(), optimizer, DIGITS, epochs=1, rng=rng, progress=False)
        model.train()
        if test_first:
            before = model.state_dict()
            learning_rate_range(model, nn.CrossEntropyLoss(), optimizer, DIGITS, steps=60, rng=rng)
            np.testing.assert_equal(model.state_dict(), before)
            assert model.training and optimizer.lr == 0.05
        history = fit(model, nn.CrossEntropyLoss(), optimizer, DIGITS, epochs=2, rng=rng, progress=False)
        return model.state_dict(), optimizer.state_dict(), history.step_loss

    np.testing.assert_equal(run(True), run(False))


def test_everything_is_restored_also_where_the_test_fails():
    model, optimizer = net()
    before = model.state_dict(), optimizer.state_dict()

    class Broken(nn.CrossEntropyLoss):
        calls = 0

        def __call__(self, outputs, targets):
            self.calls += 1
            if self.calls == 5:
                raise RuntimeError("broken")
            return super().__call__(outputs, targets)

    with pytest.raises(RuntimeError, match="broken"):
        learning_rate_range(model, Broken(), optimizer, DIGITS)
    np.testing.assert_equal((model.state_dict(), optimizer.state_dict()), before)


def test_the_suggested_rate_learns_and_thirty_times_it_does_not():
    model, optimizer = net()
    found = learning_rate_range(model, nn.CrossEntropyLoss(), optimizer, DIGITS, steps=120)

    def final_loss(rate):
        model, _ = net()
        optimizer = optim.SGD(model.parameters(), rate, momentum=0.9)
        with np.errstate(all="ignore"):
            history = fit(model, nn.CrossEntropyLoss(), optimizer, DIGITS, epochs=4, progress=False)
        return np.nan_to_num(history.train_loss[-1], nan=np.inf)

    good, large = final_loss(found.suggestion), final_loss(30 * found.suggestion)
    assert good < 0.5
    assert large > 2 * good


def test_a_range_that_is_too_low_says_so():
    model, optimizer = net()
    found = learning_rate_range(model, nn.CrossEntropyLoss(), optimizer, DIGITS, highest=1e-4, steps=20)
    assert not found.diverged
    assert len(found.rates) == len(found.losses) == len(found.smoothed) == 20


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"lowest": 0}, "lowest and highest must be rising positive rates"),
        ({"lowest": 1, "highest": 0.1}, "lowest and highest"),
        ({"steps": 1}, "steps must be 2 or more"),
        ({"smoothing": 1}, "smoothing must be"),
        ({"blow_up": 1}, "blow_up must be above 1"),
    ],
)
def test_bad_settings_are_told(settings, reason):
    model, optimizer = net()
    with pytest.raises(ValueError, match=reason):
        learning_rate_range(model, nn.CrossEntropyLoss(), optimizer, DIGITS, **settings)
    with pytest.raises(ValueError, match="train must hold at least one example"):
        learning_rate_range(model, nn.CrossEntropyLoss(), optimizer, DIGITS.subset(np.arange(0)))


def test_restarts_keep_the_best_end_and_the_first_ones_do_not_depend_on_their_number():
    def build(rng):
        return nn.Linear(2, 1, rng=rng)

    def cost(model, rng):
        return float(model.weight.data.sum())

    few, many = (random_restarts(build, cost, count, rng=3) for count in (3, 12))
    np.testing.assert_array_equal(many.costs[:3], few.costs)
    assert len(set(many.costs)) == 12
    assert cost(many.best, None) == many.costs.min() < few.costs[0]


def test_restarts_pass_over_runs_that_diverged():
    ends = iter([np.nan, 2.0, np.inf, 1.0])
    found = random_restarts(lambda rng: nn.Linear(1, 1, rng=rng), lambda model, rng: next(ends), 4, rng=0)
    assert found.costs[3] == 1.0 and np.isnan(found.costs[0])
    with pytest.raises(ValueError, match="finite cost"):
        random_restarts(lambda rng: nn.Linear(1, 1, rng=rng), lambda model, rng: np.nan, 2, rng=0)
    with pytest.raises(ValueError, match="count must be a positive integer"):
        random_restarts(None, None, 0, rng=0)
