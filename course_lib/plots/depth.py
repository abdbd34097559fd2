"""What depth does to training, in one picture: losses over epochs, and the gradient on its way back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib import rc_context

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import CYCLE, look

_STYLES = ("--", "-", ":", "-.")


def show_depth(
    losses: Mapping[str, Mapping[int, np.ndarray]],
    norms: Mapping[str, tuple[np.ndarray, np.ndarray]],
    *,
    alt: str,
) -> AccessibleFigure:
    """Draw training losses by kind and depth beside norms of gradients by kind.

    Parameters
    ----------
    losses : mapping from str to mapping from int to ndarray
        For every kind of net (a style of line) and every depth (a colour): a loss an epoch, shape (epochs,).
    norms : mapping from str to (ndarray, ndarray)
        For every kind: layers, and the norm of the gradient at their outputs, both of shape (P,). Drawn on a
        logarithmic axis.
    alt : str
        Alt text.

    Returns
    -------
    AccessibleFigure

    Raises
    ------
    ValueError
        If there is nothing to draw, or layers and norms differ in length.
    """
    if not losses or not norms:
        raise ValueError("losses and norms must hold at least one kind of net each, got none")
    for kind, (layers, values) in norms.items():
        if np.shape(layers) != np.shape(values):
            raise ValueError(
                f"norms[{kind!r}] must have a norm for every layer, got shapes {np.shape(layers)} and "
                f"{np.shape(values)}"
            )
    depths = sorted({depth for by_depth in losses.values() for depth in by_depth})
    figure = new_figure(9, 3.4)
    with rc_context(look()):
        left, right = figure.subplots(1, 2)
        for style, (kind, by_depth) in zip(_cycled(_STYLES, losses), losses.items(), strict=True):
            for depth, values in sorted(by_depth.items()):
                left.plot(
                    np.arange(1, len(values) + 1),
                    values,
                    color=CYCLE[depths.index(depth) % len(CYCLE)],
                    linestyle=style,
                    label=f"{kind}, {depth} layers",
                )
        left.set(xlabel="epoch", ylabel="training loss", title="Training")
        styles = zip(_cycled(_STYLES, norms), _cycled(CYCLE, norms), norms.items(), strict=True)
        for style, colour, (kind, (layers, values)) in styles:
            right.plot(layers, values, color=colour, linestyle=style, label=kind)
        right.set_yscale("log")
        right.set(xlabel="layer", ylabel="norm of the gradient", title="Before training")
        for axis in (left, right):
            axis.legend()
            axis.grid(visible=True)
    return describe(figure, alt)


def _cycled(choices: tuple[str, ...], things: Mapping) -> list[str]:
    return [choices[number % len(choices)] for number in range(len(things))]
