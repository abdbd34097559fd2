"""A test cell that looks for a file which is not the assignment's is the instructor's matter, not a zero."""

from checker_notebooks import solution
from checker_notebooks import test as make_test


def judged(judge, student, test):
    found, _ = judge([solution("def f(x): return x", "s"), make_test(test, "t")], [solution(student, "s")])
    return found["t"]["status"], found["t"]["message"]


def test_a_file_that_student_code_should_have_written_needs_the_instructor(judge):
    status, message = judged(judge, "def f(x): return x", "f(1)\nassert open('no such file').read() == '1'")
    assert status == "error"
    assert "what students' code writes" in message


def test_a_student_who_does_not_find_a_file_has_failed(judge):
    status, message = judged(judge, "def f(x): return open('no such file')", "assert f(1) == 1")
    assert status == "failed"
    assert "FileNotFoundError" in message
