"""Every lecture runs from top to bottom against the library as it is, and has the parts of a lecture."""

import re

import nbformat
import pytest
from executed_lecture import FOLDER, LECTURES, NOTEBOOKS

every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)
every_lecture = pytest.mark.parametrize("name", LECTURES)


def source(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4).cells


def prose(name):
    return "\n".join(cell.source for cell in source(name) if cell.cell_type == "markdown")


def formulas(name):
    return re.findall(r"\\tag\{([\d.]+)\}", prose(name))


def test_there_are_lectures():
    assert {"01_cost_surfaces", "05_convolution"} <= set(LECTURES)


@pytest.mark.slow
@every_notebook
def test_it_runs_to_its_end(run_lecture, name):
    lecture = run_lecture(name)
    code = [cell for cell in lecture.cells.values() if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code if cell.source.strip())
    # What else the machine does meanwhile lengthens the run, and is not the lecture's.
    assert 0 < lecture.processor_seconds < 60


@pytest.mark.slow
@every_notebook
def test_nothing_is_written_to_standard_error(run_lecture, name):
    for cell in run_lecture(name).cells.values():
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", f"{cell.id}: {output.text}"


@pytest.mark.slow
@every_notebook
def test_every_picture_says_what_it_shows(run_lecture, name):
    pictures = 0
    for cell in run_lecture(name).cells.values():
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data or "<img" in data.get("text/html", ""):
                pictures += 1
                assert re.search(r'alt="[^"]{40,}"', data.get("text/html", "")), cell.id
    assert pictures


@every_lecture
def test_formulas_are_numbered_in_order(name):
    lecture = str(int(name[:2]))
    assert formulas(name) == [f"{lecture}.{number}" for number in range(1, len(formulas(name)) + 1)]


@every_lecture
def test_formulas_that_are_referred_to_exist(name):
    lecture = str(int(name[:2]))
    referred = set(re.findall(rf"\(({lecture}\.\d+)", prose(name)))
    assert referred
    assert referred <= set(formulas(name))


@every_lecture
def test_it_has_the_parts_of_a_lecture(name):
    text = prose(name)
    for part in (
        "you will be able to",
        "Beware:",
        "## Summary",
        "## Exercises",
        "**Assignment:**",
        "**Papers**",
    ):
        assert part in text, f"{name} has no {part!r}"
    exercises = text[text.index("## Exercises") : text.index("## Where to go from here")]
    count = len(re.findall(r"^\*\*\d+\.\*\*", exercises, re.MULTILINE))
    assert 5 <= count <= 8
    assert exercises.count("<details>") == exercises.count("</details>") == count


@every_lecture
def test_every_beware_is_shown_by_the_next_cell(name):
    cells = source(name)
    for cell, following in zip(cells, cells[1:]):
        if cell.cell_type == "markdown" and "**Beware" in cell.source:
            assert following.cell_type == "code", f"nothing shows what {cell.id} warns of"
