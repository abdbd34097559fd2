"""Builds little masters and submissions for the checker's tests."""

import json
import textwrap


def cell(source, grade_id=None, *, kind="code", solution=False, grade=False, locked=False, points=None):
    metadata = {}
    if grade_id is not None:
        metadata["nbgrader"] = {
            "grade_id": grade_id,
            "solution": solution,
            "grade": grade,
            "locked": locked,
            "schema_version": 3,
            "task": False,
        }
        if points is not None:
            metadata["nbgrader"]["points"] = points
    made = {"cell_type": kind, "metadata": metadata, "source": textwrap.dedent(source).strip("\n")}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def solution(source, grade_id):
    return cell(source, grade_id, solution=True)


def test(source, grade_id, points=2):
    return cell(source, grade_id, grade=True, locked=True, points=points)


def locked(source, grade_id):
    return cell(source, grade_id, locked=True)


def plain(source):
    return cell(source)


def markdown(source, grade_id=None, **marks):
    return cell(source, grade_id, kind="markdown", **marks)


def notebook(*cells):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)})
