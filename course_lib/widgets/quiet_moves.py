"""Spares a page whose handle is held the news that the kernel is busy: it would draw them first of all."""

from __future__ import annotations

import functools

from IPython import get_ipython

_BUSY = {"execution_state": "busy"}


def keep_quiet_of_moves() -> None:
    """Have this process's kernel, where there is one, not tell that it is busy with a handle that is held.

    JupyterLab shows in its toolbar, its status bar and the tab's icon that a kernel is busy, and then that it
    is idle: in a drag once for each move, and before the picture that the kernel is at work on. That takes
    the page longer than to show the picture. "Idle" is still told, for to the page it is the end of a
    message; a page that has not heard "busy" has nothing to draw for it.
    """
    session = getattr(getattr(get_ipython(), "kernel", None), "session", None)
    if session is None or getattr(session.send, "is_quiet_of_moves", False):
        return
    send = session.send

    @functools.wraps(send)
    def send_but_busy_moves(
        stream: object,
        msg_or_type: object,
        content: object = None,
        parent: object = None,
        *others: object,
        **named: object,
    ) -> object:
        if msg_or_type == "status" and content == _BUSY and _is_held_move(parent):
            return None
        return send(stream, msg_or_type, content, parent, *others, **named)

    send_but_busy_moves.is_quiet_of_moves = True
    session.send = send_but_busy_moves


def _is_held_move(message: object) -> bool:
    """Say whether a message to the kernel is a view's that tells where a held handle is."""
    # Messages of others may hold anything.
    for key in ("content", "data", "content"):
        message = message.get(key) if isinstance(message, dict) else None
    return isinstance(message, dict) and message.get("kind") == "move" and message.get("held") is True
