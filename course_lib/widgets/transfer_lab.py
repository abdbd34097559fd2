"""The transfer lab: which blocks of a trained trunk learn, how fast, on how much data, what it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.training.transfer_study import (
    BASELINES,
    EARLY_RATES,
    HEAD_RATE,
    LATE_RATES,
    SIZES,
    TASKS,
    UPDATES,
    transfer_runs,
)
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.tidy_numbers import tidy

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 340)
_CURVES, _TABLE = (52, 34, 390, 254), (528, 58, 290, 230)
_LOWEST = 0.15
#: Gains as small as this say nothing: there are 300 test images, and two draws of those to train on.
EVEN = 0.02
_KINDS = {"textures": "like ImageNet", "clothes": "unlike ImageNet"}


@dataclass(frozen=True)
class TransferLabParameters:
    """What the hand can change.

    Attributes
    ----------
    task : str
        One of `TASKS`.
    size : int
        Training examples a class, one of `SIZES`.
    early, late : float
        α of the stem and blocks 1 to 3 (one of `EARLY_RATES`), and of blocks 4 and 5 (`LATE_RATES`); 0 is
        frozen. That of the head is `HEAD_RATE`.
    """

    task: str = "clothes"
    size: int = 3
    early: float = 0.0
    late: float = 1e-4

    def __post_init__(self) -> None:
        for name, choices in (
            ("task", TASKS),
            ("size", SIZES),
            ("early", EARLY_RATES),
            ("late", LATE_RATES),
        ):
            value = getattr(self, name)
            if not isinstance(value, int | float | str) or value not in choices:
                raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}, got {value!r}")


@dataclass(frozen=True)
class TransferLabResult:
    """What was measured at these settings, and without the trunk.

    Attributes
    ----------
    parameters : TransferLabParameters
    curves : ndarray of float64, shape (draws, len(UPDATES))
        Test accuracies; the first are those of the head on frozen codes.
    without : ndarray of float64, shape (len(BASELINES),)
        Means over the draws.
    table : ndarray of float64, shape (2, 2, 2)
        The four cases at these α: few or many examples, `TASKS`; with the trunk, and the best without.
    """

    parameters: TransferLabParameters
    curves: np.ndarray
    without: np.ndarray
    table: np.ndarray

    @property
    def gains(self) -> np.ndarray:
        """Gain by transfer of the four cases, shape (2, 2)."""
        return self.table[..., 0] - self.table[..., 1]


def compute(parameters: TransferLabParameters) -> TransferLabResult:
    """Look the runs up among those that were made once.

    Parameters
    ----------
    parameters : TransferLabParameters

    Returns
    -------
    TransferLabResult
    """
    p, runs = parameters, transfer_runs()
    rates = EARLY_RATES.index(p.early), LATE_RATES.index(p.late)
    # Tasks, sizes, draws, updates.
    tuned = runs.tuned[(slice(None), slice(None), *rates)].astype(np.float64)
    without = runs.baselines.astype(np.float64).mean(axis=-1)
    task, size = TASKS.index(p.task), SIZES.index(p.size)
    both = np.stack([tuned[..., -1].mean(axis=-1), without.max(axis=-1)], axis=-1)
    return TransferLabResult(p, tuned[task, size], without[task, size], both.swapaxes(0, 1).copy())


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


class TransferLab(FigurePanel):
    """Freeze and tune the parts of a trunk that was trained on ImageNet, at any rate and size, as measured.

    Parameters
    ----------
    **settings
        Fields of `TransferLabParameters`.
    """

    Parameters: ClassVar[type] = TransferLabParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: TransferLabParameters) -> dict[str, ipywidgets.Widget]:
        """Make lists for the images and their number, and a slider for the α of each part."""

        def sized(kind: type, name: str, label: str, width: int, options: object) -> ipywidgets.Widget:
            # A list ends where its frame does: without room the next label would touch it.
            right = 12 if kind is ipywidgets.Dropdown else 2
            return kind(
                options=options,
                value=getattr(parameters, name),
                description=label,
                style={"description_width": "initial"},
                layout=ipywidgets.Layout(width=f"{width}px", margin=f"2px {right}px 2px 2px"),
            )

        def rates(choices: tuple[float, ...]) -> tuple[tuple[str, float], ...]:
            return tuple((tidy(rate, 2) if rate else "frozen", rate) for rate in choices)

        slider, images = ipywidgets.SelectionSlider, tuple((f"{k}, {v}", k) for k, v in _KINDS.items())
        return {
            "task": sized(ipywidgets.Dropdown, "task", "Images", 250, images),
            "size": sized(slider, "size", "Examples a class", 270, SIZES),
            "early": sized(slider, "early", "α of stem, blocks 1–3", 290, rates(EARLY_RATES)),
            "late": sized(slider, "late", "α of blocks 4, 5", 270, rates(LATE_RATES)),
        }

    @classmethod
    def make_figure(
        cls, result: TransferLabResult, *, dark: bool
    ) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the accuracies over the updates, and the table of the four cases."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        colours = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
        grey, ink = ("#9aa4b2", "#F4F4F4") if dark else ("#6a7585", "#111111")
        artists: dict[str, object] = {}
        with rc_context(look(dark=dark)):
            curves, table = (figure.add_axes(_place(*box)) for box in (_CURVES, _TABLE))
            cls._draw_curves(curves, artists, colours, grey)
            cls._draw_table(table, artists, colours, grey, ink)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @staticmethod
    def _draw_curves(axes: Axes, artists: dict[str, object], colours: tuple[str, str], grey: str) -> None:
        (artists["draws"],) = axes.plot([], [], color=colours[0], linewidth=0.9, label="each draw")
        (artists["mean"],) = axes.plot(
            [], [], "o-", color=colours[0], linewidth=2.4, markersize=5, label="trunk, fine-tuned: mean"
        )
        (artists["codes"],) = axes.plot(
            [], [], "-.", color=grey, linewidth=1.6, label="frozen codes, softmax"
        )
        for name, style in zip(BASELINES, ("--", ":"), strict=True):
            (artists[name],) = axes.plot([], [], style, color=colours[1], linewidth=1.8, label=name)
        axes.set(xlim=(-1, UPDATES[-1] + 1), ylim=(_LOWEST, 1.02), xlabel="update", xticks=UPDATES)
        axes.set_title(f"accuracy on test images; head at α = {HEAD_RATE:g}")
        axes.grid(visible=True)
        axes.legend(loc="lower right", ncols=2, labelspacing=0.2, borderaxespad=0.3, handlelength=2.2)
        for name in ("draws", "mean", "codes", *BASELINES):
            artists[name].set_animated(True)

    @staticmethod
    def _draw_table(
        axes: Axes, artists: dict[str, object], colours: tuple[str, str], grey: str, ink: str
    ) -> None:
        axes.set(xlim=(0, 2), ylim=(2, 0))
        axes.set_xticks([0.5, 1.5], [f"{kind}\n({task})" for task, kind in _KINDS.items()])
        axes.set_yticks([0.5, 1.5], [f"{size} a\nclass" for size in SIZES])
        axes.xaxis.tick_top()
        axes.tick_params(length=0)
        axes.set_xlabel("gain by transfer: with − without the trunk", labelpad=8)
        artists["colours"] = (colours[0], grey, colours[1])
        artists["cells"], artists["gains"], artists["sums"] = [], [], []
        for row in range(2):
            for column in range(2):
                cell = Rectangle((column + 0.03, row + 0.03), 0.94, 0.94, alpha=0.28, linewidth=0)
                artists["cells"].append(axes.add_patch(cell))
                for name, down, size in (("gains", 0.4, 17), ("sums", 0.74, 10)):
                    words = axes.text(
                        column + 0.5, row + down, "", ha="center", va="center", fontsize=size, color=ink
                    )
                    artists[name].append(words)
        frame = Rectangle((0, 0), 0.94, 0.94, fill=False, edgecolor=ink, linewidth=2)
        artists["frame"] = axes.add_patch(frame)
        for artist in (*artists["cells"], *artists["gains"], *artists["sums"], frame):
            artist.set_animated(True)

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: TransferLabResult
    ) -> None:
        """Bring curves, table and alt text to a new result."""
        p, draws = result.parameters, len(result.curves)
        # The draws are one line with gaps.
        lines = np.hstack([result.curves, np.full((draws, 1), np.nan)])
        artists["draws"].set_data(np.tile([*UPDATES, np.nan], draws), lines.ravel())
        mean = result.curves.mean(axis=0)
        artists["mean"].set_data(UPDATES, mean)
        ends = [-1, UPDATES[-1] + 1]
        for name, level in zip(("codes", *BASELINES), (mean[0], *result.without), strict=True):
            artists[name].set_data(ends, [level, level])
        for cell, gain, words in zip(artists["cells"], result.gains.ravel(), artists["gains"], strict=True):
            cell.set_facecolor(artists["colours"][1 - _sign(gain)])
            words.set_text(_signed(gain))
        for words, (tuned, without) in zip(artists["sums"], result.table.reshape(4, 2), strict=True):
            words.set_text(f"{tuned:.3f} − {without:.3f}")
        artists["frame"].set_xy((TASKS.index(p.task) + 0.03, SIZES.index(p.size) + 0.03))
        cases = "; ".join(
            f"{size} a class, {kind}: {_signed(result.gains[row, column])}"
            for row, size in enumerate(SIZES)
            for column, kind in enumerate(_KINDS.values())
        )
        describe(
            figure,
            f"Transfer lab: test accuracy over {UPDATES[-1]} updates of fine-tuning on {p.task}, and the "
            f"gain by transfer in four cases ({cases}). {cls.explain(result)}",
        )

    @classmethod
    def explain(cls, result: TransferLabResult) -> str:
        """Say what the head, fine-tuning and the nets without the trunk reach, and whether transfer helps."""
        p, mean = result.parameters, result.curves.mean(axis=0)
        best = int(result.without.argmax())
        gain = mean[-1] - result.without[best]
        verdict = ("helps", "makes no clear difference", "does worse")[1 - _sign(gain)]
        return (
            f"{p.task.capitalize()}, {p.size} a class: {mean[0]:.3f} with the head on frozen codes, "
            f"{mean[-1]:.3f} after fine-tuning; best without the trunk {result.without[best]:.3f} "
            f"({BASELINES[best]}). "
            f"Transfer {verdict} here: {_signed(gain)}."
        )


def _sign(gain: float) -> int:
    """Say whether transfer helps (1), harms (-1) or makes no clear difference (0)."""
    return 0 if abs(gain) < EVEN else int(np.sign(gain))


def _signed(gain: float) -> str:
    return f"{gain:+.2f}".replace("-", "−").replace("+0.00", "0.00").replace("−0.00", "0.00")
