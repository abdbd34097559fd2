"""How a sound recipe is made ill, and how it is made sure that it is.

Each fault is put in by its cause. Where a cause does not show in every net, an experiment decides that knows
nothing of the doctor's rules: the net's own state, what the words themselves say (NaN: the loss is not
finite), or the remedy (a rate is too high if the same net, trained with less of it, ends lower).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from course_lib.nn import LeakyReLU, ReLU, Sigmoid, Tanh, initialisers
from course_lib.training.monitor import silent_share
from tools.training_runs.recipes import Outcome, Recipe, carry_out
from tools.training_runs.worlds import sound_rate

Draw = Callable[[Recipe, np.random.Generator], Iterator[Outcome]]


def lowest_loss(outcome: Outcome) -> float:
    """Return the last epoch's training loss, or infinity where it is not finite."""
    loss = outcome.history.train_loss[-1]
    return loss if np.isfinite(loss) else np.inf


def silent(outcome: Outcome, kinds: tuple[type, ...]) -> float:
    """Return the largest silent share of a layer of these kinds over all training examples."""
    (x, _), _ = outcome.recipe.data()
    shares = [0.0]
    for layer in outcome.model.layers:
        x = layer(x)
        if isinstance(layer, kinds):
            shares.append(silent_share(layer, x))
    return max(shares)


