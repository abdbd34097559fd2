"""A student in their own kernel: copies in, copies out, and no call that ends the kernel or never ends."""

import signal
import threading
import time

import numpy as np
import pytest

from grading.checks.student import LocalStudent, Reply, Student, StudentFault, plain


def student(function, **more):
    return LocalStudent({"f": function}, **more)


def fault_of(function, *args, **more):
    with pytest.raises(StudentFault) as caught:
        student(function, **more).call("f", *args)
    return caught.value


def test_is_a_student():
    assert isinstance(LocalStudent({}), Student)


def test_names_and_signatures():
    someone = LocalStudent({"f": lambda x, y=1: x, "number": 3, "builtin": min})
    assert someone.exists("f")
    assert not someone.exists("g")
    assert someone.signature("f") == "(x, y=1)"
    assert someone.signature("number") is None
    assert someone.signature("g") is None
    assert isinstance(someone.signature("builtin"), str)


def test_arguments_are_copied_and_come_back_changed():
    x = np.ones(3)
    reply = student(lambda a: a.fill(7)).call("f", x)
    assert x.tolist() == [1, 1, 1]
    assert reply == Reply(None, reply.arguments)
    assert reply.arguments[0].tolist() == [7, 7, 7]


def test_returned_arrays_are_snapshots():
    kept = np.zeros(2)

    def same_buffer():
        kept[:] += 1
        return kept

    someone = student(same_buffer)
    first, second = someone.call("f").value, someone.call("f").value
    assert (first.tolist(), second.tolist()) == ([1, 1], [2, 2])


def test_subclasses_and_containers_become_plain():
    class Always(np.ndarray):
        def __eq__(self, other):
            return True

    class Two(float):
        pass

    value = plain({"a": [np.zeros(2).view(Always), (Two(2), np.float32(1))]})
    assert type(value["a"][0]) is np.ndarray
    assert type(value["a"][1][0]) is float
    assert type(value["a"][1][1]) is np.float32


@pytest.mark.parametrize(
    "value",
    [object(), (i for i in ()), np.array([object()]), lambda: 1, np.array(["2020-01-01"], "M8[D]"), print],
)
def test_what_is_not_plain_is_unsupported(value):
    assert fault_of(lambda: value).kind == "unsupported"


def test_endless_nesting_is_unsupported():
    loop = []
    loop.append(loop)
    assert fault_of(lambda: loop).kind == "unsupported"


def test_exceptions_are_told_with_the_students_own_frames():
    def helper():
        return [][3]

    def function():
        return helper()

    fault = fault_of(function)
    assert (fault.kind, fault.name, fault.text) == ("exception", "IndexError", "list index out of range")
    assert "in helper" in fault.traceback
    assert "grading" not in fault.traceback.replace("tests/grading", "")
    assert str(fault) == "IndexError: list index out of range"


@pytest.mark.parametrize("error", [SystemExit, StopIteration, AssertionError, GeneratorExit, RecursionError])
def test_every_exception_is_a_fault(error):
    def function():
        raise error("no")

    fault = fault_of(function)
    assert (fault.kind, fault.name) == ("exception", error.__name__)


def test_an_exception_that_cannot_be_printed_is_a_fault():
    class Rude(Exception):
        def __str__(self):
            raise RuntimeError

    def function():
        raise Rude

    assert fault_of(function).text == "(its message cannot be shown)"


def test_the_users_interrupt_is_theirs():
    def function():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        student(function).call("f")


def endless():
    while True:
        pass


def stubborn():
    while True:
        try:
            while True:
                pass
        except BaseException:  # noqa: BLE001 - this is what is tested
            if time.monotonic() > stubborn.until:
                raise


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no alarms")
def test_an_endless_loop_is_interrupted():
    # Not by the clock, which goes on while others have the processor.
    started = time.thread_time()
    fault = fault_of(endless, call_seconds=0.2)
    assert fault.kind == "timeout"
    assert time.thread_time() - started < 2


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no alarms")
def test_a_loop_that_catches_everything_is_interrupted_again_and_again():
    stubborn.until = time.monotonic() + 0.5
    assert fault_of(stubborn, call_seconds=0.1).kind == "timeout"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no alarms")
def test_an_alarm_on_the_way_out_interrupts_nothing(monkeypatch):
    # So often that it rings again before the first interruption has left the call.
    monkeypatch.setattr("grading.checks.student.RING_AGAIN_SECONDS", 1e-4)
    before = signal.getsignal(signal.SIGALRM)
    for _ in range(50):
        assert fault_of(endless, call_seconds=0.001).kind == "timeout"
    assert signal.getsignal(signal.SIGALRM) is before


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no alarms")
def test_the_alarm_leaves_no_trace():
    before = signal.getsignal(signal.SIGALRM)
    for outer in (0.0, 300.0):
        kept = signal.setitimer(signal.ITIMER_REAL, outer)
        try:
            fault_of(endless, call_seconds=0.05)
            student(lambda: 1).call("f")
            left, _ = signal.getitimer(signal.ITIMER_REAL)
        finally:
            signal.setitimer(signal.ITIMER_REAL, *kept)
        assert signal.getsignal(signal.SIGALRM) is before
        assert (left == 0) if outer == 0 else (290 < left < 300)


def test_works_in_other_threads_without_alarms():
    replies = []
    thread = threading.Thread(target=lambda: replies.append(student(lambda: 5).call("f").value))
    thread.start()
    thread.join(10)
    assert replies == [5]


def test_prints_of_the_student_are_swallowed(capsys):
    student(lambda: print("noise" * 1000)).call("f")
    assert capsys.readouterr().out == ""


def test_a_missing_name_is_a_fault():
    with pytest.raises(StudentFault) as caught:
        LocalStudent({}).call("f")
    assert caught.value.kind == "missing"


def test_unknown_kinds_of_fault_are_refused():
    with pytest.raises(ValueError, match="kind must be one of"):
        StudentFault("sad")
