import base64
import io

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from grading.checker import pictures
from grading.checker.clean_text import ELLIPSIS, clean_text
from grading.checker.outputs import CELL_CHARACTERS, CELL_OUTPUTS, NOTEBOOK_PICTURES, OutputCleaner
from grading.checker.pictures import reencode


def encoded(image, **options):
    written = io.BytesIO()
    image.save(written, **options)
    return base64.b64encode(written.getvalue()).decode()


def decoded(text):
    return Image.open(io.BytesIO(base64.b64decode(text)))


PIXELS = np.random.default_rng(3).integers(0, 255, (12, 17, 3), dtype=np.uint8)


def test_a_png_keeps_its_pixels_and_loses_everything_else():
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    fresh = decoded(reencode(encoded(Image.fromarray(PIXELS), format="PNG", pnginfo=info)))
    assert np.array_equal(np.asarray(fresh), PIXELS)
    assert fresh.info == {}


def test_transparency_is_kept():
    rgba = np.dstack([PIXELS, PIXELS[..., :1]])
    assert np.array_equal(np.asarray(decoded(reencode(encoded(Image.fromarray(rgba), format="PNG")))), rgba)


def test_a_jpeg_becomes_a_png():
    fresh = decoded(reencode(encoded(Image.fromarray(PIXELS), format="JPEG")))
    assert (fresh.format, fresh.size) == ("PNG", (17, 12))


def test_bytes_behind_the_picture_are_dropped():
    raw = base64.b64decode(encoded(Image.fromarray(PIXELS), format="PNG")) + b"<script>"
    assert b"<script>" not in base64.b64decode(reencode(base64.b64encode(raw).decode()))


@pytest.mark.parametrize("format", ["GIF", "BMP", "TIFF", "WEBP"])
def test_other_formats_are_dropped(format):
    assert reencode(encoded(Image.fromarray(PIXELS), format=format)) is None


@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        b"",
        "",
        "####",
        "aGVsbG8=",
        "ünicode",
        base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 99).decode(),
    ],
)
def test_what_is_no_picture_is_dropped(data):
    assert reencode(data) is None


def test_every_truncation_of_a_picture_gives_a_picture_or_nothing():
    raw = base64.b64decode(encoded(Image.fromarray(PIXELS), format="PNG"))
    for size in range(0, len(raw), 7):
        fresh = reencode(base64.b64encode(raw[:size]).decode())
        assert fresh is None or decoded(fresh).size == (17, 12)


def test_pictures_with_too_many_pixels_are_dropped_before_they_are_decoded(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100)
    assert reencode(encoded(Image.fromarray(PIXELS), format="PNG")) is None
    monkeypatch.undo()
    bomb = encoded(Image.new("1", (9_000, 9_000)), format="PNG")
    assert reencode(bomb) is None


def clean(*outputs):
    return OutputCleaner().clean(list(outputs))


def test_only_text_and_pictures_are_kept_of_a_result():
    data = {
        "text/plain": "5",
        "text/html": "<script>alert(1)</script>",
        "image/svg+xml": "<svg onload=alert(1)>",
        "application/javascript": "alert(1)",
        "application/vnd.jupyter.widget-view+json": {},
        "image/png": encoded(Image.fromarray(PIXELS), format="PNG"),
    }
    (kept,) = clean(
        {"output_type": "execute_result", "data": data, "metadata": {"evil": 1}, "execution_count": 3}
    )
    assert set(kept["data"]) == {"text/plain", "image/png"}
    assert kept["metadata"] == {}


@pytest.mark.parametrize(
    "output",
    [
        None,
        5,
        "text",
        [],
        {},
        {"output_type": "evil"},
        {"output_type": "display_data"},
        {"output_type": "display_data", "data": 5},
        {"output_type": "execute_result", "data": {"text/html": "x"}},
        {"output_type": "stream", "text": 5},
        {"output_type": "stream", "text": [1]},
        {"output_type": ["stream"]},
    ],
)
def test_malformed_outputs_are_dropped(output):
    assert clean(output) == []


def test_errors_keep_name_value_and_trace_as_text():
    (kept,) = clean(
        {"output_type": "error", "ename": "E\x00", "evalue": 5, "traceback": ["\x1b[31mred\x1b[0m", 7]}
    )
    assert kept == {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["red", ""]}


def test_the_budgets_of_a_cell_and_a_notebook_hold():
    cleaner = OutputCleaner()
    long = {"output_type": "stream", "name": "stdout", "text": "x" * 10**6}
    for _ in range(100):
        kept = cleaner.clean([long] * 10)
        assert sum(len(output["text"]) for output in kept) <= CELL_CHARACTERS + 10 * len(ELLIPSIS)
    assert cleaner.clean([long]) == []
    many = OutputCleaner().clean([{"output_type": "stream", "text": "a"}] * (CELL_OUTPUTS + 5))
    assert "5 more outputs" in many[-1]["text"]


def test_the_number_of_pictures_is_bounded():
    cleaner = OutputCleaner()
    picture = {
        "output_type": "display_data",
        "data": {"image/png": encoded(Image.new("L", (2, 2)), format="PNG")},
    }
    kept = [output for _ in range(3) for output in cleaner.clean([picture] * 30)]
    assert len(kept) == NOTEBOOK_PICTURES


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("null\x00 bell\x07 del\x7f c1\x9b", "null bell del c1"),
        ("left\u202eright\u2066\u2028", "leftright"),
        ("tab\tstays", "tab\tstays"),
        ("\ud800x", "x"),
        (5, ""),
    ],
)
def test_control_characters_and_escapes_are_stripped(text, clean):
    assert clean_text(text) == clean


def test_a_text_subclass_is_not_asked_anything():
    class Evil(str):
        def __getitem__(self, key):
            raise AssertionError("asked")

    assert clean_text(Evil("x")) == ""
