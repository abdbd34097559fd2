"""Finds the parts of a picture that are others than before, so that only these need to travel."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# Side of the squares that are compared, in pixels: a multiple of 8, so that eight are compared at once.
TILE = 16


class Patch(NamedTuple):
    """A rectangle of a picture, in pixels from its upper left corner."""

    left: int
    top: int
    width: int
    height: int


def changed_patches(before: np.ndarray, after: np.ndarray) -> list[Patch]:
    """Return rectangles that hold every pixel in which two pictures differ, and not many others.

    Parameters
    ----------
    before, after : uint8 array (height, width, 4)
        Pictures of one size, contiguous in memory.

    Returns
    -------
    list of Patch
        They do not overlap; none where the pictures are equal.

    Raises
    ------
    ValueError
        If the pictures have different shapes, or another type.
    """
    if before.shape != after.shape or after.ndim != 3 or after.shape[2] != 4:
        raise ValueError(
            "before and after must both have the shape (height, width, 4), "
            f"got {before.shape} and {after.shape}"
        )
    if before.dtype != np.uint8 or after.dtype != np.uint8:
        raise ValueError(f"before and after must be uint8, got {before.dtype} and {after.dtype}")
    height, width = after.shape[:2]
    differs = (before.view(np.uint32) != after.view(np.uint32))[..., 0]
    found, open_ones = [], {}
    for top in range(0, height, TILE):
        rows = differs[top : top + TILE]
        spans = _spans(rows.any(axis=0)) if rows.any() else []
        # A span that goes on from the row of tiles above makes its patch higher.
        still_open = {}
        for left, right in spans:
            patch = open_ones.pop((left, right), Patch(left, top, right - left, 0))
            still_open[left, right] = patch._replace(height=min(top + TILE, height) - patch.top)
        found += open_ones.values()
        open_ones = still_open
    return [*found, *open_ones.values()]


def _spans(columns: np.ndarray) -> list[tuple[int, int]]:
    """Return first and last + 1 column of the runs of tiles in which some column is true."""
    width = len(columns)
    tiles = np.logical_or.reduceat(columns, np.arange(0, width, TILE))
    edges = np.flatnonzero(np.diff(np.concatenate([[0], tiles.astype(np.int8), [0]])))
    return [(TILE * int(a), min(TILE * int(b), width)) for a, b in zip(edges[::2], edges[1::2])]


def changed_pixels(before: np.ndarray, after: np.ndarray, patches: list[Patch]) -> tuple[bytes, int]:
    """Return the new colours of those pixels of some patches that have changed, and which these are.

    Most of a patch is as it was, and what travels takes time for each byte.

    Parameters
    ----------
    before, after : uint8 array (height, width, 4)
        Pictures of one size, contiguous in memory.
    patches : list of Patch
        As `changed_patches` finds them.

    Returns
    -------
    data : bytes
        Four bytes for each changed pixel, patch after patch and row after row. Then for each patch a bit a
        pixel, row after row, 1 where it has changed; the highest bit of a byte comes first, and each patch
        begins with a byte of its own.
    count : int
        How many pixels have changed.
    """
    old, new = before.view(np.uint32)[..., 0], after.view(np.uint32)[..., 0]
    colours, masks, count = [], [], 0
    for left, top, width, height in patches:
        place = slice(top, top + height), slice(left, left + width)
        differs = old[place] != new[place]
        colours.append(new[place][differs].tobytes())
        masks.append(np.packbits(differs).tobytes())
        count += len(colours[-1]) // 4
    return b"".join(colours + masks), count
