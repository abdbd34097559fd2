"""Functions that go with a call: student code can ask them, while the call is in progress, and no more."""

from dataclasses import replace

import numpy as np
import pytest
from asked_functions import Spy, define

from grading.checker.callbacks import MAX_NESTED, Callback, CallbackBudget
from grading.checker.sandbox_client import (
    Handle,
    SandboxDied,
    SandboxServer,
    SandboxTimeout,
    Session,
    StudentRaised,
    Unsupported,
)


def _raised(session: Session, function: object, source: str) -> StudentRaised:
    define(session, source)
    with pytest.raises(StudentRaised) as raised:
        session.call("g", (Callback(function),))
    return raised.value


def test_student_code_calls_a_function_of_the_test(session: Session) -> None:
    define(session, "def slope(f, x, h=1e-3):\n    return (f(x + h) - f(x - h)) / (2 * h)")
    value = session.call("slope", (Callback(np.square), np.array([1.0, -3.0]))).value
    np.testing.assert_allclose(value, [2, -6])


def test_values_go_both_ways_as_plain_and_fresh_ones(session: Session) -> None:
    held = np.arange(3.0)
    spy = Spy(lambda *args, **kwargs: [held, {"a": (1, None, "t")}, np.float32(2)])
    define(
        session,
        "class L(list): pass\nclass A(np.ndarray):\n    def __eq__(self, other): return True\n"
        "def g(f):\n"
        "    x = np.ones(2)\n"
        "    y = f(x.view(A), L([True, 2**70]), named={'k': 1j})\n"
        "    y[0][:] = 9\n"
        "    return type(y[2]).__name__, f(x)[0]",
    )
    name, array = session.call("g", (Callback(spy),)).value
    assert name == "float32"
    np.testing.assert_array_equal(array, [0, 1, 2])
    np.testing.assert_array_equal(held, [0, 1, 2])
    (first, items), named = spy.asked[0]
    assert (type(first), type(items), items, named) == (np.ndarray, list, [True, 2**70], {"named": {"k": 1j}})


def test_functions_in_containers_and_by_name_cross_and_come_back_as_themselves(session: Session) -> None:
    def f(x):
        return x + 1

    define(session, "def g(fs, *, h):\n    fs.append(fs[0])\n    return h['h'](fs[0](1))")
    reply = session.call("g", ([Callback(f)],), {"h": {"h": Callback(lambda x: 10 * x)}})
    assert reply.value == 20
    assert reply.arguments[0] == [f, f]


def test_a_function_that_is_returned_is_an_object_like_any_other(session: Session) -> None:
    define(session, "def g(f):\n    return f")
    reply = session.call("g", (Callback(len),))
    assert type(reply.value) is Handle
    assert reply.arguments == (len,)


@pytest.mark.parametrize(
    ("error", "name", "text"),
    [
        (ValueError("no"), "ValueError", "no"),
        (np.linalg.LinAlgError("singular"), "ValueError", "singular"),
        (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), "ValueError", "bad"),
        (StopIteration("x"), "RuntimeError", "StopIteration: x"),
        (KeyError("k"), "KeyError", "k"),
    ],
)
def test_exceptions_arrive_by_allowed_names(session: Session, error, name, text) -> None:
    def f():
        raise error

    raised = _raised(session, f, "def g(f):\n    f()")
    assert (raised.name, text in raised.text) == (name, True)


def test_bad_arguments_raise_in_the_students_code_and_can_be_caught(session: Session) -> None:
    define(
        session,
        "def g(f):\n    try:\n        return f(1, 2)\n    except TypeError:\n        return f(3)",
    )
    assert session.call("g", (Callback(lambda x: x),)).value == 3


@pytest.mark.parametrize(
    "argument", ["object()", "f", "np.array([object()])", "lambda: 1", "bytes(200 << 20)", "[0] * 100_000"]
)
def test_what_is_not_plain_never_reaches_the_function(session: Session, argument: str) -> None:
    spy = Spy()
    raised = _raised(session, spy, f"def g(f):\n    f({argument})")
    assert raised.name == "TypeError"
    assert spy.asked == []


def test_a_frame_that_is_too_large_is_not_sent(session: Session) -> None:
    raised = _raised(session, Spy(), "def g(f):\n    f(bytes(100 << 20))")
    assert raised.name == "TypeError"


