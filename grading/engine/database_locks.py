"""Locks that somebody else holds on the gradebook, as SQLite and PostgreSQL tell of them."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

# Lock not available, deadlock, serialisation failure: all pass when they are tried again.
_PASSING_STATES = {"55P03", "40P01", "40001"}
_LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"


def say_when_locked(engine: Engine) -> None:
    """Have a PostgreSQL server say that a row is locked, instead of waiting without a word and without end.

    Parameters
    ----------
    engine : Engine
        Of any database; SQLite says so by itself.
    """
    if engine.dialect.name == "postgresql":
        event.listen(engine, "begin", _limit_waiting)


def is_lock(problem: OperationalError) -> bool:
    """Tell whether a database refused only because somebody else writes at the moment."""
    state = getattr(problem.orig, "sqlstate", None)
    if state is not None:
        return state in _PASSING_STATES
    return "locked" in str(problem).lower()


def _limit_waiting(connection: Connection) -> None:
    connection.exec_driver_sql(_LOCK_TIMEOUT)
