"""Reads scenario folders; their format is described in ``tests/scenarios/README.md``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from grading.demo.scenario import (
    KINDS,
    STATUSES,
    Expected,
    ExpectedCheck,
    ExtraCell,
    Mangling,
    Scenario,
    ScenarioError,
)

RIGHT_ANSWERS = "right.py"
# Holds an assignment that only its scenarios need, and none of them.
OWN_ASSIGNMENT = "assignment"
_MARKER = re.compile(r"^# %%\s+(?P<title>.*?)\s*$")
_EXTRA = re.compile(r"^\[(?P<type>extra|markdown) (?P<side>before|after) (?P<anchor>\w+)\]$")


def read_scenarios(folder: Path) -> list[Scenario]:
    """Read all scenarios of one assignment.

    Parameters
    ----------
    folder : Path
        ``tests/scenarios/<assignment>``: the right answers in ``right.py``, and a folder a scenario.

    Returns
    -------
    list of Scenario
        By name.

    Raises
    ------
    ScenarioError
        If there are none, or one cannot be understood.
    """
    right = read_answers(folder / RIGHT_ANSWERS)[0]
    folders = [
        path
        for path in sorted(folder.iterdir())
        if path.is_dir() and path.name[0] not in "._" and path.name != OWN_ASSIGNMENT
    ]
    found = [read_scenario(path, right) for path in folders]
    if not found:
        raise ScenarioError(f"{folder} holds no scenario folders")
    return found


def read_scenario(folder: Path, right: Mapping[str, str]) -> Scenario:
    """Read one scenario folder.

    Parameters
    ----------
    folder : Path
        Holds ``expected.toml`` and, as needed, ``answers.py`` and ``mangle.toml``.
    right : mapping of str to str
        The answers of the functions that the scenario does not write itself.

    Returns
    -------
    Scenario
        With an answer for every function.

    Raises
    ------
    ScenarioError
        If a file is missing, or holds something that the format does not know.
    """
    path = folder / "answers.py"
    own, extra_cells = read_answers(path) if path.is_file() else ({}, ())
    answers = {**right, **own}
    mangling, student = _read_mangling(folder)
    return Scenario(folder.name, answers, extra_cells, mangling, _read_expected(folder), student)


def read_answers(path: Path) -> tuple[dict[str, str], tuple[ExtraCell, ...]]:
    """Read cells in the percent format.

    Parameters
    ----------
    path : Path
        Python text where ``# %% <grade id>`` introduces what stands in that cell, and
        ``# %% [extra after <grade id>]`` or ``# %% [markdown before <grade id>]`` a further cell.

    Returns
    -------
    answers : dict of str to str
        Grade id to source.
    extra_cells : tuple of ExtraCell
        In order.

    Raises
    ------
    ScenarioError
        If the file is missing, has code before the first marker, an unknown marker, or an answer twice.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise ScenarioError(f"{path} is missing; it gives answers in '# %% <grade id>' cells") from None
    answers: dict[str, str] = {}
    extra_cells: list[ExtraCell] = []
    for title, source in _cells(lines, path):
        if extra := _EXTRA.match(title):
            cell_type = "code" if extra["type"] == "extra" else "markdown"
            text = source if cell_type == "code" else _uncommented(source)
            extra_cells.append(ExtraCell(cell_type, extra["side"], extra["anchor"], text))
        elif not title.isidentifier():
            raise ScenarioError(
                f"{path}: the marker '# %% {title}' is neither a grade id "
                "nor [extra|markdown before|after <grade id>]"
            )
        elif title in answers:
            raise ScenarioError(f"{path}: two answers for {title}; mangle.toml can duplicate a cell")
        else:
            answers[title] = source
    return answers, tuple(extra_cells)


def _cells(lines: list[str], path: Path) -> list[tuple[str, str]]:
    cells: list[tuple[str, list[str]]] = []
    for line in lines:
        if marker := _MARKER.match(line):
            cells.append((marker["title"], []))
        elif cells:
            cells[-1][1].append(line)
        elif line.strip() and not line.startswith("#"):
            raise ScenarioError(f"{path}: {line!r} stands before the first '# %%' marker, in no cell")
    return [(title, "\n".join(body).strip("\n")) for title, body in cells]


def _uncommented(source: str) -> str:
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in source.splitlines())


def _read_expected(folder: Path) -> Expected:
    path = folder / "expected.toml"
    values = _toml(path, _names(Expected))
    checks = {}
    for name, check in values.pop("checks", {}).items():
        _only(path, f"checks.{name}", check, {"status", "points", "misconception", "reason"})
        try:
            checks[name] = ExpectedCheck(**check)
        except TypeError as problem:
            raise ScenarioError(f"{path}: checks.{name} needs status and points ({problem})") from None
        if (status := checks[name].status) not in STATUSES:
            raise ScenarioError(f"{path}: status of {name} is {status!r}; expected one of {STATUSES}")
    try:
        expected = Expected(**values, checks=checks)
    except TypeError as problem:
        raise ScenarioError(f"{path}: needs title, kind and score ({problem})") from None
    if expected.kind not in KINDS:
        raise ScenarioError(f"{path}: kind is {expected.kind!r}; expected one of {KINDS}")
    patterns = (expected.reason, expected.never_shown, expected.shown, expected.refused)
    for pattern in (*patterns, *(check.reason for check in checks.values())):
        try:
            re.compile(pattern)
        except re.error as problem:
            raise ScenarioError(f"{path}: {pattern!r} is not a regular expression: {problem}") from None
    return expected


def _read_mangling(folder: Path) -> tuple[Mangling, str]:
    path = folder / "mangle.toml"
    if not path.is_file():
        return Mangling(), ""
    values = _toml(path, _names(Mangling) - {"outputs", "edits"} | {"output", "edit", "student"})
    for output in values.get("output", ()):
        _only(path, "output", output, {"cell", "type", "data"})
    for edit in values.get("edit", ()):
        _only(path, "edit", edit, {"path", "value", "remove", "move"})
        if not edit.get("path") or len(edit) != 2:
            raise ScenarioError(f"{path}: an edit needs a path, and one of value, remove and move")
    raw = values.get("raw")
    if raw is not None and not (folder / raw).is_file():
        raise ScenarioError(f"{path}: raw names {raw!r}, which is not in the folder")
    stub = values.get("stub", ())
    mangling = Mangling(
        raw=None if raw is None else (folder / raw).read_bytes(),
        stub=stub if stub == "all" else tuple(stub),
        delete=tuple(values.get("delete", ())),
        duplicate=tuple(values.get("duplicate", ())),
        points=values.get("points", {}),
        outputs=tuple(values.get("output", ())),
        metadata=values.get("metadata", {}),
        edits=tuple(values.get("edit", ())),
        nest=values.get("nest", 0),
        grow_megabytes=values.get("grow_megabytes", 0),
        files=values.get("files", {}),
        links=values.get("links", {}),
    )
    return mangling, values.get("student", "")


def _names(kind: type) -> set[str]:
    return {field.name for field in fields(kind)}


def _toml(path: Path, known: set[str]) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ScenarioError(f"{path} is missing; every scenario states its outcome there") from None
    except tomllib.TOMLDecodeError as problem:
        raise ScenarioError(f"{path} is not TOML: {problem}") from None
    _only(path, "the file", values, known)
    return values


def _only(path: Path, where: str, values: Mapping[str, Any], known: set[str]) -> None:
    if unknown := sorted(set(values) - known):
        listed = ", ".join(sorted(known))
        raise ScenarioError(f"{path}: {where} holds unknown {', '.join(unknown)}; expected {listed}")
