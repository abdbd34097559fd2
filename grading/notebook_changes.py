"""What differs between two versions of a notebook, by its sections; and outputs carried to a new version."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class SectionChange:
    """What changed below one heading.

    Attributes
    ----------
    section : str
        The heading; empty above the first one.
    changed, added, removed : int
        How many cells.
    """

    section: str
    changed: int = 0
    added: int = 0
    removed: int = 0

    def __str__(self) -> str:
        parts = [
            f"{count} {'cell' if count == 1 else 'cells'} {word}"
            for count, word in ((self.changed, "changed"), (self.added, "new"), (self.removed, "gone"))
            if count
        ]
        return f"{self.section or 'at the top'}: {', '.join(parts)}"


def changed_sections(old: bytes, new: bytes) -> tuple[SectionChange, ...]:
    """Return which sections of a notebook changed, in the order of the new version.

    Parameters
    ----------
    old, new : bytes
        Two versions of one file. Cells are the same where their ids are.

    Returns
    -------
    tuple of SectionChange
        Nothing for what are no notebooks, or differ in other things than the text of cells.
    """
    before, after = _cells(old), _cells(new)
    if before is None or after is None:
        return ()
    old_text = {key: _text(cell) for key, cell in before.items()}
    new_text = {key: _text(cell) for key, cell in after.items()}
    counts: dict[str, list[int]] = {}
    for key, section in _sections(after).items():
        if key not in old_text:
            counts.setdefault(section, [0, 0, 0])[1] += 1
        elif old_text[key] != new_text[key]:
            counts.setdefault(section, [0, 0, 0])[0] += 1
    for key, section in _sections(before).items():
        if key not in new_text:
            counts.setdefault(section, [0, 0, 0])[2] += 1
    return tuple(SectionChange(section, *count) for section, count in counts.items())


def only_ran(mine: bytes, handed_out: bytes) -> bool:
    """Tell whether a notebook has the very cells that were handed out, so that only outputs can differ."""
    one, other = _cells(mine), _cells(handed_out)
    if one is None or other is None:
        return False
    return [(key, _text(cell)) for key, cell in one.items()] == [
        (key, _text(cell)) for key, cell in other.items()
    ]


def with_outputs(new: bytes, mine: bytes) -> bytes:
    """Return a new version with the outputs that an earlier one has under the same cells.

    Parameters
    ----------
    new, mine : bytes
        Two notebooks.
    """
    notebook = json.loads(new)
    ran = _cells(mine) or {}
    for cell in notebook["cells"]:
        earlier = ran.get(cell.get("id", ""))
        if cell["cell_type"] == "code" and earlier is not None and _text(earlier) == _text(cell):
            cell["outputs"] = earlier.get("outputs", [])
            cell["execution_count"] = earlier.get("execution_count")
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass")


def code_cells(notebook: bytes) -> dict[str, bool]:
    """Return the ids of a notebook's code cells that are not empty, and whether each has run."""
    return {
        key: cell.get("execution_count") is not None
        for key, cell in (_cells(notebook) or {}).items()
        if cell["cell_type"] == "code" and _text(cell)[1].strip()
    }


def _cells(data: bytes) -> dict[str, dict[str, Any]] | None:
    """Return a notebook's cells by id; None for what is no notebook with ids."""
    try:
        cells = json.loads(data)["cells"]
        found = {cell["id"]: cell for cell in cells if isinstance(_text(cell)[1], str)}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if len(found) == len(cells) else None


def _text(cell: dict[str, Any]) -> tuple[str, str]:
    source = cell["source"]
    return cell["cell_type"], source if isinstance(source, str) else "".join(source)


def _sections(cells: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Return for every cell the heading that it stands under."""
    section, found = "", {}
    for key, cell in cells.items():
        kind, text = _text(cell)
        heading = _HEADING.search(text) if kind == "markdown" else None
        section = heading[1] if heading else section
        found[key] = section
    return found
