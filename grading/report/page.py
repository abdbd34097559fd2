"""What the instructor's pages share: one file each, everything escaped, and no script but their own."""

from __future__ import annotations

import base64
import functools
import hashlib
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

_TEMPLATES = Path(__file__).resolve().parent / "templates"


class Names:
    """How students are called on a page.

    Parameters
    ----------
    pseudonyms : mapping of str to str, optional
        By student id; without them there are real names alone, and no switch.
    hidden : bool, optional
        Write pseudonyms alone: the page holds no real name.

    Raises
    ------
    ValueError
        If names are to be hidden and there are no pseudonyms.
    """

    def __init__(self, pseudonyms: Mapping[str, str] | None = None, *, hidden: bool = False) -> None:
        if hidden and not pseudonyms:
            raise ValueError("hidden is True without pseudonyms; expected a pseudonym for every student")
        self._pseudonyms = pseudonyms or {}
        self.hidden = hidden

    @property
    def switch(self) -> bool:
        """Whether the page has both names of every student."""
        return bool(self._pseudonyms) and not self.hidden

    def __call__(self, student: str) -> Markup:
        """Return a student's name, or both with the style sheet showing one."""
        alias = self._pseudonyms.get(student)
        if alias is None:
            return escape("somebody" if self.hidden else student)
        if self.hidden:
            return escape(alias)
        both = '<span class="real">{}</span><span class="alias">{}</span>'
        return Markup(both).format(student, alias)

    def order(self, student: str) -> str:
        """Return what to sort a student by, so that the order tells no more than the page."""
        return self._pseudonyms.get(student, "") if self.hidden else student

    def within(self, text: str, student: str) -> Markup:
        """Return a text in which the student's own id is called as everywhere on the page."""
        if not student or student not in text or not self._pseudonyms:
            return escape(text)
        pieces = re.split(rf"(?<!\w){re.escape(student)}(?!\w)", text)
        return self(student).join(escape(piece) for piece in pieces)


@functools.cache
def page_script() -> str:
    """Return the one script of the pages: it sorts tables and finds rows."""
    return (_TEMPLATES / "page.js").read_text(encoding="utf-8")


def page_policy() -> str:
    """Return the pages' Content-Security-Policy: by its digest it allows `page_script`, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(page_script().encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def render_page(template: str, names: Names, **values: object) -> str:
    """Return a page of `templates/`.

    Parameters
    ----------
    template : str
        File name.
    names : Names
        How students are called; the template calls it ``who``, and its `Names.within` ``said``.
    **values : object
        What else the template shows.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., str]] = {
        "points": points,
        "percent": percent,
        "moment": moment,
        "signed": signed,
    }
    environment.filters["in_order"] = lambda students: sorted(students, key=names.order)
    environment.filters |= filters
    return environment.get_template(template).render(
        who=names,
        said=names.within,
        switch=names.switch,
        hidden=names.hidden,
        policy=page_policy(),
        script=Markup(page_script()),  # the file as it is shipped: nothing of a student is in it
        **values,
    )


def points(value: float) -> str:
    """Return points as people write them."""
    return f"{round(value, 2):g}"


def percent(share: float) -> str:
    """Return a share in percent, a dash where there is none."""
    return "–" if math.isnan(share) else f"{100 * share:.0f} %"


def signed(value: float) -> str:
    """Return a number with two digits and a real minus, a dash where there is none."""
    return "–" if math.isnan(value) else f"{value:.2f}".replace("-", "−")


def moment(when: str | datetime) -> str:
    """Return a time as people read it."""
    try:
        read = datetime.fromisoformat(when) if isinstance(when, str) else when
    except ValueError:
        return str(when)
    return read.strftime("%d %B %Y, %H:%M %Z").lstrip("0")
