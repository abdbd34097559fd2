"""Nets drawn from their parts: each a box, as high as its maps and as wide as it has channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib import rc_context
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.patches import Patch

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.net_outline import BLOCK, CONNECTED, CONVOLUTION, POOLING, Part
from course_lib.plots.palette import BLUE, GREEN, ORANGE, SKY_BLUE, VERMILLION, look

#: Colours of the kinds of parts, for a light and for a dark page.
COLOURS = {
    False: {CONVOLUTION: BLUE, POOLING: GREEN, BLOCK: ORANGE, CONNECTED: VERMILLION},
    True: {CONVOLUTION: SKY_BLUE, POOLING: GREEN, BLOCK: ORANGE, CONNECTED: VERMILLION},
}
_GAP = 0.25  # between two boxes, as a share of their mean width
_LEAST = 0.08  # height of what has no place


def boxes(parts: Sequence[Part], side: int) -> np.ndarray:
    """Return the corners of a box for each part, from left to right over the width 1.

    Parameters
    ----------
    parts : sequence of Part
        At least one.
    side : int
        Of the input's images.

    Returns
    -------
    ndarray, shape (parts, 4, 2)
        Widths grow with the logarithm of the channels; heights, at most 1, with that of the maps' sides.

    Raises
    ------
    ValueError
        If there is no part.
    """
    if not parts:
        raise ValueError("parts must hold at least one part, got none")
    channels = np.array([part.output_shape[0] for part in parts], float)
    sides = np.array([part.output_shape[1] if len(part.output_shape) == 3 else 0 for part in parts], float)
    widths = np.log2(1 + channels)
    heights = np.maximum(_LEAST, np.log2(1 + sides) / np.log2(1 + side))
    gap = _GAP * widths.mean()
    whole = widths.sum() + gap * (len(parts) - 1)
    left = np.concatenate([[0.0], np.cumsum(widths + gap)[:-1]]) / whole
    right = left + widths / whole
    corners = [(left, -heights), (left, heights), (right, heights), (right, -heights)]
    return np.stack([np.column_stack([x, y / 2]) for x, y in corners], axis=1)


def arcs(parts: Sequence[Part], corners: np.ndarray) -> np.ndarray:
    """Return an arc over each box whose part has a skip connection.

    Parameters
    ----------
    parts : sequence of Part
    corners : ndarray, shape (parts, 4, 2)
        Of `boxes`.

    Returns
    -------
    ndarray, shape (skips, 9, 2)
    """
    angles = np.linspace(np.pi, 0, 9)
    found = []
    for part, box in zip(parts, corners, strict=True):
        if part.skip:
            (x0, _), (_, top), (x1, _), _ = box
            x = (x0 + x1) / 2 + (x1 - x0) / 2 * np.cos(angles)
            found.append(np.column_stack([x, top + 0.13 * np.sin(angles)]))
    return np.array(found).reshape(-1, 9, 2)


def show_architectures(
    nets: Mapping[str, tuple[Sequence[Part], int]], *, alt: str, notes: Sequence[str] | None = None
) -> AccessibleFigure:
    """Draw nets one below the other, each from its own parts.

    Parameters
    ----------
    nets : mapping from str to (sequence of Part, int)
        For every name what `outline` returned, and the side of the input's images.
    alt : str
        Alt text.
    notes : sequence of str, optional
        A line for each net, written behind its name.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If there is no net, or another number of notes.
    """
    if not nets:
        raise ValueError("nets must hold at least one net, got none")
    notes = list(notes or [""] * len(nets))
    if len(notes) != len(nets):
        raise ValueError(f"notes must hold a line for each of {len(nets)} nets, got {len(notes)}")
    figure = new_figure(8.6, 0.78 * len(nets) + 0.35, layout="none")
    high = figure.get_figheight()
    colours = COLOURS[False]
    with rc_context(look()):
        for number, ((name, (parts, side)), note) in enumerate(zip(nets.items(), notes, strict=True)):
            bottom = 1 - (0.78 * (number + 1) + 0.02) / high
            axes = figure.add_axes((0.01, bottom, 0.98, 0.55 / high))
            axes.set_axis_off()
            axes.set(xlim=(-0.005, 1.005), ylim=(-0.55, 0.7))
            corners = boxes(parts, side)
            axes.add_collection(
                PolyCollection(list(corners), facecolors=[colours[part.kind] for part in parts])
            )
            axes.add_collection(LineCollection(list(arcs(parts, corners)), colors="#444444", linewidths=1))
            said = f"{name}: {note}" if note else name
            axes.text(0, 1.0, said, transform=axes.transAxes, fontsize=9, va="bottom")
        marks = [Patch(color=colour, label=kind) for kind, colour in colours.items()]
        figure.legend(handles=marks, loc="lower left", ncols=4, bbox_to_anchor=(0.0, 0.0))
    return describe(figure, alt)
