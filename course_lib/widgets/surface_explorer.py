"""The surface explorer: a point on a cost surface, its eigenvectors, and the slice along a direction."""

from __future__ import annotations

from typing import ClassVar

import ipywidgets
import numpy as np
from matplotlib import rc_context
from matplotlib.axes import Axes

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.palette import BLUE, ORANGE, SKY_BLUE, VERMILLION, look
from course_lib.widgets.cost_map import CostMap
from course_lib.widgets.figure_panel import FigurePanel, Handle
from course_lib.widgets.quick_text import QuickText
from course_lib.widgets.quick_ticks import QuickTicks
from course_lib.widgets.surface_slices import (
    LARGEST_ENTRY,
    NAMES,
    OWN,
    SurfaceParameters,
    SurfaceResult,
    chosen_surface,
    compute,
    critical_points,
    key_of,
)
from course_lib.widgets.tidy_numbers import tidy

# Where things stand in the figure, in pixels: left, top, width, height.
_FIGURE = (832, 430)
_MAP = (44, 24, 360, 360)
_SLICE = (480, 24, 340, 230)
_LABEL = (650, 276)
_WORDS = (480, 321)
_LEADING = 15.75  # points
_LINES = 16
# Where a surface rises ever faster its lines are closer together below: level = low + range · share^power.
_POWERS = {"Himmelblau": 3, "Rosenbrock": 4}
_LONGEST = 0.3
_SNAP_PIXELS = 7
_START = {"bowl": (1.0, 0.5), "ravine": (1.5, 0.4), "saddle": (0.8, 0.3), "plateau": (2.5, 1.0)}
_START |= {"Himmelblau": (1.5, -2.5), "Rosenbrock": (-1.0, 1.5), OWN: (0.8, 0.3)}
_ENTRIES = {"h11": "h₁₁", "h12": "h₁₂ = h₂₁", "h22": "h₂₂"}
_NOWHERE = "choose …"

_SENTENCES = {
    "minimum": "Minimum: the gradient is 0 and both eigenvalues are positive.",
    "maximum": "Maximum: the gradient is 0 and both eigenvalues are negative.",
    "saddle": "Saddle: the gradient is 0, one eigenvalue is positive and one negative.",
    "degenerate": "Degenerate: the gradient is 0 and so is an eigenvalue; the Hessian alone does not decide.",
    "not critical": "Not critical: the gradient is not 0, so the surface falls along −∇J.",
}


def _place(left: int, top: int, width: int, height: int) -> tuple[float, float, float, float]:
    across, down = _FIGURE
    return left / across, 1 - (top + height) / down, width / across, height / down


def _levels(name: str, values: np.ndarray) -> np.ndarray:
    low, high = values.min(), values.max()
    return low + (high - low) * (np.arange(1, _LINES) / _LINES) ** _POWERS.get(name, 1)


