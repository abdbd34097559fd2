"""What is written for people: the master's metadata, the engine's scores, and nothing that runs."""

import copy
import json
import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbgrader.utils import determine_grade

from grading.engine.compose import compose_notebook
from grading.engine.feedback import write_feedback
from grading.engine.master import read_master
from grading.engine.verdict import failed_verdict


def marked_cells(notebook):
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader")
    }


def hostile_cells():
    script = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    return [
        {
            "cell_type": "markdown",
            "metadata": {"owned": True},
            "source": script + "[x](java&#x73;cript:alert(1))",
        },
        {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": script},
        {
            "cell_type": "code",
            "metadata": {"tags": [script]},
            "source": "1",
            "outputs": [],
            "execution_count": None,
        },
    ]


def test_is_a_valid_notebook_with_the_masters_metadata(classroom):
    changed = classroom.notebook()
    changed["metadata"] = {
        "kernelspec": {"name": "evil", "display_name": "<script>"},
        "widgets": {"x": 1},
        "title": "t",
    }
    for cell in changed["cells"]:
        if marks := cell["metadata"].get("nbgrader"):
            marks["points"] = 1000
            cell["metadata"]["tags"] = ["owned"]
    classroom.hand_in("ada", raw=json.dumps(changed).encode())
    [result] = classroom.grade().results
    graded = classroom.graded("ada")
    nbformat.validate(nbformat.from_dict(graded))
    assert set(graded["metadata"]) == {"kernelspec", "language_info"}
    assert graded["metadata"]["kernelspec"]["name"] == "python3"
    cells = marked_cells(graded)
    assert set(cells) == {"imports", "add", "check_add", "twice", "check_twice"}
    assert cells["check_add"]["metadata"]["nbgrader"]["points"] == 3.0
    assert all(set(cell["metadata"]) <= {"nbgrader", "deletable", "editable"} for cell in graded["cells"])
    assert (result.score, result.max_score) == (5.5, 5.5)


def test_nbgrader_reads_the_engines_score_and_no_other(classroom):
    classroom.hand_in("eve", "hostile")
    classroom.grade()
    for grade_id, points in (("check_add", 3.0), ("check_twice", 2.5)):
        cell = nbformat.from_dict(marked_cells(classroom.graded("eve"))[grade_id])
        results = [output for output in cell.outputs if output.output_type == "execute_result"]
        assert len(results) == 1
        assert cell.outputs[0] is results[0]
        assert determine_grade(cell) == (points, points)


def test_duplicated_cells_carry_their_id_once(classroom):
    notebook = classroom.notebook()
    notebook["cells"] += [
        dict(copy.deepcopy(cell), id=f"again-{n}") for n, cell in enumerate(notebook["cells"])
    ]
    classroom.hand_in("ada", raw=json.dumps(notebook).encode())
    classroom.grade()
    ids = [
        cell["metadata"]["nbgrader"]["grade_id"]
        for cell in classroom.graded("ada")["cells"]
        if cell["metadata"].get("nbgrader")
    ]
    assert sorted(ids) == sorted(set(ids))
    assert len({cell["id"] for cell in classroom.graded("ada")["cells"]}) == len(
        classroom.graded("ada")["cells"]
    )


def test_missing_and_retyped_test_cells_come_back_from_the_master(classroom):
    notebook = classroom.notebook()
    notebook["cells"] = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") != "check_add"
    ]
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "check_twice":
            cell["cell_type"] = "markdown"
            del cell["outputs"], cell["execution_count"]
    classroom.hand_in("ada", raw=json.dumps(notebook).encode())
    classroom.grade()
    cells = marked_cells(classroom.graded("ada"))
    assert cells["check_add"]["source"].startswith("assert add(1, 2) == 3")
    assert cells["check_twice"]["cell_type"] == "code"


def test_a_failed_submission_shows_no_solution(classroom):
    source = classroom.directory.assignment("source", "sums") / "sums.ipynb"
    released = classroom.directory.assignment("release", "sums") / "sums.ipynb"
    master = read_master(source, "sums", released=released)
    for status in ("error", "unreadable"):
        text = json.dumps(
            compose_notebook(master, failed_verdict(master, "Traceback: expected 42", status=status))
        )
        assert "return a + b" not in text
        assert "check_add" in text
    assert "expected 42" not in json.dumps(
        compose_notebook(master, failed_verdict(master, "Traceback: expected 42"))
    )


def test_the_masters_own_prose_is_left_as_it_is(classroom):
    classroom.hand_in("ada")
    classroom.grade()
    assert classroom.graded("ada")["cells"][0]["source"] == "# Sums\nAdd **two** numbers: $a<b$."


class Page(HTMLParser):
    """A page as a browser sees it: elements, attributes, policy."""

    def __init__(self, path):
        super().__init__()
        self.tags, self.attributes, self.policy = [], [], None
        self.text = path.read_text()
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attributes]
        given = dict(attributes)
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"]


@pytest.fixture
def hostile_page(classroom):
    classroom.hand_in("eve", "hostile", extra=hostile_cells())
    classroom.grade()
    [path] = write_feedback(classroom.directory, "sums")
    return Page(path)


def test_feedback_holds_nothing_that_runs_or_fetches(hostile_page):
    assert not {"script", "iframe", "object", "embed", "form", "link", "base", "svg"} & set(hostile_page.tags)
    assert not [item for item in hostile_page.attributes if item[1].startswith("on")]
    addresses = [value for _, name, value in hostile_page.attributes if name in ("href", "src", "action")]
    assert all(address.startswith(("#", "data:image/png;base64,")) for address in addresses)
    assert "default-src 'none'" in hostile_page.policy
    assert "script-src" not in hostile_page.policy
    assert "url(" not in hostile_page.text


def test_feedback_shows_scores_text_and_pictures(hostile_page):
    assert "5.5" in hostile_page.text
    assert "hello" in hostile_page.text
    assert ("img", "alt", "Picture that this cell drew") in hostile_page.attributes
    assert "math" in hostile_page.tags


def test_feedback_hides_hidden_tests_also_when_a_region_is_not_closed(classroom):
    notebook = classroom.notebook()
    test = "assert add(1, 2) == 3\n### BEGIN HIDDEN TESTS\nassert add(0, 0) == 0, 'the hidden reason'"
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "check_add":
            cell["source"] = test
    classroom.hand_in("ada", raw=json.dumps(notebook).encode())
    classroom.grade()
    assert "the hidden reason" in json.dumps(classroom.graded("ada"))
    [path] = write_feedback(classroom.directory, "sums")
    assert "the hidden reason" not in path.read_text()
    assert "HIDDEN" not in path.read_text()
    assert re.search(r"assert</span> <span[^>]*>add", path.read_text())


def test_feedback_shows_comments_of_the_instructor_cleaned(classroom):
    from nbgrader.api import Gradebook

    classroom.hand_in("ada")
    classroom.grade()
    with Gradebook(classroom.directory.db_url) as gradebook:
        comment = gradebook.find_comment("add", "sums", "sums", "ada")
        comment.manual_comment = "**Well** done <script>alert(1)</script>"
        gradebook.db.commit()
    [path] = write_feedback(classroom.directory, "sums")
    page = Page(path)
    assert "<strong>Well</strong> done" in page.text
    assert "script" not in page.tags
