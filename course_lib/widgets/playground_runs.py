"""What the regulariser playground computes: a small net on few points, trained with one regulariser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib import nn, optim
from course_lib.widgets.playground_nets import (
    MAX_NORM,
    NONE,
    STOPPING,
    PlaygroundParameters,
    build,
    penalty,
)
from course_lib.widgets.playground_points import REACH, draw_points

UPDATES = 1500
#: Updates between two looks at the losses; four looks make a part of the stream.
_LOOK = 15
_PART = 4
_RATE, _MOMENTUM = 0.06, 0.9
_PATIENCE, _GROWTH = 6, 1.6  # looks
_CELLS = 54
BINS = np.linspace(-2, 2, 81)
_NEARLY_ZERO = 0.01


@dataclass(frozen=True)
class PlaygroundResult:
    """How far a run has come.

    Attributes
    ----------
    parameters : PlaygroundParameters
    x, labels : ndarray
        The training points, shapes (N, 2) and (N,).
    probability : ndarray
        Probability of class 1 in the middle of each cell of the square from −`REACH` to `REACH`, shape
        (54, 54), rows upwards.
    updates : ndarray
        When the losses were looked at, shape (L,).
    train_loss, validation_loss : ndarray
        Without penalty, in evaluation mode, shape (L,).
    weights : ndarray
        All weights of the net, sorted, shape (1120,): the biases are left out.
    accuracy : ndarray
        Share that is right of training and of validation points, shape (2,).
    longest : float
        Largest norm of the weights of one unit.
    nearly_zero : float
        Share of the weights with |w| < 0.01.
    best : int
        The update at which the validation loss was lowest.
    shown : int
        The update whose net is shown: the latest, or with early stopping the best.
    finished : bool
    plain_loss, plain_weights : ndarray
        Validation loss and weights of the net without a regulariser, empty until it has been trained.
    """

    parameters: PlaygroundParameters
    x: np.ndarray
    labels: np.ndarray
    probability: np.ndarray
    updates: np.ndarray
    train_loss: np.ndarray
    validation_loss: np.ndarray
    weights: np.ndarray
    accuracy: np.ndarray
    longest: float
    nearly_zero: float
    best: int
    shown: int
    finished: bool
    plain_loss: np.ndarray
    plain_weights: np.ndarray


class _Training:
    """A net on its way: makes updates and looks at the losses."""

    def __init__(self, parameters: PlaygroundParameters) -> None:
        self.parameters = parameters
        data = draw_points(parameters.shape, parameters.count, parameters.noise, parameters.seed)
        self.x, self.labels, self.validation_x, self.validation_labels = data
        self.targets = self.labels[:, None].astype(np.float32)
        self.validation_targets = self.validation_labels[:, None].astype(np.float32)
        self.net = build(parameters)
        self.loss = nn.BCEWithLogitsLoss()
        self.sgd = optim.SGD(self.net.parameters(), _RATE, momentum=_MOMENTUM)
        self.rate = optim.Cosine(_RATE, steps=UPDATES)
        self.penalty = penalty(parameters, self.net)
        self.constraint = None
        if parameters.kind == MAX_NORM:
            self.constraint = nn.MaxNorm(nn.weights(self.net), parameters.limit)
            self.constraint.apply()
        self.update = 0
        self.updates: list[int] = []
        self.losses: list[tuple[float, float]] = []
        self.state, self.best, self.ended = self.net.state_dict(), 0, False
        self.look()

    def step(self) -> None:
        self.sgd.lr = self.rate(self.update)
        self.loss(self.net(self.x), self.targets)
        self.sgd.zero_grad()
        self.net.backward(self.loss.backward())
        if self.penalty is not None:
            self.penalty.backward()
        self.sgd.step()
        if self.constraint is not None:
            self.constraint.apply()
        self.update += 1

    def look(self) -> None:
        self.net.eval()
        pairs = (self.x, self.targets), (self.validation_x, self.validation_targets)
        self.losses.append(tuple(self.loss(self.net(x), y) for x, y in pairs))
        self.updates.append(self.update)
        self.net.train()
        looks = len(self.losses) - 1
        lowest = min(validation for _, validation in self.losses)
        if self.losses[-1][1] == lowest:
            self.best, self.deadline = self.update, max(looks + _PATIENCE, int(_GROWTH * looks))
            self.state = self.net.state_dict()
        stops = self.parameters.kind == STOPPING and looks >= self.deadline
        self.ended = stops or self.update >= UPDATES

    def part(self, looks: int = _PART) -> None:
        """Make the updates of one part of the stream."""
        for _ in range(looks):
            if not self.ended:
                for _ in range(min(_LOOK, UPDATES - self.update)):
                    self.step()
                self.look()


def _looked_at(run: _Training, plain: tuple[np.ndarray, np.ndarray]) -> PlaygroundResult:
    shown, latest = run.update, None
    if run.parameters.kind == STOPPING:
        # The net of the best look is shown, the run itself goes on from its latest.
        shown, latest = run.best, run.net.state_dict()
        run.net.load_state_dict(run.state)
    run.net.eval()
    middles = REACH * ((2 * np.arange(_CELLS) + 1) / _CELLS - 1)
    grid = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2).astype(np.float32)
    logits = run.net(grid).astype(np.float64)
    right = [
        np.mean((run.net(x)[:, 0] > 0) == (labels == 1))
        for x, labels in ((run.x, run.labels), (run.validation_x, run.validation_labels))
    ]
    rows = [parameter.data for parameter in nn.weights(run.net)]
    weights = np.sort(np.concatenate([row.ravel() for row in rows]))
    longest = max(float(np.linalg.norm(row, axis=1).max()) for row in rows)
    run.net.train()
    if latest is not None:
        run.net.load_state_dict(latest)
    losses = np.array(run.losses)
    arrays = {
        "x": run.x,
        "labels": run.labels,
        "probability": 1 / (1 + np.exp(-logits.reshape(_CELLS, _CELLS))),
        "updates": np.array(run.updates),
        "train_loss": losses[:, 0],
        "validation_loss": losses[:, 1],
        "weights": weights,
        "accuracy": np.array(right),
        "plain_loss": plain[0],
        "plain_weights": plain[1],
    }
    for array in arrays.values():
        array.setflags(write=False)
    return PlaygroundResult(
        parameters=run.parameters,
        longest=longest,
        nearly_zero=float(np.mean(np.abs(weights) < _NEARLY_ZERO)),
        best=run.best,
        shown=shown,
        finished=run.ended,
        **arrays,
    )


_NOTHING = np.empty(0), np.empty(0)
# What is known of nets without a regulariser, by what their run depends on; the latest few.
_PLAIN: dict[tuple, tuple[np.ndarray, np.ndarray]] = {}
_MOST_PLAIN = 16


def _plain_key(parameters: PlaygroundParameters) -> tuple:
    return parameters.shape, parameters.count, parameters.noise, parameters.seed


def _train_plain(parameters: PlaygroundParameters) -> Iterator[tuple[np.ndarray, np.ndarray] | None]:
    """Train the net without a regulariser; yields None between parts, and at last what it found."""
    key = _plain_key(parameters)
    if key not in _PLAIN:
        shape, count, noise, seed = key
        run = _Training(PlaygroundParameters(shape, NONE, count=count, noise=noise, seed=seed))
        while not run.ended:
            run.part()
            yield None
        found = _looked_at(run, _NOTHING)
        while len(_PLAIN) >= _MOST_PLAIN:
            _PLAIN.pop(next(iter(_PLAIN)), None)
        _PLAIN[key] = found.validation_loss, found.weights
    yield _PLAIN[key]


def stream(parameters: PlaygroundParameters) -> Iterator[PlaygroundResult]:
    """Train, and give a result after every part.

    Parameters
    ----------
    parameters : PlaygroundParameters

    Yields
    ------
    PlaygroundResult
        The first after 15 updates, then one every 60; the last is that of `compute`.
    """
    run = _Training(parameters)
    plain = _PLAIN.get(_plain_key(parameters), _NOTHING)
    # The first one is short: the hand waits for it.
    run.part(1)
    yield _looked_at(run, plain)
    while not run.ended:
        run.part()
        yield _looked_at(run, plain)
    if plain is _NOTHING:
        result = _looked_at(run, plain)
        for found in _train_plain(parameters):
            # The same again is a place to cancel at.
            yield result if found is None else _looked_at(run, found)


@lru_cache(maxsize=8)
def compute(parameters: PlaygroundParameters) -> PlaygroundResult:
    """Train to the end.

    Parameters
    ----------
    parameters : PlaygroundParameters

    Returns
    -------
    PlaygroundResult
        Its arrays are read-only.
    """
    *_, last = stream(parameters)
    return last


def histogram(weights: np.ndarray) -> np.ndarray:
    """Return the share of the weights in each of `BINS`, those beyond in the outermost, shape (80,)."""
    inside = np.clip(weights, BINS[0], np.nextafter(BINS[-1], 0))
    return np.histogram(inside, BINS)[0] / max(len(weights), 1)
