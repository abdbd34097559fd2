"""Training runs with a known fault: a sound recipe on real digits, made ill by its cause, in any dose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import cache, lru_cache

import numpy as np

from course_lib.data import load_digits
from course_lib.nn import CrossEntropyLoss, Linear, Module, MSELoss, ReLU, Sequential, Tanh, initialisers
from course_lib.optim import SGD
from course_lib.training.callbacks import Callback, RateSchedule, Run
from course_lib.training.doctor import Diagnosis, diagnose
from course_lib.training.history import History
from course_lib.training.loop import fit
from course_lib.training.monitor import Monitor

HEALTHY = "healthy"
_WIDTHS = (64, 32, 24, 10)
# Where batches come in another unit: shares of the run.
_ACCIDENTS = (0.55, 0.8)
# Share of the run after which the rate is cut, where it is.
_CUT = 0.08
_RECORDS = 40


@dataclass(frozen=True)
class Plan:
    """What decides a run; the defaults make a sound one.

    Attributes
    ----------
    train, validation, batch, epochs : int
        Examples of each kind, examples an update, and passes.
    rate, momentum : float
        Of stochastic gradient descent.
    tanh : bool
        Units of the hidden layers: tanh, or ReLU.
    weights : float
        Factor of the initial weights, which are Xavier's (tanh) or He's (ReLU).
    bias : float
        Initial biases of the hidden layers.
    gradient : float
        Every gradient is multiplied by it.
    mislabelled : float
        Share of training labels that are drawn at random.
    squares : bool
        The cost is the mean squared distance from one-hot targets, not the cross-entropy.
    unscaled : float
        Factor of the inputs of two batches late in the run.
    cut : float
        Factor of the rate from early in the run on.
    """

    train: int = 480
    validation: int = 240
    batch: int = 32
    epochs: int = 11
    rate: float = 0.01
    momentum: float = 0.9
    tanh: bool = False
    weights: float = 1.0
    bias: float = 0.0
    gradient: float = 1.0
    mislabelled: float = 0.0
    squares: bool = False
    unscaled: float = 1.0
    cut: float = 1.0


_SOUND = Plan()


def _between(first: float, last: float, dose: float) -> float:
    """Return the number that is a share `dose` of the way from first to last, by equal factors."""
    return float(first * (last / first) ** dose)


#: For each fault, by the name of the doctor's finding: how a dose from 0 to 1 changes the sound plan.
FAULTS: dict[str, Callable[[float], dict[str, object]]] = {
    "rate too high": lambda d: {"rate": _between(0.01, 0.6, d)},
    "rate too low": lambda d: {"rate": _between(0.01, 3e-5, d)},
    "wrong direction": lambda d: {"gradient": 1 - 2 * d, "rate": _between(0.01, 2e-4, d)},
    "gradients not applied": lambda d: {"gradient": 1 - d},
    "not a number": lambda d: {"squares": True, "rate": _between(0.1, 100.0, d)},
    "oscillation": lambda d: {
        "train": 240,
        "batch": 240,
        "epochs": 45,
        "momentum": 0.9 * (1 - d),
        "rate": _between(0.01, 0.7, d),
    },
    "fluctuation": lambda d: {
        "batch": round(_between(32, 2, d)),
        "train": 160,
        "epochs": 5,
        "rate": _between(0.01, 0.015, d),
    },
    "instability": lambda d: {"unscaled": _between(1, 60, d)},
    "slow start": lambda d: {"weights": _between(1, 0.06, d)},
    "plateau": lambda d: {"rate": 0.006, "cut": _between(1, 1e-4, d)},
    "not converged": lambda d: {"epochs": round(11 - 9 * d), "rate": _between(0.01, 0.005, d)},
    "overfitting": lambda d: {
        "train": round(_between(480, 80, d)),
        "batch": round(_between(32, 10, d)),
        "mislabelled": 0.25 * d,
        "epochs": round(11 + 19 * d),
        "rate": _between(0.01, 0.015, d),
    },
    "memorising": lambda d: {
        "train": round(_between(480, 100, d)),
        "batch": round(_between(32, 10, d)),
        "mislabelled": d,
        "epochs": round(11 + 25 * d),
    },
    "validation set too small": lambda d: {"validation": round(_between(240, 8, d))},
    "dead units": lambda d: {"bias": -6 * d},
    "saturated units": lambda d: {"tanh": True, "weights": _between(1, 20, d)},
    HEALTHY: lambda d: {},
}
_WORDS = {
    "train": "{} training examples",
    "validation": "{} validation examples",
    "batch": "{} examples an update",
    "epochs": "{} epochs",
    "rate": "a rate of {:.2g}",
    "momentum": "a momentum of {:.2g}",
    "tanh": "tanh units",
    "weights": "initial weights times {:.2g}",
    "bias": "initial biases of {:.2g}",
    "gradient": "gradients times {:.2g}",
    "mislabelled": "{:.0%} of the labels drawn at random",
    "squares": "squared distances as the cost",
    "unscaled": "two batches whose inputs are {:.2g} times too large",
    "cut": "a rate that is soon cut to {:.1g} of itself",
}


def plan_for(fault: str, dose: float) -> Plan:
    """Return the plan of a run with a fault.

    Parameters
    ----------
    fault : str
        One of `FAULTS`.
    dose : float
        How much of it, from 0 to 1.

    Raises
    ------
    ValueError
        If there is no such fault, or the dose is out of its range.
    """
    if not isinstance(fault, str) or fault not in FAULTS:
        raise ValueError(f"fault must be one of {', '.join(FAULTS)}, got {fault!r}")
    if isinstance(dose, bool) or not isinstance(dose, int | float) or not 0 <= dose <= 1:
        raise ValueError(f"dose must be a number from 0 to 1, got {dose!r}")
    return replace(_SOUND, **FAULTS[fault](float(dose)))


def told(plan: Plan) -> str:
    """Say in words how a plan differs from the sound one: "a rate of 0.3", or nothing."""
    sound = asdict(_SOUND)
    changed = {name: value for name, value in asdict(plan).items() if value != sound[name]}
    return ", ".join(_WORDS[name].format(value) for name, value in changed.items()).replace("-", "−")


@dataclass(frozen=True)
class FaultyRun:
    """A run that was carried out; what was recorded is shared by all who ask for it, and not to be changed.

    Attributes
    ----------
    plan : Plan
        What decided it.
    history, monitor : History, Monitor
        What it left behind.
    """

    plan: Plan
    history: History
    monitor: Monitor

    def diagnose(self, *, monitored: bool = True) -> Diagnosis:
        """Return what the doctor says, with the monitor or from the history alone."""
        return diagnose(
            self.history,
            self.monitor if monitored else None,
            validation_examples=self.plan.validation,
        )


def faulty_run(fault: str, dose: float = 1.0, *, seed: int = 0) -> FaultyRun:
    """Train a small net on digits with a fault; takes about a tenth of a second, and nothing the second time.

    Parameters
    ----------
    fault : str
        One of `FAULTS`.
    dose : float
        How much of it, from 0 (none) to 1.
    seed : int
        Draws examples, weights and order.

    Returns
    -------
    FaultyRun

    Raises
    ------
    ValueError
        If there is no such fault, or a number is out of its range.
    """
    plan = plan_for(fault, dose)
    if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
        raise ValueError(f"seed must be a whole number from 0 on, got {seed!r}")
    return carry_out(plan, int(seed))


@lru_cache(maxsize=512)
def carry_out(plan: Plan, seed: int) -> FaultyRun:
    """Train as a plan says; an overflow is no error here."""
    rng = np.random.default_rng([seed, 10])
    train, validation = _examples(plan, rng)
    # A generator of its own: weights are the same whatever examples are drawn.
    model = _net(plan, np.random.default_rng([seed, 11]))
    steps = plan.epochs * -(-len(train[0]) // plan.batch)
    monitor = Monitor(every=max(1, steps // _RECORDS))
    callbacks: list[Callback] = [monitor]
    if plan.gradient != 1:
        callbacks.append(_Multiplied(plan.gradient))
    if plan.cut != 1:
        callbacks.append(RateSchedule(lambda step: plan.rate * (1.0 if step < _CUT * steps else plan.cut)))
    with np.errstate(all="ignore"):
        history = fit(
            model,
            MSELoss() if plan.squares else CrossEntropyLoss(),
            SGD(model.parameters(), plan.rate, momentum=plan.momentum),
            train,
            validation=validation,
            epochs=plan.epochs,
            batch_size=plan.batch,
            augment=_Accidents(plan.unscaled, steps) if plan.unscaled != 1 else None,
            rng=seed,
            callbacks=callbacks,
            progress=False,
        )
    return FaultyRun(plan, history, monitor)


@cache
def _digits() -> tuple[np.ndarray, np.ndarray]:
    images, labels = load_digits()
    return images.reshape(len(images), -1).astype(np.float32), labels


def _examples(plan: Plan, rng: np.random.Generator) -> tuple:
    images, labels = _digits()
    order = rng.permutation(len(images))
    # Validation examples come first, so that they are the same whatever else changes.
    held, used = order[: plan.validation], order[240 : 240 + plan.train]
    mean, deviation = images[used].mean(), images[used].std()
    wrong = rng.random(len(used)) < plan.mislabelled
    targets = np.where(wrong, rng.integers(0, 10, len(used)), labels[used])
    parts = []
    for part, classes in ((used, targets), (held, labels[held])):
        wanted = np.eye(10, dtype=np.float32)[classes] if plan.squares else classes
        parts.append(((images[part] - mean) / deviation, wanted))
    return tuple(parts)


def _net(plan: Plan, rng: np.random.Generator) -> Sequential:
    draw = initialisers.xavier_normal if plan.tanh else initialisers.he_normal
    layers: list[Module] = []
    for inside, outside in zip(_WIDTHS, _WIDTHS[1:]):
        layer = Linear(inside, outside, rng=rng)
        layer.weight.data = draw(layer.weight.shape, rng=rng) * np.float32(plan.weights)
        last = outside == _WIDTHS[-1]
        layer.bias.data = np.full(outside, 0 if last else plan.bias, np.float32)
        layers += [layer] if last else [layer, Tanh() if plan.tanh else ReLU()]
    return Sequential(*layers)


class _Multiplied(Callback):
    """Multiply every gradient before the update."""

    def __init__(self, factor: float) -> None:
        self.factor = np.float32(factor)

    def before_update(self, run: Run) -> None:
        """Do so."""
        for parameter in run.model.parameters():
            parameter.grad *= self.factor


class _Accidents:
    """Give the inputs of two batches in another unit."""

    def __init__(self, factor: float, steps: int) -> None:
        self.factor = np.float32(factor)
        self.when = {int(share * steps) for share in _ACCIDENTS}
        self.step = 0

    def __call__(self, inputs: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        self.step += 1
        return inputs * self.factor if self.step - 1 in self.when else inputs
