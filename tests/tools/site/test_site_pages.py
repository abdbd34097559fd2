"""What is done to notebooks, docstrings and formulas before they become pages of the site."""

import base64
import json
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.site.anchors import place, with_places
from tools.site.executing import executed_lecture, executed_lectures, library_fingerprint
from tools.site.page_outputs import PageFiles, fit_for_a_page
from tools.site.prompts import prompts
from tools.site.reference_pages import PACKAGES, reference_page
from tools.site.staging import ROOT, stage

VIEW = "application/vnd.jupyter.widget-view+json"
STATES = "application/vnd.jupyter.widget-state+json"
PICTURE = base64.b64encode(b"not really a picture").decode()
STILL = f'<img src="data:image/png;base64,{PICTURE}" alt="what it shows">'


def shown(state, **data):
    """An executed notebook with one widget on it."""
    output = new_output("display_data", data={VIEW: {"model_id": "m"}, "text/html": STILL} | data)
    notebook = new_notebook(cells=[new_code_cell("Widget()", outputs=[output])])
    notebook.metadata["widgets"] = {STATES: {"state": {"m": {"state": state}}}}
    return notebook


def html_of(notebook):
    return notebook.cells[0].outputs[0].data["text/html"]


def test_a_picture_becomes_a_file_that_the_page_asks_for(tmp_path):
    notebook = fit_for_a_page(
        shown({"_model_name": "VBoxModel"}, **{"image/png": PICTURE}), PageFiles(tmp_path, "../")
    )
    address = re.search(r' src="\.\./_static/(figures/\w+\.png)"', html_of(notebook))[1]
    assert (tmp_path / address).read_bytes() == b"not really a picture"
    assert 'alt="what it shows"' in html_of(notebook)
    assert set(notebook.cells[0].outputs[0].data) == {"text/html"}
    assert "widgets" not in notebook.metadata


def test_a_widget_of_javascript_keeps_its_code_and_state_and_no_machinery(tmp_path):
    state = {
        "_esm": "export default {}",
        "_css": "p {}",
        "stride": 2,
        "layout": "IPY_MODEL_x",
        "_dom_classes": [],
    }
    page = html_of(fit_for_a_page(shown(state), PageFiles(tmp_path, "../")))
    places = dict(re.findall(r'data-(\w+)="\.\./_static/([^"]+)"', page))
    assert (tmp_path / places["module"]).read_text() == "export default {}"
    assert (tmp_path / places["look"]).read_text() == "p {}"
    assert json.loads((tmp_path / places["state"]).read_text()) == {"stride": 2}
    assert "<img" in page, "the picture must stand there until the widget has come"


def test_links_of_outputs_to_other_lectures_lead_to_their_pages(tmp_path):
    links = '<a href="02_x.ipynb#cell-id=the-way">x</a> <a href="02_x.ipynb">y</a> <a href="a/b.ipynb">z</a>'
    page = html_of(fit_for_a_page(shown({}, **{"text/html": links}), PageFiles(tmp_path, "../")))
    assert f'href="02_x.html#{place("02_x", "the-way")}"' in page
    assert 'href="02_x.html"' in page
    assert 'href="a/b.ipynb"' in page, "only lectures become pages beside this one"
    text = "- [2.8 Way](02_x.ipynb#cell-id=the-way), [a](https://b.org/c.ipynb)"
    written = new_output("display_data", data={"text/markdown": text})
    fit_for_a_page(new_notebook(cells=[new_code_cell("", outputs=[written])]), PageFiles(tmp_path, "../"))
    there = f"02_x.html#{place('02_x', 'the-way')}"
    assert written.data["text/markdown"] == f"- [2.8 Way]({there}), [a](https://b.org/c.ipynb)"


def test_a_section_has_its_place_and_links_in_the_text_lead_to_places():
    cells = [
        new_markdown_cell("# 02 · Title", id="title"),
        new_markdown_cell("## 2.1 Way", id="the_way"),
        new_markdown_cell(
            "[1.1](01_y.ipynb#cell-id=begin), [2.1](#cell-id=the_way), [1](01_y.ipynb)", id="text"
        ),
    ]
    title, section, text = with_places(new_notebook(cells=cells), "02_x").cells
    assert title.source == "# 02 · Title"
    here, there = place("02_x", "the_way"), place("01_y", "begin")
    assert section.source == f"({here})=\n## 2.1 Way"
    assert text.source == f"[1.1](#{there}), [2.1](#{here}), [1](01_y.ipynb)"
    assert here != there


