"""What of a student's cell outputs is kept: streams, errors, plain text and re-encoded pictures, under one
budget.
"""

from __future__ import annotations

from collections.abc import Sequence

from grading.checker.clean_text import clean_text
from grading.checker.pictures import reencode

CELL_CHARACTERS = 20_000
CELL_OUTPUTS = 100
NOTEBOOK_CHARACTERS = 400_000
NOTEBOOK_PICTURES = 40
NOTEBOOK_PICTURE_BYTES = 16 << 20


class OutputCleaner:
    """Cleans the outputs of one notebook, cell by cell, under the notebook's budget."""

    def __init__(self) -> None:
        self._characters = NOTEBOOK_CHARACTERS
        self._pictures = NOTEBOOK_PICTURES
        self._picture_bytes = NOTEBOOK_PICTURE_BYTES
        self._cell_characters = 0

    def clean(self, outputs: Sequence[object]) -> list[dict]:
        """Keep what may be shown of one cell.

        Parameters
        ----------
        outputs : sequence of object
            nbformat 4 outputs as the sandbox sent them; anything malformed is dropped.

        Returns
        -------
        list of dict
            Outputs of type ``stream``, ``error``, ``execute_result`` and ``display_data``; data only as
            ``text/plain`` and ``image/png``. HTML, JavaScript, SVG, widgets and all metadata are dropped.
        """
        self._cell_characters = CELL_CHARACTERS
        cleaned = []
        for output in outputs[:CELL_OUTPUTS]:
            kept = self._one(output) if type(output) is dict else None
            if kept is not None:
                cleaned.append(kept)
        if len(outputs) > CELL_OUTPUTS:
            cleaned.append(stream(f"[{len(outputs) - CELL_OUTPUTS} more outputs were left out]\n"))
        return cleaned

    def _one(self, output: dict) -> dict | None:
        kind = output.get("output_type")
        if kind == "stream":
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            text = self._text(output.get("text"))
            return stream(text, name) if text else None
        if kind == "error":
            trace = output.get("traceback")
            lines = [self._text(line) for line in trace[:200]] if type(trace) is list else []
            return error_output(self._text(output.get("ename")), self._text(output.get("evalue")), lines)
        if kind in ("execute_result", "display_data"):
            data = self._data(output.get("data"))
            if not data:
                return None
            extra = {"execution_count": None} if kind == "execute_result" else {}
            return {"output_type": kind, "data": data, "metadata": {}, **extra}
        return None

    def _data(self, data: object) -> dict[str, str]:
        if type(data) is not dict:
            return {}
        kept: dict[str, str] = {}
        text = self._text(data.get("text/plain"))
        if text:
            kept["text/plain"] = text
        picture = data.get("image/png", data.get("image/jpeg"))
        if picture is not None and self._pictures > 0:
            self._pictures -= 1
            fresh = reencode(picture)
            if fresh is not None and len(fresh) <= self._picture_bytes:
                self._picture_bytes -= len(fresh)
                kept["image/png"] = fresh
        return kept

    def _text(self, text: object) -> str:
        if type(text) is list and all(type(line) is str for line in text):
            text = "".join(text)
        limit = max(0, min(self._cell_characters, self._characters))
        cleaned = clean_text(text, limit) if limit else ""
        self._cell_characters -= len(cleaned)
        self._characters -= len(cleaned)
        return cleaned


def stream(text: str, name: str = "stdout") -> dict:
    """Build a stream output."""
    return {"output_type": "stream", "name": name, "text": text}


def error_output(name: str, value: str, traceback: Sequence[str] = ()) -> dict:
    """Build an error output."""
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": list(traceback)}
