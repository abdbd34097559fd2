"""A verdict for a notebook (HTML), for a terminal (text), and for machines (JSON).

The HTML carries its few styles with it, inline and free of scripts, and colours only what is marked, half
transparent: it is readable on light and dark pages, and survives the allow-lists of the pages where feedback
is shown.
"""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING

from grading.checks.array_pictures import WRONG, picture

if TYPE_CHECKING:
    from grading.checks.verdict import PartVerdict, Verdict

# White on these has a contrast of at least 5.5 : 1, and they differ without red against green.
_COLOURS = {"passed": "#00705a", "failed": "#b34700", "error": "#5c5c5c", "skipped": "#5c5c5c"}
_SIGNS = {"passed": "✓", "failed": "✗", "error": "!", "skipped": "–"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ADVISORY = "Advice from your own kernel. What counts is graded separately, on other inputs."


def as_json(verdict: Verdict) -> str:
    """Return the verdict as JSON."""
    return json.dumps(verdict.to_dict(), allow_nan=False)


def as_text(verdict: Verdict) -> str:
    """Return the verdict for a terminal, without control characters.

    Parameters
    ----------
    verdict : Verdict
        What to show.

    Returns
    -------
    str
        Several lines.
    """
    lines = [f"{_SIGNS[verdict.status]} {verdict.check}: {_headline(verdict)}"]
    if verdict.message and not _alone(verdict):
        lines.append(f"  {verdict.message}")
    if not _alone(verdict):
        lines += [f"  {_SIGNS[part.status]} {part.name}{_reason(verdict, part)}" for part in verdict.parts]
    if _alone(verdict) and verdict.message:
        lines.append(f"  {verdict.message}")
    if verdict.title or verdict.explanation:
        lines.append(
            "  " + ": ".join(filter(None, ["This looks like", verdict.title])) if verdict.title else "  Why:"
        )
        lines += [f"    {verdict.explanation}"] if verdict.explanation else []
    if verdict.counterexample:
        lines += ["  The smallest failing call that was found:"]
        lines += [f"    {line}" for line in verdict.counterexample.splitlines()]
    if verdict.remark:
        lines.append(f"  By the way: {verdict.remark}")
    if verdict.section and verdict.status != "passed":
        lines.append(f"  Read again: {verdict.section}")
    if verdict.advisory:
        lines.append(f"  {_ADVISORY}")
    return "\n".join(visible(line) for line in lines)


def as_html(verdict: Verdict) -> str:
    """Return the verdict for a notebook or a feedback page; everything in it is escaped.

    Parameters
    ----------
    verdict : Verdict
        What to show.

    Returns
    -------
    str
        One `div`, without scripts, links and style sheets.
    """
    colour = _COLOURS[verdict.status]
    body = [_heading(verdict, colour)]
    if verdict.message:
        body.append(f'<div style="margin-top:6px">{_prose(verdict.message)}</div>')
    if verdict.title or verdict.explanation:
        body.append(_mistake(verdict))
    if len(verdict.parts) > 1:
        body.append(_parts(verdict))
    if verdict.exhibits:
        body.append(_counterexample(verdict))
    if verdict.remark:
        body.append(f'<div style="margin-top:8px">By the way: {_prose(verdict.remark)}</div>')
    if verdict.section and verdict.status != "passed":
        body.append(f'<div style="margin-top:8px">Read again: <em>{_clean(verdict.section)}</em></div>')
    if verdict.advisory:
        body.append(f'<div style="margin-top:8px;font-size:85%;opacity:0.75">{_ADVISORY}</div>')
    frame = f"border-left:4px solid {colour};padding:6px 12px;margin:4px 0;line-height:1.45"
    return f'<div style="{frame}">{"".join(body)}</div>'


def visible(text: str) -> str:
    """Replace what a terminal or browser would obey instead of showing."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def _clean(text: str) -> str:
    return escape(visible(text), quote=True)


def _prose(text: str) -> str:
    """Escape a text; what stands between back-ticks is code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", _clean(text)).replace("\n", "<br>")


def _headline(verdict: Verdict) -> str:
    if verdict.status == "passed":
        return "right"
    if verdict.status == "failed":
        return (
            f"not right yet ({verdict.fraction:.0%} of the points)" if verdict.fraction else "not right yet"
        )
    return {"error": "could not be judged", "skipped": "not judged"}[verdict.status]


def _alone(verdict: Verdict) -> bool:
    return len(verdict.parts) <= 1


def _reason(verdict: Verdict, part: PartVerdict) -> str:
    """The message of a part, unless the headline said the same."""
    return f": {part.message}" if part.message and not verdict.message.startswith(part.message) else ""


def _heading(verdict: Verdict, colour: str) -> str:
    badge = (
        f'<span style="background-color:{colour};{_BADGE}">{_SIGNS[verdict.status]} {verdict.status}</span>'
    )
    name = f'<strong style="margin-left:6px"><code>{_clean(verdict.check)}</code></strong>'
    return f"<div>{badge} {name} {_headline(verdict)}</div>"


def _mistake(verdict: Verdict) -> str:
    title = f"<strong>This looks like: {_clean(verdict.title)}.</strong> " if verdict.title else ""
    box = (
        "background-color:rgba(0,114,178,0.14);border-left:3px solid #0072b2;padding:6px 10px;margin-top:8px"
    )
    return f'<div style="{box}">{title}{_prose(verdict.explanation or "")}</div>'


def _parts(verdict: Verdict) -> str:
    total = sum(part.weight for part in verdict.parts) or 1.0
    rows = "".join(
        '<tr style="background-color:transparent">'
        f'<td style="{_CELL};font-weight:600">{_SIGNS[part.status]}</td>'
        f'<td style="{_CELL};white-space:nowrap">{_clean(part.name)}</td>'
        f'<td style="{_CELL};opacity:0.75">{part.weight / total:.0%}</td>'
        f'<td style="{_CELL}">{_prose(_reason(verdict, part)[2:])}</td></tr>'
        for part in verdict.parts
    )
    return f'<table style="border-collapse:collapse;margin:8px 0 0 0;font-size:95%">{rows}</table>'


_BADGE = "color:#ffffff;border-radius:3px;padding:1px 8px;font-weight:600"
_CELL = "text-align:left;padding:1px 10px 1px 0;vertical-align:top;border:none"


def _counterexample(verdict: Verdict) -> str:
    pictures = "".join(picture(exhibit) for exhibit in verdict.exhibits)
    marked = any(any(exhibit.heat) for exhibit in verdict.exhibits)
    hint = f"Framed {WRONG}: off. The stronger the colour, the further."
    legend = f'<div style="font-size:85%;opacity:0.75">{hint}</div>' if marked else ""
    row = "display:flex;flex-wrap:wrap;gap:18px;align-items:flex-start;margin-top:6px"
    call = f"The smallest failing call that was found: <code>{_clean(verdict.call)}</code>"
    return f'<div style="margin-top:10px">{call}</div><div style="{row}">{pictures}</div>{legend}'
