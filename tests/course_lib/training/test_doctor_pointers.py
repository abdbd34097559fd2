"""Where the doctor sends its readers: lectures that exist, and sections that have that heading."""

import re
from pathlib import Path

import nbformat
import pytest

from course_lib.training.doctor.table import RULES

FOLDER = Path(__file__).resolve().parents[3] / "notebooks"
POINTER = re.compile(r"(\d\d) · ([^,;]+(?:, [^s“][^,;]+)*)(?:, section ([\d.]+), “(.+)”)?$")


def pointers():
    return {part.strip() for rule in RULES for part in rule.lecture.split(";")}


def headings(number):
    (path,) = FOLDER.glob(f"{number}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.findall(r"^#+ (.+)$", text, re.MULTILINE)


@pytest.mark.parametrize("pointer", sorted(pointers()))
def test_a_pointer_names_a_lecture_and_a_heading_in_it(pointer):
    number, title, section, heading = POINTER.match(pointer).groups()
    found = headings(number)
    assert f"{number} · {title}" in found
    if section:
        assert section.split(".")[0] == str(int(number))
        assert f"{section} {heading}" in found


def test_every_pointer_at_lecture_10_names_a_section():
    ours = [pointer for pointer in pointers() if pointer.startswith("10")]
    assert len(ours) >= 3
    assert all(", section 10." in pointer for pointer in ours)
