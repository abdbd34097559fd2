"""TeX formulas as MathML: pages show mathematics without running or fetching anything."""

from __future__ import annotations

import functools
import html
from xml.etree import ElementTree

from latex2mathml.converter import convert

_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_ELEMENTS = {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msub", "msup", "msubsup", "munder", "mover",
    "munderover", "mfrac", "msqrt", "mroot", "mtable", "mtr", "mtd", "mstyle", "mpadded", "mphantom",
    "menclose", "mmultiscripts",
}  # fmt: skip
_ATTRIBUTES = {
    "display", "stretchy", "fence", "form", "separator", "largeop", "movablelimits", "minsize", "maxsize",
    "width", "height", "depth", "linethickness", "columnalign", "rowspacing", "columnspacing",
    "displaystyle", "scriptlevel", "mathvariant", "lspace", "rspace", "accent", "notation",
}  # fmt: skip
_LONGEST = 2_000


@functools.lru_cache(maxsize=4096)
def formula_markup(tex: str, *, display: bool = False) -> str:
    """Return a formula as MathML, or as its TeX source where that cannot be done.

    Parameters
    ----------
    tex : str
        The formula between its dollars.
    display : bool, optional
        Set it on a line of its own.

    Returns
    -------
    str
        HTML made of known MathML elements and attributes only, every text escaped.
    """
    source = f'<code class="tex">{html.escape(tex.strip())}</code>'
    if len(tex) > _LONGEST:
        return source
    try:
        tree = ElementTree.fromstring(convert(tex.strip(), display="block" if display else "inline"))
        return _rebuilt(tree)
    except Exception:  # noqa: BLE001 - the converter raises all sorts on TeX that it does not know
        return source


def _rebuilt(element: ElementTree.Element) -> str:
    """Write an element again from what is allowed: the converter passes some input through as it is."""
    name = element.tag.removeprefix(_NAMESPACE)
    if name not in _ELEMENTS:
        raise ValueError(f"element {name!r} does not belong into a formula")
    kept = "".join(
        f' {key}="{html.escape(value)}"' for key, value in element.attrib.items() if key in _ATTRIBUTES
    )
    inside = html.escape(element.text or "") + "".join(
        _rebuilt(child) + html.escape(child.tail or "") for child in element
    )
    return f"<{name}{kept}>{inside}</{name}>"
