"""Class directories as stock nbgrader makes them, graded by `nbgrader autograde` and by the engine."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbgrader
from nbgrader.api import Gradebook
from own_sockets import KERNELS_ON_FILES

from grading.engine.checker_process import Limits
from grading.engine.class_directory import ClassDirectory
from grading.engine.coordinator import GradingOptions, grade_class
from grading.engine.nbgrader_session import scripts_on_path

BIN = Path(sys.executable).parent
PACKAGE = Path(nbgrader.__file__).parent
FILES = PACKAGE / "tests" / "apps" / "files"
PREPROCESSOR_FILES = PACKAGE / "tests" / "preprocessors" / "files"
USER_GUIDE = PACKAGE / "docs" / "source" / "user_guide"
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'stock'\n"


class StockCourse:
    """A class directory that has never heard of the engine.

    Parameters
    ----------
    root : Path
        A directory that does not exist yet.
    config : str
        Lines of its ``nbgrader_config.py``.
    """

    def __init__(self, root, config=""):
        self.root = root
        root.mkdir(parents=True)
        (root / "nbgrader_config.py").write_text(CONFIG + KERNELS_ON_FILES + config)

    def source(self, assignment, files, *, due=None):
        """Lay source files down (bytes, text, dicts, or paths to copy) and generate the release."""
        for name, content in files.items():
            put(self.root / "source" / assignment / name, content)
        if due is not None:
            with scripts_on_path(), Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
                gradebook.update_or_create_assignment(assignment, duedate=due)
        nbgrader_in(self.root, "generate_assignment", assignment)

    def released(self, assignment, notebook):
        return json.loads((self.root / "release" / assignment / f"{notebook}.ipynb").read_text())

    def hand_in(self, student, assignment, files):
        for name, content in files.items():
            put(self.root / "submitted" / student / assignment / name, content)

    def both_ways(self, assignment, *, expect=0, limits=None):
        """Return the gradebooks of stock nbgrader and of the engine, each from a copy of this directory."""
        stock, ours = (
            self.root.with_name(f"{self.root.name}-{way}-{assignment}") for way in ("stock", "ours")
        )
        for copy in (stock, ours):
            shutil.copytree(self.root, copy)
        nbgrader_in(stock, "autograde", assignment, expect=expect)
        options = GradingOptions(workers=2, limits=limits or Limits())
        graded = grade_class(ClassDirectory.adopt(ours), assignment, options=options)
        return gradebook_of(stock, assignment), gradebook_of(ours, assignment), graded


def nbgrader_in(root, *arguments, expect=0):
    """Run one of nbgrader's commands in a class directory, as its user does."""
    run = subprocess.run(
        [BIN / "nbgrader", *arguments],
        cwd=root,
        env=os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert expect is None or run.returncode == expect, run.stderr
    return run


def put(target, content):
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        shutil.copy(content, target)
    elif isinstance(content, bytes):
        target.write_bytes(content)
    else:
        target.write_text(content if isinstance(content, str) else json.dumps(content))


def gradebook_of(root, assignment):
    """Return all that automatic grading writes of an assignment, by (student, notebook, cell)."""
    found = {}
    with scripts_on_path(), Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(assignment):
            for notebook in submission.notebooks:
                key = (submission.student.id, notebook.name)
                found[*key, "(notebook)"] = {
                    "score": notebook.score,
                    "max_score": notebook.max_score,
                    "penalty": notebook.late_submission_penalty,
                    "late": submission.total_seconds_late,
                }
                for grade in notebook.grades:
                    found[*key, grade.name] = {
                        "auto": grade.auto_score,
                        "manual": grade.manual_score,
                        "max": grade.max_score,
                        "needs_manual": bool(grade.needs_manual_grade),
                    }
                for comment in notebook.comments:
                    found[*key, f"comment on {comment.name}"] = comment.auto_comment
    return found


def differences(stock, ours):
    """Return what the two gradebooks do not agree about, by (student, notebook, cell)."""
    return {key: (stock.get(key), ours.get(key)) for key in stock | ours if stock.get(key) != ours.get(key)}
