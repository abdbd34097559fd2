"""What a learner has done, on their own machine: cells of lectures that ran, and checks that passed.

An SQLite file in the learner's copy of the course; nothing leaves it. Every record is one transaction: a kill
loses at most the one that was being written.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from grading.own_copy import MEMORY

SCHEMA_VERSION = 1
_WAIT_SECONDS = 5.0
_TABLES = """
create table if not exists cells (
    lecture text not null, cell text not null, seen_at text not null, primary key (lecture, cell)
);
create table if not exists checks (
    name text primary key, status text not null, tries integer not null, passed_at text, last_at text not null
);
"""
_RECORD_CHECK = """
insert into checks values (?, ?, 1, ?, ?) on conflict (name) do update set
    status = excluded.status, tries = tries + 1, last_at = excluded.last_at,
    passed_at = coalesce(passed_at, excluded.passed_at)
"""


class ProgressError(Exception):
    """The record cannot be used; the text says the way out."""


@dataclass(frozen=True)
class CheckRecord:
    """One check that was tried.

    Attributes
    ----------
    name : str
        The function that it judges.
    status : str
        How it went the last time.
    tries : int
        How often it was run.
    passed_at : str or None
        When it passed for the first time (ISO 8601, UTC); None if it never has.
    last_at : str
        When it was run last.
    """

    name: str
    status: str
    tries: int
    passed_at: str | None
    last_at: str


@dataclass(frozen=True)
class CellRecord:
    """One cell of a lecture that ran: which, and when that was first seen (ISO 8601, UTC)."""

    lecture: str
    cell: str
    seen_at: str


class Progress:
    """The record of one copy of the course.

    Parameters
    ----------
    root : Path
        The copy. The file is made by the first thing that is recorded.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / MEMORY / "progress.db"

    def record_cells(self, lecture: str, cells: Iterable[str]) -> None:
        """Remember that cells of a lecture ran; those known already keep their time."""
        rows = [(lecture, cell, _now()) for cell in cells]
        if rows:
            with self._opened() as database:
                database.executemany("insert or ignore into cells values (?, ?, ?)", rows)

    def record_checks(self, outcomes: Iterable[tuple[str, str]]) -> None:
        """Remember how checks went, given as pairs of name and status."""
        now = _now()
        rows = [(name, status, now if status == "passed" else None, now) for name, status in outcomes]
        if rows:
            with self._opened() as database:
                database.executemany(_RECORD_CHECK, rows)

    def cells(self) -> list[CellRecord]:
        """Return the cells that ran, by lecture."""
        return [CellRecord(*row) for row in self._rows("select * from cells order by lecture, seen_at, cell")]

    def checks(self) -> list[CheckRecord]:
        """Return the checks that were tried, by name."""
        return [CheckRecord(*row) for row in self._rows("select * from checks order by name")]

    def delete(self) -> bool:
        """Delete the whole record; returns whether there was one."""
        there = self.path.exists()
        for path in (self.path, self.path.with_name(f"{self.path.name}-journal")):
            path.unlink(missing_ok=True)
        return there

    def _rows(self, query: str) -> list[tuple]:
        if not self.path.exists():
            return []
        with self._opened() as database:
            return database.execute(query).fetchall()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction.

        Raises
        ------
        ProgressError
            If it is no such record, of a later version, or cannot be written.
        """
        try:
            with (
                contextlib.closing(sqlite3.connect(self.path, timeout=_WAIT_SECONDS)) as database,
                database,
            ):
                version = database.execute("pragma user_version").fetchone()[0]
                if version > SCHEMA_VERSION:
                    raise ProgressError(
                        f"{self.path} was written by a newer version of the course; install that one"
                    )
                if version < SCHEMA_VERSION:
                    database.executescript(
                        f"begin; {_TABLES} pragma user_version = {SCHEMA_VERSION}; commit;"
                    )
                yield database
        except sqlite3.Error as problem:
            raise ProgressError(
                f"{self.path} cannot be used ({problem}); course progress --delete removes it"
            ) from problem


def as_json(progress: Progress) -> str:
    """Return everything that is recorded, as JSON."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "cells": [asdict(record) for record in progress.cells()],
        "checks": [asdict(record) for record in progress.checks()],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def as_csv(progress: Progress) -> str:
    """Return everything that is recorded, as a table: a row a cell and a row a check."""
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(["kind", "lecture", "name", "status", "tries", "first", "last"])
    for cell in progress.cells():
        table.writerow(["cell", cell.lecture, cell.cell, "ran", "", cell.seen_at, ""])
    for check in progress.checks():
        first = check.passed_at or ""
        table.writerow(["check", "", check.name, check.status, check.tries, first, check.last_at])
    return stream.getvalue()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
