"""What the library could answer is out of reach of code that is graded, and what it needs is not."""

import json
from pathlib import Path

import pytest
from checker_process import CheckerProcess

import grading
import grading.checks
from grading.checks.student import LocalStudent

MASTER = (Path(grading.__file__).parent / "source/normalisation/normalisation.ipynb").read_text("utf-8")
WHITEN = """
def whiten(train, x, eps=1e-5):
    return step("Whitening", eps=eps, zca=True).fit(train)(x)
"""
RECONSTRUCT = """
def pca_reconstruct(train, x, k):
    pca = step("PCA", k).fit(train)
    mean, axes, _ = pca.learned
    return mean + pca(x) @ axes.T
"""
# How a notebook gets at a step of the library's preprocessing.
WAYS = {
    "from-the-package": """
def step(name, *args, **options):
    import course_lib.data
    return getattr(course_lib.data, name)(*args, **options)
""",
    "from-the-module": """
def step(name, *args, **options):
    import importlib
    return getattr(importlib.import_module("course_lib.data.preprocessing"), name)(*args, **options)
""",
    "from-the-file": """
def step(name, *args, **options):
    import course_lib.data
    from pathlib import Path
    bound = {}
    exec(Path(course_lib.data.__file__).with_name("preprocessing.py").read_text(), bound)
    return bound[name](*args, **options)
""",
}


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    process = CheckerProcess(
        tmp_path_factory.mktemp("withheld"), MASTER, "normalisation", cell_seconds=20.0, call_seconds=5.0
    )
    yield process
    process.close()


@pytest.mark.parametrize("way", WAYS)
def test_preprocessing_of_the_library_is_no_answer(checker, way):
    made = json.loads(MASTER)
    answers = {"whiten": WHITEN, "pca_reconstruct": RECONSTRUCT}
    for cell in made["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = WAYS[way] + answers[name]
    found = {test["grade_id"]: test for test in checker.grade(json.dumps(made))["tests"]}
    for name in answers:
        assert found.pop(f"check_{name}")["points"] == 0
    # The digits and photographs of the experiments are there, and what does not use the library is right.
    assert {test["status"] for test in found.values()} == {"passed"}


@pytest.mark.parametrize("way", WAYS)
def test_at_home_these_would_be_answers(way):
    bound = {}
    exec(WAYS[way] + WHITEN + RECONSTRUCT, bound)
    checks = grading.checks.load("normalisation")
    for name in ("whiten", "pca_reconstruct"):
        assert checks[name].judge(LocalStudent(bound), seed=b"a class").fraction == 1.0
