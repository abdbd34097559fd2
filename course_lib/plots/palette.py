"""Colours that stay apart for every kind of colour vision, and the look that all figures share.

The eight hues are the set published by Okabe and Ito ("Color Universal Design", 2008).
"""

from matplotlib.colors import LinearSegmentedColormap

BLACK = "#000000"
ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"

CYCLE = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY_BLUE)

POSITIVE = BLUE
NEGATIVE = VERMILLION

# White in the middle: a value of nought disappears into the page, whatever its neighbours are.
SIGNED = LinearSegmentedColormap.from_list("signed", [NEGATIVE, "#FFFFFF", POSITIVE])


def signed_limits(values: object) -> tuple[float, float]:
    """Colour limits symmetric about 0, so that `SIGNED` paints 0 white.

    Parameters
    ----------
    values : array_like
        Any shape, may be empty.

    Returns
    -------
    tuple of float
        ``(-m, m)`` with m the largest absolute value, or 1 where all are 0.
    """
    import numpy as np

    values = np.asarray(values, dtype=float)
    largest = float(np.abs(values).max()) if values.size else 0.0
    largest = largest or 1.0
    return -largest, largest


def look(*, dark: bool = False) -> dict[str, object]:
    """Matplotlib settings shared by all figures, for ``matplotlib.rc_context``.

    Parameters
    ----------
    dark : bool
        Light ink on a transparent ground, for a dark page. Without it dark ink on white.

    Returns
    -------
    dict
        Names and values of ``matplotlib.rcParams``.
    """
    ink = "#E8E8E8" if dark else "#222222"
    ground = "none" if dark else "#FFFFFF"
    return {
        "figure.facecolor": ground,
        "savefig.facecolor": ground,
        "axes.facecolor": ground,
        "axes.edgecolor": ink,
        "axes.labelcolor": ink,
        "axes.titlecolor": ink,
        "text.color": ink,
        "xtick.color": ink,
        "ytick.color": ink,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "axes.labelsize": 9,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "legend.fontsize": 8,
        "legend.frameon": False,
        "font.size": 9,
        "grid.color": "#888888",
        "grid.alpha": 0.3,
    }