def test_what_cannot_come_back_is_unsupported_even_if_the_student_swallows_it(session: Session) -> None:
    define(session, "def g(f):\n    try:\n        return f()\n    except Exception:\n        return 1")
    with pytest.raises(Unsupported, match="the test passes returned"):
        session.call("g", (Callback(lambda: object()),))
    with pytest.raises(Unsupported, match="too large"):
        session.call("g", (Callback(lambda: bytes(100 << 20)),))
    assert session.call("g", (Callback(lambda: 2),)).value == 2, "the session goes on"


def test_an_assertion_of_the_test_is_not_swallowed(session: Session) -> None:
    def f():
        raise AssertionError("asked in vain")

    define(session, "def g(f):\n    try:\n        f()\n    except BaseException:\n        return 1")
    with pytest.raises(AssertionError, match="asked in vain"):
        session.call("g", (Callback(f, latches=True),))
    assert session.call("g", (Callback(f),)).value == 1


def test_what_breaks_off_the_test_waits_for_the_students_code(session: Session) -> None:
    class Over(BaseException):
        pass

    def f():
        raise Over

    spy = Spy(f)
    define(
        session,
        "ran = []\ndef g(f):\n"
        "    for _ in range(3):\n"
        "        try:\n            f()\n        except RuntimeError as e:\n            ran.append(str(e))",
    )
    with pytest.raises(Over):
        session.call("g", (Callback(spy),))
    assert len(spy.asked) == 1
    assert session.lookup("ran").value == ["the test was broken off"] * 3


def test_functions_of_both_sides_can_call_one_another(session: Session) -> None:
    define(session, "def loss(w):\n    return (w ** 2).sum()\ndef g(f, x):\n    return f(x) + 1")
    value = session.call("g", (Callback(lambda x: session.call("loss", (2 * x,)).value), np.ones(3))).value
    assert value == 13


def test_a_function_of_an_outer_call_can_be_called_inside_an_inner_one(session: Session) -> None:
    define(
        session,
        "def g(f, h):\n    global kept\n    kept = f\n    return h()\ndef inner():\n    return kept(4)",
    )
    value = session.call(
        "g", (Callback(lambda x: x + 1), Callback(lambda: session.call("inner").value))
    ).value
    assert value == 5


def test_operators_of_student_objects_may_ask_too(session: Session) -> None:
    define(
        session,
        "class C:\n    def __add__(self, x): return kept(x)\n"
        "c = C()\ndef g(f, h):\n    global kept\n    kept = f\n    return h()",
    )
    handle = session.lookup("c")
    f, h = Callback(lambda x: 10 * x), Callback(lambda: session.operate(handle, "add", 5))
    assert session.call("g", (f, h)).value == 50


def test_calls_inside_calls_end_at_a_depth(session: Session) -> None:
    define(session, "def g(f, n):\n    return f(n + 1)")
    depths = []

    def deeper(n):
        depths.append(n)
        return session.call("g", (Callback(deeper), n)).value

    with pytest.raises(StudentRaised, match="levels deep") as raised:
        session.call("g", (Callback(deeper), 0))
    assert raised.value.name == "RecursionError" or "RecursionError" in raised.value.text
    assert len(depths) == MAX_NESTED
    assert session.call("g", (Callback(lambda n: n), 0)).value == 1


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("kept = []\ndef g(f):\n    kept.append(f)\n    return kept[0](1)", "only while"),
        (
            "import threading\ndef g(f):\n    said = []\n"
            "    def ask():\n        try:\n            f(1)\n        except RuntimeError as e:\n"
            "            said.append(e)\n"
            "    t = threading.Thread(target=ask)\n    t.start()\n    t.join()\n    raise said[0]",
            "only from the thread",
        ),
    ],
)
def test_functions_cannot_be_called_later_or_elsewhere(session: Session, source: str, told: str) -> None:
    define(session, source)
    spy = Spy(lambda x: x)
    with pytest.raises(StudentRaised, match=told) as raised:
        for _ in range(2):
            session.call("g", (Callback(spy),))
    assert raised.value.name == "RuntimeError"
    assert len(spy.asked) <= 1


def test_too_many_questions_end_the_session(session: Session) -> None:
    swallowing = "        try:\n            f()\n        except BaseException:\n            pass"
    define(session, f"def g(f):\n    while True:\n{swallowing}")
    budget = CallbackBudget(calls=250, calls_at_once=100)
    with pytest.raises(SandboxDied, match="more than 100 times"):
        session.call("g", (Callback(lambda: None),), budget=budget)
    assert budget.calls == 149


def test_a_budget_holds_over_calls(session: Session) -> None:
    define(session, "def g(f, n):\n    for _ in range(n):\n        f()")
    budget = CallbackBudget(calls=25)
    session.call("g", (Callback(lambda: None), 20), budget=budget)
    with pytest.raises(SandboxDied, match="more than 5 times"):
        session.call("g", (Callback(lambda: None), 20), budget=budget)


