"""What residual nets share: stages of blocks, each stage with half the image and other channels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def stage_blocks(
    counts: Sequence[int], widths: Sequence[int], channels: int
) -> Iterator[tuple[int, int, int]]:
    """Yield the input channels, output channels and stride of each block in a row.

    Parameters
    ----------
    counts, widths : sequence of int
        Blocks of each stage, and their output channels.
    channels : int
        What the first block gets.
    """
    for stage, (count, width) in enumerate(zip(counts, widths, strict=True)):
        for number in range(count):
            yield channels, width, 2 if stage and not number else 1
            channels = width


def three_stages(depth: int) -> tuple[int, int, int]:
    """Return how many blocks of two convolutions the stages of a net with 6n + 2 layers have: n, n and n.

    Raises
    ------
    ValueError
        If `depth` is not 6n + 2.
    """
    if not isinstance(depth, int) or depth < 8 or (depth - 2) % 6:
        raise ValueError(f"depth must be 6n + 2, such as 20, got {depth!r}")
    return ((depth - 2) // 6,) * 3
