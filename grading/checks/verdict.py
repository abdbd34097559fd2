"""What a check found, as plain data: every field survives JSON; how it looks is in verdict_views."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from grading.checks import verdict_views

STATUSES = ("passed", "failed", "error", "skipped")


@dataclass(frozen=True)
class Exhibit:
    """One value shown beside a verdict: an argument, the expected answer, or the student's.

    Parameters
    ----------
    label : str
        "x", "expected", "yours" ...
    text : str
        The value on one or several lines, for terminals.
    shape : tuple of int or None
        Shape of an array; None for what is no array.
    dtype : str
        Type of the elements, or of the value.
    cells : tuple of str
        The elements in row order, formatted; empty where there are too many to print.
    heat : tuple of float
        For every element how far it is off, from 0 (right) to 1 (the worst); empty where nothing is marked.
    """

    label: str
    text: str
    shape: tuple[int, ...] | None = None
    dtype: str = ""
    cells: tuple[str, ...] = ()
    heat: tuple[float, ...] = ()


@dataclass(frozen=True)
class PartVerdict:
    """How one part of a check went.

    Parameters
    ----------
    name : str
        What the part looks at.
    weight : float
        Its share of the points, relative to the other parts.
    status : str
        "passed", "failed", "error" or "skipped".
    message : str
        The first difference, empty if passed.
    misconception : str or None
        Identifier of the mistake that explains this part, if one is recognised.
    """

    name: str
    weight: float
    status: str
    message: str = ""
    misconception: str | None = None


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check found about one function of one student.

    Parameters
    ----------
    check : str
        Name of the check.
    status : str
        "passed", "failed", "error" (the grader's own fault, or unsupported) or "skipped".
    fraction : float
        Share of the points, from 0 to 1: the weight of the parts that passed.
    parts : tuple of PartVerdict
        In the order of the specification.
    message : str
        One precise message: the first difference of the first part that failed.
    counterexample : str or None
        The smallest failing input found, with expected and returned values, as text.
    misconception, title, explanation, section : str or None
        A recognised mistake: identifier, headline, one or two sentences, and where the lecture speaks of it.
    exhibits : tuple of Exhibit
        The counterexample as data, for views.
    call : str
        The failing call as the student could write it, "conv2d_forward(x, w, b, stride=2)".
    remark : str
        What is worth knowing and costs no points.
    advisory : bool
        True where the student's own kernel was the judge.
    """

    check: str
    status: str
    fraction: float
    parts: tuple[PartVerdict, ...] = ()
    message: str = ""
    counterexample: str | None = None
    misconception: str | None = None
    title: str | None = None
    explanation: str | None = None
    section: str | None = None
    exhibits: tuple[Exhibit, ...] = ()
    call: str = ""
    remark: str = ""
    advisory: bool = False

    def __post_init__(self) -> None:
        if self.status not in STATUSES:
            raise ValueError(f"status must be one of {STATUSES}, got {self.status!r}")
        if not 0.0 <= self.fraction <= 1.0:
            raise ValueError(f"fraction must lie in [0, 1], got {self.fraction!r}")

    def to_dict(self) -> dict[str, object]:
        """Return the verdict as dictionaries, sequences, text and numbers, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, object]) -> Verdict:
        """Build a verdict from what `to_dict` gave, also after a trip through JSON."""
        fields = dict(data)
        fields["parts"] = tuple(PartVerdict(**part) for part in fields.get("parts", ()))
        fields["exhibits"] = tuple(_exhibit(exhibit) for exhibit in fields.get("exhibits", ()))
        return cls(**fields)

    def __str__(self) -> str:
        return verdict_views.as_text(self)

    # Plain Python shows results by their repr: the verdict should be as readable there as in a notebook.
    __repr__ = __str__

    def _repr_html_(self) -> str:
        return verdict_views.as_html(self)

    def _repr_pretty_(self, printer: object, cycle: bool) -> None:
        printer.text(verdict_views.as_text(self))


def _exhibit(data: dict[str, object]) -> Exhibit:
    shape = data.get("shape")
    return Exhibit(
        **{
            **data,
            "shape": None if shape is None else tuple(shape),
            "cells": tuple(data.get("cells", ())),
            "heat": tuple(data.get("heat", ())),
        }
    )
