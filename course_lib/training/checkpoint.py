"""Checkpoints: a run that was ended at any moment goes on from its last finished epoch."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course_lib.training.callbacks import Callback, ProgressBar, Run
from course_lib.training.checkpoint_file import CheckpointError, read_nested, write_nested
from course_lib.training.history import History
from course_lib.training.state import capture, restore

FORMAT = 1


class Checkpoint(Callback):
    """Write the whole state of the run after every `every` epochs; `fit` goes on from the file, if it exists.

    Run the same program again: the result is that of a run that was never interrupted, to the last bit. It
    must be the last callback, so that it saves what the others did in the same epoch.

    Parameters
    ----------
    path : str or Path
        The file; delete it to start anew.
    every : int
        Epochs between two writes. The end of training is always written.

    Raises
    ------
    ValueError
        If `every` is not positive; when `fit` begins, if another callback comes later.
    CheckpointError
        When `fit` begins, if the file is damaged or of another model, optimiser, data size or callbacks.
    """

    def __init__(self, path: str | Path, *, every: int = 1) -> None:
        if not isinstance(every, int) or isinstance(every, bool) or every < 1:
            raise ValueError(f"every must be a positive number of epochs, got {every!r}")
        self.path = Path(path)
        self.every = every

    def before_fit(self, run: Run) -> None:
        """Go on from the file, if there is one."""
        place = run.callbacks.index(self)
        later = [other for other in run.callbacks[place + 1 :] if not isinstance(other, ProgressBar)]
        if later:
            raise ValueError(
                f"callbacks must have the Checkpoint last, got {type(later[0]).__name__} after it"
            )
        self._written = -1
        if not self.path.exists():
            return
        saved = read_nested(self.path)
        if not isinstance(saved, dict) or saved.get("format") != FORMAT:
            raise CheckpointError(f"{self.path} is no checkpoint of this version of the course: delete it")
        if saved["plan"] != self._plan(run):
            raise CheckpointError(
                f"{self.path} is of another run ({_told(saved['plan'])}, here {_told(self._plan(run))}): "
                "delete it to start anew, or name another file"
            )
        try:
            restore(saved["state"], run.model, run.optimizer, run.batches.rng)
        except ValueError as problem:
            raise CheckpointError(f"{self.path} is of another run: {problem}") from None
        for callback, state in zip(run.callbacks, saved["callbacks"], strict=False):
            callback.load_state_dict(state)
        run.epoch, run.step, run.stop = saved["epoch"], saved["step"], saved["stop"]
        run.history.__dict__.update(History(**saved["history"]).__dict__)
        self._written = run.epoch

    def after_epoch(self, run: Run) -> None:
        """Write the file, where it is due."""
        if run.epoch % self.every == 0 or run.epoch == run.epochs or run.stop:
            self._write(run)

    def _write(self, run: Run) -> None:
        write_nested(
            self.path,
            {
                "format": FORMAT,
                "plan": self._plan(run),
                "epoch": run.epoch,
                "step": run.step,
                "stop": run.stop,
                "history": run.history.to_dict(),
                "state": capture(run.model, run.optimizer, run.batches.rng),
                "callbacks": [callback.state_dict() for callback in self._others(run)],
            },
        )
        self._written = run.epoch

    def _plan(self, run: Run) -> dict[str, Any]:
        return {
            "examples": len(run.batches.inputs),
            "batch_size": run.batches.batch_size,
            "optimizer": type(run.optimizer).__name__,
            "callbacks": [type(callback).__name__ for callback in self._others(run)],
        }

    def _others(self, run: Run) -> list[Callback]:
        return run.callbacks[: run.callbacks.index(self)]


def _told(plan: dict[str, Any]) -> str:
    beside = ", ".join(plan["callbacks"]) or "no callbacks"
    return f"{plan['examples']} examples in batches of {plan['batch_size']}, {plan['optimizer']}, {beside}"
