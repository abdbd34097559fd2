"""The scenario reader: what it takes in, and how it says what it cannot."""

from pathlib import Path

import pytest

from grading.demo.scenario import ExpectedCheck, ExtraCell, Mangling, ScenarioError
from grading.demo.scenario_files import read_answers, read_scenario, read_scenarios

EXPECTED = 'title = "A title"\nkind = "mistake"\nscore = 3\n'
CHECK = '[checks.area]\nstatus = "failed"\npoints = 1.5\nmisconception = "half"\nreason = "(?i)wrong"\n'


def folder(root: Path, **files: str) -> Path:
    made = root / "some-name"
    made.mkdir()
    (made / "expected.toml").write_text(EXPECTED)
    for name, text in files.items():
        (made / name.replace("_", ".")).write_text(text)
    return made


def test_a_folder_with_nothing_but_its_outcome_takes_the_right_answers(tmp_path):
    scenario = read_scenario(folder(tmp_path, expected_toml=EXPECTED + CHECK), {"area": "right"})
    assert (scenario.name, scenario.answers, scenario.extra_cells) == ("some-name", {"area": "right"}, ())
    assert scenario.mangling == Mangling()
    expected = scenario.expected
    assert (expected.title, expected.kind, expected.score) == ("A title", "mistake", 3)
    assert expected.checks == {"area": ExpectedCheck("failed", 1.5, "half", "(?i)wrong")}


def test_own_answers_replace_right_ones_and_others_stay(tmp_path):
    answers = "# What this is about.\n\n# %% area\ndef area(r):\n    return r\n\n"
    scenario = read_scenario(folder(tmp_path, answers_py=answers), {"area": "right", "length": "right too"})
    assert scenario.answers == {"area": "def area(r):\n    return r", "length": "right too"}


def test_extra_cells_keep_their_order_and_markdown_loses_its_comment_signs(tmp_path):
    path = tmp_path / "answers.py"
    path.write_text("# %% [extra before area]\nk = 1\n# %% [markdown after area]\n# # Notes\n#\n# text\n")
    answers, extra_cells = read_answers(path)
    assert answers == {}
    assert extra_cells == (
        ExtraCell("code", "before", "area", "k = 1"),
        ExtraCell("markdown", "after", "area", "# Notes\n\ntext"),
    )


def test_mangling_is_read_whole(tmp_path):
    mangle = (
        'raw = "cut.txt"\nstub = ["area"]\ndelete = ["a"]\nduplicate = ["b", "c"]\n[points]\na = 7\n'
        '[[output]]\ncell = "a"\ntype = "display_data"\ndata = {"text/plain" = "x"}\n'
        '[metadata]\ntitle = "t"\n'
    )
    mangling = read_scenario(folder(tmp_path, mangle_toml=mangle, cut_txt="{"), {}).mangling
    assert mangling.raw == b"{"
    assert mangling.delete == ("a",)
    assert mangling.duplicate == ("b", "c")
    assert mangling.points == {"a": 7}
    assert mangling.outputs == ({"cell": "a", "type": "display_data", "data": {"text/plain": "x"}},)
    assert mangling.metadata == {"title": "t"}
    assert mangling.leaves("area")
    assert not mangling.leaves("length")
    assert Mangling(stub="all").leaves("length")


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"expected_toml": 'title = "t"\nscore = 1\n'}, "needs title, kind and score"),
        ({"expected_toml": EXPECTED.replace("mistake", "slip")}, "kind is 'slip'"),
        ({"expected_toml": EXPECTED + CHECK.replace("failed", "bad")}, "status of area is 'bad'"),
        ({"expected_toml": EXPECTED + CHECK.replace("points", "marks")}, "unknown marks"),
        ({"expected_toml": EXPECTED + CHECK.replace("points = 1.5", "")}, "area needs status and points"),
        ({"expected_toml": EXPECTED + CHECK.replace("(?i)wrong", "(wrong")}, "not a regular expression"),
        ({"expected_toml": EXPECTED + "colour = 1\n"}, "unknown colour"),
        ({"expected_toml": "title ="}, "is not TOML"),
        ({"mangle_toml": 'remove = ["a"]'}, "unknown remove"),
        ({"mangle_toml": 'raw = "gone.txt"'}, "'gone.txt'"),
        ({"answers_py": "x = 1\n# %% area\n"}, "stands before the first"),
        ({"answers_py": "# %% [extra inside area]\n"}, "neither a grade id nor"),
        ({"answers_py": "# %% area\n1\n# %% area\n2\n"}, "two answers for area"),
    ],
)
def test_what_the_format_does_not_know_is_refused_with_file_and_reason(tmp_path, files, says):
    with pytest.raises(ScenarioError) as refusal:
        read_scenario(folder(tmp_path, **files), {})
    assert says in str(refusal.value)
    assert str(tmp_path / "some-name") in str(refusal.value)


def test_missing_files_are_named(tmp_path):
    with pytest.raises(ScenarioError, match="right.py is missing"):
        read_scenarios(tmp_path)
    (tmp_path / "right.py").write_text("# %% area\n1\n")
    with pytest.raises(ScenarioError, match="holds no scenario folders"):
        read_scenarios(tmp_path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ScenarioError, match="expected.toml is missing"):
        read_scenarios(tmp_path)


def test_scenarios_come_sorted_and_hidden_folders_are_left_out(tmp_path):
    (tmp_path / "right.py").write_text("# %% area\n1\n")
    for name in ("b", "a", ".cache", "__pycache__"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "expected.toml").write_text(EXPECTED)
    assert [scenario.name for scenario in read_scenarios(tmp_path)] == ["a", "b"]


def test_edits_growth_and_what_lies_beside_the_notebook_are_read(tmp_path):
    mangle = (
        'student = "-rf"\nnest = 3\ngrow_megabytes = 1\n[[edit]]\npath = ["cells", "a", "id"]\nvalue = "x"\n'
        '[files]\n"numpy.py" = "text"\n[links]\n"data" = "/etc"\n'
    )
    expected = EXPECTED + 'shown = "tried"\nrefused = "no"\nslow = true\n'
    scenario = read_scenario(folder(tmp_path, mangle_toml=mangle, expected_toml=expected), {})
    assert (scenario.name, scenario.student) == ("some-name", "-rf")
    assert scenario.mangling.edits == ({"path": ["cells", "a", "id"], "value": "x"},)
    assert (scenario.mangling.nest, scenario.mangling.grow_megabytes) == (3, 1)
    assert (scenario.mangling.files, scenario.mangling.links) == ({"numpy.py": "text"}, {"data": "/etc"})
    assert (scenario.expected.shown, scenario.expected.refused, scenario.expected.slow) == (
        "tried",
        "no",
        True,
    )


def test_an_edit_without_path_or_with_two_changes_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="one of value, remove and move"):
        read_scenario(folder(tmp_path, mangle_toml='[[edit]]\npath = ["x"]\nvalue = 1\nmove = 0\n'), {})


def test_an_assignment_of_its_own_is_no_scenario(tmp_path):
    (tmp_path / "right.py").write_text("# %% area\nx = 1\n")
    (tmp_path / "assignment").mkdir()
    folder(tmp_path)
    assert [scenario.name for scenario in read_scenarios(tmp_path)] == ["some-name"]
