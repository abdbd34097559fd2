"""map_codes(maps, grid): the code of an image, means over grid × grid parts of a trunk's maps."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.small_numbers import counting, fill
from grading.checks.transfer import sections
from grading.checks.transfer.heads import map_codes as reference

Array = np.ndarray


def _parts(maps: Array, grid: int) -> Array:
    """Return the parts, (N, C, grid, H/grid, grid, W/grid)."""
    n, c, h, w = maps.shape
    return maps.reshape(n, c, grid, h // grid, grid, w // grid)


def _by_place(maps: Array, grid: int) -> Array:
    return _parts(maps, grid).mean(axis=(3, 5)).transpose(0, 2, 3, 1).reshape(len(maps), -1)


def _columns_first(maps: Array, grid: int) -> Array:
    return _parts(maps, grid).mean(axis=(3, 5)).swapaxes(2, 3).reshape(len(maps), -1)


def _every_grid_th(maps: Array, grid: int) -> Array:
    n, c, h, w = maps.shape
    apart = maps.reshape(n, c, h // grid, grid, w // grid, grid)
    return apart.mean(axis=(2, 4)).reshape(n, -1)


def _windows_of_side_grid(maps: Array, grid: int) -> Array:
    n, c, h, w = maps.shape
    return maps.reshape(n, c, h // grid, grid, w // grid, grid).mean(axis=(3, 5)).reshape(n, -1)


MISCONCEPTIONS = (
    Misconception(
        "codes-forget-the-place",
        "one mean for the whole map",
        "That is the code for grid = 1. With a larger grid each part of the map has its own mean.",
        sections.CODES,
        (
            lambda maps, grid: maps.mean(axis=(2, 3)),
            lambda maps, grid: np.repeat(maps.mean(axis=(2, 3)), grid**2, axis=1),
        ),
    ),
    Misconception(
        "codes-place-by-place",
        "the channels run fastest",
        "All parts of the first channel come first, then those of the second: channel, row, column.",
        sections.CODES,
        (_by_place,),
    ),
    Misconception(
        "codes-columns-before-rows",
        "columns run before rows",
        "Within a channel the parts go row by row, from left to right.",
        sections.CODES,
        (_columns_first,),
    ),
    Misconception(
        "codes-largest-value",
        "the largest value of each part instead of its mean",
        "That would be another code, max-pooled; asked for are means.",
        sections.CODES,
        (lambda maps, grid: _parts(maps, grid).max(axis=(3, 5)).reshape(len(maps), -1),),
    ),
    Misconception(
        "codes-sum",
        "sums instead of means",
        "Divide each sum by the number of values in its part, H/grid times W/grid.",
        sections.CODES,
        (lambda maps, grid: _parts(maps, grid).sum(axis=(3, 5)).reshape(len(maps), -1),),
    ),
    Misconception(
        "codes-windows-of-side-grid",
        "grid taken for the side of a part",
        "grid is the number of parts along a side. A part is H/grid rows high and W/grid columns wide.",
        sections.CODES,
        (_windows_of_side_grid,),
    ),
    Misconception(
        "codes-every-so-many",
        "each mean is over places that lie apart",
        "A part is a block of neighbouring rows and columns: reshape H to (grid, H/grid), not the other way.",
        sections.CODES,
        (_every_grid_th,),
    ),
)


def maps_of(
    rng: np.random.Generator, n: int, c: int, grid: int, high: int, wide: int, kind: str, dtype: str
) -> Example:
    """Build a call with parts of high × wide."""
    return example(fill(rng, (n, c, grid * high, grid * wide), kind, dtype), grid)


RNG = np.random.default_rng(71)
WHOLE = (
    example(np.array([[[[1.0, 2.0], [3.0, 6.0]], [[0.0, 0.0], [8.0, 0.0]]]]), 1, note="as in the prompt"),
    maps_of(RNG, 2, 3, 1, 2, 3, "halves", "float64"),
)
PARTS = (
    example(counting(1, 1, 2, 4), 2, note="the example of the prompt"),
    maps_of(RNG, 2, 3, 2, 3, 2, "halves", "float64"),
    maps_of(RNG, 1, 2, 3, 1, 2, "distinct", "float32"),
    example(counting(2, 2, 4, 4), 4),
)
OPTIONS = {
    "n": (1, 2, 3),
    "c": (1, 2, 3),
    "high": (1, 2, 3),
    "wide": (1, 2, 3),
    "kind": ("counting", "whole", "halves"),
    "dtype": ("float64", "float32"),
}
check = Check(
    name="map_codes",
    signature="(maps, grid)",
    section=sections.CODES,
    reference=reference,
    linear=True,
    outputs=("codes",),
    parts=(
        Part("means over whole maps", 1, WHOLE, Drawn(maps_of, {"grid": (1,), **OPTIONS}, cases=5)),
        Part("means over parts", 2, PARTS, Drawn(maps_of, {"grid": (2, 1, 3, 4), **OPTIONS})),
    ),
    misconceptions=MISCONCEPTIONS,
)
