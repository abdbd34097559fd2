"""Says in plain words why a test cell stopped, without showing anything of hidden tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from grading.checker import cell_code
from grading.checker.cell_source import python_source
from grading.checker.faults import Exhausted
from grading.checker.handles import is_stand_in
from grading.checker.master import MasterCell, MasterProblem
from grading.checker.own_cells import NeedsStudent
from grading.checker.plan import AssignmentPlan, cell_filename
from grading.checker.student_side import StudentSide

# An exception from here is the grader's own fault, unless a guarded builtin passed on what a test cell did.
OWN_CODE, GUARDS = str(Path(__file__).parent), cell_code.__file__
FATAL_REASON = "The student's code hung or ended its process while this test ran."
HIDDEN_REASON = "A hidden test of this cell did not pass."
UNTOLD_REASON = (
    "The test needs a plain value and got an object that only the student's own code can tell about."
)
FILES_REASON = (
    "The test cell cannot use a file: it sees the assignment's own, not what students' code writes."
)
# Modules are never a student's: one that cannot be imported here is missing where the grader runs.
MASTERS_FAULTS = (NeedsStudent, MasterProblem, RecursionError, SystemExit, ImportError)


def explain(
    raised: BaseException,
    cell: MasterCell,
    plan: AssignmentPlan,
    side: StudentSide,
    *,
    lost_names: Mapping[str, str],
    quote_student: bool,
) -> tuple[str, str]:
    """Say why a test cell stopped.

    Parameters
    ----------
    raised : BaseException
        What ended the cell.
    cell : MasterCell
        The test cell.
    plan : AssignmentPlan
        The assignment.
    side : StudentSide
        The student.
    lost_names : mapping of str to str
        Names that no cell could bind in the checker, with the reason.
    quote_student : bool
        Whether names and texts that the student's code chose may be shown. Once hidden tests have run they
        may not: the code can remember their inputs and tell them later.

    Returns
    -------
    status : str
        ``"failed"``, or ``"error"`` where the instructor is needed.
    message : str
        Without inputs or text of hidden tests.
    """
    lines = lines_in(raised, cell)
    hidden = any(line in cell.hidden_lines for line in lines)
    place = "" if hidden or not lines else _quoted(cell, lines[-1])
    if getattr(raised, "from_student", False) is True:
        return "failed", _student_raised(raised, place, hidden=hidden, quote=quote_student)
    if isinstance(raised, Exhausted):
        return "failed", str(raised)
    if isinstance(raised, MASTERS_FAULTS):
        return "error", f"The test cell itself cannot run: {type(raised).__name__}: {_told(raised)}"
    if _is_own_code(_innermost(raised)):
        return "error", f"The grader itself failed: {type(raised).__name__}: {_told(raised)}"
    if isinstance(raised, OSError):
        return "error", f"{FILES_REASON} {type(raised).__name__}: {raised.strerror or 'unknown'}"
    if isinstance(raised, NameError):
        return _unbound(raised.name, cell, plan, side, lost_names)
    if hidden:
        return "failed", HIDDEN_REASON
    if isinstance(raised, AssertionError):
        return "failed", (_told(raised) or "This does not hold") + place
    return "failed", f"The test stopped with {type(raised).__name__}: {_told(raised)}{place}"


def hidden_lines_ran(cell: MasterCell, raised: BaseException | None) -> bool:
    """Tell whether hidden tests of a cell may have run before it ended, so that their inputs could show."""
    if not cell.hidden_lines:
        return False
    lines = lines_in(raised, cell) if raised is not None else []
    return not lines or max(lines) >= min(cell.hidden_lines)


def lines_in(raised: BaseException, cell: MasterCell) -> list[int]:
    """Return the lines of a cell through which an exception passed, from the outside in."""
    lines = []
    trace = raised.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == cell_filename(cell):
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return lines


def _student_raised(raised: BaseException, place: str, *, hidden: bool, quote: bool) -> str:
    text = str(raised.args[0]) if raised.args else ""
    name = type(raised).__name__
    if name == "StudentError":
        name, _, text = text.partition(": ")
        name = name if quote and not hidden else "an exception of its own"
    if hidden:
        return f"The student's code raised {name} in a hidden test."
    if name == "NotImplementedError":
        return f"Not written yet: the student's code raised NotImplementedError{place}"
    return f"The student's code raised {name}{': ' + text if text and quote else ''}{place}"


def _unbound(
    name: str | None, cell: MasterCell, plan: AssignmentPlan, side: StudentSide, lost_names: Mapping[str, str]
) -> tuple[str, str]:
    if name in lost_names:
        status = "failed" if "student's code failed" in lost_names[name] else "error"
        return status, f"The test needs {lost_names[name]}."
    scope = plan.bindings.scope(cell)
    if name is None or name not in scope.student:
        return "error", f"Nothing in the master binds {name!r}, which this test cell uses."
    binder = scope.binders[name]
    if side.is_missing(binder):
        return "failed", f"The cell {binder.grade_id!r} is missing, and nothing else defines {name!r}."
    return "failed", f"The notebook does not define {name!r}. {side.why_unbound(name, binder)}"


def _told(raised: BaseException) -> str:
    """The exception's text, if telling it asks nothing of a student's object."""
    return str(raised) if not any(is_stand_in(argument) for argument in raised.args) else ""


def _is_own_code(filename: str) -> bool:
    return filename.startswith(OWN_CODE) and filename != GUARDS


def _innermost(raised: BaseException) -> str:
    trace = raised.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename if trace is not None else ""


def _quoted(cell: MasterCell, line: int) -> str:
    try:
        source = python_source(cell.source).splitlines()
    except MasterProblem:
        return "."
    text = source[line - 1].strip() if 0 < line <= len(source) else ""
    return f" (line {line}: `{text}`)" if text else "."
