"""Questions that student code forges, or asks when there is no call: each ends its session, unanswered."""

import json
import struct

import pytest
from asked_functions import Spy, define

from grading.checker.callbacks import Callback
from grading.checker.sandbox_client import ProtocolViolation, SandboxDied, Session

FORGED = """
import json, os, struct, sys
def forge(message, raw=b""):
    text = json.dumps(message).encode()
    for number in range(3, 20):
        try:
            os.write(number, struct.pack(">4sIQ", b"NTF1", len(text), len(raw)) + text + raw)
        except OSError:
            continue
def nonce():
    frame, found = sys._getframe(), None
    while frame:
        request = frame.f_locals.get("request")
        found = request.get("nonce") if isinstance(request, dict) else found
        frame = frame.f_back
    return found
"""


@pytest.mark.parametrize(
    "message",
    [
        {"nonce": "0", "callback": 1, "args": [], "kwargs": []},
        {"callback": 10**6, "args": [], "kwargs": []},
        {"callback": True, "args": [], "kwargs": []},
        {"callback": [1], "args": [], "kwargs": []},
        {"callback": 1, "args": [["h", 1]], "kwargs": []},
        {"callback": 1, "args": [["b", 1]], "kwargs": []},
        {"callback": 1, "args": [["a", "object", [1], 8]], "kwargs": []},
        {"callback": 1, "args": [["a", "float64", [1 << 40], 8]], "kwargs": []},
        {"callback": 1, "args": {}, "kwargs": []},
        {"callback": 1, "args": [], "kwargs": [["a", None], ["a", None]]},
        {"callback": 1, "args": [], "kwargs": [["a" * 300, None]]},
        {"callback": 1, "args": [], "kwargs": [[1, None]]},
        {"callback": 1, "args": [], "kwargs": [None]},
        {"callback": 1, "args": [], "kwargs": [], "value": None},
        {"callback": 1},
    ],
    ids=repr,
)
def test_forged_questions_end_the_session(session: Session, message: dict) -> None:
    spy = Spy(lambda *args, **kwargs: 1)
    define(session, FORGED + f"def g(f):\n    forge({{'nonce': nonce(), **{message!r}}})\n    return f()")
    with pytest.raises(ProtocolViolation):
        session.call("g", (Callback(spy),))
    assert spy.asked == []
    with pytest.raises(SandboxDied):
        session.lookup("forge")


def test_a_question_after_its_call_ends_the_session(session: Session) -> None:
    define(
        session,
        FORGED + "kept = []\ndef g(f):\n    kept.append(nonce())\n"
        "def late():\n    forge({'nonce': kept[0], 'callback': 1, 'args': [], 'kwargs': []})",
    )
    spy = Spy()
    session.call("g", (Callback(spy),))
    with pytest.raises(ProtocolViolation, match="another call"):
        session.call("late")
    assert spy.asked == []


def test_questions_where_no_call_can_have_functions_end_the_session(session: Session) -> None:
    define(session, FORGED)
    with pytest.raises(ProtocolViolation):
        session.run_cell("forge({'nonce': nonce(), 'callback': 1, 'args': [], 'kwargs': []})")


def test_functions_of_another_call_cannot_be_returned_as_arguments(session: Session) -> None:
    reply = {"value": None, "arguments": [["b", 999]], "handles": []}
    define(
        session, FORGED + f"def g(x):\n    forge({{'nonce': nonce(), **{json.loads(json.dumps(reply))!r}}})"
    )
    with pytest.raises(ProtocolViolation, match="did not come with this call"):
        session.call("g", (1,))
    assert struct.calcsize(">4sIQ") == 16


def test_bytes_that_no_argument_uses_end_the_session(session: Session) -> None:
    spy = Spy()
    question = {"callback": 1, "args": [["i", "1"]], "kwargs": []}
    define(
        session, FORGED + f"def g(f):\n    forge({{'nonce': nonce(), **{question!r}}}, b'xx')\n    return f()"
    )
    with pytest.raises(ProtocolViolation, match="no value uses"):
        session.call("g", (Callback(spy),))
    assert spy.asked == []
