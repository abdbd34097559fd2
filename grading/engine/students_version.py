"""The students' version of an assignment's notebook: no solutions, no hidden tests, no outputs.

A class directory is released by nbgrader. This serves where no nbgrader is: wheels are built with it, and
learners who work alone get their copy from it. It needs the standard library only.
"""

from __future__ import annotations

import copy
import re
from typing import Any

SOLUTION_REGION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION.*?### END SOLUTION[^\n]*$", re.DOTALL | re.MULTILINE
)
CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = "YOUR ANSWER HERE"
_WITHHELD = tuple(
    re.compile(rf"^[ \t]*### BEGIN {name}.*?### END {name}[^\n]*\n?", re.DOTALL | re.MULTILINE)
    for name in ("HIDDEN TESTS", "MARK SCHEME")
)
_ANY_MARK = re.compile(r"### (?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)")


def students_version(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return what students get of a notebook in nbgrader's source format.

    Parameters
    ----------
    notebook : dict
        A notebook of format 4. It is not changed. A students' version comes back as it is.

    Returns
    -------
    dict
        The same cells with stubs for solutions, without hidden tests, mark schemes, outputs and counts.

    Raises
    ------
    ValueError
        If a mark has no partner: what it was to hide would be handed out.
    """
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        marks = cell.get("metadata", {}).get("nbgrader", {})
        if marks.get("solution"):
            source = without_solution(source, cell["cell_type"])
        for region in _WITHHELD:
            source = region.sub("", source)
        if left := _ANY_MARK.search(source):
            raise ValueError(
                f"cell {marks.get('grade_id') or cell.get('id')!r} has {left[0]!r} without its partner"
            )
        cell["source"] = source.rstrip("\n") if marks.get("grade") else source
        if cell["cell_type"] == "code":
            cell.update(outputs=[], execution_count=None)
    return made


def without_solution(source: str, cell_type: str = "code") -> str:
    """Return a solution cell's text as students get it: a stub in each marked place, or for all of it.

    Parameters
    ----------
    source : str
        With its solution. A stub comes back as it is.
    cell_type : str
        ``"code"``, or what is answered in words.
    """
    if SOLUTION_REGION.search(source):
        stub = CODE_STUB if cell_type == "code" else (TEXT_STUB,)
        return SOLUTION_REGION.sub(lambda found: "\n".join(found[1] + line for line in stub), source)
    if cell_type != "code":
        return TEXT_STUB
    return source if CODE_STUB[1] in source else "\n".join(CODE_STUB)
