"""Code that everybody in the class can read: the library, the checks, the lectures, the model answers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import grading
from grading.engine.class_directory import ClassDirectory
from grading.engine.student_code import model_answers

_ROOT = Path(grading.__file__).resolve().parent


def public_code(directory: ClassDirectory, assignment: str, further: Iterable[Path] = ()) -> list[str]:
    """Return code that is no sign of copying from each other.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        Its assignment.
    further : iterable of Path, optional
        Python files, notebooks, or folders with them.

    Raises
    ------
    FileNotFoundError
        If one of ``further`` is not there.
    ValueError
        If a notebook cannot be read.
    """
    places = [_ROOT.parent / "course_lib", _ROOT / "checks" / assignment]
    found = list(model_answers(directory, assignment))
    for place in [*(place for place in places if place.is_dir()), *further]:
        found += _code_at(place)
    return found


def _code_at(place: Path) -> list[str]:
    if place.is_dir():
        files = sorted(path for suffix in ("*.py", "*.ipynb") for path in place.rglob(suffix))
        return [code for path in files for code in _code_at(path)]
    text = place.read_text(encoding="utf-8")
    if place.suffix != ".ipynb":
        return [text]
    try:
        cells = json.loads(text)["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError) as problem:
        raise ValueError(f"{place} is not a notebook of format 4: {problem}") from problem
