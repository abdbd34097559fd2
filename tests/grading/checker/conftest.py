import pytest
from checker_notebooks import notebook
from fake_session import FakeSession

from grading.checker.judging import Assignment, Budget, judge_submission
from grading.checker.master import read_master
from grading.checker.plan import AssignmentPlan

SEED = bytes(range(32))


@pytest.fixture
def judge():
    """Grade a submission in a fake sandbox; returns the tests by grade id, and the verdict."""

    def run(master_cells, submitted_cells, *, checks=None, budget=None, session=FakeSession):
        plan = AssignmentPlan(read_master(notebook(*master_cells)))
        assignment = Assignment(plan, checks or {}, budget or Budget(5.0, 2.0, 30.0))
        data = submitted_cells
        if not isinstance(data, bytes):
            data = notebook(*data).encode()
        verdict = judge_submission(data, SEED, assignment, session)
        return {test["grade_id"]: test for test in verdict["tests"]}, verdict

    return run