def healthy(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """Something was learned, twice the epochs would not have lowered the validation loss by a fifth more.

    And it is not past its best.
    """
    outcome = carry_out(recipe)
    losses = outcome.history.validation_loss
    if losses[-1] > 1.1 * min(losses) or losses[-1] > 0.5 * np.log(recipe.classes):
        return
    longer = carry_out(recipe.but(epochs=2 * recipe.epochs))
    if min(longer.history.validation_loss) > 0.8 * min(losses):
        yield outcome


def not_applied(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """Gradients are cleared before the step, or the optimiser holds another net's parameters."""
    yield carry_out(recipe.but(sign=0.0) if rng.random() < 0.5 else recipe.but(elsewhere=True))


def wrong_direction(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """The gradient is added."""
    yield carry_out(recipe.but(sign=-1.0))


def not_a_number(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """The rate is so high that the loss stops being a number, though not in the very first steps.

    With cross-entropy gradients stay bounded and losses finite; squared distances have no such brake.
    """
    optimizer = str(rng.choice(["sgd", "momentum"]))
    recipe = recipe.but(optimizer=optimizer, rate=sound_rate(optimizer, rng), squares=True, normalise=False)
    for factor in 4.0 ** np.arange(2, 8):
        outcome = carry_out(recipe.but(rate=recipe.rate * factor))
        first = np.flatnonzero(~np.isfinite(outcome.history.step_loss))
        if first.size:
            if first[0] >= 4:
                yield outcome
            return


def rate_too_high(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """A tenth of the rate ends at less than half the loss, though the loss stays finite."""
    recipe = recipe.but(rate=recipe.rate * float(np.exp(rng.uniform(np.log(4), np.log(60)))))
    outcome = carry_out(recipe)
    gentle = carry_out(recipe.but(rate=recipe.rate / 10))
    if np.isfinite(lowest_loss(outcome)) and lowest_loss(gentle) < 0.5 * lowest_loss(outcome):
        yield outcome


def rate_too_low(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """A fortieth to a three hundredth of a sound rate."""
    yield carry_out(recipe.but(rate=recipe.rate / float(np.exp(rng.uniform(np.log(40), np.log(300))))))


def not_converged(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """The rate is sound, and four times the epochs lower the validation loss by a third."""
    recipe = recipe.but(rate=recipe.rate * float(rng.uniform(0.15, 0.6)), epochs=int(rng.integers(1, 5)))
    outcome = carry_out(recipe)
    longer = carry_out(recipe.but(epochs=4 * recipe.epochs))
    if min(longer.history.validation_loss) < 0.67 * min(outcome.history.validation_loss):
        yield outcome


def overfitting(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """Few examples, some with wrong labels, many epochs: validation learned, then got worse by a quarter."""
    few = _few_examples(recipe, int(rng.integers(60, 250)), rng)
    outcome = carry_out(few.but(mislabelled=float(rng.uniform(0.1, 0.35))))
    losses = np.array(outcome.history.validation_loss)
    learned = losses.min() < 0.75 * np.log(recipe.classes)
    if learned and losses[-1] > 1.25 * losses.min() and outcome.history.train_accuracy[-1] > 0.95:
        yield outcome


def memorising(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """Labels are random, or examples a handful: all are learned by heart, and nothing for others."""
    if rng.random() < 0.6:
        recipe = _few_examples(recipe, int(rng.integers(80, 200)), rng).but(mislabelled=1.0)
    else:
        recipe = _few_examples(recipe, int(rng.integers(1, 3)) * recipe.classes, rng)
    outcome = carry_out(recipe)
    guessing = np.log(recipe.classes)
    losses = np.array(outcome.history.validation_loss)
    nothing = losses.min() > 0.85 * guessing and losses[-1] > guessing
    if nothing and outcome.history.train_accuracy[-1] > 0.95:
        yield outcome


def _few_examples(recipe: Recipe, train: int, rng: np.random.Generator) -> Recipe:
    batch = min(recipe.batch, max(4, train // 4))
    optimizer = str(rng.choice(["momentum", "adam"]))
    few = recipe.but(train=train, batch=batch, epochs=int(rng.integers(25, 60)))
    return few.but(optimizer=optimizer, rate=sound_rate(optimizer, rng))


def validation_too_small(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """A handful of validation examples."""
    yield carry_out(recipe.but(validation=int(rng.integers(6, 21))))


def oscillation(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """All examples in each step, so that nothing is random, and yet the loss rises time and again.

    Its rises in the second half of the run add up to half of its mean there, at least.
    """
    optimizer = str(rng.choice(["sgd", "momentum", "heavy"]))
    recipe = recipe.but(train=400, batch=400, epochs=50, filters=0, optimizer=optimizer)
    rate = sound_rate(optimizer, rng)
    for factor in 4 * 2.0 ** np.arange(5):
        outcome = carry_out(recipe.but(rate=rate * factor))
        losses = np.array(outcome.history.step_loss)
        late = losses[len(losses) // 2 :]
        if not np.isfinite(losses).all():
            return
        rises = np.maximum(np.diff(late), 0)
        if rises.sum() > 0.5 * late.mean() and np.mean(rises > 0) > 0.1:
            yield outcome
            return


def fluctuation(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """One to three examples a step; a tenth of the rate for the last third halves the loss."""
    recipe = recipe.but(batch=int(rng.integers(1, 4)), epochs=4, train=160, filters=0, normalise=False)
    recipe = recipe.but(rate=recipe.rate * float(rng.uniform(0.5, 3)))
    outcome = carry_out(recipe)
    calmed = carry_out(recipe.but(schedule=lambda done: 1.0 if done < 2 / 3 else 0.1))
    if np.isfinite(lowest_loss(outcome)) and lowest_loss(calmed) < 0.5 * lowest_loss(outcome):
        yield outcome


def instability(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """Now and then a batch comes unscaled, or the rate rises: the loss falls, and jumps up again."""
    if rng.random() < 0.5:
        outcome = carry_out(recipe.but(outliers=float(rng.uniform(0.005, 0.02))))
    else:
        top = float(np.exp(rng.uniform(np.log(10), np.log(60))))
        outcome = carry_out(recipe.but(schedule=lambda done: top ** max(0.0, 1.5 * done - 0.5)))
    losses = np.array(outcome.history.train_loss)
    best = int(losses.argmin()) if np.isfinite(losses).all() else 0
    if (
        np.isfinite(losses).all()
        and losses[best:].max() > 2 * losses[best]
        and losses[best] < 0.7 * losses[0]
    ):
        yield outcome


def plateau(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """Units begin almost alike, or the rate is cut off long before the end."""
    if rng.random() < 0.5:
        spread = float(10 ** rng.uniform(-5, -3))

        def alike(shape, *, rng, dtype):
            rows = np.repeat(initialisers.he_normal((1, *shape[1:]), rng=rng), shape[0], axis=0)
            return (rows + initialisers.normal(shape, std=spread, rng=rng)).astype(dtype)

        outcome = carry_out(recipe.but(start=alike, filters=0, normalise=False, epochs=20))
    else:
        end = float(rng.uniform(0.08, 0.2))
        rate = recipe.rate * float(rng.uniform(0.15, 0.5))
        outcome = carry_out(
            recipe.but(rate=rate, epochs=15, schedule=lambda done: 1.0 if done < end else 1e-4)
        )
    # The remedies: units that begin apart, and a rate that stays.
    better = carry_out(recipe.but(epochs=outcome.recipe.epochs))
    losses = outcome.history.train_loss
    middle = losses[len(losses) // 3 : 2 * len(losses) // 3]
    still = np.ptp(middle) < 0.05 * losses[0]
    if still and np.mean(middle) < 0.97 * losses[0] and lowest_loss(better) < 0.6 * np.mean(middle):
        yield outcome


def slow_start(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """Initial weights too small: with the usual ones the first third of the epochs ends at less than half."""
    scale = float(10 ** rng.uniform(-2.3, -1.2))

    def small(shape, *, rng, dtype):
        return initialisers.he_normal(shape, rng=rng, dtype=dtype) * dtype.type(scale)

    widths = recipe.widths if len(recipe.widths) > 1 else (*recipe.widths, 24)
    recipe = recipe.but(widths=widths, normalise=False)
    outcome = carry_out(recipe.but(start=small))
    usual = carry_out(recipe)
    third = max(1, recipe.epochs // 5)
    if usual.history.train_loss[third] < 0.5 * outcome.history.train_loss[third]:
        yield outcome


def dead_units(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """Biases so low that most rectifiers of a layer never answer, to the end."""
    recipe = recipe.but(activation="relu", bias=-float(rng.uniform(2.5, 8)), normalise=False)
    outcome = carry_out(recipe)
    if silent(outcome, (ReLU, LeakyReLU)) > 0.5:
        yield outcome


def saturated_units(recipe: Recipe, rng: np.random.Generator) -> Iterator[Outcome]:
    """Weights so large that most values of a layer stay at the bounds, to the end."""
    scale = float(np.exp(rng.uniform(np.log(6), np.log(40))))

    def large(shape, *, rng, dtype):
        return initialisers.xavier_normal(shape, rng=rng, dtype=dtype) * dtype.type(scale)

    activation = str(rng.choice(["tanh", "sigmoid"]))
    outcome = carry_out(recipe.but(activation=activation, start=large, normalise=False))
    if silent(outcome, (Tanh, Sigmoid)) > 0.5:
        yield outcome


#: Names of the doctor's findings, and what makes runs that have them; "healthy" has none.
FAULTS: dict[str, Draw] = {
    "healthy": healthy,
    "gradients not applied": not_applied,
    "wrong direction": wrong_direction,
    "not a number": not_a_number,
    "rate too high": rate_too_high,
    "rate too low": rate_too_low,
    "not converged": not_converged,
    "overfitting": overfitting,
    "memorising": memorising,
    "validation set too small": validation_too_small,
    "oscillation": oscillation,
    "fluctuation": fluctuation,
    "instability": instability,
    "plateau": plateau,
    "slow start": slow_start,
    "dead units": dead_units,
    "saturated units": saturated_units,
}
