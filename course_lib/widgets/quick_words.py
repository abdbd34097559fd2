"""Draws the words of a figure a line at a time, and keeps what it has drawn: words take longest of all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

# So many lines are kept, a few kB each: most are tick labels and titles that come again.
_KEPT = 2000
_TURNED = 90
_POINT = 64  # FreeType counts in 64ths of a pixel


class _Line(NamedTuple):
    """A line's colours, lowest row first; and its lower left corner, from the start of its baseline."""

    pixels: np.ndarray
    left: int
    bottom: int


class WordKeepingRenderer(RendererAgg):
    """An Agg renderer that sets a line of words in one go, on whole pixels, and keeps its picture.

    Matplotlib's own sets glyph by glyph, between pixels, and anew every time. Formulas, words that are
    neither level nor turned by 90 degrees, and those that can be seen through are left to it.
    """

    def __init__(self, width: float, height: float, dpi: float) -> None:
        super().__init__(width, height, dpi)
        self._lines: dict[tuple, _Line] = {}

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: bool | str = False,
        mtext: Text | None = None,
    ) -> None:
        """Draw a line of words whose baseline begins at (x, y), in pixels from the upper left corner."""
        if not s.strip():
            # The blank lines of a text have no glyph to begin at.
            return
        colour = tuple(gc.get_rgb())
        opaque = gc.get_alpha() == 1 and colour[3:] in ((), (1,))
        if ismath or not opaque or angle not in (0, _TURNED) or not gc.get_antialiased():
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        # Properties can change; their hash is that of what they are now.
        key = (s, hash(prop), colour[:3], angle)
        line = self._lines.get(key)
        if line is None:
            if len(self._lines) >= _KEPT:
                self._lines.clear()
            line = self._lines[key] = self._set_line(*key, prop)
        self.draw_image(gc, round(x) + line.left, int(self.height) - round(y) + line.bottom, line.pixels)

    def _set_line(
        self, words: str, _: int, colour: tuple[float, ...], angle: float, prop: FontProperties
    ) -> _Line:
        font = self._prepare_font(prop)
        # Behind a space: the bitmap begins where the first glyph's ink does, and rounds by how far that is.
        places = font.set_text(f" {words}", 0, flags=get_hinting_flag())
        font.draw_glyphs_to_bitmap(antialiased=True)
        ink = np.asarray(font.get_image())
        left = round((font.get_bitmap_offset()[0] - places[1][0]) / _POINT)
        # The upper rim of the bitmap lies a pixel above the highest glyph.
        top = (font.get_width_height()[1] - font.get_descent()) // _POINT + 1
        bottom = top - ink.shape[0]
        if angle == _TURNED:
            # What was above the baseline is left of it now.
            ink, left, bottom = np.rot90(ink), -top, left
        pixels = np.empty((*ink.shape, 4), np.uint8)
        pixels[..., :3] = np.round(255 * np.array(colour))
        pixels[..., 3] = ink[::-1]
        return _Line(pixels, left, bottom)


class QuickCanvas(FigureCanvasAgg):
    """An Agg canvas that draws with a `WordKeepingRenderer`."""

    def get_renderer(self) -> WordKeepingRenderer:
        """Return the renderer, a new one where the figure has another size or resolution."""
        wanted = (*self.get_width_height(physical=True), self.figure.dpi)
        renderer = getattr(self, "renderer", None)
        if renderer is None or (renderer.width, renderer.height, renderer.dpi) != wanted:
            self.renderer = WordKeepingRenderer(*wanted)
        return self.renderer
