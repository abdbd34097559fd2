"""The kernel gallery: a 3×3 kernel on a real photograph, and what it does to the brightness."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

import course_lib.functional as F
from course_lib.data import load_photographs, load_textures
from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.matrices import short_number
from course_lib.plots.palette import BLUE, SIGNED, SKY_BLUE, VERMILLION, look, signed_limits
from course_lib.widgets.example_kernels import BLUR, KERNELS
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.figure_view import change_now_and_then
from course_lib.widgets.photo_patches import grey
from course_lib.widgets.quick_image import show_quickly

GREY, COLOURED = "grey, clipped at black and white", "signed: blue > 0, orange < 0"
DISPLAYS = (GREY, COLOURED)

# First row and column of the part that is shown, one pixel of the photograph a pixel of the screen.
_CROPS = {"pavilion": ("china", 14, 40), "flower": ("flower", 78, 118), "pavement": ("brick", 0, 0)}
_HEIGHT, _WIDTH = 250, 400
_BINS = 100
_HIGHEST_SHARE = 30
_SELDOM_OR_MANY = ("numbers", "brightness", "share label")

# Where things stand in the figure, in pixels: left, top, width, height. Photographs are shown pixel by pixel.
_FIGURE = (832, 462)
_PLACES = {
    "before": (2, 24, _WIDTH, _HEIGHT),
    "after": (426, 24, _WIDTH, _HEIGHT),
    "kernel": (24, 306, 120, 120),
    "brightness": (280, 306, 530, 112),
}


@cache
def photograph(name: str) -> np.ndarray:
    """Return a photograph's shown part as grey levels, shape (250, 400), 0 black to 1 white, read-only."""
    picture, row, column = _CROPS[name]
    pictures = dict(zip(load_photographs()[1], load_photographs()[0])) | dict(zip(*reversed(load_textures())))
    image = grey(pictures[picture])[row : row + _HEIGHT, column : column + _WIDTH].copy()
    image.setflags(write=False)
    return image


@cache
def filtered(name: str, kernel: str) -> np.ndarray:
    """Return a photograph convolved with an undivided kernel, same size with zeros outside, read-only."""
    weights = KERNELS[kernel].astype(np.float64)
    turned = weights[::-1, ::-1]
    image = F.conv2d(photograph(name)[None, None], turned[None, None], padding=1)[0, 0]
    image.setflags(write=False)
    return image


@dataclass(frozen=True)
class GalleryParameters:
    """What the hand can change: kernel and photograph by name, dividing by the sum, and the display."""

    kernel: str = BLUR
    normalised: bool = False
    photograph: str = "pavilion"
    display: str = GREY

    def __post_init__(self) -> None:
        for name, known in (("kernel", KERNELS), ("photograph", _CROPS), ("display", DISPLAYS)):
            value = getattr(self, name)
            if value not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, got {value!r}")
        if not isinstance(self.normalised, bool):
            raise ValueError(f"normalised must be True or False, got {self.normalised!r}")


@dataclass(frozen=True)
class GalleryResult:
    """Two pictures and their brightness.

    Attributes
    ----------
    before, after : ndarray
        Grey levels, shape (H, W); those of `after` may leave 0..1.
    weights : ndarray
        The weights that were applied, shape (3, 3).
    total : float
        Their sum before normalising.
    divided : bool
        Whether they were divided by their sum: asked for, and the sum is not 0.
    edges : ndarray
        Limits of the histogram's bins, shape (bins + 1,).
    shares : ndarray
        Per cent of pixels in each bin, shape (2, bins), before and after.
    """

    parameters: GalleryParameters
    before: np.ndarray
    after: np.ndarray
    weights: np.ndarray
    total: float
    divided: bool
    edges: np.ndarray
    shares: np.ndarray


