"""Pictures in axes that change often: each pixel takes the colour of the cell that it lies on."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.image import AxesImage


class QuickImage(AxesImage):
    """An image that is laid on the pixels by picking cells; colours are worked out once for each cell.

    Matplotlib's own interpolates between numbers first and colours the pixels then, which takes tens of
    milliseconds for a photograph. Made by `show_quickly`.
    """

    _colours: np.ndarray | None = None

    def set_data(self, A: np.ndarray) -> None:
        """Take other values."""
        self._colours = None
        super().set_data(A)

    def changed(self) -> None:
        """Hear that limits or colours are others."""
        self._colours = None
        super().changed()

    def draw(self, renderer: RendererBase) -> None:
        """Draw the cells."""
        if not self.get_visible():
            return
        if self._colours is None:
            # A colour is one number, and none can be masked: others would be slow to pick.
            colours = np.ascontiguousarray(self.to_rgba(self.get_array(), bytes=True))
            self._colours = colours.view(np.uint32)[..., 0]
        left, right, bottom, top = self.get_extent()
        (x0, y0), (x1, y1) = self.axes.transData.transform([(left, bottom), (right, top)])
        rows, columns = self._colours.shape
        across, up = _cells(x0, x1, columns), _cells(y0, y1, rows)
        if across.size and up.size:
            # The first row is the highest one, and a renderer wants the lowest first.
            below = up if self.origin == "lower" else rows - 1 - up
            gc = renderer.new_gc()
            self._set_gc_clip(gc)
            picked = self._colours.take(below, axis=0).take(across, axis=1)
            renderer.draw_image(gc, round(x0), round(y0), picked.view(np.uint8).reshape(*picked.shape, 4))
            gc.restore()
        self.stale = False


def _cells(start: float, end: float, number: int) -> np.ndarray:
    """Say on which of so many cells between two places each pixel between them lies."""
    middles = np.arange(round(start), round(end)) + 0.5
    return np.clip(((middles - start) / (end - start) * number).astype(int), 0, number - 1)


def show_quickly(axes: Axes, values: np.ndarray, **options: object) -> QuickImage:
    """Show values in some axes as ``axes.imshow`` does without interpolation, in an image that is drawn fast.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        With linear scales.
    values : ndarray
        Shape (rows, columns), or (rows, columns, 3 or 4) for colours.
    **options
        Of ``axes.imshow``: colours, limits, extent, origin, zorder.

    Returns
    -------
    QuickImage
    """
    # This settles limits and shape of the axes, as usual.
    usual = axes.imshow(values, **options)
    image = QuickImage(
        axes, cmap=usual.cmap, norm=usual.norm, extent=tuple(usual.get_extent()), origin=usual.origin
    )
    image.set_data(values)
    image.set_zorder(usual.get_zorder())
    image.set_clip_path(axes.patch)
    usual.remove()
    axes.add_image(image)
    return image
