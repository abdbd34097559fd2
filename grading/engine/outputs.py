"""Which outputs of a student may go into a graded notebook: text, streams, errors and plain pictures.

Whatever has another shape is left out and counted, so that nothing runs in the page where an instructor reads
it.
"""

from __future__ import annotations

import re
from typing import Any

from grading.engine.png import is_plain_png

CELL_TEXT = 100_000
CELL_OUTPUTS = 200
CELL_PICTURES = 20
# Colours of tracebacks are wanted; every other escape sequence could take over a terminal.
_COLOUR = re.compile(r"\x1b\[[0-9;]{0,32}m")
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f\x80-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def plain_text(text: str, *, colours: bool = False) -> str:
    """Return text without control characters, escape sequences, lone surrogates and direction overrides.

    Parameters
    ----------
    text : str
        Anything.
    colours : bool, optional
        Keep the escape sequences that set a colour.

    Returns
    -------
    str
        Text whose only control characters are tab and newline (and colours).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    colour_codes = _COLOUR.findall(text) if colours else []
    pieces = _COLOUR.split(text) if colours else [text]
    plain = [_CONTROL.sub("", _ESCAPE.sub("", piece)) for piece in pieces]
    return "".join(piece + colour for piece, colour in zip(plain, [*colour_codes, ""]))


class OutputCleaner:
    """Cleans the outputs of one cell, under a budget of text, pictures and entries."""

    def __init__(self, *, results_as_displays: bool = False) -> None:
        self._results_as_displays = results_as_displays
        self._text_left = CELL_TEXT
        self._pictures_left = CELL_PICTURES

    def clean(self, outputs: object) -> list[dict[str, Any]]:
        """Return the outputs that may be written.

        Parameters
        ----------
        outputs : object
            What the checker sent: expected is a list of outputs in the notebook format.

        Returns
        -------
        list of dict
            In order; a last stream says how many were left out.
        """
        given = outputs if isinstance(outputs, list) else []
        kept, dropped = [], 0 if isinstance(outputs, list) else 1
        for output in given[:CELL_OUTPUTS]:
            cleaned = self._one(output) if isinstance(output, dict) else None
            if cleaned is None:
                dropped += 1
            else:
                kept.append(cleaned)
        dropped += max(0, len(given) - CELL_OUTPUTS)
        if dropped:
            kept.append(
                _stream(
                    "stdout",
                    f"[{dropped} output(s) left out by the grader: neither text nor picture, or too many]\n",
                )
            )
        return kept

    def _one(self, output: dict[str, Any]) -> dict[str, Any] | None:
        kind = output.get("output_type")
        if kind == "stream" and output.get("name") in ("stdout", "stderr"):
            text = self._text(output.get("text"))
            return None if text is None else _stream(output["name"], text)
        if kind == "error":
            name, value = self._text(output.get("ename")), self._text(output.get("evalue"))
            lines = output.get("traceback")
            if name is None or value is None or not isinstance(lines, list):
                return None
            traceback = [text for line in lines if (text := self._text(line)) is not None]
            return {"output_type": "error", "ename": name, "evalue": value, "traceback": traceback}
        if kind in ("execute_result", "display_data") and isinstance(output.get("data"), dict):
            data = self._data(output["data"])
            if not data:
                return None
            shown: dict[str, Any] = {"output_type": kind, "data": data, "metadata": {}}
            if kind == "execute_result":
                if self._results_as_displays:
                    shown["output_type"] = "display_data"
                else:
                    shown["execution_count"] = None
            return shown
        return None

    def _data(self, data: dict[str, Any]) -> dict[str, str]:
        kept = {}
        picture = data.get("image/png")
        if isinstance(picture, str) and self._pictures_left > 0 and is_plain_png(picture):
            self._pictures_left -= 1
            kept["image/png"] = "".join(picture.split())
        text = self._text(data.get("text/plain"))
        if text is not None:
            kept["text/plain"] = text
        return kept

    def _text(self, value: object) -> str | None:
        if isinstance(value, list) and all(isinstance(piece, str) for piece in value):
            value = "".join(value)
        if not isinstance(value, str):
            return None
        text = plain_text(value[: self._text_left], colours=True)
        cut = len(value) > self._text_left
        self._text_left -= min(len(value), self._text_left)
        return text + "\n[cut by the grader]" if cut else text


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}
