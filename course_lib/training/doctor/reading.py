"""Reading a run from what people have: the course's history, Keras's, PyTorch logs, or one list of losses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from course_lib.training.doctor.observed import Observed
from course_lib.training.history import History
from course_lib.training.monitor import Monitor

#: Names under which others keep the same numbers; the first that is there counts.
SYNONYMS = {
    "step_loss": ("step_loss", "train_loss_step", "batch_loss", "loss_step"),
    "step_accuracy": ("step_accuracy", "train_acc_step", "batch_accuracy", "accuracy_step"),
    "train_loss": ("train_loss", "loss", "training_loss", "train_loss_epoch", "loss_epoch"),
    "train_accuracy": (
        "train_accuracy",
        "accuracy",
        "acc",
        "train_acc",
        "training_accuracy",
        "categorical_accuracy",
        "sparse_categorical_accuracy",
    ),
    "validation_loss": ("validation_loss", "val_loss", "valid_loss", "dev_loss", "test_loss"),
    "validation_accuracy": (
        "validation_accuracy",
        "val_accuracy",
        "val_acc",
        "valid_acc",
        "valid_accuracy",
        "test_accuracy",
        "test_acc",
        "val_categorical_accuracy",
        "val_sparse_categorical_accuracy",
    ),
}
# Accuracies of more examples than this are as good as any number.
MOST_EXAMPLES = 2000
# Steps whose accuracies tell the batch size; not so many that a smaller last batch is among them.
FIRST_STEPS = 50


def read(
    history: object, monitor: Monitor | None = None, *, validation_examples: int | None = None
) -> Observed:
    """Return what `history` and `monitor` know of a run.

    Parameters
    ----------
    history : History, mapping, sequence, or an object with a mapping in `.history`
        As `diagnose` takes it.
    monitor : Monitor or None
        Of the same run.
    validation_examples : int or None
        How many there were, where that is known.

    Returns
    -------
    Observed

    Raises
    ------
    TypeError
        If `history` is nothing of the kind.
    ValueError
        If it holds no loss.
    """
    known = _lists(history)
    if not known.get("step_loss", _EMPTY).size and not known.get("train_loss", _EMPTY).size:
        raise ValueError(
            f"history must hold a training loss under one of the names {SYNONYMS['train_loss']} or "
            f"{SYNONYMS['step_loss']}, got {_described(history)}"
        )
    accuracies = known.get("validation_accuracy", _EMPTY)
    if validation_examples is None:
        validation_examples = smallest_denominator(accuracies)
    return Observed(
        **known,
        **_watched(monitor),
        validation_examples=validation_examples,
        batch_examples=smallest_denominator(known.get("step_accuracy", _EMPTY)[:FIRST_STEPS]),
    )


_EMPTY = np.empty(0)


def _described(history: object) -> str:
    return f"the names {sorted(map(str, history))}" if isinstance(history, Mapping) else repr(history)[:80]


def _lists(history: object) -> dict[str, np.ndarray]:
    if isinstance(history, History):
        history = history.to_dict()
    # Keras returns an object that keeps the mapping in `.history`.
    inner = getattr(history, "history", None)
    if isinstance(inner, Mapping):
        history = inner
    if isinstance(history, Mapping):
        return _from_mapping(history)
    if isinstance(history, str) or not isinstance(history, Iterable):
        raise TypeError(
            "history must be a History, a mapping of names to lists, a list of losses, or a list "
            "of dicts (one "
            f"an epoch), got a {type(history).__name__}"
        )
    rows = list(history)
    if rows and all(isinstance(row, Mapping) for row in rows):
        names = list(dict.fromkeys(name for row in rows for name in row))
        return _from_mapping({name: [row[name] for row in rows if name in row] for name in names})
    return {"train_loss": _numbers("history", rows)}


def _from_mapping(mapping: Mapping[str, Any]) -> dict[str, np.ndarray]:
    found: dict[str, np.ndarray] = {}
    for name, synonyms in SYNONYMS.items():
        there = next((other for other in synonyms if other in mapping), None)
        if there is not None:
            values = _numbers(f"history[{there!r}]", mapping[there])
            # An accuracy in percent is a share all the same.
            percent = name.endswith("accuracy") and values.size and np.nanmax(values, initial=0.0) > 1.5
            found[name] = values / 100 if percent else values
    for name in ("step_accuracy", "train_accuracy", "validation_accuracy"):
        if name in found and np.isnan(found[name]).all():
            # Without class numbers there are no accuracies.
            del found[name]
    return found


def _numbers(name: str, values: Sequence[Any]) -> np.ndarray:
    try:
        # A PyTorch user may have kept tensors of one element: each of them can be made a float.
        numbers = np.array([float(value) for value in values], dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise TypeError(f"{name} must be a list of numbers: {problem}") from None
    return numbers


def _watched(monitor: Monitor | None) -> dict[str, Any]:
    if monitor is None or not monitor.steps:
        return {}
    weights = [name for name in monitor.update_ratio if name.split(".")[-1] == "weight"]
    names = weights or list(monitor.update_ratio)
    steps = np.array(monitor.steps, dtype=np.float64)
    records = monitor.activations
    return {
        "update_ratio": np.array([monitor.update_ratio[name] for name in names], dtype=np.float64).T,
        "weight_names": tuple(names),
        "recorded_at": steps / max(1.0, steps[-1]),
        "silent": {name: np.array(record.silent) for name, record in records.items() if record.silent},
        "layers": {name: record.layer for name, record in records.items()},
        "spread": {name: np.array(record.std) for name, record in records.items()},
    }


def smallest_denominator(accuracies: np.ndarray) -> int | None:
    """Return the fewest examples that all these accuracies can be shares of.

    None where they say too little: all are alike, or no number of examples up to 2,000 fits.
    """
    accuracies = accuracies[np.isfinite(accuracies)]
    different = np.unique(np.round(accuracies, 9))
    if different.size < 2:
        return None
    for examples in range(2, MOST_EXAMPLES + 1):
        # float32 accuracies are off by about 1e-7 of a share.
        if np.abs(different * examples - np.rint(different * examples)).max() < 2e-6 * examples:
            return examples
    return None
