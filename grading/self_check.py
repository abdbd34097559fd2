"""`check("conv2d_forward")` in a notebook: the verdict on one's own function, in place, in a second."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from grading.checks import find
from grading.checks.student import LocalStudent
from grading.checks.verdict import Verdict
from grading.own_copy import find_copy
from grading.progress import Progress, ProgressError

# Known to everybody: what counts is graded with seeds of the class.
PUBLIC_SEED = b"self-study"
CALL_SECONDS = 2.0
BUDGET_SECONDS = 20.0


def check(name: str, namespace: Mapping[str, object] | None = None) -> Verdict:
    """Judge a function of this notebook and show what was found.

    The student's code runs here, in its own kernel: the verdict is advice, and the grading proper happens
    elsewhere, on other inputs. Endless loops are interrupted where the system has alarms, which is not so on
    Windows and outside the main thread.

    Parameters
    ----------
    name : str
        Name of the check, which is the name of the function.
    namespace : mapping, optional
        Where to look for the function. By default the notebook's names, or outside of notebooks those of the
        caller's module.

    Returns
    -------
    Verdict
        Shows itself as HTML in a notebook and as text anywhere else.

    Raises
    ------
    LookupError
        If there is no check of that name; the message lists the known ones.
    """
    judged = find(name).judge(
        LocalStudent(_names_here() if namespace is None else namespace, call_seconds=CALL_SECONDS),
        seed=PUBLIC_SEED,
        budget_seconds=BUDGET_SECONDS,
    )
    _remember(name, judged.status)
    return replace(judged, advisory=True)


def _remember(name: str, status: str) -> None:
    """Record how a check went, if this notebook lies in a copy of the course; no verdict hangs on it."""
    try:
        root = find_copy(Path.cwd())
        if root is not None:
            Progress(root).record_checks([(name, status)])
    except (ProgressError, OSError) as problem:
        warnings.warn(f"the check is not in your progress: {problem}", stacklevel=3)


def _names_here() -> Mapping[str, object]:
    """The notebook's names, or those of the module that called `check`."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell.user_ns if shell is not None else sys._getframe(2).f_globals
