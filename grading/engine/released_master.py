"""A master notebook as nbgrader released it: with the tests that it wrote, and the class's header and footer.

What stands in ``source/`` is not all of an assignment. A line ``### AUTOTEST f(3)`` is a comment until
``generate_assignment`` writes the assertions for it, which only the gradebook holds whole (the release lacks
the hidden ones); and a header notebook is put before every notebook of the class.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from traitlets.config import Config

from grading.engine.class_directory import ClassDirectory
from grading.engine.master import Master, MasterError, master_of, read_master
from grading.engine.nbgrader_session import class_config

_ASKS = re.compile(r"^[ \t]*#.*AUTOTEST", re.MULTILINE)


def master_of_class(directory: ClassDirectory, assignment: str, notebook: str) -> Master:
    """Return a master notebook of a class, with header and footer; tests to be written are still comments.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment, notebook : str
        Names; the notebook's without suffix.

    Returns
    -------
    Master
        As `read_master`.

    Raises
    ------
    MasterError
        As `read_master`; also where header or footer are not notebooks.
    """
    path = directory.assignment("source", assignment) / f"{notebook}.ipynb"
    released = directory.assignment("release", assignment) / f"{notebook}.ipynb"
    master = read_master(path, assignment, released=released)
    config = class_config(directory)
    around = [_cells_of(directory.root, config, part) for part in ("header", "footer")]
    if not any(around):
        return master
    document = json.loads(master.text)
    document["cells"] = [*around[0], *document["cells"], *around[1]]
    return master_of(json.dumps(document), path, assignment, released=released)


def asks_for_tests(master: Master) -> bool:
    """Tell whether a master holds comments that ask nbgrader to write tests."""
    return any(_ASKS.search(cell.source) for cell in master.tests)


def with_written_tests(master: Master, sources: Mapping[str, str]) -> Master:
    """Return a master whose comments that ask for a test are replaced by the tests that nbgrader wrote.

    Parameters
    ----------
    master : Master
        As `master_of_class` returns it.
    sources : mapping of str to str
        Text of cells at their release, by grade id: `ClassGradebook.sources`.

    Raises
    ------
    MasterError
        If a test that was asked for was never written.
    """
    written = {
        cell.grade_id: sources.get(cell.grade_id) for cell in master.tests if _ASKS.search(cell.source)
    }
    if not written:
        return master
    for grade_id, source in written.items():
        if source is None or _ASKS.search(source):
            raise MasterError(
                f"the tests that {grade_id!r} asks for with AUTOTEST have not been written: "
                f"run `course release {master.assignment}` again"
            )
    document = json.loads(master.text)
    for cell in document["cells"]:
        grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        if grade_id in written:
            cell["source"] = written[grade_id]
    path = Path(f"{master.notebook}.ipynb")
    made = master_of(json.dumps(document), path, master.assignment)
    return Master(made.assignment, made.notebook, made.text, made.cells, made.metadata, master.released)


def _cells_of(root: Path, config: Config, part: str) -> list[dict[str, Any]]:
    """Return the cells of the class's header or footer notebook; none where it has none."""
    name = config.get("IncludeHeaderFooter", {}).get(part, "")
    if not name:
        return []
    try:
        return json.loads((root / name).read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise MasterError(f"the {part} {root / name} of this class cannot be read: {problem}") from problem
