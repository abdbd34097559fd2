"""Draws an exhibit as an HTML table: numbers where they fit, a map of tiny squares where they do not."""

from __future__ import annotations

import math
import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grading.checks.verdict import Exhibit

WRONG = "✗"
PLANES = 6
NUMBER_ROWS, NUMBER_COLUMNS = 10, 10
MAP_ROWS, MAP_COLUMNS = 40, 40
_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_TABLE = "border-collapse:collapse;margin:2px 0;font-family:monospace;font-size:90%"
_EDGE = "border:1px solid rgba(128,128,128,0.45)"


def picture(exhibit: Exhibit) -> str:
    """Draw one exhibit.

    Parameters
    ----------
    exhibit : Exhibit
        An array with its elements as text, or any other value as text.

    Returns
    -------
    str
        A `div` with a caption and one table for every plane (the last two axes) of the array.
    """
    shape = "" if exhibit.shape is None else f" {exhibit.shape}"
    kind = f" {exhibit.dtype}" if exhibit.dtype else ""
    caption = (
        f"<div><strong>{_clean(exhibit.label)}</strong>"
        f'<span style="opacity:0.75;font-size:85%">{_clean(shape)}{_clean(kind)}</span></div>'
    )
    if exhibit.shape is None or not exhibit.cells:
        text = (
            f'<pre style="{_EDGE};padding:3px 6px;margin:2px 0;white-space:pre-wrap;overflow-wrap:anywhere">'
        )
        return f"<div>{caption}{text}{_clean(exhibit.text)}</pre></div>"
    planes = list(_planes(exhibit))
    if len(planes) == 1:
        planes = [("", *planes[0][1:])]
    drawn = "".join(_plane(*plane) for plane in planes[:PLANES])
    more = len(planes) - PLANES
    rest = f'<div style="opacity:0.75;font-size:85%">and {more} more planes</div>' if more > 0 else ""
    return f"<div>{caption}{drawn}{rest}</div>"


def _planes(exhibit: Exhibit) -> Iterator[tuple[str, int, list[str], list[float]]]:
    """Yield label, row length, cells and heat of every plane; planes that differ come first."""
    columns = exhibit.shape[-1] if exhibit.shape else 1
    rows = exhibit.shape[-2] if len(exhibit.shape) > 1 else 1
    area = rows * columns
    leading = exhibit.shape[:-2]
    heat = exhibit.heat or (0.0,) * len(exhibit.cells)
    starts = range(0, len(exhibit.cells), area)
    order = sorted(starts, key=lambda start: not any(heat[start : start + area]))
    for start in order if len(starts) > PLANES else starts:
        label = ", ".join(map(str, _index(start // area, leading)))
        yield (
            f"[{label}, :, :]",
            columns,
            list(exhibit.cells[start : start + area]),
            list(heat[start : start + area]),
        )


def _index(flat: int, shape: tuple[int, ...]) -> tuple[int, ...]:
    index = []
    for position, _ in enumerate(shape):
        below = math.prod(shape[position + 1 :])
        index.append(flat // below)
        flat %= below
    return tuple(index)


def _plane(label: str, columns: int, cells: list[str], heat: list[float]) -> str:
    rows = len(cells) // columns
    numbers = rows <= NUMBER_ROWS and columns <= NUMBER_COLUMNS
    last_row, last_column = (rows, columns) if numbers else (min(rows, MAP_ROWS), min(columns, MAP_COLUMNS))
    lines = []
    for row in range(last_row):
        span = range(row * columns, row * columns + last_column)
        line = "".join((_number if numbers else _square)(cells[i], heat[i]) for i in span)
        lines.append(f'<tr style="background-color:transparent">{line}</tr>')
    name = f'<div style="opacity:0.75;font-size:80%;font-family:monospace">{label}</div>' if label else ""
    return f'<div>{name}<table style="{_TABLE}">{"".join(lines)}</table></div>'


def _number(cell: str, heat: float) -> str:
    colour = f"rgba(213,94,0,{0.18 + 0.37 * heat:.2f})" if heat else "transparent"
    edge = "border:2px solid #d55e00;font-weight:700" if heat else _EDGE
    sign = f" {WRONG}" if heat else ""
    style = f"text-align:right;padding:2px 6px;{edge};background-color:{colour}"
    return f'<td style="{style}">{_clean(cell)}{sign}</td>'


def _square(cell: str, heat: float) -> str:
    colour = f"rgba(213,94,0,{0.35 + 0.65 * heat:.2f})" if heat else "rgba(128,128,128,0.18)"
    return f'<td style="{_EDGE};padding:3px;background-color:{colour}" title="{_clean(cell)}"></td>'


def _clean(text: str) -> str:
    return escape(_UNSEEN.sub("\N{REPLACEMENT CHARACTER}", text), quote=True)
