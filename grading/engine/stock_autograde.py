"""Stock ``nbgrader autograde`` in a class directory: it calls this engine, or it grades nothing."""

from __future__ import annotations

import os
import re
from typing import Any

import nbgrader.apps.api
import nbgrader.apps.autogradeapp
from nbgrader.converters.autograde import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors.base import NbGraderPreprocessor

from grading.engine.class_directory import ClassDirectory
from grading.engine.formgrader_page import keep_formgrader_local, show_class_reports
from grading.engine.nbgrader_session import add_scripts_to_path


class RefuseToExecute(NbGraderPreprocessor):
    """Stands in nbgrader's lists of preprocessors where one would execute student code."""

    def preprocess(self, nb: Any, resources: Any) -> Any:  # noqa: ANN401 - nbconvert's untyped interface
        """Refuse.

        Raises
        ------
        RuntimeError
            Always: this list only runs where the hand-over to the engine did not happen.
        """
        raise RuntimeError(
            "this class is graded by `course grade`, which runs student code in a sandbox; the hand-over "
            "from nbgrader did not take place, so nothing was executed"
        )


class EngineAutograde(Autograde):
    """nbgrader's converter with its work done by the engine: same scores as ``course grade``."""

    def start(self) -> None:
        """Grade what the command line selected.

        Raises
        ------
        NbGraderException
            If something could not be graded.
        """
        # Imported late: every nbgrader command loads this module through the configuration, and few of them
        # grade.
        from grading.engine.coordinator import GradingOptions, grade_class
        from grading.engine.submissions import students_with

        directory = ClassDirectory.open(self.coursedir.root)
        self.init_notebooks()
        students = {found["student_id"] for found in map(self._names, self.assignments) if found}
        students &= set(students_with(directory, self.coursedir.assignment_id)[0])
        students -= set(filter(None, self.coursedir.student_id_exclude.split(",")))
        before = os.getcwd()
        try:
            graded = grade_class(
                directory,
                self.coursedir.assignment_id,
                students=students,
                options=GradingOptions(force=self.force),
                on_progress=lambda progress: self.log.info(
                    "%s: %g of %g", progress.result.student, progress.result.score, progress.result.max_score
                ),
                notify=self.log.warning,
            )
        except Exception as problem:
            self.log.error("%s", problem)
            raise NbGraderException(str(problem)) from problem
        finally:
            os.chdir(before)
        for item in graded.refused:
            self.log.error("not graded: %s: %s", item.name, item.reason)
        for result in graded.grader_errors:
            self.log.error(
                "%s needs attention: %s", result.student, result.reason or "a test could not be judged"
            )

    def _names(self, path: str) -> dict[str, str] | None:
        matched = re.match(
            self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True), path
        )
        return matched.groupdict() if matched else None


def hand_over() -> None:
    """Make nbgrader's command and formgrader's button use the engine, in this process.

    nbgrader's own commands execute `alembic` by name when they make a gradebook: they find it afterwards.
    """
    add_scripts_to_path()
    nbgrader.apps.autogradeapp.Autograde = EngineAutograde
    nbgrader.apps.api.Autograde = EngineAutograde
    keep_formgrader_local()
    show_class_reports()
