"""Of a student's outputs only text, streams, errors and plain pictures are written, under a budget."""

import base64
import struct
import zlib

import pytest
from fake_checker import png

from grading.engine.outputs import CELL_OUTPUTS, CELL_TEXT, OutputCleaner, plain_text
from grading.engine.png import SIGNATURE, is_plain_png


def clean(*outputs, **settings):
    return OutputCleaner(**settings).clean(list(outputs))


@pytest.mark.parametrize(
    "mime",
    ["text/html", "image/svg+xml", "application/javascript", "text/markdown", "text/latex",
     "application/vnd.jupyter.widget-view+json", "image/jpeg", "image/gif", "application/pdf"],
)  # fmt: skip
def test_what_could_act_is_left_out_and_said_so(mime):
    output = {"output_type": "display_data", "metadata": {}, "data": {mime: "<script>alert(1)</script>"}}
    [note] = clean(output)
    assert note["output_type"] == "stream"
    assert "left out" in note["text"]
    assert "script" not in note["text"]


def test_text_beside_it_is_kept_and_metadata_is_not():
    data = {"text/html": "<b>1</b>", "text/plain": "1"}
    [kept] = clean(
        {"output_type": "display_data", "data": data, "metadata": {"text/html": {"isolated": True}}}
    )
    assert kept == {"output_type": "display_data", "data": {"text/plain": "1"}, "metadata": {}}


def test_streams_errors_and_results_keep_their_kind():
    outputs = clean(
        {"output_type": "stream", "name": "stderr", "text": ["a", "b"]},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mred\x1b[0m"]},
        {"output_type": "execute_result", "data": {"text/plain": "5"}, "metadata": {}, "execution_count": 3},
    )
    assert [output["output_type"] for output in outputs] == ["stream", "error", "execute_result"]
    assert outputs[0]["text"] == "ab"
    assert outputs[1]["traceback"] == ["\x1b[31mred\x1b[0m"]


def test_in_a_test_cell_no_result_of_a_student_remains():
    [shown] = clean(
        {"output_type": "execute_result", "data": {"text/plain": "10"}, "metadata": {}},
        results_as_displays=True,
    )
    assert shown["output_type"] == "display_data"
    assert "execution_count" not in shown


@pytest.mark.parametrize(
    "bad", [None, "text", [1, None, []], [{"output_type": "stream", "name": "tape", "text": "x"}]]
)
def test_garbage_becomes_a_note(bad):
    kept = OutputCleaner().clean(bad)
    assert len(kept) == 1
    assert "left out" in kept[0]["text"]


def test_the_budget_of_text_and_entries_holds():
    stream = {"output_type": "stream", "name": "stdout", "text": "x" * 70_000}
    kept = clean(*[stream] * 1000)
    assert sum(len(output["text"]) for output in kept) < CELL_TEXT + 100 * CELL_OUTPUTS
    assert len(kept) <= CELL_OUTPUTS + 1


def test_control_characters_escapes_and_direction_overrides_go():
    text = "a\x00b\x1b]0;title\x07c\x1b[2Jd\u202ee\x9bf\ud800g\r\nh"
    assert plain_text(text) == "abcdefg\nh"
    assert plain_text("\x1b[31mred\x1b[0m\x1b[5;1H", colours=True) == "\x1b[31mred\x1b[0m"
    assert "\x1b" not in plain_text("\x1b\x1b[31m[31mred")


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def encoded(*chunks, tail=b""):
    return base64.b64encode(SIGNATURE + b"".join(chunks) + tail).decode()


HEAD = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0))
BODY = chunk(b"IDAT", zlib.compress(b"\0" * 14))
END = chunk(b"IEND", b"")


def test_a_reencoded_picture_is_embedded():
    assert is_plain_png(png())
    assert is_plain_png(encoded(HEAD, BODY, END))


@pytest.mark.parametrize(
    "picture",
    [
        "", "not base64!", base64.b64encode(b"<svg onload=alert(1)>").decode(),
        encoded(HEAD, BODY), encoded(HEAD, END), encoded(BODY, END), encoded(BODY, HEAD, END),
        encoded(HEAD, BODY, END, tail=b"<script>"), encoded(HEAD, chunk(b"tEXt", b"x\0<script>"), BODY, END),
        encoded(HEAD, BODY[:-1] + b"\x00", END), encoded(HEAD, HEAD, BODY, END),
        encoded(chunk(b"IHDR", struct.pack(">IIBBBBB", 1 << 20, 1 << 20, 8, 2, 0, 0, 0)), BODY, END),
    ],
)  # fmt: skip
def test_any_other_picture_is_not(picture):
    assert not is_plain_png(picture)
