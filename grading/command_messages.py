"""What the commands print, and how they end: one sentence and an exit code for whatever can go wrong."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime

import typer
from rich.console import Console
from rich.text import Text

GRADED, GRADER_ERRORS, USAGE = 0, 1, 2

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@contextlib.contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what can go wrong into one sentence and an exit code."""
    try:
        yield
    except (LookupError, FileNotFoundError, NotADirectoryError, PermissionError) as problem:
        fail(str(problem.args[0]) if isinstance(problem, LookupError) and problem.args else str(problem))
    except ModuleNotFoundError as problem:
        if problem.name in _POSTGRESQL_PACKAGES:
            package = "neural-network-training-course[instructor,postgresql]"
            fail(
                f"{problem.name} is not installed. A gradebook on PostgreSQL needs: pip install '{package}', "
                "and an address that begins with postgresql+psycopg://"
            )
        if problem.name not in _INSTRUCTOR_PACKAGES:
            raise
        package = "neural-network-training-course[instructor]"
        fail(f"{problem.name} is not installed. Grading a class needs: pip install '{package}'")
    except KeyboardInterrupt:
        err.print("stopped; what was graded is recorded, and the same command goes on from there")
        raise typer.Exit(130) from None
    except OSError as problem:
        # A full disk, a read-only directory: files are replaced whole or not at all.
        fail(f"{problem}; what was recorded before is kept, and the same command goes on", code=GRADER_ERRORS)
    except Exception as problem:
        kind = type(problem).__name__
        if kind in _USAGE_ERRORS:
            fail(str(problem))
        if kind in _GRADER_ERRORS:
            fail(str(problem), code=GRADER_ERRORS)
        raise


def fail_without_sandbox(purpose: str) -> None:
    """End the command on a system that has no sandbox for student code."""
    if sys.platform == "win32":
        fail(
            f"Windows has no sandbox for student code. check() in the notebook works; to {purpose}, install "
            "the course in WSL"
        )


# By name, because importing the classes would import nbgrader.
_USAGE_ERRORS = {
    "ArchiveError",
    "ClassDirectoryError",
    "ClusterAddressError",
    "MasterError",
    "DemoUnavailable",
    "QuestionError",
    "OwnCopyError",
    "ProgressError",
}
_INSTRUCTOR_PACKAGES = {"nbgrader", "nbconvert", "sqlalchemy", "jinja2", "copydetect"}
_POSTGRESQL_PACKAGES = {"psycopg", "psycopg2"}
_GRADER_ERRORS = {
    "CheckerUnavailable",
    "CheckerError",
    "GradebookError",
    "NbgraderError",
    "UnexpectedOutcome",
}


def fail(text: str, *, code: int = USAGE) -> None:
    """Print one sentence and end the command."""
    err.print(Text(f"course: {text}"), style="bold red", soft_wrap=True)
    raise typer.Exit(code)


def say(text: str) -> None:
    """Print a line as it is: paths are neither wrapped nor taken for markup."""
    out.print(Text(text), soft_wrap=True)


def shown_moment(moment: datetime) -> str:
    """Return a date and time with its zone, as people read it."""
    return f"{moment:%A, %d %B %Y, %H:%M} (UTC{moment:%z})"


def write_json(results: list[dict]) -> None:
    """Print results for machines, on one stream, without colours or wrapping."""
    from grading.results import SCHEMA_VERSION

    document = {"schema_version": SCHEMA_VERSION, "results": results}
    sys.stdout.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
