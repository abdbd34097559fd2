"""The guide on writing an assignment is followed literally, from an empty directory to the feedback."""

import json
import re

import pytest
from documented_commands import ROOT, blocks, run

GUIDE = ROOT / "docs" / "writing_assignments.md"


def test_every_python_block_says_which_file_it_is():
    names = [block.file for block in blocks(GUIDE) if block.language == "python"]
    assert names == ["make_notebook.py", "checks/scaling/standardise.py", "hand_in.py"]


@pytest.mark.slow
def test_following_it_literally_gives_the_grades_that_it_promises(tmp_path):
    classroom = tmp_path / "my-class"
    printed = ""
    for block in blocks(GUIDE):
        if block.language == "python":
            (classroom / block.file).write_text(block.text)
        else:
            # Each block begins where the one before ended: in the class directory, once there is one.
            printed += run(block.commands, tmp_path, classroom if classroom.exists() else tmp_path)
    assert "weak test" not in printed
    assert "none gives them a point" in printed
    # Progress goes to the standard error, and is none of the JSON.
    scores = run(["course grade scaling --json 2>/dev/null"], tmp_path, classroom)
    results = {result["student"]: result for result in json.loads(scores)["results"]}
    assert (results["ada"]["score"], results["ada"]["max_score"]) == (5, 5)
    assert results["bob"]["score"] == 0
    page = (classroom / "feedback" / "bob" / "scaling" / "scaling.html").read_text("utf-8")
    assert "rows are standardised, not columns" in " ".join(re.sub(r"<[^>]*>", " ", page).split())
    released = (classroom / "release" / "scaling" / "scaling.ipynb").read_text("utf-8")
    assert "SOLUTION" not in released
    assert "judged when it is graded" in released
