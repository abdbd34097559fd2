"""Figures that can be read without being seen: each one is shown together with its alt text."""

from __future__ import annotations

import base64
import html
import io

from matplotlib import rc_context
from matplotlib.figure import Figure

from course_lib.plots.palette import look

_DPI = 110


class AccessibleFigure(Figure):
    """A matplotlib figure with alt text; a notebook shows it as an ``<img>`` that carries the text.

    It belongs to no global state, so nothing has to be closed. `alt` is empty until `describe` sets it.
    """

    alt: str = ""

    def png(self) -> bytes:
        """Return the figure as PNG bytes with the alt text in its metadata."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=_DPI, metadata={"Description": self.alt})
        return buffer.getvalue()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        image = self.png()
        text = base64.b64encode(image).decode("ascii")
        width = round(self.get_figwidth() * 100)
        return {
            "text/plain": self.alt,
            "text/html": f'<img src="data:image/png;base64,{text}" alt="{html.escape(self.alt, quote=True)}" '
            f'style="width:{width}px;max-width:100%;border-radius:4px">',
            "image/png": text,
        }


def new_figure(width: float, height: float, *, dark: bool = False, **options: object) -> AccessibleFigure:
    """Make an empty figure in the course's look.

    Parameters
    ----------
    width, height : float
        Size in inches of 100 screen pixels.
    dark : bool
        Colours for a dark page.
    **options
        Further arguments of ``matplotlib.figure.Figure``.

    Returns
    -------
    AccessibleFigure
    """
    options.setdefault("layout", "constrained")
    with rc_context(look(dark=dark)):
        return AccessibleFigure(figsize=(width, height), **options)


def describe(figure: AccessibleFigure, alt: str) -> AccessibleFigure:
    """Give a figure its alt text.

    Parameters
    ----------
    figure : AccessibleFigure
        The figure, finished.
    alt : str
        What the figure shows, in one to three sentences, for someone who cannot see it.

    Returns
    -------
    AccessibleFigure
        The same figure.

    Raises
    ------
    ValueError
        If `alt` is empty: a figure without alt text is not shown.
    """
    if not alt.strip():
        raise ValueError(
            "alt must say what the figure shows, got an empty text; write one to three sentences"
        )
    figure.alt = " ".join(alt.split())
    return figure
