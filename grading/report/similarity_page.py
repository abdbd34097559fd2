"""The similarity page: pairs of submissions with shared code, and both side by side. Evidence to be read."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from markupsafe import Markup, escape

from grading.engine.class_directory import ClassDirectory
from grading.engine.outputs import plain_text
from grading.engine.safe_files import write_atomically
from grading.engine.student_code import handed_out, student_code
from grading.report.page import Names, render_page
from grading.report.passages import Passage
from grading.report.pseudonyms import pseudonyms
from grading.report.public_code import public_code
from grading.report.similarity import FEWEST_SHARED, TOKENS, WINDOW, Similarity, class_similarity

_LISTED = 200
_COLOURS = 6


def write_similarity(
    directory: ClassDirectory,
    assignment: str,
    *,
    side_by_side: int = 30,
    further: Iterable[Path] = (),
    hidden: bool = False,
) -> tuple[Path, Similarity]:
    """Compare the submissions of an assignment, and write the page.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        A graded assignment.
    side_by_side : int, optional
        How many pairs are shown with their code.
    further : iterable of Path, optional
        More code that everybody could read: Python files, notebooks, folders.
    hidden : bool, optional
        Write pseudonyms and no names. What students wrote stays as it is.

    Returns
    -------
    Path
        The page.
    Similarity
        What is on it.

    Raises
    ------
    ClassDirectoryError, MasterError
        If nothing was graded, or the assignment cannot be read.
    """
    codes = student_code(directory, assignment)
    names = Names(pseudonyms(directory.key(), [code.student for code in codes]), hidden=hidden)
    found = class_similarity(
        codes,
        handed_out(directory, assignment),
        public_code(directory, assignment, further),
        names.order,
    )
    page = render_similarity(assignment, found, names, side_by_side=side_by_side)
    target = directory.root / "reports" / f"{assignment}-similarity{'-pseudonyms' if hidden else ''}.html"
    write_atomically(target, page.encode("utf-8", "replace"), mode=0o600)
    return target, found


def render_similarity(
    assignment: str, found: Similarity, names: Names | None = None, *, side_by_side: int = 30
) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    assignment : str
        For the heading.
    found : Similarity
        Of a class.
    names : Names, optional
        How students are called.
    side_by_side : int, optional
        How many pairs are shown with their code.
    """
    names = names or Names()
    shown = []
    for number, pair in enumerate(found.pairs[:side_by_side], start=1):
        left, right = pair.passages()
        shown.append(
            {
                "number": number,
                "pair": pair,
                "left": marked_code(pair.left.text.code, left, f"p{number}l", f"p{number}r"),
                "right": marked_code(pair.right.text.code, right, f"p{number}r", f"p{number}l"),
                "passages": max((passage.number for passage in left), default=0),
            }
        )
    return render_page(
        "similarity.html.j2",
        names,
        assignment=assignment,
        found=found,
        listed=found.pairs[:_LISTED],
        shown=shown,
        bins=_bins(list(found.highest.values())),
        median=statistics.median(found.highest.values()) if found.highest else 0.0,
        public=sorted(
            (writing for writing in found.writings if writing.public >= 0.5),
            key=lambda writing: (-writing.public, names.order(writing.student)),
        ),
        cut=[writing for writing in found.writings if writing.cut],
        fewest=FEWEST_SHARED,
        stretch=TOKENS + WINDOW - 1,
    )


def marked_code(code: str, passages: Sequence[Passage], own: str, other: str) -> Markup:
    """Return code with its shared passages marked, each with a number that leads to the other side.

    Parameters
    ----------
    code : str
        What a student wrote.
    passages : sequence of Passage
        In order, none overlapping another.
    own, other : str
        What the ids of this side and of the other one begin with.
    """
    parts, reached, seen = [], 0, set()
    for passage in passages:
        parts.append(escape(plain_text(code[reached : passage.start])))
        anchor = "" if passage.number in seen else f' id="{own}-{passage.number}"'
        seen.add(passage.number)
        parts.append(
            Markup(
                f'<mark class="shade{passage.number % _COLOURS}"{anchor}><a href="#{other}-{passage.number}" '
                f'title="passage {passage.number} on the other side">{passage.number}</a>'
            )
            + escape(plain_text(code[passage.start : passage.end]))
            + Markup("</mark>")
        )
        reached = passage.end
    parts.append(escape(plain_text(code[reached:])))
    return Markup("").join(parts)


def _bins(shares: Sequence[float]) -> list[tuple[str, int, float]]:
    """Return tenths, how many students have their highest share in each, and the length of its bar."""
    counts = [0] * 10
    for share in shares:
        counts[min(9, int(10 * share + 1e-9))] += 1
    most = max(1, *counts)
    return [
        (f"{10 * index} to {'under ' if index < 9 else ''}{10 * index + 10} %", count, 100 * count / most)
        for index, count in enumerate(counts)
    ]
