"""Backward functions that take a cache: each is fed what the student's own forward kept for it.

What a cache holds is the student's business, so no check can make one up. Examples of such a check hold dy
and the arguments of the forward; the student's forward is called with these, and its cache goes to the
backward.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grading.checks.comparison import article
from grading.checks.drawing import Example
from grading.checks.signatures import parameters
from grading.checks.student import Reply, Student, StudentFault

# These end a check, whichever of the two functions they happen in.
_FINAL = ("timeout", "died", "protocol")


@dataclass(frozen=True)
class CacheOf:
    """The forward function that returns the cache.

    Parameters
    ----------
    forward : str
        Name of the student's forward, which returns the tuple (y, cache).
    signature : str
        Its parameters, "(x, gamma, beta, eps=1e-5)"; what follows dy in the check's examples.
    reference : callable
        Computes the right y.
    """

    forward: str
    signature: str
    reference: Callable[..., object]

    @property
    def parameters(self) -> list[str]:
        """Names of what an example holds: dy, then the forward's arguments."""
        return ["dy", *parameters(self.signature)]

    def ask(self, student: Student, backward: str, question: Example) -> Reply:
        """Call the student's forward, then their backward with its cache.

        Parameters
        ----------
        student : Student
            Whoever answers the calls.
        backward : str
            Name of the student's backward.
        question : Example
            dy, and the arguments of the forward.

        Returns
        -------
        Reply
            The backward's value, and dy after the call; what becomes of the cache is the student's business.

        Raises
        ------
        StudentFault
            If either gives no value. A fault of the forward says that the cache is missing, and why.
        """
        try:
            value = student.call(self.forward, *question.args[1:], **question.kwargs).value
        except StudentFault as fault:
            if fault.kind in _FINAL:
                raise
            raise self._without_cache(_why(fault)) from None
        if not isinstance(value, tuple | list) or len(value) != 2:
            raise self._without_cache(f"which returned {article(value)}, not the tuple y, cache")
        reply = student.call(backward, question.args[0], value[1])
        return Reply(reply.value, reply.arguments[:1])

    def right_functions(
        self, backward: str, reference: Callable[..., object]
    ) -> dict[str, Callable[..., object]]:
        """Return a right forward, whose cache is simply its arguments, and a right backward."""
        return {
            self.forward: lambda *args: (self.reference(*args), args),
            backward: lambda dy, cache: reference(dy, *cache),
        }

    def _without_cache(self, why: str) -> StudentFault:
        return StudentFault("unsupported", text=f"its cache comes from {self.forward}, {why}")


def _why(fault: StudentFault) -> str:
    if fault.kind == "missing":
        return "which is missing"
    if fault.name == "NotImplementedError":
        return "which is not written yet"
    return f"which raised {fault}" if fault.kind == "exception" else f"which gave no plain value: {fault}"
