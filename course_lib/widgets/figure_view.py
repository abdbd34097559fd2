"""A matplotlib figure that stays: its artists are updated, and only the new picture travels to the page."""

from __future__ import annotations

import threading
from collections.abc import Callable

import anywidget
import numpy as np
import traitlets
from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg

from course_lib.plots.accessible import AccessibleFigure
from course_lib.plots.palette import look
from course_lib.widgets.assets import script, style
from course_lib.widgets.quick_png import quick_png

_DPI = 100
_OCCASIONAL = "changes now and then"


def _depth(artist: Artist) -> float:
    return artist.get_zorder()


def change_now_and_then(*artists: Artist) -> None:
    """Have artists drawn only where everything is: they change more seldom than those that are animated.

    In a figure with such artists all others that are not animated are drawn once and for all.

    Parameters
    ----------
    *artists : matplotlib.artist.Artist
        Such as the lines of a map, or an axis whose range may become another one.
    """
    for artist in artists:
        artist.set_animated(True)
        artist.set_gid(_OCCASIONAL)


class FigureView(anywidget.AnyWidget):
    """Show a figure at a fixed size, and have it made anew when the page changes between light and dark.

    Parameters
    ----------
    make : callable
        ``make(dark)`` returns a new `AccessibleFigure` with its artists in the present state. Called at first
        and whenever the page's theme changes; every other change goes through the artists and `repaint`.
        Artists that change are to be animated (``artist.set_animated(True)``): the others are drawn once, and
        again where `repaint` is told so; with `change_now_and_then` only those that it was called for.
    on_move : callable, optional
        ``on_move(name, x, y, held)`` is called when the hand has moved a handle: to where in the figure, in
        pixels from its lower left corner, and whether the hand still holds it.
    """

    _esm = script("figure_view.js")
    _css = style("figure_view.css")

    png = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    dark = traitlets.Bool(False).tag(sync=True)
    #: Whether `png` is the picture for a dark page; it follows `dark` as soon as it has been painted.
    painted_dark = traitlets.Bool(False).tag(sync=True)
    handles = traitlets.List().tag(sync=True)

    def __init__(
        self,
        make: Callable[[bool], AccessibleFigure],
        on_move: Callable[[str, float, float, bool], None] | None = None,
    ) -> None:
        super().__init__()
        self._make = make
        self._on_move = on_move
        # A kernel may serve widgets in another thread than cells; two must not draw a figure at once.
        self.lock = threading.RLock()
        self.on_msg(self._heard)
        self._replace()

    def _heard(self, _: object, message: dict, __: list) -> None:
        if message.get("kind") != "move" or self._on_move is None:
            return
        try:
            self._on_move(message["name"], message["left"], self.height - message["top"], message["held"])
        finally:
            # The page waits for this before it tells the next move.
            self.send({"kind": "moved"})

    @traitlets.observe("dark")
    def _theme_changed(self, _: dict) -> None:
        with self.lock:
            self._replace()

    def _replace(self) -> None:
        self._figure_is_dark = self.dark
        self._figure = self._make(self.dark)
        self._figure.set_dpi(_DPI)
        self._canvas = FigureCanvasAgg(self._figure)
        self.width, self.height = self._canvas.get_width_height()
        with rc_context(look(dark=self.dark)):
            self._canvas.draw()
        # The layout is settled once: numbers that grow wider must not make the axes jump.
        self._figure.set_layout_engine("none")
        animated = sorted(self._figure.findobj(lambda artist: artist.get_animated()), key=_depth)
        self._occasional = [artist for artist in animated if artist.get_gid() == _OCCASIONAL]
        self._moving = [artist for artist in animated if artist.get_gid() != _OCCASIONAL]
        self._ground = None
        self.repaint(everything=True)

    def repaint(self, *, everything: bool = False) -> None:
        """Send the figure as its artists are now.

        Parameters
        ----------
        everything : bool
            Draw also the artists that are not animated, which takes longer.
        """
        with self.lock:
            if everything:
                self._draw_still_part()
            self._canvas.restore_region(self._still)
            for artist in self._moving:
                self._figure.draw_artist(artist)
            # The bytes stay on this machine, and the hand would feel an encoder's time.
            picture = quick_png(np.asarray(self._canvas.buffer_rgba()))
            with self.hold_sync():
                self.alt = self._figure.alt
                self.painted_dark = self._figure_is_dark
                self.png = picture

    def _draw_still_part(self) -> None:
        if self._ground is None or not self._occasional:
            self._canvas.draw()
            self._ground = self._canvas.copy_from_bbox(self._figure.bbox)
        self._canvas.restore_region(self._ground)
        for artist in self._occasional:
            self._figure.draw_artist(artist)
        self._still = self._canvas.copy_from_bbox(self._figure.bbox)
