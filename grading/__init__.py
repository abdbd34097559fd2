"""Grading of the course's assignments.

`check(name)` judges one function of the notebook that it stands in, and `reset(name)` puts its question
back as it was handed out; `grade_notebook(path, assignment)` grades a whole notebook in the sandbox. All
load when they are asked for.
"""

from __future__ import annotations

import importlib

_HOMES = {
    "check": "grading.self_check",
    "reset": "grading.begin_again",
    "grade_notebook": "grading.engine",
    "NotebookResult": "grading.results",
    "CheckResult": "grading.results",
}

__all__ = ["CheckResult", "NotebookResult", "check", "grade_notebook", "reset"]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
