"""Finding check files, those of the course and those of an instructor, and what the sandbox may read."""

import pytest

import grading.checks

OWN = """
from grading.checks.definition import Check, Part, example

check = Check(
    name="{name}",
    signature="(x)",
    reference=abs,
    parts=(Part("all", 1, (example(-3),)),),
    section="Lecture 0",
)
"""


def test_the_checks_of_the_course():
    assert "convolution" in grading.checks.assignments()
    checks = grading.checks.load("convolution")
    assert all(name == check.name for name, check in checks.items())


def test_check_names_are_unique_over_all_assignments():
    names = [name for assignment in grading.checks.assignments() for name in grading.checks.load(assignment)]
    assert len(set(names)) == len(names)


def test_an_assignment_without_checks_has_none():
    assert grading.checks.load("poetry") == {}


@pytest.mark.parametrize("name", ["../convolution", "", "a b", "a/b", ".hidden"])
def test_a_name_that_is_a_path_is_refused(name):
    with pytest.raises(ValueError, match="assignment must be made of"):
        grading.checks.load(name)


def test_an_instructor_adds_and_replaces_checks(tmp_path):
    (tmp_path / "own.py").write_text(OWN.format(name="absolute"))
    (tmp_path / "other.py").write_text(OWN.format(name="filter_image"))
    (tmp_path / "_helper.py").write_text("raise RuntimeError('not a check file')")
    checks = grading.checks.load("convolution", [tmp_path])
    assert checks["absolute"].section == "Lecture 0"
    assert checks["filter_image"].section == "Lecture 0"
    assert len(checks) == len(grading.checks.load("convolution")) + 1
    assert grading.checks.load("poetry", [tmp_path]).keys() == {"absolute", "filter_image"}
    assert grading.checks.load("convolution")["filter_image"].section != "Lecture 0"


def test_a_directory_that_is_not_there_adds_nothing(tmp_path):
    assert grading.checks.load("convolution", [tmp_path / "nowhere"]) == grading.checks.load("convolution")


def test_two_files_with_the_same_check_are_refused(tmp_path):
    (tmp_path / "a.py").write_text(OWN.format(name="absolute"))
    (tmp_path / "b.py").write_text(OWN.format(name="absolute"))
    with pytest.raises(ValueError, match="names must be unique"):
        grading.checks.load("poetry", [tmp_path])


def test_a_file_without_a_check_is_refused(tmp_path):
    (tmp_path / "a.py").write_text("chek = 1")
    with pytest.raises(ValueError, match="must define `check`"):
        grading.checks.load("poetry", [tmp_path])


def test_the_sandbox_of_the_assignment_holds_no_answers():
    policy = grading.checks.sandbox_policy("convolution")
    assert {"numpy", "matplotlib", "IPython", "traitlets", "PIL", "dateutil"} <= set(policy.packages)
    assert not {"grading", "course_lib", "scipy", "sklearn", "torch", "hypothesis"} & set(policy.packages)
    assert policy.files == (
        "course_lib/__init__.py",
        "course_lib/version.py",
        "course_lib/lazy_names.py",
        "course_lib/data",
    )


def test_other_assignments_may_use_what_is_installed_but_the_course():
    policy = grading.checks.sandbox_policy("poetry")
    assert {"numpy", "scipy", "sklearn"} <= set(policy.packages)
    assert not {"grading", "course_lib"} & set(policy.packages)
    assert policy.files == ()
