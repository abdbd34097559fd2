"""Every instruction set that was built and that this processor has computes the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course_lib import kernels

pytestmark = pytest.mark.skipif(kernels.problem() is not None, reason="the kernels are not built")

HERE = Path(__file__).parent
SUITE = [
    str(HERE / name)
    for name in (
        "test_kernels_match_reference.py",
        "test_convolution_paths.py",
        "test_optimizer_kernels.py",
    )
]
SHOW = "import course_lib; print(course_lib.show_config('dicts')['instruction_set'])"


def run(arguments, **environment):
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        cwd=HERE.parents[2],
    )


def others():
    return (
        [name for name in kernels.available() if name != kernels.instruction_set()] if kernels.built() else []
    )


def test_the_best_one_is_chosen():
    assert kernels.available()[-1] == "baseline"
    assert kernels.available() == [name for name in kernels.INSTRUCTION_SETS if name in kernels.available()]
    assert run(["-c", SHOW], COURSE_LIB_ISA="").stdout.strip() == kernels.available()[0]


@pytest.mark.parametrize("name", others())
def test_a_forced_one_is_used_and_agrees_with_the_reference(name):
    assert run(["-c", SHOW], COURSE_LIB_ISA=name).stdout.strip() == name
    suite = run(["-m", "pytest", "-q", "-p", "no:cacheprovider", *SUITE], COURSE_LIB_ISA=name)
    assert suite.returncode == 0, suite.stdout[-3000:]


def test_one_that_is_not_there_is_refused_with_the_choice():
    outcome = run(["-c", SHOW], COURSE_LIB_ISA="x86-64-v9")
    assert outcome.returncode == 1
    assert "ValueError" in outcome.stderr and "x86-64-v9" in outcome.stderr and "baseline" in outcome.stderr
