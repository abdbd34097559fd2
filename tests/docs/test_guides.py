"""The guides speak of the lectures, assignments and files that there are."""

import re

import pytest
from documented_commands import ROOT

from grading.engine.shipped import shipped_assignments

DOCS = ROOT / "docs"
GUIDES = ("students", "self_study", "instructors", "writing_assignments", "contributors")
LECTURES = sorted(path.stem[:2] for path in (ROOT / "notebooks").glob("*.ipynb"))


def page(name):
    return (DOCS / f"{name}.md").read_text("utf-8")


def semester():
    """The rows of the plan: week, lecture, what is handed out, what is due."""
    cells = r"^\|" + r"([^|\n]*)\|" * 4 + "$"
    rows = [
        [cell.strip("` ") for cell in row] for row in re.findall(cells, page("instructors"), re.MULTILINE)
    ]
    return [row for row in rows if row[0].isdigit()]


def test_the_semester_holds_every_lecture_and_every_assignment_once_each_way():
    rows = [row[1:] for row in semester()]
    lectures = [row[0][:2] for row in rows if row[0][:2].isdigit()]
    assert lectures == [number for number in LECTURES if number != "00"]
    for column in (1, 2):
        assert sorted(row[column] for row in rows if row[column]) == shipped_assignments()


def test_nothing_is_due_before_it_is_handed_out():
    rows = [(week, out, due) for week, _, out, due in semester()]
    out = {row[1]: int(row[0]) for row in rows if row[1]}
    due = {row[2]: int(row[0]) for row in rows if row[2]}
    assert all(due[name] > out[name] for name in out)


def test_the_plan_for_self_study_has_every_assignment():
    named = re.findall(r"^\| \d\d [^|]* \| `(\w+)` \|", page("self_study"), re.MULTILINE)
    assert sorted(named) == shipped_assignments()


@pytest.mark.parametrize("name", GUIDES)
def test_its_links_lead_to_pages_of_the_guides(name):
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", page(name))
    missing = [target for target in targets if "://" not in target and not (DOCS / target).is_file()]
    assert missing == []


@pytest.mark.parametrize("name", GUIDES)
def test_files_that_it_names_exist(name):
    tops = "course_lib|grading|tests|tools|docs|benchmarks|notebooks"
    named = re.findall(rf"`((?:{tops})/[\w./]*)`", page(name))
    assert [
        path
        for path in named
        if not (ROOT / path).exists() and not path.isupper() and "FAMILY" not in path and "NAME" not in path
    ] == []


def test_the_text_has_a_licence_of_its_own():
    assert "https://creativecommons.org/licenses/by/4.0/" in page("LICENSE")
    assert "docs/LICENSE.md" in (ROOT / "README.md").read_text("utf-8")
