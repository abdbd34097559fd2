"""What a student installs has no nbgrader: checking one's own notebook must not need it."""

import subprocess
import sys

BLOCKED = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("nbgrader", "nbconvert", "sqlalchemy", "traitlets"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import grading.engine.single, grading.engine.question, grading.engine.model_solution, grading.engine.doctor
print("imported")
"""


def test_a_notebook_is_checked_without_what_only_instructors_install():
    run = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True, timeout=120)
    assert run.stdout == "imported\n", run.stderr
