"""A kernel does not tell that it is busy with a held handle; with all else it does, and it tells all ends."""

from types import SimpleNamespace

import pytest
from jupyter_client.session import Session

import course_lib.widgets.quiet_moves as quiet_moves
from course_lib.widgets import SurfaceExplorer
from course_lib.widgets.quiet_moves import keep_quiet_of_moves

BUSY, IDLE = {"execution_state": "busy"}, {"execution_state": "idle"}


class Channel:
    """Keeps what a session sends through it."""

    def __init__(self, session):
        self.session, self.parts = session, []

    def send_multipart(self, parts, *_, **__):
        self.parts.append(parts)

    def told(self):
        """Type and content of all messages, and whom they were for."""
        found = []
        for parts in self.parts:
            idents, rest = self.session.feed_identities(parts)
            message = self.session.deserialize(rest)
            found.append((message["msg_type"], message["content"], idents))
        return found


@pytest.fixture
def session(monkeypatch):
    """The session of a kernel that runs this test's cell."""
    one = Session(key=b"key")
    shell = SimpleNamespace(kernel=SimpleNamespace(session=one))
    monkeypatch.setattr(quiet_moves, "get_ipython", lambda: shell)
    return one


def comm_message(session, data):
    return session.msg("comm_msg", {"comm_id": "1", "data": data})


def move(session, **told):
    return comm_message(session, {"method": "custom", "content": {"kind": "move", "name": "start"} | told})


def test_of_a_held_move_only_idle_is_told(session):
    SurfaceExplorer()
    channel = Channel(session)
    for state in (BUSY, IDLE):
        session.send(channel, "status", state, parent=move(session, held=True), ident=b"status")
    assert channel.told() == [("status", IDLE, [b"status"])]


@pytest.mark.parametrize("positional", [False, True])
@pytest.mark.parametrize(
    "data",
    [
        {"method": "custom", "content": {"kind": "move", "held": False}},
        {"method": "custom", "content": {"kind": "ready"}},
        {"method": "custom", "content": ["move"]},
        {"method": "update", "state": {"value": 1}},
        ["move"],
        None,
    ],
)
def test_of_all_other_messages_both_are_told(session, data, positional):
    keep_quiet_of_moves()
    channel, parent = Channel(session), comm_message(session, data)
    for state in (BUSY, IDLE):
        if positional:
            session.send(channel, "status", state, parent, b"status")
        else:
            session.send(channel, "status", state, parent=parent, ident=b"status")
    assert channel.told() == [("status", BUSY, [b"status"]), ("status", IDLE, [b"status"])]


def test_what_a_held_move_has_to_say_else_is_told(session):
    keep_quiet_of_moves()
    channel = Channel(session)
    session.send(channel, "comm_msg", {"data": {"kind": "paint"}}, parent=move(session, held=True))
    session.send(channel, session.msg("status", BUSY))
    assert [kind for kind, *_ in channel.told()] == ["comm_msg", "status"]


def test_it_is_set_up_once(session):
    keep_quiet_of_moves()
    first = session.send
    keep_quiet_of_moves()
    assert session.send is first


def test_without_a_kernel_nothing_is_to_be_done(monkeypatch):
    for shell in (None, SimpleNamespace()):
        monkeypatch.setattr(quiet_moves, "get_ipython", lambda shell=shell: shell)
        keep_quiet_of_moves()
        assert SurfaceExplorer().picture.paints == 1
