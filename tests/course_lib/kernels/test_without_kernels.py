"""Without compiled kernels the library still computes, and says once how to get them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

HIDDEN = """
import sys, warnings
sys.modules["course_lib.kernels"] = None  # an import of it fails, as if it were not there
import numpy as np
import course_lib, course_lib.functional as F
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for _ in range(2):
        y = F.conv2d(np.ones((1, 2, 4, 4)), np.ones((3, 2, 3, 3)))
        F.relu(y)
assert (y == 18).all()
[warning] = caught
assert warning.category is RuntimeWarning and warning.filename == "<string>", warning
for word in ("reference", "compiler", "pip install"):
    assert word in str(warning.message), warning
facts = course_lib.show_config("dicts")
assert facts["backend"] == "reference" and facts["instruction_set"] is None and "compiler" in facts["note"]
assert course_lib.get_num_threads() == 1
course_lib.set_num_threads(4)
try:
    course_lib.set_backend("kernels")
except RuntimeError as error:
    assert "compiler" in str(error)
else:
    raise AssertionError("the kernels must not be choosable")
"""

CONVOLVE = """
import numpy as np, course_lib, course_lib.functional as F
total = F.conv2d(np.ones((1, 2, 4, 4)), np.ones((3, 2, 3, 3))).sum()
print(course_lib.__file__, total, course_lib.show_config("dicts")["backend"])
"""


def run(arguments, **keywords):
    return subprocess.run(arguments, capture_output=True, text=True, timeout=600, **keywords)


def test_hidden_kernels_fall_back_to_the_reference_with_one_warning():
    outcome = run([sys.executable, "-c", HIDDEN])
    assert outcome.returncode == 0, outcome.stderr


def test_the_reference_can_be_chosen_by_the_environment_without_a_warning():
    outcome = run(
        [sys.executable, "-W", "error", "-c", CONVOLVE], env={**os.environ, "COURSE_LIB_BACKEND": "reference"}
    )
    assert outcome.stdout.split()[1:] == ["216.0", "reference"], outcome.stderr


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["no compiler answers", "the compiler fails"])
def test_an_install_without_a_compiler_succeeds_and_computes(tmp_path, missing):
    source, target = tmp_path / "source", tmp_path / "target"
    built = shutil.ignore_patterns("*.so", "__pycache__", "*.egg-info")
    for folder in ("course_lib", "grading"):
        shutil.copytree(ROOT / folder, source / folder, ignore=built)
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    environment = {**os.environ, "CC": "false"}
    if missing == "no compiler answers":
        environment = {**os.environ, "PATH": str(tmp_path)}
        environment.pop("CC", None)
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "-v",
    ]
    outcome = run([*install, "--target", str(target), str(source)], env=environment)
    printed = outcome.stdout + outcome.stderr
    assert outcome.returncode == 0, printed[-3000:]
    assert "no working C compiler" in printed
    assert not list(target.rglob("course_lib/**/*.so"))
    computed = run(
        [sys.executable, "-c", CONVOLVE], env={**os.environ, "PYTHONPATH": str(target)}, cwd=tmp_path
    )
    where, total, backend = computed.stdout.split()
    assert where.startswith(str(target))
    assert (total, backend) == ("216.0", "reference")
    assert computed.stderr.count("RuntimeWarning") == 1