def compute(parameters: GalleryParameters) -> GalleryResult:
    """Convolve a photograph with a kernel: true convolution, zeros outside, same size.

    Parameters
    ----------
    parameters : GalleryParameters
        Kernel, photograph and whether to divide.

    Returns
    -------
    GalleryResult
    """
    before = photograph(parameters.photograph)
    weights = KERNELS[parameters.kernel].astype(np.float64)
    total = float(weights.sum())
    divided = parameters.normalised and total != 0
    after = filtered(parameters.photograph, parameters.kernel)
    if divided:
        # Convolution is linear: dividing the weights and dividing the result are the same.
        weights, after = weights / total, after / total
    limits = (min(0.0, after.min()), max(1.0, after.max()))
    edges = np.histogram_bin_edges(after, _BINS, limits)
    shares = np.stack([100 * np.histogram(image, _BINS, limits)[0] / image.size for image in (before, after)])
    return GalleryResult(parameters, before, after, weights, total, divided, edges, shares)


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _frame(axis: Axes) -> None:
    axis.set_xticks([])
    axis.set_yticks([])
    for spine in axis.spines.values():
        spine.set_visible(True)
        spine.set_color("#888888")


class KernelGallery(FigurePanel):
    """Filter a photograph with a canonical kernel and compare the brightness before and after.

    Parameters
    ----------
    **settings
        Fields of `GalleryParameters`.
    """

    Parameters: ClassVar[type] = GalleryParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: GalleryParameters) -> dict[str, ipywidgets.Widget]:
        """Make a drop-down each for kernel, photograph and display, and a box to tick for normalising."""

        def drop_down(label: str, names: tuple[str, ...], value: str, width: int) -> ipywidgets.Dropdown:
            layout = ipywidgets.Layout(width=f"{width}px")
            style = {"description_width": "initial"}
            return ipywidgets.Dropdown(
                options=names, value=value, description=label, layout=layout, style=style
            )

        return {
            "kernel": drop_down("Kernel", tuple(KERNELS), parameters.kernel, 222),
            "normalised": ipywidgets.Checkbox(
                parameters.normalised,
                description="divide by the sum",
                indent=False,
                layout=ipywidgets.Layout(width="150px"),
            ),
            "photograph": drop_down("Photo", tuple(_CROPS), parameters.photograph, 142),
            "display": drop_down("Show as", DISPLAYS, parameters.display, 272),
        }

    @classmethod
    def still_part(cls, result: GalleryResult) -> object:
        """Say whether the histograms are cut; their label tells it, and stays as long as it is so."""
        return bool(1.05 * result.shares.max() > _HIGHEST_SHARE)

    @classmethod
    def make_figure(cls, result: GalleryResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make both pictures, the kernel's numbers and the two histograms."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        with rc_context(look(dark=dark)):
            axes = {name: figure.add_axes(_place(*pixels)) for name, pixels in _PLACES.items()}
            artists: dict[str, object] = {}
            for name, image in (("before", result.before), ("after", result.after)):
                _frame(axes[name])
                artists[name] = show_quickly(axes[name], image, cmap="gray", vmin=0, vmax=1)
                artists[f"{name} title"] = axes[name].set_title("")
            _frame(axes["kernel"])
            axes["kernel"].set_title("kernel (convolution turns it)")
            artists["weights"] = show_quickly(axes["kernel"], result.weights, cmap=SIGNED)
            artists["numbers"] = [
                axes["kernel"].text(column, row, "", ha="center", va="center", fontsize=9)
                for row, column in np.ndindex(3, 3)
            ]
            brightness = axes["brightness"]
            colours = (SKY_BLUE if dark else BLUE, VERMILLION)
            for name, colour, style in zip(("before", "after"), colours, ("-", "--")):
                (artists[f"{name} curve"],) = brightness.plot([0], [0], style, color=colour, label=name)
                artists[f"{name} mean"] = brightness.axvline(0, color=colour, linestyle=":", linewidth=1.5)
            brightness.set_title("brightness (dotted: mean)")
            # Not the axes' own labels, which are laid out again with the ticks: words take longest of all.
            across, down = _FIGURE
            left, top, width, height = _PLACES["brightness"]
            place = (left + width / 2) / across, 1 - (top + height + 24) / down
            figure.text(*place, "grey level: 0 black, 1 white", ha="center", va="top")
            place = (left - 34) / across, 1 - (top + height / 2) / down
            artists["share label"] = figure.text(*place, "", rotation=90, ha="right", va="center")
            for axis, number in ((brightness.xaxis, 6), (brightness.yaxis, 3)):
                axis.set_major_locator(MaxNLocator(number))
                axis.set_label_coords(0, 0)
            brightness.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, borderpad=0)
            artists["brightness"] = brightness
            numbers = artists["numbers"]
            changing = [artist for name, artist in artists.items() if name not in _SELDOM_OR_MANY]
            frames = [spine for name in ("before", "after", "kernel") for spine in axes[name].spines.values()]
            for artist in (*changing, *numbers, *frames, brightness.xaxis, brightness.yaxis):
                artist.set_animated(True)
            change_now_and_then(artists["share label"])
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: GalleryResult
    ) -> None:
        """Bring pictures, numbers, histograms and titles to a new result."""
        after = artists["after"]
        if artists["before"].get_array() is not result.before:
            artists["before"].set_data(result.before)
        after.set_data(result.after)
        signed = result.parameters.display == COLOURED
        after.set_cmap(SIGNED if signed else "gray")
        # Few pixels are far brighter than the others: without them the many are told apart.
        most = np.clip(result.after, *np.percentile(result.after, (1, 99)))
        after.set_clim(signed_limits(most) if signed else (0, 1))
        low, high = signed_limits(result.weights)
        artists["weights"].set_data(result.weights)
        artists["weights"].set_clim(low, high)
        for text, weight in zip(artists["numbers"], result.weights.ravel()):
            text.set_text(f"{weight:.3g}".replace("-", "−"))
            text.set_color("white" if abs(weight) > 0.6 * high else "#222222")
        centres = (result.edges[1:] + result.edges[:-1]) / 2
        images = {"before": result.before, "after": result.after}
        for (name, image), share in zip(images.items(), result.shares):
            mean = image.mean()
            artists[f"{name} curve"].set_data(centres, share)
            artists[f"{name} mean"].set_xdata([mean, mean])
            artists[f"{name} title"].set_text(f"{name}: mean brightness {short_number(mean)}")
        artists["brightness"].set_xlim(result.edges[0], result.edges[-1])
        cut = cls.still_part(result)
        artists["brightness"].set_ylim(0, _HIGHEST_SHARE if cut else 1.05 * result.shares.max())
        artists["share label"].set_text("% of pixels" + (f" (cut at {_HIGHEST_SHARE})" if cut else ""))
        describe(figure, f"Kernel gallery: {cls._settings(result)}. {cls.explain(result)}")

    @staticmethod
    def _settings(result: GalleryResult) -> str:
        parameters = result.parameters
        return f"the kernel {parameters.kernel} on the photograph {parameters.photograph}"

    @classmethod
    def explain(cls, result: GalleryResult) -> str:
        """Say what the sum of the weights is and what became of the brightness."""
        bright = 100 * (result.after > 1).mean()
        negative = 100 * (result.after < 0).mean()
        if result.divided:
            beginning = f"The weights, which sum to {short_number(result.total)}, were divided by it"
        elif result.parameters.normalised:
            beginning = "The weights sum to 0, so there is nothing to divide by"
        else:
            beginning = f"The weights sum to {short_number(result.total)}"
        # Neither a hyphen for a minus sign nor one before a nought.
        before, after = (f"{image.mean():z.2f}".replace("-", "−") for image in (result.before, result.after))
        return (
            f"{beginning}. Mean brightness {before} → {after}; "
            f"brighter than white {bright:.0f} % of the pixels, darker than black {negative:.0f} %."
        )
