"""Answers that are no answers earn nothing, whatever the check."""

import numpy as np
import pytest
from assignment_students import CHECKS, verdict_on, with_parameters_of


def stop(*_):
    raise StopIteration


def not_written(*_):
    raise NotImplementedError


def echo(*args):
    return args[0]


JUNK = {
    "empty list": lambda *_: [],
    "empty array": lambda *_: np.array([]),
    "nan": lambda *_: float("nan"),
    "None": lambda *_: None,
    "True": lambda *_: True,
    "zero": lambda *_: 0.0,
    "echo": echo,
    "echo of all": lambda *args: args,
    "the arrays": lambda *args: tuple(a for a in args if isinstance(a, np.ndarray)),
    "array of nan": lambda *args: (
        np.full_like(args[0], np.nan) if isinstance(args[0], np.ndarray) else np.nan
    ),
    "zeros like the first": lambda *args: (
        np.zeros_like(args[0]) if isinstance(args[0], np.ndarray) else np.zeros((3, 3))
    ),
    "three zeros": lambda *args: tuple(np.zeros_like(a) for a in args[:3]),
    "text": lambda *_: "right",
    "ragged": lambda *_: [[1, 2], [3]],
    "dictionary": lambda *_: {"dx": 1},
    "huge integer": lambda *_: 10**5000,
    "list of huge integers": lambda *_: [10**5000],
    "complex": lambda *args: np.array([[1j]]),
    "objects": lambda *_: object(),
    "a generator": lambda *_: (i for i in range(3)),
    "raises StopIteration": stop,
    "untouched stub": not_written,
}
# The others are as slow together as all else about the checks.
ALWAYS = {"nan", "echo", "the arrays", "zeros like the first", "text", "untouched stub"}


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize(
    "junk", [junk if junk in ALWAYS else pytest.param(junk, marks=pytest.mark.slow) for junk in JUNK]
)
def test_junk_earns_nothing(junk, name):
    verdict = verdict_on(name, with_parameters_of(CHECKS[name], JUNK[junk]))
    assert verdict.status == "failed", str(verdict)
    assert verdict.fraction == 0.0
    assert verdict.message
    assert str(verdict)
    assert verdict._repr_html_()


@pytest.mark.parametrize("name", CHECKS)
def test_untouched_stub_is_told_in_one_line(name):
    verdict = verdict_on(name, with_parameters_of(CHECKS[name], not_written))
    assert verdict.message == f"{name} is not written yet: it raises NotImplementedError."
    assert verdict.counterexample is None
    assert verdict.misconception is None


@pytest.mark.parametrize("name", CHECKS)
def test_missing_function_earns_nothing(name):
    verdict = verdict_on(name, None)
    assert (verdict.status, verdict.fraction) == ("failed", 0.0)
    assert "not a function" in verdict.message
    gone = CHECKS[name].judge(_Nobody(), seed=b"")
    assert (gone.status, gone.fraction, gone.message) == (
        "failed",
        0.0,
        f"There is no {name}. The cell is gone.",
    )


class _Nobody:
    def exists(self, name):
        return False

    def why_missing(self, name):
        return "The cell is gone."
