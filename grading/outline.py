"""What the course holds, read from the course itself: the lectures' sections, the assignments' questions."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.checks import assignments, load
from grading.lab import find_lectures

_HEADING = re.compile(r"^(#{2,3}) (.+?)\s*$", re.MULTILINE)
_NUMBERED = re.compile(r"(\d+\.\d+) (.+)")
_NEEDS = re.compile(r"You need\b.*?(?=\.\s|\.$)", re.DOTALL)
_RUN = re.compile(r"\b(\d\d)(?: to (\d\d))?\b")


@dataclass(frozen=True)
class Section:
    """A heading of a lecture.

    Attributes
    ----------
    number : str
        "2.5"; a heading below it has the number of its section, one beside it without a number has "".
    title : str
        Without the number.
    link : str
        Where it is, seen from another lecture: file and cell.
    """

    number: str
    title: str
    link: str


@dataclass(frozen=True)
class Lecture:
    """A lecture: what its notebook says of itself.

    Attributes
    ----------
    number : int
        From 1; 0 is the notebook where the course begins.
    title : str
        Without the number.
    file : str
        Name of the notebook.
    needs : tuple of int
        The lectures that it says its reader needs.
    sections : tuple of Section
        In order, those of the second level and below.
    """

    number: int
    title: str
    file: str
    needs: tuple[int, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Assignment:
    """An assignment, and how many of its questions each lecture explains.

    Attributes
    ----------
    name : str
        As `course release` takes it.
    questions : dict of int to int
        Number of a lecture, and how many questions point at it.
    """

    name: str
    questions: dict[int, int]


def read_lectures(folder: Path | None = None) -> tuple[Lecture, ...]:
    """Read titles, headings and needs from the notebooks of a folder.

    Parameters
    ----------
    folder : Path, optional
        Where the notebooks are; without it where the course keeps them.

    Returns
    -------
    tuple of Lecture
        In order, without the notebook number 0.

    Raises
    ------
    ValueError
        If a notebook does not begin with a title like "# 02 · Gradient descent", or needs a later lecture.
    """
    paths = sorted((folder or find_lectures()).glob("[0-9][0-9]_*.ipynb"))
    return tuple(read_lecture(path) for path in paths if not path.name.startswith("00"))


def read_lecture(path: Path) -> Lecture:
    """Read one lecture; see `read_lectures`."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    texts = [("".join(cell["source"]), cell["id"]) for cell in cells if cell["cell_type"] == "markdown"]
    opening = texts[0][0] if texts else ""
    title = re.match(r"# (\d\d) · (.+)", opening)
    if title is None:
        raise ValueError(f"{path.name} must begin with a title like “# 02 · Gradient descent”")
    number = int(title[1])
    needs = _needed(opening)
    if any(needed >= number for needed in needs):
        raise ValueError(f"{path.name} may need earlier lectures only, but says that it needs {needs}")
    return Lecture(number, title[2].strip(), path.name, needs, _sections(path.name, texts))


def read_assignments() -> tuple[Assignment, ...]:
    """Count the questions of each assignment by the lecture that explains them.

    Returns
    -------
    tuple of Assignment
        In the order in which the lectures allow to do them: by the last lecture that a question points at.
    """
    found = []
    for name in assignments():
        pointers = " ".join(check.section for check in load(name).values())
        counted = Counter(int(number) for number in re.findall(r"\bLecture (\d\d)", pointers))
        if counted:
            found.append(Assignment(name, dict(sorted(counted.items()))))
    return tuple(sorted(found, key=lambda assignment: (max(assignment.questions), assignment.name)))


def way_to(number: int, lectures: Sequence[Lecture]) -> tuple[int, ...]:
    """Return the lectures to read for one, in order: those that it needs, those that these need, and itself.

    Parameters
    ----------
    number : int
        The lecture to get to.
    lectures : sequence of Lecture
        All of them.

    Returns
    -------
    tuple of int

    Raises
    ------
    ValueError
        If there is no lecture of that number.
    """
    needs = {lecture.number: lecture.needs for lecture in lectures}
    if number not in needs:
        raise ValueError(f"number must be that of a lecture, one of {sorted(needs)}, got {number!r}")
    way, waiting = set(), [number]
    while waiting:
        here = waiting.pop()
        if here not in way:
            way.add(here)
            waiting.extend(needs[here])
    return tuple(sorted(way))


def _sections(file: str, texts: Iterable[tuple[str, str]]) -> tuple[Section, ...]:
    """Headings of a notebook's Markdown, given as text and id of each cell."""
    number, found = "", []
    for text, cell in texts:
        # What stands in a fence is code: a # there begins a comment.
        prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
        for level, words in _HEADING.findall(prose):
            numbered = _NUMBERED.fullmatch(words)
            if level == "##":
                number = numbered[1] if numbered else ""
            title = numbered[2] if numbered else words
            # A heading's own anchor leads nowhere while JupyterLab has not drawn it yet; its cell is found.
            found.append(Section(number, title, f"{file}#cell-id={cell}"))
    return tuple(found)


def _needed(text: str) -> tuple[int, ...]:
    """Lectures in the sentence that says what the reader needs; "01 to 03" are three."""
    found: set[int] = set()
    for sentence in _NEEDS.findall(re.sub(r"\(.*?\)", "", text, flags=re.DOTALL)):
        for first, last in _RUN.findall(sentence.partition("lecture")[2]):
            found |= set(range(int(first), int(last or first) + 1))
    return tuple(sorted(found))