class SurfaceExplorer(FigurePanel):
    """Drag a point over a cost surface; see its eigenvectors, and the slice with its Taylor model.

    Parameters
    ----------
    **settings
        Fields of `SurfaceParameters`.
    """

    Parameters: ClassVar[type] = SurfaceParameters
    compute = staticmethod(compute)

    def make_controls(self, parameters: SurfaceParameters) -> dict[str, ipywidgets.Widget]:
        """Make a list of surfaces and of critical points, sliders for point, direction and reach, and H."""
        style = {"description_width": "initial"}
        left, right, bottom, top = chosen_surface(parameters).extent

        def slider(
            label: str, value: float, low: float, high: float, width: int, step: float = 0.01
        ) -> object:
            return ipywidgets.FloatSlider(
                value,
                min=low,
                max=high,
                step=step,
                description=label,
                readout_format=".0f" if step == 1 else ".2f",
                style=style,
                layout=ipywidgets.Layout(width=f"{width}px"),
            )

        controls = {
            "surface": ipywidgets.Dropdown(
                options=NAMES,
                value=parameters.surface,
                description="Surface",
                style=style,
                layout=ipywidgets.Layout(width="180px", margin="2px 12px 2px 2px"),
            ),
            "visit": ipywidgets.Dropdown(
                options=self._destinations(parameters),
                description="Go to",
                style=style,
                layout=ipywidgets.Layout(width="220px", margin="2px 12px 2px 2px"),
            ),
            "angle": slider("Direction, degrees", parameters.angle, 0, 180, 380, 1),
            "theta1": slider("θ₁", parameters.theta1, left, right, 250),
            "theta2": slider("θ₂", parameters.theta2, bottom, top, 250),
            "reach": slider("Reach", parameters.reach, 0.05, 1, 260, 0.05),
        }
        for name, label in _ENTRIES.items():
            controls[name] = ipywidgets.BoundedFloatText(
                getattr(parameters, name),
                min=-LARGEST_ENTRY,
                max=LARGEST_ENTRY,
                step=0.5,
                description=label,
                style=style,
                disabled=parameters.surface != OWN,
                layout=ipywidgets.Layout(width="150px"),
            )
        return controls

    @staticmethod
    def _destinations(parameters: SurfaceParameters) -> list[tuple[str, tuple[float, ...]]]:
        known = [
            (f"{kind} ({x:.2f}, {y:.2f})".replace("-", "−"), (x, y))
            for kind, x, y in critical_points(key_of(parameters))
        ]
        return [(_NOWHERE, ()), *known]

    def settle(self, changed: str, settings: dict[str, object]) -> dict[str, object]:
        """Start afresh on a new surface; jump where *Go to* says."""
        if changed == "surface":
            settings["theta1"], settings["theta2"] = _START[settings["surface"]]
        if changed == "visit" and self.controls["visit"].value:
            settings["theta1"], settings["theta2"] = self.controls["visit"].value
        return settings

    def write_controls(self, parameters: SurfaceParameters) -> None:
        """Fit the sliders to the surface, and show where the point is."""
        left, right, bottom, top = chosen_surface(parameters).extent
        for name, low, high in (("theta1", left, right), ("theta2", bottom, top)):
            control = self.controls[name]
            if (control.min, control.max) != (low, high):
                # One end at a time: a slider refuses a lower end above its upper one.
                control.min, control.max = min(low, control.min), max(high, control.max)
                control.value = getattr(parameters, name)
                control.min, control.max = low, high
        super().write_controls(parameters)
        visit, options = self.controls["visit"], self._destinations(parameters)
        if list(visit.options) != options:
            visit.options = options
        place = (parameters.theta1, parameters.theta2)
        visit.value = place if place in [where for _, where in options] else ()
        for name in _ENTRIES:
            self.controls[name].disabled = parameters.surface != OWN

    @classmethod
    def make_handles(cls, artists: dict[str, object], result: SurfaceResult) -> dict[str, Handle]:
        """Make the point movable."""
        x, y = result.point
        label = f"Point at θ₁ {tidy(x)}, θ₂ {tidy(y)}. {result.kind}"
        return {"point": Handle(artists["axes"], x, y, "Point", label)}

    def dragged(self, name: str, x: float, y: float, *, held: bool) -> dict[str, object]:
        """Move the point; let go of close to a critical point it falls onto it."""
        surface = chosen_surface(self._parameters)
        left, right, bottom, top = surface.extent
        x, y = min(max(x, left), right), min(max(y, bottom), top)
        if not held:
            near = _SNAP_PIXELS * (right - left) / _MAP[2]
            for _, *place in critical_points(key_of(self._parameters)):
                if (
                    place != [self._parameters.theta1, self._parameters.theta2]
                    and np.hypot(x - place[0], y - place[1]) <= near
                ):
                    x, y = place
        return {"theta1": x, "theta2": y}

    @classmethod
    def still_part(cls, result: SurfaceResult) -> object:
        """The map stays until another surface is chosen."""
        return key_of(result.parameters)

    @classmethod
    def make_figure(cls, result: SurfaceResult, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the map with its point and eigenvectors, the slice with its model, and the numbers."""
        figure = new_figure(_FIGURE[0] / 100, _FIGURE[1] / 100, dark=dark, layout="none")
        ink = "#F4F4F4" if dark else "#111111"
        with rc_context(look(dark=dark)):
            chart, cut = figure.add_axes(_place(*_MAP)), figure.add_axes(_place(*_SLICE))
            artists: dict[str, object] = {"axes": chart, "cut": cut}
            artists["up"], artists["down"] = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
            artists["map"] = CostMap(chart, levels=_LINES, dark=dark)
            (artists["line"],) = chart.plot([], [], color=ink, linewidth=1.1, linestyle=(0, (5, 3)))
            for name in ("first", "second"):
                (artists[name],) = chart.plot([], [], linewidth=3, solid_capstyle="butt")
            (artists["point"],) = chart.plot([], [], "o", color=ink, markersize=6, zorder=5)
            (artists["slice"],) = cut.plot([], [], color=ink, linewidth=1.8, label="J(θ + tv)")
            (artists["model"],) = cut.plot([], [], "--", color=artists["up"], label="Taylor model")
            (artists["here"],) = cut.plot([], [], "o", color=ink, markersize=6)
            cut.set_title("slice along v, and its second-order Taylor model")
            cut.legend(loc="upper center", ncols=2, borderpad=0.1)
            QuickTicks(cut, bins=5).set_animated(True)
            across, down = _FIGURE
            left, top = _LABEL
            label = "t: step along the unit vector v (0: the point)"
            figure.text(left / across, 1 - top / down, label, va="top", ha="center")
            left, top = _WORDS
            artists["words"] = QuickText(left / across, 1 - top / down, leading=_LEADING)
            figure.add_artist(artists["words"]).set_animated(True)
            for name in ("line", "first", "second", "point", "slice", "model", "here"):
                artists[name].set_animated(True)
        cls.update_figure(figure, artists, result)
        return figure, artists

    @classmethod
    def update_figure(
        cls, figure: AccessibleFigure, artists: dict[str, object], result: SurfaceResult
    ) -> None:
        """Bring the map (where the surface is another), the point, the slice and the numbers to a result."""
        surface = chosen_surface(result.parameters)
        if artists.get("surface") != key_of(result.parameters):
            artists["surface"] = key_of(result.parameters)
            cls._update_map(artists, result)
        ends = result.point + np.outer([result.t[0], result.t[-1]], result.direction)
        artists["line"].set_data(*ends.T)
        artists["point"].set_data(*result.point[:, None])
        largest = max(np.abs(result.eigenvalues).max(), np.finfo(float).tiny)
        span = _LONGEST * (surface.extent[1] - surface.extent[0])
        for name, value, vector in zip(("first", "second"), result.eigenvalues, result.eigenvectors.T):
            arm = span * abs(value) / largest * vector
            artists[name].set_data(*np.stack([result.point - arm, result.point + arm]).T)
            artists[name].set_color(artists["up"] if value > 0 else artists["down"])
            artists[name].set_linestyle("-" if value > 0 else (0, (1.2, 0.6)))
        cls._update_slice(artists["cut"], artists, result)
        artists["words"].set_text(cls._words(result))
        describe(figure, f"Surface explorer: {cls._settings(result)} {cls.explain(result)}")

    @staticmethod
    def _update_map(artists: dict[str, object], result: SurfaceResult) -> None:
        name, levels = result.parameters.surface, _levels(result.parameters.surface, result.values)
        extent = chosen_surface(result.parameters).extent
        artists["map"].show(result.values, extent, levels, f"{name}, lines of equal cost")

    @staticmethod
    def _update_slice(axes: Axes, artists: dict[str, object], result: SurfaceResult) -> None:
        here = float(chosen_surface(result.parameters).value(result.point))
        artists["slice"].set_data(result.t, result.slice)
        artists["model"].set_data(result.t, result.model)
        artists["here"].set_data([0], [here])
        low, high = result.slice.min(), result.slice.max()
        # The model may leave the picture; a slice that is level gets a little room, so that it can be seen.
        room = max(high - low, 1e-3 * max(1.0, abs(high)))
        # In a corner of the map there may be nothing to see along v.
        axes.set_xlim(min(result.t[0], -1e-3), max(result.t[-1], 1e-3))
        axes.set_ylim(low - 0.15 * room, high + 0.25 * room)

    @staticmethod
    def _words(result: SurfaceResult) -> str:
        (a, b), (_, c) = result.hessian
        low, high = result.eigenvalues
        norm = np.linalg.norm(result.gradient)
        return (
            f"θ = ({tidy(result.point[0])}, {tidy(result.point[1])})      |∇J| = {tidy(norm)}\n"
            f"H = [{tidy(a)}, {tidy(b)}; {tidy(b)}, {tidy(c)}]: {result.definiteness}\n"
            f"λ₁ = {tidy(low)}, λ₂ = {tidy(high)} (bars ∝ |λ|, dashed: λ < 0)\n"
            f"slope gᵀv = {tidy(result.slope)},  curvature vᵀHv = {tidy(result.curvature)}"
        )

    @staticmethod
    def _settings(result: SurfaceResult) -> str:
        x, y = result.point
        low, high = result.eigenvalues
        return (
            f"the surface {result.parameters.surface} at θ = ({tidy(x)}, {tidy(y)}), where the Hessian has "
            f"the eigenvalues {tidy(low)} and {tidy(high)}; along {result.parameters.angle:.0f} degrees "
            f"the slope is {tidy(result.slope)} and the curvature {tidy(result.curvature)}."
        )

    @classmethod
    def explain(cls, result: SurfaceResult) -> str:
        """Give the verdict on the point."""
        return _SENTENCES[result.kind]
