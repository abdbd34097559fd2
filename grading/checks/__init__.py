"""What is checked, function by function, and the mistakes that are recognised; loaded when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grading.checks.definition import Check
    from grading.checks.policy import SandboxPolicy

__all__ = ["assignments", "find", "load", "sandbox_policy"]


def assignments() -> tuple[str, ...]:
    """Return the names of the assignments that come with checks."""
    from grading.checks import loading

    return loading.assignments()


def load(assignment: str, extra_directories: Iterable[str | Path] = ()) -> dict[str, Check]:
    """Load the checks of an assignment, by name; see grading.checks.loading.load."""
    from grading.checks import loading

    return loading.load(assignment, extra_directories)


def find(name: str) -> Check:
    """Return the check of that name, whatever its assignment; see grading.checks.loading.find."""
    from grading.checks import loading

    return loading.find(name)


def sandbox_policy(assignment: str) -> SandboxPolicy:
    """Return what student code may import and read; see grading.checks.loading.sandbox_policy."""
    from grading.checks import loading

    return loading.sandbox_policy(assignment)