def test_lectures_run_side_by_side_come_in_their_order_and_one_failure_ends_it(tmp_path, monkeypatch):
    lectures = [tmp_path / f"{number:02}.ipynb" for number in range(6)]
    begun = []

    def execute(lecture, library, kept):
        if lecture.stem == "03":
            raise RuntimeError("a cell failed")
        return lecture.stem

    monkeypatch.setattr("tools.site.executing.executed_lecture", execute)
    assert executed_lectures(lectures[:3], "one", tmp_path, begun.append) == ["00", "01", "02"]
    assert sorted(begun) == ["lecture 00 …", "lecture 01 …", "lecture 02 …"]
    with pytest.raises(RuntimeError, match="a cell failed"):
        executed_lectures(lectures, "one", tmp_path, begun.append)


def test_any_other_widget_is_its_static_picture(tmp_path):
    page = html_of(fit_for_a_page(shown({"_model_name": "VBoxModel"}), PageFiles(tmp_path, "")))
    assert "live-widget" not in page
    assert 'src="_static/figures/' in page


def test_prompts_hold_no_solution_and_one_title(tmp_path):
    solution = "def f(x):\n    ### BEGIN SOLUTION\n    return 7 * x\n    ### END SOLUTION"
    marks = {
        "schema_version": 3,
        "grade": False,
        "solution": True,
        "locked": False,
        "task": False,
        "grade_id": "f",
    }
    cells = [
        new_markdown_cell("# The title"),
        new_markdown_cell("# Part 1\n```\n# a comment\n```\n## Question"),
        new_code_cell(solution, metadata={"nbgrader": marks}),
    ]
    notebook = new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "a.ipynb")
    title, part, code = prompts(tmp_path / "a.ipynb").cells
    assert title.source == "# The title"
    assert part.source == "## Part 1\n```\n# a comment\n```\n### Question"
    assert "7 * x" not in code.source
    assert "raise NotImplementedError" in code.source


@pytest.mark.parametrize(
    "path", sorted((ROOT / "grading" / "source").glob("*/*.ipynb")), ids=lambda path: path.stem
)
def test_no_prompt_of_the_course_shows_a_solution(path):
    cells = prompts(path).cells
    assert not any("SOLUTION" in cell.source or "HIDDEN TESTS" in cell.source for cell in cells)
    titles = [
        cell
        for cell in cells
        if cell.cell_type == "markdown" and re.search(r"^# ", cell.source, re.MULTILINE)
    ]
    assert len(titles) == 1


def test_a_lecture_is_run_again_only_when_it_or_the_library_changes(tmp_path, monkeypatch):
    lecture, kept, runs = tmp_path / "01_x.ipynb", tmp_path / "kept", []
    nbformat.write(new_notebook(cells=[new_code_cell("1")]), lecture)
    monkeypatch.setattr("tools.site.executing.NotebookClient.execute", lambda self: runs.append(self.nb))
    for library in ("one", "one", "two"):
        executed_lecture(lecture, library, kept)
    assert len(runs) == 2
    assert len(list(kept.iterdir())) == 1, "an older run must not stay"
    nbformat.write(new_notebook(cells=[new_code_cell("2")]), lecture)
    executed_lecture(lecture, "two", kept)
    assert len(runs) == 3


def test_a_lecture_that_fails_is_not_kept(tmp_path, monkeypatch):
    lecture, kept = tmp_path / "01_x.ipynb", tmp_path / "kept"
    nbformat.write(new_notebook(cells=[]), lecture)

    def fail(client):
        raise RuntimeError("a cell failed")

    monkeypatch.setattr("tools.site.executing.NotebookClient.execute", fail)
    with pytest.raises(RuntimeError, match="a cell failed"):
        executed_lecture(lecture, "one", kept)
    assert not kept.exists()


def test_the_fingerprint_tells_another_library(tmp_path):
    (tmp_path / "a.py").write_text("1")
    before = library_fingerprint(tmp_path)
    (tmp_path / "a.txt").write_text("of no matter")
    assert library_fingerprint(tmp_path) == before
    (tmp_path / "a.py").write_text("2")
    assert library_fingerprint(tmp_path) != before


@pytest.mark.parametrize("package", PACKAGES)
def test_the_reference_names_all_that_a_package_offers(package):
    module = __import__(package, fromlist=["__all__"])
    page = reference_page(package)
    for name in module.__all__:
        assert name.startswith("__") or f" {package}.{name}\n" in page


def test_a_site_without_runs_has_every_lecture_assignment_and_guide(tmp_path):
    source = tmp_path / "source"
    stage(source, tmp_path / "kept", lectures=())
    for folder, pattern in (("lectures", "notebooks/*.ipynb"), ("guides", "docs/*.md"),
                            ("assignments", "grading/source/*/*.ipynb")):  # fmt: skip
        names = {path.stem for path in ROOT.glob(pattern)}
        listed = set((source / folder / "index.md").read_text("utf-8").split("maxdepth: 1\n")[1].split())
        assert listed - {"```"} == names
    with pytest.raises(ValueError, match="got \\['99_nothing'\\]"):
        stage(source, tmp_path / "kept", lectures=["99_nothing"])
