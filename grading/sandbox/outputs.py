"""What a cell shows: streams, errors, and text or PNG displays, bounded in number and in bytes."""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass, field

from .limits import Limits
from .protocol import MAX_MESSAGE, MAX_NAME, MAX_TRACEBACK, PNG, TEXT

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
CUT = "\n[output cut: more than {} bytes in one cell]\n"


def clean(text: object, limit: int) -> str:
    """Return text without lone surrogates, cut to ``limit`` characters; never raises."""
    if type(text) is not str:
        try:
            text = str.__str__(str(text))
        except BaseException as error:  # noqa: BLE001 - the object's own code may raise anything
            text = f"<text of a {type(error).__name__}>"
    if len(text) > limit:
        text = text[:limit] + "…"
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass
class Recorder:
    """Collects the outputs of one cell.

    Text beyond the byte budget is dropped with a note, so that a program that prints without end costs its
    own time only. While ``silent`` is set everything is dropped: what functions print while they are called
    is nobody's business.
    """

    limits: Limits
    silent: bool = False
    _outputs: list[dict] = field(default_factory=list)
    _text_bytes: int = 0
    _image_bytes: int = 0
    _cut: bool = False

    def start(self, limits: Limits) -> None:
        """Begin a new cell."""
        self.limits = limits
        self.clear()
        self._text_bytes = self._image_bytes = 0
        self._cut = False

    def clear(self) -> None:
        """Forget what was shown so far; the budgets keep counting."""
        self._outputs = []

    def stream(self, name: str, text: str) -> None:
        """Record text on stdout or stderr; consecutive text of one stream becomes one output."""
        if self.silent or self._cut or not text:
            return
        last = self._outputs[-1] if self._outputs else None
        if last is not None and last["output_type"] == "stream" and last["name"] == name:
            last["text"].append(self._bounded(text))
        elif self._room():
            self._outputs.append({"output_type": "stream", "name": name, "text": [self._bounded(text)]})

    def display(self, kind: str, data: dict, count: int | None = None) -> None:
        """Record a display or a result; only plain text and PNG are kept."""
        if self.silent or self._cut:
            return
        kept: dict[str, str | bytes] = {}
        if isinstance(data.get(TEXT), str):
            kept[TEXT] = self._bounded(data[TEXT])
        image = _png_bytes(data.get(PNG))
        if image is not None and self._image_bytes + len(image) <= self.limits.image_bytes:
            self._image_bytes += len(image)
            kept[PNG] = image
        if kept and self._room():
            self._outputs.append({"output_type": kind, "data": kept, "count": count})

    def error(self, name: str, value: str, traceback: str) -> None:
        """Record an exception; errors are kept even when the text budget is spent."""
        if self.silent:
            return
        self._outputs = self._outputs[: self.limits.outputs]
        self._outputs.append(
            {
                "output_type": "error",
                "ename": clean(name, MAX_NAME),
                "evalue": clean(value, MAX_MESSAGE),
                "text": [clean(traceback, MAX_TRACEBACK)],
            }
        )

    def packed(self) -> tuple[list[dict], list[bytes]]:
        """Return the outputs as JSON nodes that give byte counts, and their bytes in order."""
        nodes, parts = [], []

        def put(content: str | bytes) -> int:
            parts.append(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
            return len(parts[-1])

        for output in self._outputs:
            node = {key: value for key, value in output.items() if key not in ("text", "data")}
            if "text" in output:
                node["text"] = put("".join(output["text"]))
            else:
                node["data"] = {mime: put(content) for mime, content in output["data"].items()}
            nodes.append(node)
        return nodes, parts

    def _bounded(self, text: str) -> str:
        room = self.limits.output_bytes - self._text_bytes
        # At most four bytes a character, so that short text needs no encoding to be measured.
        if 4 * len(text) <= room:
            self._text_bytes += 4 * len(text) if len(text) > 256 else len(text.encode("utf-8", "replace"))
            return text
        encoded = text[: room + 1].encode("utf-8", "replace")
        if len(text) <= room and len(encoded) <= room:
            self._text_bytes += len(encoded)
            return text
        self._cut = True
        self._text_bytes = self.limits.output_bytes
        return encoded[:room].decode("utf-8", "ignore") + CUT.format(self.limits.output_bytes)

    def _room(self) -> bool:
        if len(self._outputs) < self.limits.outputs:
            return True
        if not self._cut:
            self._cut = True
            note = f"[outputs cut: more than {self.limits.outputs} in one cell]\n"
            self._outputs.append({"output_type": "stream", "name": "stderr", "text": [note]})
        return False


def _png_bytes(content: object) -> bytes | None:
    if isinstance(content, str):
        try:
            content = base64.b64decode(content)
        except (binascii.Error, ValueError):
            return None
    return bytes(content) if isinstance(content, bytes) and content.startswith(_PNG_SIGNATURE) else None


class RecordedStream(io.TextIOBase):
    """Stands for sys.stdout or sys.stderr and writes into a recorder."""

    def __init__(self, name: str, recorder: Recorder) -> None:
        self._name = name
        self._recorder = recorder

    @property
    def encoding(self) -> str:
        """The encoding that text would have."""
        return "utf-8"

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, text: str) -> int:
        """Record text; the return value is its length even where the recorder drops it."""
        if not isinstance(text, str):
            raise TypeError(f"write() takes a str, not {type(text).__name__}")
        self._recorder.stream(self._name, str.__str__(text))
        return len(text)
