"""Does once what every child would do again: imports, the first run of each check over its own reference, the
first picture.
"""

from __future__ import annotations

import base64
import importlib
import io
import sys

from PIL import Image

from grading.checker.judging import Assignment
from grading.checker.pictures import reencode
from grading.checks.student import LocalStudent

# What NumPy and Pillow load at their first use only; every child would pay for it anew.
_LOADED_LATE = ("numpy.random", "PIL.JpegImagePlugin", "matplotlib.backends.backend_agg")


def warm(assignment: Assignment) -> None:
    """Load what the master's cells import and run every check once on the right answers.

    Parameters
    ----------
    assignment : Assignment
        Its checks keep the expected values of their fixed examples; hypothesis and NumPy keep what they set
        up lazily.
    """
    for name in (*assignment.plan.modules, *_LOADED_LATE):
        try:
            importlib.import_module(name)
        except ImportError:
            # The cell that needs it will say so.
            continue
    # Last those that are fed: the forward that keeps what they need replaces the one without.
    fed_last = sorted(assignment.checks.values(), key=lambda check: check.cache_of is not None)
    namespace = {name: right for check in fed_last for name, right in check.right_functions().items()}
    student = LocalStudent(namespace)
    for check in assignment.checks.values():
        check.judge(student, seed=b"warming".ljust(32, b"\0"))
    picture = io.BytesIO()
    Image.new("RGBA", (1, 1)).save(picture, format="PNG")
    reencode(base64.b64encode(picture.getvalue()).decode("ascii"))
    if "matplotlib.pyplot" in sys.modules:
        # Ungraded cells of the master draw in the checker too: fonts and styles are read once, here.
        pyplot = sys.modules["matplotlib.pyplot"]
        pyplot.close(pyplot.subplots()[0])
