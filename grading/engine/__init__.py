"""The coordinator: class directory, scheduling, gradebook, feedback. It executes no cell.

What the package offers is loaded when it is asked for: a student's install has no nbgrader, and does not need
it to check a notebook.
"""

from importlib import import_module

_HOMES = {
    "ClassDirectory": "class_directory",
    "ClassDirectoryError": "class_directory",
    "ClassResult": "coordinator",
    "GradingOptions": "coordinator",
    "Limits": "checker_process",
    "Progress": "coordinator",
    "grade_class": "coordinator",
    "grade_notebook": "single",
    "probe_isolation": "doctor",
    "release_assignment": "release",
    "write_feedback": "feedback",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
