"""Notebooks in nbgrader's format, built cell by cell for the conformance tests."""

import json


def marked(kind, source, grade_id, **marks):
    nbgrader = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return plain(kind, source) | {"metadata": {"nbgrader": nbgrader | {"grade_id": grade_id} | marks}}


def plain(kind, source):
    cell = {"cell_type": kind, "metadata": {}, "source": source}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def answer(source, grade_id):
    return marked("code", f"### BEGIN SOLUTION\n{source}\n### END SOLUTION", grade_id, solution=True)


def check(source, grade_id, points=2):
    return marked("code", source, grade_id, grade=True, locked=True, points=points)


def notebook(*cells):
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    numbered = [cell | {"id": f"cell-{number}"} for number, cell in enumerate(cells)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": numbered}


def answered(released, **answers):
    """Return a copy of a notebook with sources replaced, by grade id (``_`` stands for ``-``)."""
    made = json.loads(json.dumps(released))
    for cell in made["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "").replace("-", "_")
        cell["source"] = answers.get(grade_id, cell["source"])
    return made


def without(released, *grade_ids):
    """Return a copy of a notebook that lacks some cells."""
    made = json.loads(json.dumps(released))
    made["cells"] = [
        cell
        for cell in made["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") not in grade_ids
    ]
    return made
