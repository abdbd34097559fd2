"""Reads a submitted notebook file: either its cells, or the reason in plain words why it cannot be read.

The bytes are hostile. They are measured (size, nesting, number of values) before they are decoded, every type
is checked, and nothing but cell type, source and the nbgrader metadata is kept: submitted outputs,
attachments and notebook metadata never enter the grader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

MAX_BYTES = 32 << 20
MAX_DEPTH = 64
MAX_NODES = 400_000
MAX_CELLS = 3_000
MAX_SOURCE = 1 << 20
CELL_TYPES = ("code", "markdown", "raw")

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_SURROGATES = re.compile("[\ud800-\udfff]")


class Unreadable(Exception):
    """The submitted file is not a notebook; the text says why, for the student and the instructor."""


@dataclass(frozen=True)
class SubmittedCell:
    """One cell as it was submitted.

    Attributes
    ----------
    cell_type : str
        ``"code"``, ``"markdown"`` or ``"raw"``.
    source : str
        The text; surrogates and null characters are replaced.
    grade_id : str or None
        What the cell's nbgrader metadata claims, if anything.
    note : str or None
        What had to be put right to read the cell.
    """

    cell_type: str
    source: str
    grade_id: str | None = None
    note: str | None = None


def read_submission(data: bytes) -> list[SubmittedCell]:
    """Read the cells of a notebook file.

    Parameters
    ----------
    data : bytes
        The whole file, nbformat 3 or 4.

    Returns
    -------
    list of SubmittedCell
        In the order of the file.

    Raises
    ------
    Unreadable
        If the file is not a notebook, or is larger, deeper or has more values or cells than a notebook may
        have.
    """
    notebook = _decode(data)
    if not isinstance(notebook, dict):
        raise Unreadable(
            f"The file is JSON, but not a notebook: it holds {_json_kind(notebook)} instead of an object."
        )
    cells = _cell_list(notebook)
    if len(cells) > MAX_CELLS:
        raise Unreadable(f"The notebook has {len(cells)} cells; at most {MAX_CELLS} are read.")
    return [_read_cell(position, cell) for position, cell in enumerate(cells, start=1)]


def plain_text(text: str) -> str:
    """Replace what cannot be encoded (lone surrogates) or compiled (null characters)."""
    return _SURROGATES.sub("\ufffd", text).replace("\0", "\ufffd")


def _decode(data: bytes) -> object:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"The file has {len(data) / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read.")
    if not data.strip():
        raise Unreadable("The file is empty.")
    try:
        text = data.decode(json.detect_encoding(data))
    except UnicodeDecodeError as error:
        raise Unreadable(f"The file is not text in UTF-8: byte {error.start} cannot be decoded.") from None
    if text.startswith("\ufeff"):
        text = text[1:]
    _measure(text.encode("utf-8", "replace"))
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"The file is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        ) from None
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The file is not JSON that can be read: {error}") from None


def _measure(data: bytes) -> None:
    """Refuse nesting and numbers of values that a decoder should not be given."""
    bare = np.frombuffer(_STRING.sub(b"", data), dtype=np.uint8)
    opening = (bare == ord("[")) | (bare == ord("{"))
    closing = (bare == ord("]")) | (bare == ord("}"))
    depth = np.cumsum(opening.astype(np.int32) - closing.astype(np.int32))
    if depth.size and depth.max() > MAX_DEPTH:
        raise Unreadable(f"The file is nested {depth.max()} levels deep; at most {MAX_DEPTH} are read.")
    nodes = int(opening.sum() + (bare == ord(",")).sum())
    if nodes > MAX_NODES:
        raise Unreadable(f"The file holds about {nodes} values; at most {MAX_NODES} are read.")


def _cell_list(notebook: Mapping[str, object]) -> list[object]:
    version = notebook.get("nbformat")
    if isinstance(version, int) and not isinstance(version, bool) and version < 3:
        raise Unreadable(
            f"The notebook has format {version}; formats 3 and 4 are read. Save it again in Jupyter."
        )
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):
        cells = []
        for sheet in notebook["worksheets"]:
            inside = sheet.get("cells") if isinstance(sheet, dict) else None
            cells.extend(inside if isinstance(inside, list) else [])
    if cells is None:
        raise Unreadable("The file is JSON, but not a notebook: it has no list of cells.")
    if not isinstance(cells, list):
        raise Unreadable(
            f'The file is not a notebook: its "cells" are {_json_kind(cells)} instead of a list.'
        )
    return cells


def _read_cell(position: int, cell: object) -> SubmittedCell:
    if not isinstance(cell, dict):
        return SubmittedCell(
            "raw", "", note=f"Cell {position} is {_json_kind(cell)} instead of a cell: left out."
        )
    notes = []
    cell_type = cell.get("cell_type")
    if cell_type == "heading":
        cell_type = "markdown"
    elif cell_type not in CELL_TYPES:
        notes.append(f"Cell {position} has no known type: read as text.")
        cell_type = "raw"
    source = _source(cell)
    if source is None:
        notes.append(f"Cell {position} has no readable source.")
        source = ""
    if len(source) > MAX_SOURCE:
        notes.append(f"Cell {position} has {len(source)} characters: left out (at most {MAX_SOURCE}).")
        source = ""
    return SubmittedCell(cell_type, plain_text(source), _grade_id(cell), " ".join(notes) or None)


def _source(cell: Mapping[str, object]) -> str | None:
    """Source as text; nbformat 3 calls a code cell's source its input."""
    source = cell.get("source", cell.get("input"))
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    return source if isinstance(source, str) else None


def _grade_id(cell: Mapping[str, object]) -> str | None:
    metadata = cell.get("metadata")
    claimed = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = claimed.get("grade_id") if isinstance(claimed, dict) else None
    return grade_id if isinstance(grade_id, str) else None


def _json_kind(value: object) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "a truth value", type(None): "null"}
    return kinds.get(type(value), "a number")
