"""A matplotlib figure that stays: its artists are updated, and only what changed travels to the page."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import anywidget
import numpy as np
import traitlets
from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.image import imsave

from course_lib.plots.accessible import AccessibleFigure
from course_lib.plots.palette import look
from course_lib.widgets.assets import script, style
from course_lib.widgets.changed_patches import Patch, changed_patches, changed_pixels
from course_lib.widgets.quick_words import QuickCanvas
from course_lib.widgets.quiet_moves import keep_quiet_of_moves

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
    place_handles : callable, optional
        ``place_handles()`` returns the handles on the figure as it is now, each a dictionary with the keys
        that ``figure_handles.js`` reads.
    """

    _esm = script("figure_view.js")
    _css = style("figure_view.css")

    dark = traitlets.Bool(False).tag(sync=True)
    # These travel with the pixels, in one message.
    width = traitlets.Int()
    height = traitlets.Int()
    #: What the picture shows, in words.
    alt = traitlets.Unicode()
    #: Whether the picture is for a dark page; it follows `dark` as soon as it has been painted.
    painted_dark = traitlets.Bool()
    #: What of it can be dragged.
    handles = traitlets.List()

    def __init__(
        self,
        make: Callable[[bool], AccessibleFigure],
        on_move: Callable[[str, float, float, bool], None] | None = None,
        place_handles: Callable[[], list[dict[str, object]]] | None = None,
    ) -> None:
        self._make = make
        self._on_move = on_move
        self._place_handles = place_handles or list
        self._shown: np.ndarray | None = None
        self._png: bytes | None = None
        #: The number of the move that the page waits to see answered.
        self._unanswered: int | None = None
        #: How many pictures there have been.
        self.paints = 0
        # A kernel may serve widgets in another thread than cells; two must not draw a figure at once.
        self.lock = threading.RLock()
        self._replace()
        # Only now: a page that opens it gets the picture along with it.
        super().__init__()
        self.on_msg(self._heard)
        if on_move is not None:
            keep_quiet_of_moves()

    @property
    def png(self) -> bytes:
        """The picture as it is now, as a PNG file."""
        if self._png is None:
            file = io.BytesIO()
            imsave(file, self._shown, format="png")
            self._png = file.getvalue()
        return self._png

    def get_state(self, key: object = None, drop_defaults: bool = False) -> dict[str, object]:
        """Return what is synchronised; for a page that opens the view, that is with the whole picture."""
        state = super().get_state(key, drop_defaults)
        if key is None:
            with self.lock:
                state |= self._description() | {"pixels": self._shown.tobytes()}
        return state

    def _description(self) -> dict[str, object]:
        """What goes along with the pixels."""
        return {
            "paints": self.paints,
            "width": self.width,
            "height": self.height,
            "alt": self.alt,
            "painted_dark": self.painted_dark,
            "handles": self.handles,
        }

    def _heard(self, _: object, message: dict, __: list) -> None:
        if message.get("kind") == "ready" and message.get("paints") != self.paints:
            # The page had this view's code still to load when the last pictures came.
            with self.lock:
                self._tell_all()
        if message.get("kind") != "move" or self._on_move is None:
            return
        # Whoever else paints waits: the page takes the first picture for the answer, and tells the next move.
        with self.lock:
            self._unanswered = message.get("number", 0)
            try:
                self._on_move(message["name"], message["left"], self.height - message["top"], message["held"])
            finally:
                if self._unanswered is not None:
                    self.send({"kind": "moved", "answers": self._unanswered})
                    self._unanswered = None

    @traitlets.observe("dark")
    def _theme_changed(self, _: dict) -> None:
        with self.lock:
            self._replace()

    def _replace(self) -> None:
        self.painted_dark = self.dark
        self._figure = self._make(self.dark)
        self._figure.set_dpi(_DPI)
        self._canvas = QuickCanvas(self._figure)
        self.width, self.height = self._canvas.get_width_height()
        with rc_context(look(dark=self.dark)):
            self._canvas.draw()
        # The layout is settled once: numbers that grow wider must not make the axes jump.
        self._figure.set_layout_engine("none")
        animated = sorted(self._figure.findobj(lambda artist: artist.get_animated()), key=_depth)
        self._occasional = [artist for artist in animated if artist.get_gid() == _OCCASIONAL]
        self._moving = [artist for artist in animated if artist.get_gid() != _OCCASIONAL]
        self._ground = None
        self._shown = None
        self.repaint(everything=True)

    def repaint(self, *, everything: bool = False) -> None:
        """Show the figure as its artists are now.

        Parameters
        ----------
        everything : bool
            Draw also the artists that are not animated, which takes longer.
        """
        with self.lock:
            if everything:
                self._draw_still_part()
            self._canvas.restore_region(self._still)
            self._draw(self._moving)
            before, self._shown = self._shown, np.array(self._canvas.buffer_rgba())
            patches = None if before is None else changed_patches(before, self._shown)
            if patches is None or patches:
                self._png = None
                self.paints += 1
            self.alt, self.handles = self._figure.alt, self._place_handles()
            if patches is None:
                self._tell_all()
            else:
                self._tell(patches, *changed_pixels(before, self._shown, patches))

    def _tell_all(self) -> None:
        self._tell([Patch(0, 0, self.width, self.height)], self._shown.tobytes(), None)

    def _tell(self, patches: list[Patch], data: bytes, count: int | None) -> None:
        """Send the pixels of some patches: all of them, or those that have changed where they are counted."""
        # Not encoded: the bytes stay on this machine, and the hand would feel an encoder's time.
        message = {"kind": "paint", "patches": patches, "changed": count, "answers": self._unanswered}
        self._unanswered = None
        self.send(message | self._description(), [data])

    def _draw_still_part(self) -> None:
        if self._ground is None or not self._occasional:
            self._canvas.draw()
            self._ground = self._canvas.copy_from_bbox(self._figure.bbox)
        self._canvas.restore_region(self._ground)
        self._draw(self._occasional)
        self._still = self._canvas.copy_from_bbox(self._figure.bbox)

    def _draw(self, artists: list[Artist]) -> None:
        # The figure's own way asks for the renderer again for each of them.
        renderer = self._canvas.get_renderer()
        for artist in artists:
            artist.draw(renderer)
