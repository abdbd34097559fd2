"""Questions that take several calls: an optimiser is asked step by step, its state handed back each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grading.checks.drawing import Example

Call = Callable[..., object]


@dataclass(frozen=True)
class Dialogue:
    """How one example is put to a function in several calls.

    The check's examples hold what the dialogue needs; references and misconceptions are functions like the
    student's and go through the same dialogue.

    Parameters
    ----------
    ask : callable
        `ask(call, *args, **kwargs)`: makes the calls that belong to an example and returns what is judged.
        It raises StudentFault where an answer leaves it nothing to go on with.
    inputs : tuple of str
        Names of an example's positional arguments, as the student reads them.
    calls : str
        The calls in one line, with "{options}" where the example's keyword arguments belong.
    """

    ask: Callable[..., object]
    inputs: tuple[str, ...]
    calls: str

    def text(self, example: Example) -> str:
        """Write the calls as the student could."""
        options = "".join(f", {name}={value!r}" for name, value in example.kwargs.items())
        named = dict(zip(self.inputs, example.args))
        return self.calls.format(options=options, **named)


def answered(dialogue: Dialogue | None, function: Call, example: Example) -> object:
    """Return what a function answers to an example, in as many calls as that takes."""
    if dialogue is None:
        return function(*example.args, **example.kwargs)
    return dialogue.ask(function, *example.args, **example.kwargs)
