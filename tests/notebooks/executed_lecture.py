"""Executes a lecture without a browser and reads what its cells printed."""

from __future__ import annotations

import re
import resource
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tools.site.executing import run_all_cells

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
# The way in has no exercises and no papers; what a notebook is held to, it is held to as well.
LECTURES = [name for name in NOTEBOOKS if not name.startswith("00")]


@dataclass
class ExecutedLecture:
    """The cells of a lecture by id, with their outputs, and its kernel's seconds on the processors."""

    cells: dict[str, nbformat.NotebookNode]
    processor_seconds: float

    def printed(self, cell_id: str) -> str:
        """Return what a cell wrote to standard output."""
        return "".join(
            output.text
            for output in self.cells[cell_id].outputs
            if output.output_type == "stream" and output.name == "stdout"
        )

    def number(self, pattern: str, cell_id: str) -> float:
        """Return the first group of a pattern in what a cell printed, as a number."""
        found = re.search(pattern, self.printed(cell_id))
        assert found, f"{cell_id} printed nothing like {pattern!r} but {self.printed(cell_id)!r}"
        return float(found[1].replace(",", "").replace("−", "-"))


def execute(name: str) -> ExecutedLecture:
    """Run a lecture from top to bottom in a fresh kernel; a cell that fails raises."""
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    before = processor_seconds_of_children()
    run_all_cells(notebook, FOLDER, seconds_a_cell=120)
    used = processor_seconds_of_children() - before
    return ExecutedLecture({cell.id: cell for cell in notebook.cells}, used)


def processor_seconds_of_children() -> float:
    """Tell what all processes that this one started, and that have ended, took of the processors."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
