"""Runs a master's test cells against one student and says what each is worth.

A cell earns points only if it ran to its end here, in the checker, and nothing that the student's code did
closed its latch on the way.
"""

from __future__ import annotations

import contextlib
import io
import signal
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import FrameType

import numpy as np

import grading
from grading.checker.credit import RefusedCredit, comes_from_student, points_for
from grading.checker.explaining import FATAL_REASON, HIDDEN_REASON, UNTOLD_REASON, explain, hidden_lines_ran
from grading.checker.faults import Latch, Latched
from grading.checker.handles import is_stand_in
from grading.checker.master import MasterCell, MasterProblem
from grading.checker.outcome import Outcome, not_judged, summary
from grading.checker.own_cells import OwnNames
from grading.checker.plan import AssignmentPlan
from grading.checker.seeds import derive_seed, seed_generators
from grading.checker.student_side import StaleObject, StudentSide
from grading.checks.definition import Check
from grading.checks.verdict import Verdict

CHECK_SECONDS = 20.0
# A check stops asking before the alarm of its cell rings, so that it can say what it found.
CHECK_SHARE = 0.8
RING_AGAIN_SECONDS = 0.2


class CellRunner:
    """Runs all test cells of one submission, in master order.

    Parameters
    ----------
    plan : AssignmentPlan
        The assignment.
    checks : mapping of str to Check
        What `check(name)` can ask for.
    side : StudentSide
        The student.
    owner : Owner
        The bridge that refuses what stand-ins must not prove.
    seed : bytes
        The submission's seed.
    cell_seconds : float
        Longest time for one test cell.
    deadline : float
        `time.monotonic()` by which everything must be done.
    """

    def __init__(
        self,
        plan: AssignmentPlan,
        checks: Mapping[str, Check],
        side: StudentSide,
        owner: object,
        *,
        seed: bytes,
        cell_seconds: float,
        deadline: float,
    ) -> None:
        self._plan = plan
        self._checks = checks
        self._side = side
        self._owner = owner
        self._seed = seed
        self._cell_seconds = cell_seconds
        self._deadline = deadline
        self._names = OwnNames(plan, side, owner)
        self._verdicts: list[Verdict] = []
        self._asking: MasterCell | None = None
        self._broken: set[int] = set()
        self._hidden_ran = False

    def run(self) -> list[Outcome]:
        """Run every cell and return one outcome for each test cell, in order."""
        with self._answering_check():
            outcomes = []
            for cell in self._plan.master.cells:
                if cell.role == "test":
                    outcomes.append(self._test(cell))
                else:
                    self._run_own(cell)
            return outcomes

    @contextlib.contextmanager
    def _answering_check(self) -> Iterator[None]:
        """Make `from grading import check` in a master cell mean this runner's, which judges for points."""
        before = vars(grading).get("check")
        grading.check = self._check
        try:
            yield
        finally:
            if before is None:
                del grading.check
            else:
                grading.check = before

    def _run_own(self, cell: MasterCell) -> None:
        if not self._plan.own_statements(cell):
            return
        self._side.latch = latch = Latch()
        with contextlib.suppress(Latched), self._time_limit(latch, self._cell_seconds), _swallowed_streams():
            self._names.run(cell)

    def _test(self, cell: MasterCell) -> Outcome:
        problem = self._plan.problems.get(cell.grade_id)
        if problem:
            return not_judged(cell, problem, "error")
        if time.monotonic() >= self._deadline:
            return not_judged(cell, "Not judged: the time for this submission was used up by earlier cells.")
        try:
            return self._attempt(cell)
        except StaleObject:
            pass
        # Objects that earlier test cells made went with the sandbox that held them: make them again, once.
        try:
            self._rebuild(cell)
            return self._attempt(cell)
        except StaleObject:
            return not_judged(
                cell, "This test uses an object that was lost when the student's code had to be restarted."
            )

    def _rebuild(self, until: MasterCell) -> None:
        self._names = OwnNames(self._plan, self._side, self._owner)
        for cell in self._plan.master.cells[: until.position]:
            if cell.role != "test":
                self._run_own(cell)
            elif cell.position not in self._broken and not self._plan.problems.get(cell.grade_id):
                with contextlib.suppress(StaleObject):
                    self._attempt(cell)

    def _attempt(self, cell: MasterCell) -> Outcome:
        latch = Latch()
        printed = io.StringIO()
        raised: BaseException | None = None
        value: object = None
        self._verdicts, self._asking = [], cell
        try:
            # Starting the student's code again is due to an earlier cell, and costs this one no time.
            with self._time_limit(latch, self._deadline - time.monotonic()):
                self._side.begin(latch)
            with (
                self._time_limit(latch, self._cell_seconds),
                contextlib.redirect_stdout(printed),
                contextlib.redirect_stderr(printed),
            ):
                self._names.show(cell, self._side.objects(cell))
                seed_generators(self._seed, cell.grade_id)
                value = self._execute(cell)
        except StaleObject:
            raise
        except BaseException as error:  # noqa: BLE001 - whatever ends the cell early fails it
            raised = error
        if latch.stale:
            raise StaleObject
        if latch.fatal:
            self._broken.add(cell.position)
        return self._outcome(cell, latch, raised, value, printed.getvalue())

    def _execute(self, cell: MasterCell) -> object:
        compiled = self._plan.compiled[cell.position]
        value = None
        for statement in compiled.statements:
            value = eval(statement.code, self._names.namespace)
        return value if compiled.last_expression is not None else None

    @contextlib.contextmanager
    def _time_limit(self, latch: Latch, longest: float) -> Iterator[None]:
        seconds = max(0.1, min(longest, self._deadline - time.monotonic()))

        def ring(_number: int, _frame: FrameType | None) -> None:
            # The call in progress is broken off in the middle of a frame: that sandbox cannot be talked to
            # any more.
            self._side.abandon()
            raise latch.close("failed", f"The test did not end within {seconds:.0f} s.", fatal=True)

        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, seconds, RING_AGAIN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)

    def _check(self, name: str, *_: object, **__: object) -> Verdict:
        """Judge the student by a check: what a master's `check("name")` calls."""
        cell = self._asking
        check = self._checks.get(name) if type(name) is str else None
        if cell is None or check is None:
            known = ", ".join(sorted(self._checks)) or "none"
            raise MasterProblem(f"there is no check {name!r} for this assignment; known are: {known}")
        known_verdict = next((verdict for verdict in self._verdicts if verdict.check == name), None)
        if known_verdict is not None:
            return known_verdict
        latch = self._side.latch
        left = min(self._cell_seconds, self._deadline - time.monotonic())
        budget = max(0.1, min(CHECK_SECONDS, CHECK_SHARE * left))
        student = self._side.student(cell)
        verdict = check.judge(student, seed=derive_seed(self._seed, name), budget_seconds=budget)
        self._verdicts.append(verdict)
        if latch.fatal:
            raise Latched(latch.reason)
        return verdict

    def _outcome(
        self, cell: MasterCell, latch: Latch, raised: BaseException | None, value: object, printed: str
    ) -> Outcome:
        hides = hidden_lines_ran(cell, raised) or any(
            self._checks[verdict.check].hidden for verdict in self._verdicts
        )
        self._hidden_ran = self._hidden_ran or hides
        printed = "" if hides else printed
        verdicts = list(self._verdicts)
        if latch.status is not None:
            message = latch.reason
            if hides:
                message = FATAL_REASON if latch.fatal else HIDDEN_REASON
            elif self._hidden_ran and not latch.fatal:
                message = UNTOLD_REASON
            elif verdicts and verdicts[-1].status != "passed":
                message = summary(verdicts)
            return Outcome(cell, latch.status, 0.0, message, _without_credit(verdicts), printed)
        if raised is not None:
            status, message = explain(
                raised,
                cell,
                self._plan,
                self._side,
                lost_names=self._names.failures,
                quote_student=not self._hidden_ran,
            )
            return Outcome(cell, status, 0.0, message, verdicts, printed)
        if is_stand_in(value):
            value = None
        compiled = self._plan.compiled[cell.position]
        direct = comes_from_student(compiled, self._plan.bindings.scope(cell).student)
        try:
            if verdicts and type(value) in (type(None), Verdict):
                return self._checked(cell, verdicts, printed)
            points = points_for(value, cell.points, direct=direct)
        except RefusedCredit as refused:
            return Outcome(cell, "error", 0.0, str(refused), verdicts, printed)
        if points >= cell.points:
            return Outcome(cell, "passed", points, "All tests of this cell passed.", verdicts, printed)
        if type(value) in (bool, np.bool_):
            message = "The last expression of this test cell is False."
        else:
            message = f"This test cell gave {points:g} of {cell.points:g} points."
        return Outcome(cell, "failed", points, message, verdicts, printed)

    def _checked(self, cell: MasterCell, verdicts: list[Verdict], printed: str) -> Outcome:
        fraction = sum(verdict.fraction for verdict in verdicts if verdict.status in ("passed", "failed"))
        fraction = min(1.0, max(0.0, fraction / len(verdicts)))
        statuses = {verdict.status for verdict in verdicts}
        status = next((word for word in ("error", "failed", "skipped") if word in statuses), "passed")
        return Outcome(cell, status, cell.points * fraction, summary(verdicts), verdicts, printed)


@contextlib.contextmanager
def _swallowed_streams() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def _without_credit(verdicts: list[Verdict]) -> list[Verdict]:
    return [
        replace(verdict, status="failed", fraction=0.0) if verdict.status == "passed" else verdict
        for verdict in verdicts
    ]