def test_too_many_bytes_and_too_much_time_end_the_session(server: SandboxServer) -> None:
    cases = [
        (CallbackBudget(raw_bytes=10_000), lambda x: None, "too much data"),
        (CallbackBudget(raw_bytes=100_000), lambda x: np.zeros(2000), "too much data"),
        (CallbackBudget(seconds=1e-9), lambda x: sum(range(1000)), "too long"),
    ]
    for budget, function, reason in cases:
        with server.open() as session:
            define(session, "def g(f):\n    for _ in range(100):\n        f(np.zeros(100))")
            with pytest.raises(SandboxDied, match=reason):
                session.call("g", (Callback(function),), budget=budget)


def test_all_traffic_counts_for_the_session(server: SandboxServer) -> None:
    with server.open(replace(server.limits, traffic_bytes=100_000)) as session:
        define(session, "def g(f):\n    for _ in range(100):\n        f(np.zeros(1000))")
        with pytest.raises(SandboxDied, match="bytes of requests"):
            session.call("g", (Callback(lambda x: None),))


def test_the_clock_of_a_call_runs_on_while_it_asks(session: Session) -> None:
    define(session, "def g(f):\n    while True:\n        f()")
    with pytest.raises(SandboxTimeout):
        session.call("g", (Callback(lambda: None),), timeout=0.3, budget=CallbackBudget(10**9, 10**9))


def test_a_question_in_the_middle_of_a_frame_is_refused(session: Session) -> None:
    define(
        session,
        "import os\nreal = os.write\n"
        "def g(f):\n"
        "    told = []\n"
        "    def write(fd, data):\n"
        "        os.write = real\n"
        "        try:\n            f(2)\n"
        "        except RuntimeError as error:\n            told.append(str(error))\n"
        "        return real(fd, data)\n"
        "    os.write = write\n"
        "    return f(1), told",
    )
    spy = Spy(lambda x: x)
    value, told = session.call("g", (Callback(spy),)).value
    assert (value, told) == (1, ["this function cannot be called while a message is on its way"])
    assert spy.asked == [((1,), {})]


def test_finalisers_may_ask_wherever_they_run(session: Session) -> None:
    define(
        session,
        "import gc\n"
        "class Loud:\n"
        "    def __init__(self, f): self.f, self.me = f, self\n"
        "    def __del__(self): self.f(1)\n"
        "def g(f):\n"
        "    gc.set_threshold(1)\n"
        "    total = 0\n"
        "    for i in range(50):\n"
        "        Loud(f)\n"
        "        total += f([float(j) for j in range(200)])[3]\n"
        "    gc.set_threshold(700)\n"
        "    return total",
    )
    assert session.call("g", (Callback(lambda x: x if isinstance(x, list) else None),)).value == 150


def test_what_ends_the_session_inside_a_function_is_not_put_off(session: Session) -> None:
    class Alarm(BaseException):
        pass

    def f():
        session.abandon()
        raise Alarm

    define(session, "def g(f):\n    return f()")
    with pytest.raises(Alarm):
        session.call("g", (Callback(f),))


def test_an_inner_call_has_no_more_time_than_the_outer_one(session: Session) -> None:
    define(session, "def g(f):\n    return f()\ndef hangs():\n    while True: pass")
    with pytest.raises(SandboxTimeout, match=r"no reply within 0\."):
        session.call("g", (Callback(lambda: session.call("hangs").value),), timeout=0.5)


def test_names_can_mean_functions_for_the_time_of_a_call(session: Session) -> None:
    define(session, "def helper(x):\n    return 'mine'\ndef g(x):\n    return helper(x)\nother = 3")
    injected = {"helper": Callback(lambda x: 2 * x), "fresh": Callback(len)}
    assert session.call("g", (4,), injected=injected).value == 8
    assert session.call("g", (4,)).value == "mine"
    define(session, "def h():\n    return 'fresh' in globals()")
    assert session.call("h").value is False


def test_names_are_restored_after_a_call_that_raises(session: Session) -> None:
    define(
        session, "def helper():\n    return 'mine'\ndef g():\n    global helper\n    helper = 5\n    1 / 0"
    )
    with pytest.raises(StudentRaised):
        session.call("g", injected={"helper": Callback(len)})
    assert session.call("helper").value == "mine"


def test_functions_go_with_calls_only(session: Session) -> None:
    with pytest.raises(Unsupported, match="argument of a call"):
        session.bind("f", Callback(len))
