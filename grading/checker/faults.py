"""How a test cell can be stopped by what a student's code did, in a way that the test itself cannot
swallow.
"""

from __future__ import annotations

import builtins

from grading.checker.clean_text import clean_text

_ALLOWED = """
ArithmeticError AttributeError BufferError EOFError FileExistsError FileNotFoundError FloatingPointError
ImportError IndexError IsADirectoryError KeyError LookupError MemoryError ModuleNotFoundError NameError
NotADirectoryError NotImplementedError OSError OverflowError PermissionError RecursionError ReferenceError
RuntimeError TimeoutError TypeError UnboundLocalError ValueError ZeroDivisionError
"""
ALLOWED_EXCEPTIONS = frozenset(_ALLOWED.split())
EXCEPTION_TEXT = 1_000


class StudentError(Exception):
    """A student's code raised something that must not be mistaken for the grader's own exceptions."""


class Exhausted(Exception):
    """The student's code cannot be started again; the text says why."""


class Latched(BaseException):
    """The test cell has failed for good; no `except Exception` turns that into a pass."""


class Latch:
    """Remembers the first thing that settles a test cell's fate, whatever the cell does afterwards.

    Attributes
    ----------
    status : str or None
        ``"failed"`` or ``"error"`` once closed.
    reason : str
        Why, in plain words.
    fatal : bool
        Whether the student's code died or hung, so that no further call of this test cell is tried.
    stale : bool
        Whether the cell came upon an object that went with an earlier sandbox.
    """

    def __init__(self) -> None:
        self.status: str | None = None
        self.reason = ""
        self.fatal = False
        self.stale = False

    def close(self, status: str, reason: str, *, fatal: bool = False) -> Latched:
        """Latch (the first reason stays) and return the exception to raise."""
        if self.status is None:
            self.status, self.reason = status, reason
        self.fatal = self.fatal or fatal
        return Latched(self.reason)


def as_exception(name: str, text: str) -> Exception:
    """Rebuild an exception of the student's code as one that a test may expect.

    Parameters
    ----------
    name : str
        The exception's class name.
    text : str
        Its message.

    Returns
    -------
    Exception
        Of the builtin class where the name is on the allow-list, else a `StudentError` that names the class.
    """
    text = clean_text(text, EXCEPTION_TEXT)
    if name in ALLOWED_EXCEPTIONS:
        error = getattr(builtins, name)(text)
    else:
        error = StudentError(f"{clean_text(name, 80)}: {text}" if text else clean_text(name, 80))
    error.from_student = True
    return error
