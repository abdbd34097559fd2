"""The checker on the course's own assignment on convolution: what one faulty answer costs."""

import json
from pathlib import Path

import pytest
from checker_process import CheckerProcess

import grading

MASTER = (Path(grading.__file__).parent / "source" / "convolution" / "convolution.ipynb").read_text("utf-8")


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    process = CheckerProcess(
        tmp_path_factory.mktemp("convolution"), MASTER, "convolution", cell_seconds=20.0, call_seconds=5.0
    )
    assert process.ready["ready"] is True, process.ready
    yield process
    process.close()


def submission(**replaced):
    """The master's answers, with some functions replaced by other source."""
    made = json.loads(MASTER)
    for cell in made["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if grade_id in replaced:
            cell["source"] = replaced[grade_id]
    return json.dumps(made)


def points(verdict):
    return {test["grade_id"].removeprefix("check_"): test["points"] for test in verdict["tests"]}


FULL = {
    "convolve1d": 6.0,
    "property_gaps": 4.0,
    "conv2d_forward": 10.0,
    "conv2d_backward": 10.0,
    "im2col": 5.0,
    "conv2d_from_columns": 3.0,
    "conv_as_matrix": 5.0,
    "slide_fully_connected": 3.0,
    "max_pool2d_forward": 6.0,
    "max_pool2d_backward": 8.0,
    "avg_pool2d_forward": 3.0,
    "avg_pool2d_backward": 4.0,
    "depthwise_separable": 5.0,
    "separable_costs": 3.0,
    "receptive_field": 4.0,
    "net_size": 4.0,
    "canonical_kernel": 4.0,
    "filter_image": 6.0,
    "shift_errors": 3.0,
    "texture_experiment": 4.0,
}


@pytest.mark.parametrize(
    "body",
    [
        "import os; os._exit(0)",
        "return None",
        *(
            pytest.param(body, marks=pytest.mark.slow)
            for body in ("while True: pass", "return []", "return y", "return object()")
        ),
    ],
)
def test_a_fault_of_one_function_costs_its_own_check(checker, body):
    source = f"def avg_pool2d_forward(x, kernel_size, stride):\n    y = x\n    {body}"
    verdict = checker.grade(submission(avg_pool2d_forward=source))
    assert points(verdict) == FULL | {"avg_pool2d_forward": 0.0}


def test_a_partly_right_answer_keeps_the_points_of_its_right_parts(checker):
    master_source = next(
        "".join(cell["source"])
        for cell in json.loads(MASTER)["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "conv2d_backward"
    )
    source = master_source + "\nright = conv2d_backward\n"
    source += "def conv2d_backward(*a, **k):\n    dx, dw, db = right(*a, **k)\n    return dx * 2, dw, db\n"
    test = next(
        test
        for test in checker.grade(submission(conv2d_backward=source))["tests"]
        if test["grade_id"] == "check_conv2d_backward"
    )
    assert test["status"] == "failed"
    assert 0.0 < test["points"] < 10.0
    assert {part["status"] for part in test["parts"]} == {"passed", "failed"}
    assert test["counterexample"]
