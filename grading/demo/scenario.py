"""Scenario folders: a made-up submission each, and what grading it must find.

The format is described in ``tests/scenarios/README.md``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KINDS = ("right", "mistake", "mangled", "hostile")
STATUSES = ("passed", "failed", "error", "skipped")


class ScenarioError(Exception):
    """A scenario folder that cannot be understood; the text names the file and what was expected."""


@dataclass(frozen=True)
class ExtraCell:
    """A cell that the student added.

    Attributes
    ----------
    cell_type : str
        ``"code"`` or ``"markdown"``.
    side : str
        ``"before"`` or ``"after"`` the anchor.
    anchor : str
        Grade id of a cell of the released notebook.
    source : str
        Its text.
    """

    cell_type: str
    side: str
    anchor: str
    source: str


@dataclass(frozen=True)
class Mangling:
    """What happened to the notebook besides the answers.

    Attributes
    ----------
    raw : bytes or None
        Handed in instead of a notebook, byte for byte.
    stub : tuple of str or "all"
        Solution cells left as they were handed out.
    delete, duplicate : tuple of str
        Grade ids of cells that are gone, or there twice.
    points : dict of str to float
        Points written into the metadata of cells.
    outputs : tuple of dict
        ``cell``, ``type`` and ``data`` of outputs that the file carries already.
    metadata : dict
        Added to the notebook's metadata.
    edits : tuple of dict
        ``path`` into the notebook (a cell goes by its grade id) and its new ``value``; or ``remove``; or, for
        a cell, the place to ``move`` it to.
    nest : int
        Depth of an array that is added to the file.
    grow_megabytes : int
        Blanks that are added to the file.
    files, links : dict of str to str
        What lies beside the notebook: content of files, targets of symbolic links.
    """

    raw: bytes | None = None
    stub: tuple[str, ...] | str = ()
    delete: tuple[str, ...] = ()
    duplicate: tuple[str, ...] = ()
    points: dict[str, float] = field(default_factory=dict)
    outputs: tuple[dict[str, Any], ...] = ()
    metadata: dict[str, Any] = field(default_factory=dict)
    edits: tuple[dict[str, Any], ...] = ()
    nest: int = 0
    grow_megabytes: int = 0
    files: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def leaves(self, grade_id: str) -> bool:
        """Tell whether a solution cell stays as it was handed out."""
        return self.stub == "all" or grade_id in self.stub


@dataclass(frozen=True)
class ExpectedCheck:
    """What one check must say. A check that a scenario does not list must pass with full points.

    Attributes
    ----------
    status : str
        ``"passed"``, ``"failed"``, ``"error"`` or ``"skipped"``.
    points : float
        Exactly.
    misconception : str or None
        Id of the mistake that must be named; None where none may be.
    reason : str
        Regular expression found in the message, the explanation or the counterexample.
    """

    status: str
    points: float
    misconception: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Expected:
    """What grading a scenario must find.

    Attributes
    ----------
    title : str
        For people: what this student did.
    kind : str
        One of `KINDS`.
    score : float
        Of the whole notebook.
    checks : dict of str to ExpectedCheck
        The checks that do not pass with full points.
    reason : str
        Regular expression for why the notebook as a whole could not be graded; empty where it can.
    never_shown : str
        Regular expression found nowhere in the outputs: what the code prints only when it got through.
    shown : str
        Regular expression found in the outputs: what the code prints when it tried.
    refused : str
        Regular expression for why this is not taken for a submission at all; empty where it is.
    slow : bool
        Whether grading it takes seconds.
    """

    title: str
    kind: str
    score: float
    checks: dict[str, ExpectedCheck] = field(default_factory=dict)
    reason: str = ""
    never_shown: str = ""
    shown: str = ""
    refused: str = ""
    slow: bool = False


@dataclass(frozen=True)
class Scenario:
    """One made-up submission.

    Attributes
    ----------
    name : str
        Name of the folder.
    answers : dict of str to str
        Grade id to the source that stands in that cell.
    extra_cells : tuple of ExtraCell
        Cells that the student added, in order.
    mangling : Mangling
        What else happened to the file.
    expected : Expected
        The outcome.
    student : str
        Name in the class: the folder's, unless the name is part of the mischief.
    """

    name: str
    answers: dict[str, str]
    extra_cells: tuple[ExtraCell, ...]
    mangling: Mangling
    expected: Expected
    student: str = ""

    def __post_init__(self) -> None:
        """Name the student after the folder."""
        if not self.student:
            object.__setattr__(self, "student", self.name)
