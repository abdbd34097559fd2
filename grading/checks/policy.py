"""What student code may import while it is graded: what is installed, minus the answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import metadata

# Packages of the course itself: the grader, and the library that computes what assignments ask for.
COURSE = frozenset({"grading", "course_lib"})


@dataclass(frozen=True)
class SandboxPolicy:
    """What is readable in the sandbox besides the standard library.

    Parameters
    ----------
    packages : tuple of str
        Top-level import names.
    files : tuple of str
        Files and folders of the project, relative to its root, that are readable although their package is
        withheld.
    """

    packages: tuple[str, ...]
    files: tuple[str, ...] = ()

    @classmethod
    def exactly(cls, *distributions: str, files: tuple[str, ...] = ()) -> SandboxPolicy:
        """Allow some installed distributions with all that they require, and nothing else."""
        return cls(_import_names(_with_requirements(distributions)), files)

    @classmethod
    def everything(cls) -> SandboxPolicy:
        """Allow all that is installed except the course's own packages: for assignments that say nothing."""
        return cls(tuple(sorted(set(metadata.packages_distributions()) - COURSE)))


def _with_requirements(distributions: tuple[str, ...]) -> frozenset[str]:
    """Follow the requirements of distributions, without their optional extras."""
    found: set[str] = set()
    waiting = [_canonical(name) for name in distributions]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            requirements = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            # A requirement for another platform is not installed here.
            continue
        found.add(name)
        waiting += [
            _canonical(re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0])
            for text in requirements
            if "extra ==" not in text
        ]
    return frozenset(found)


@cache
def _import_names(distributions: frozenset[str]) -> tuple[str, ...]:
    owners = metadata.packages_distributions()
    return tuple(
        sorted(
            name
            for name, of in owners.items()
            if not distributions.isdisjoint(map(_canonical, of)) and name not in COURSE
        )
    )


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
