"""The ``nbgrader_config.py`` of a class directory: stock commands work there and keep the trust boundary."""

from __future__ import annotations

import re

_TEMPLATE = '''"""nbgrader's configuration of this class.

Stock `nbgrader export`, `nbgrader generate_feedback` and formgrader work here. `nbgrader autograde` hands
over to `course grade`, so that student code runs in the sandbox and nowhere else.
"""

import os

c = get_config()  # noqa: F821

c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.course_id = {course_id!r}

{hand_over}
# Late submissions: 'none' or 'zero'; see nbgrader's documentation for plugins of your own.
# c.LateSubmissionPlugin.penalty_method = "none"
'''

_HAND_OVER = """# Feedback shows neither the hidden tests nor anything that could run.
c.GenerateFeedback.exporter_class = "grading.engine.feedback_page.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "grading.engine.feedback_page.StripHiddenTests",
    "nbgrader.preprocessors.GetGrades",
]

# Should the hand-over below fail, for example because the course is not installed, then nothing is graded:
# these two refuse every submission instead of executing it unprotected.
c.Autograde.sanitize_preprocessors = ["grading.engine.stock_autograde.RefuseToExecute"]
c.Autograde.autograde_preprocessors = ["grading.engine.stock_autograde.RefuseToExecute"]
try:
    from grading.engine.stock_autograde import hand_over
except ImportError as problem:
    print("nbgrader autograde is switched off here, the course is not installed:", problem)
else:
    hand_over()
"""

_ADOPTED = """

# What follows was added when `course init --adopt` took this class over: from here on student code runs in
# the course's sandbox and nowhere else. The configuration as it was before is kept in .course/.
import os

c = get_config()  # noqa: F821

c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))

"""


def config_text(directory_name: str) -> str:
    """Return the configuration of a class whose directory has this name.

    Parameters
    ----------
    directory_name : str
        The last component of the class directory's path; becomes nbgrader's course id.

    Returns
    -------
    str
        Python source.
    """
    course_id = re.sub(r"[^A-Za-z0-9_-]+", "-", directory_name).strip("-") or "class"
    return _TEMPLATE.format(course_id=course_id, hand_over=_HAND_OVER)


def hand_over_text() -> str:
    """Return what is added to the configuration of a class directory that stock nbgrader made."""
    return _ADOPTED + _HAND_OVER
