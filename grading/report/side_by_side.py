"""Two programs beside each other in a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from grading.engine.outputs import plain_text


def side_by_side(left: tuple[str, str], right: tuple[str, str]) -> Table:
    """Return a table of two titled texts; nothing in them is taken for markup or for control characters."""
    table = Table(show_lines=False, expand=True)
    for title, _ in (left, right):
        table.add_column(title, ratio=1, overflow="fold")
    table.add_row(*(Text(plain_text(text)) for _, text in (left, right)))
    return table
