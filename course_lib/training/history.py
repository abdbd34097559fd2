"""What a training run writes down: numbers a step and numbers an epoch, as plain lists."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field


@dataclass
class History:
    """The course of a training run; every list is ready to plot.

    Attributes
    ----------
    step_loss, step_accuracy : list of float
        Loss and accuracy of each minibatch, before its update.
    train_loss, train_accuracy : list of float
        Their means over each epoch's examples, taken while the parameters move.
    validation_loss, validation_accuracy : list of float
        Over the validation data after each epoch, in evaluation mode; empty without validation data.
    learning_rate : list of float
        The optimiser's rate at the end of each epoch.
    seconds : list of float
        Time that each epoch took, validation included.

    Accuracies are NaN where the targets are not class numbers.
    """

    step_loss: list[float] = field(default_factory=list)
    step_accuracy: list[float] = field(default_factory=list)
    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)
    learning_rate: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def epochs(self) -> int:
        """Number of epochs that were finished."""
        return len(self.train_loss)

    def latest(self) -> dict[str, float]:
        """Return the losses and accuracies of the last finished epoch by name, without those not recorded."""
        names = ("train_loss", "train_accuracy", "validation_loss", "validation_accuracy")
        return {name: getattr(self, name)[-1] for name in names if getattr(self, name)}

    def to_dict(self) -> dict[str, list[float]]:
        """Return copies of all lists by name."""
        return asdict(self)
