"""After everything that earns points: would an answer be right if the other answer that it calls were?

The student's notebook runs once more, in a throwaway session. There a name such as `conv2d_forward` stands
for a function that asks the checker: the reference computes here and never enters the sandbox, and what it
told the student's code can earn nothing any more.
"""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType

from grading.checker.callbacks import CallbackBudget
from grading.checker.faults import Exhausted, Latch
from grading.checker.outcome import Outcome
from grading.checker.plan import AssignmentPlan
from grading.checker.sandbox_student import SandboxStudent
from grading.checker.seeds import derive_seed
from grading.checker.staging import Stage
from grading.checks import judging
from grading.checks.definition import Check

EXPLAINING_SECONDS = 15.0
RING_AGAIN_SECONDS = 0.2


class _TimeUp(BaseException):
    """Ends the explaining, wherever it is."""


def name_causes(
    outcomes: Sequence[Outcome],
    plan: AssignmentPlan,
    checks: Mapping[str, Check],
    new_stage: Callable[[float], Stage],
    *,
    seed: bytes,
    call_seconds: float,
    deadline: float,
) -> None:
    """Tell in the verdicts of wrong answers where another answer of the student is the cause.

    Points stay as they are, and so does everything where nothing is found, or no time is left.

    Parameters
    ----------
    outcomes : sequence of Outcome
        Of all test cells; their verdicts are replaced by more telling ones.
    plan : AssignmentPlan
        The assignment.
    checks : mapping of str to Check
        By name.
    new_stage : callable
        Gets a deadline and stages the submission in sessions of its own.
    seed : bytes
        The submission's seed.
    call_seconds : float
        Longest time for one call.
    deadline : float
        `time.monotonic()` by which the submission must be done.
    """
    suspicions = _suspicions(outcomes, checks)
    deadline = min(deadline, time.monotonic() + EXPLAINING_SECONDS)
    if not suspicions or time.monotonic() >= deadline:
        return
    stage = new_stage(deadline)
    try:
        with contextlib.suppress(Exhausted, _TimeUp), _until(deadline, stage):
            for outcome, place, uses in suspicions:
                stage.session()
                verdict = outcome.verdicts[place]
                binders = plan.bindings.scope(outcome.cell).binders
                student = SandboxStudent(
                    stage,
                    outcome.cell,
                    Latch(),
                    binders=binders,
                    call_seconds=call_seconds,
                    budget=CallbackBudget(calls=20_000, raw_bytes=64 << 20, seconds=EXPLAINING_SECONDS / 2),
                )
                outcome.verdicts[place] = judging.with_cause(
                    checks[verdict.check],
                    student.injecting(uses),
                    verdict,
                    seed=derive_seed(seed, verdict.check),
                    deadline=deadline,
                )
    finally:
        stage.abandon()


def _suspicions(
    outcomes: Sequence[Outcome], checks: Mapping[str, Check]
) -> list[tuple[Outcome, int, dict[str, Callable[..., object]]]]:
    """Return which verdicts may be the fault of other answers, and the references of these."""
    right = {
        verdict.check
        for outcome in outcomes
        for verdict in outcome.verdicts
        if verdict.status == "passed" and outcome.status == "passed"
    }
    found = []
    for outcome in outcomes:
        for place, verdict in enumerate(outcome.verdicts):
            uses = {name: f for name, f in checks[verdict.check].uses.items() if name not in right}
            if verdict.status == "failed" and uses:
                found.append((outcome, place, uses))
    return found


@contextlib.contextmanager
def _until(deadline: float, stage: Stage) -> Iterator[None]:
    def ring(_number: int, _frame: FrameType | None) -> None:
        # A call is broken off in the middle of a frame: its session cannot be talked to any more.
        stage.abandon()
        raise _TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(0.1, deadline - time.monotonic()), RING_AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
