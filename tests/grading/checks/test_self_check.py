"""`check(name)` as students use it: in a notebook, in a script, with a wrong name."""

import subprocess
import sys

import pytest
from assignment_students import right
from IPython.core.interactiveshell import InteractiveShell

import grading
from grading import check


def canonical_kernel(name):
    return right("canonical_kernel")(name)


def test_finds_the_function_of_the_calling_module():
    verdict = check("canonical_kernel")
    assert verdict.status == "passed"
    assert verdict.advisory


def test_finds_the_function_of_a_given_namespace():
    assert check("canonical_kernel", {"canonical_kernel": lambda name: [[1.0]]}).status == "failed"
    assert "There is no filter_image" in check("filter_image", {}).message


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(LookupError) as caught:
        check("conv2d_foward")
    assert "Did you mean 'conv2d_forward'?" in str(caught.value)
    assert "max_pool2d_backward" in str(caught.value)


def test_gives_the_same_advice_again():
    wrong = {"filter_image": lambda image, kernel: image * 2}
    assert check("filter_image", wrong) == check("filter_image", wrong)


def test_loads_when_asked_for_and_not_before():
    script = "import sys, grading; print('grading.self_check' in sys.modules, dir(grading))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("False")
    assert "grade_notebook" in run.stdout
    with pytest.raises(AttributeError, match="no attribute 'grades'"):
        grading.grades  # noqa: B018


def test_shows_itself_in_a_notebook():
    shell = InteractiveShell.instance()
    try:
        shell.run_cell("from grading import check\nimport numpy as np")
        shell.run_cell("def canonical_kernel(name):\n    return np.ones((3, 3))")
        result = shell.run_cell('check("canonical_kernel")').result
        shown, _ = shell.display_formatter.format(result)
    finally:
        InteractiveShell.clear_instance()
    assert result.misconception == "blur-not-normalised"
    assert "This looks like: the blur" in shown["text/html"]
    assert shown["text/plain"].startswith("✗ canonical_kernel")


def test_plain_python_prints_the_same_text(tmp_path):
    script = tmp_path / "answers.py"
    script.write_text(
        "from grading import check\n"
        "def canonical_kernel(name):\n    return 3\n"
        "print(check('canonical_kernel'))\n"
    )
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert run.stdout.startswith("✗ canonical_kernel: not right yet")
    assert [path.name for path in tmp_path.iterdir()] == ["answers.py"]
