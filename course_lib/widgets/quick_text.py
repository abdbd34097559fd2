"""Level words that begin at a given place: drawn line by line, without being measured first."""

from __future__ import annotations

from matplotlib.artist import allow_rasterization
from matplotlib.backend_bases import RendererBase
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text


class QuickText(Text):
    """Words for a figure that changes with every move of a hand.

    Matplotlib's own text measures every line, whenever one has changed, to know how large the whole is. Words
    that begin at the left, with lines at a given distance, do not need that.

    Parameters
    ----------
    x, y : float
        Where they begin: the middle of the first line's small letters, from its left.
    text : str
        The words; each line break begins a line.
    leading : float
        From one line to the next, in points.
    **style
        As for `matplotlib.text.Text`: colour, font; and the transform of the place.
    """

    def __init__(
        self, x: float = 0, y: float = 0, text: str = "", *, leading: float = 0.0, **style: object
    ) -> None:
        super().__init__(x, y, text, **style)
        self._leading = leading
        self._height: tuple[tuple, float] | None = None

    @allow_rasterization
    def draw(self, renderer: RendererBase) -> None:
        """Draw each line."""
        if not self.get_visible():
            return
        x, y = self.get_transform().transform(self.get_position())
        font = self.get_fontproperties()
        _, top = renderer.get_canvas_width_height()
        leading = self._leading * self.get_figure(root=True).dpi / 72
        baseline = y - self._small_letters(renderer, font) / 2
        gc = renderer.new_gc()
        gc.set_foreground(self.get_color())
        gc.set_alpha(self.get_alpha())
        for number, line in enumerate(self.get_text().split("\n")):
            if line:
                renderer.draw_text(gc, x, top - baseline + number * leading, line, font, 0)
        gc.restore()
        self.stale = False

    def _small_letters(self, renderer: RendererBase, font: FontProperties) -> float:
        key = hash(font), self.get_figure(root=True).dpi
        if self._height is None or self._height[0] != key:
            self._height = key, renderer.get_text_width_height_descent("x", font, ismath=False)[1]
        return self._height[1]
