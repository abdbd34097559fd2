"""A checker that grades nothing: everybody gets half the points, at once. For measuring all the rest.

Speaks the engine's frames on descriptors 0 and 1, as `grading.checker` does.
"""

import json

from grading.sandbox.frames import Channel, EndOfStream

_JSON_BYTES = 64 << 20


def main() -> None:
    channel = Channel(0, 1, max_json=_JSON_BYTES)
    configuration, _ = channel.receive()
    tests = [test(marks) for marks in test_cells(json.loads(configuration["configure"]["master"]))]
    channel.send({"ready": True, "isolation": {}, "tests": [], "version": "stub"})
    while True:
        try:
            order, notebook = channel.receive()
        except EndOfStream:
            return
        verdict = {
            "status": "graded",
            "reason": None,
            "seconds": 0.0,
            "restarts": 0,
            "cells": [cell(raw) for raw in json.loads(notebook)["cells"]],
            "tests": tests,
        }
        channel.send({"job": order["grade"]["job"], "verdict": verdict})


def test_cells(notebook: dict) -> list[dict]:
    """Return nbgrader's marks of the test cells."""
    marks = (cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"])
    return [mark for mark in marks if mark.get("grade") and not mark.get("solution")]


def test(marks: dict) -> dict:
    """Return the outcome of one test."""
    return {
        "grade_id": marks["grade_id"],
        "points": marks["points"] / 2,
        "max_points": marks["points"],
        "status": "failed",
        "message": "half right",
        "counterexample": None,
        "misconception": None,
        "explanation": None,
        "section": None,
        "parts": [],
        "html": "",
        "checks": [marks["grade_id"]],
    }


def cell(raw: dict) -> dict:
    """Return a submitted cell as a checker describes it after it ran."""
    marks = raw["metadata"].get("nbgrader", {})
    role = "test" if marks.get("grade") else "solution" if marks.get("solution") else "plain"
    return {
        "grade_id": marks.get("grade_id"),
        "role": role if raw["cell_type"] == "code" else "markdown",
        "cell_type": raw["cell_type"],
        "source": raw["source"],
        "outputs": [],
        "note": None,
    }


if __name__ == "__main__":
    main()
