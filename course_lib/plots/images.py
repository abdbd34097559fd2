"""Pictures side by side, and what happens to their brightness."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, SIGNED, VERMILLION, look, signed_limits


def show_images(
    images: Sequence[np.ndarray],
    titles: Sequence[str],
    *,
    alt: str,
    signed: bool = False,
    one_scale: bool = False,
    limits: tuple[float, float] | None = (0.0, 1.0),
    width: float = 9.0,
) -> AccessibleFigure:
    """Draw pictures in one row, each under its title.

    Parameters
    ----------
    images : sequence of ndarray
        Grey (H, W) or colour (H, W, 3); uint8 counts as 0..255, floats as grey levels in `limits`.
    titles : sequence of str
        As many as `images`.
    alt : str
        Alt text.
    signed : bool
        Grey pictures are signed: blue above 0, white at 0, vermillion below. Each has its own scale, which
        the outermost 2 % of its pixels saturate.
    one_scale : bool
        Signed pictures share one scale, that of all their pixels together.
    limits : (float, float) or None
        Grey levels of black and white; None stretches each picture over its own range.
    width : float
        Width of the figure in inches of 100 pixels.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If the numbers of pictures and titles differ, or a picture has a wrong shape.
    """
    images = [np.asarray(image) for image in images]
    if not images or len(images) != len(titles):
        raise ValueError(f"titles must name every image: got {len(images)} images and {len(titles)} titles")
    for index, image in enumerate(images):
        if image.ndim != 2 and not (image.ndim == 3 and image.shape[2] == 3):
            raise ValueError(f"images[{index}] must have shape (H, W) or (H, W, 3), got {image.shape}")
    ratios = [image.shape[1] / image.shape[0] for image in images]
    height = (width - 0.12 * len(images)) / sum(ratios) + 0.38
    figure = new_figure(width, height)
    together = np.concatenate([image.ravel() for image in images]) if one_scale else None
    with rc_context(look()):
        axes = figure.subplots(1, len(images), squeeze=False, width_ratios=ratios)[0]
        for axis, image, title in zip(axes, images, titles):
            if signed:
                scale = image if together is None else together
                low, high = signed_limits(np.clip(scale, *np.percentile(scale, (1, 99))))
                axis.imshow(image, cmap=SIGNED, vmin=low, vmax=high)
            elif image.ndim == 3:
                axis.imshow(image if image.dtype == np.uint8 else np.clip(image, 0, 1))
            else:
                low, high = (0, 255) if image.dtype == np.uint8 else limits or (image.min(), image.max())
                axis.imshow(image, cmap="gray", vmin=low, vmax=high)
            axis.set_title(title)
            axis.set_axis_off()
    return describe(figure, alt)


def show_brightness(images: Sequence[np.ndarray], names: Sequence[str], *, alt: str) -> AccessibleFigure:
    """Draw how the grey levels of several pictures are distributed, with their means.

    Parameters
    ----------
    images : sequence of ndarray
        Grey levels, 0 black and 1 white; values outside are drawn where they are.
    names : sequence of str
        As many as `images`.
    alt : str
        Alt text.

    Returns
    -------
    AccessibleFigure
    """
    images = [np.asarray(image, dtype=float) for image in images]
    if not images or len(images) != len(names):
        raise ValueError(f"names must name every image: got {len(images)} images and {len(names)} names")
    low = min(0.0, min(image.min() for image in images))
    high = max(1.0, max(image.max() for image in images))
    figure = new_figure(7.5, 2.6)
    with rc_context(look()):
        axis = figure.subplots()
        for image, name, colour, style in zip(images, names, (BLUE, VERMILLION, "#009E73"), ("-", "--", ":")):
            counts, edges = np.histogram(image, bins=120, range=(low, high))
            share = 100 * counts / image.size
            label = f"{name}, mean {image.mean():.2f}"
            axis.plot((edges[1:] + edges[:-1]) / 2, share, color=colour, linestyle=style, label=label)
        axis.axvspan(1, high, color="#888888", alpha=0.15, linewidth=0)
        axis.set_xlabel("grey level (0 black, 1 white; shaded: brighter than a screen can show)")
        axis.set_ylabel("% of pixels")
        axis.set_xlim(low, high)
        axis.legend()
    return describe(figure, alt)
