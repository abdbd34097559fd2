"""Descent on a quadratic: the path in two systems of axes, what each component does, and the map of rates."""

from __future__ import annotations

import dataclasses
import html
from typing import ClassVar

import ipywidgets
import numpy as np

from course_lib.widgets import quadratic_picture
from course_lib.widgets.figure_panel import FigurePanel, Handle
from course_lib.widgets.quadratic_paths import (
    GRADIENT,
    HESSIANS,
    LARGEST_ENTRY,
    LARGEST_KAPPA,
    LARGEST_MOMENTUM,
    METHODS,
    MOMENTUM,
    NEWTON,
    OWN,
    RAVINE,
    REACH,
    STEPS,
    WITH_MOMENTUM,
    DescentParameters,
    DescentResult,
    compute,
    eigenpairs,
    largest_rate,
    scale,
)
from course_lib.widgets.quadratic_words import code_lines, comparison, outcome, table_html
from course_lib.widgets.tidy_numbers import tidy

_ENTRIES = {"h11": "h₁₁", "h12": "h₁₂", "h22": "h₂₂"}
# As high as the longest of its texts, so that nothing below moves.
_CODE = (
    '<pre aria-label="The code that walks this path" style="margin:0;height:96px;line-height:16px;'
    'font-size:11px;white-space:pre;overflow:hidden">{}</pre>'
)


class QuadraticDescent(FigurePanel):
    """Walk down ½θᵀAθ by four methods; see every component of the path shrink, swing or grow.

    Parameters
    ----------
    **settings
        Fields of `DescentParameters`.
    """

    Parameters: ClassVar[type] = DescentParameters
    compute = staticmethod(compute)
    make_figure = staticmethod(quadratic_picture.make_figure)
    update_figure = staticmethod(quadratic_picture.update_figure)

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self.table, self.code = ipywidgets.HTML(), ipywidgets.HTML()
        self.write_beside(self._result)
        self.picture.observe(lambda _: self.write_beside(self._result), "dark")
        row = ipywidgets.HBox([self.table, self.code])
        row.add_class("course-pair")
        self.children = [*self.children, row]

    def make_controls(self, parameters: DescentParameters) -> dict[str, ipywidgets.Widget]:
        """Make lists of methods and Hessians, sliders for α, μ, κ and the step, entries of H, two buttons."""

        def made(kind: type, label: str, width: int, **options: object) -> ipywidgets.Widget:
            if kind is not ipywidgets.Button:
                options["style"] = {"description_width": "initial"}
            return kind(description=label, layout=ipywidgets.Layout(width=f"{width}px"), **options)

        top = largest_rate(parameters)
        controls = {
            "method": made(ipywidgets.Dropdown, "Method", 215, options=METHODS, value=parameters.method),
            "lr": made(
                ipywidgets.FloatSlider,
                "Rate α",
                300,
                value=parameters.lr,
                min=0,
                max=top,
                step=top / 400,
                readout_format=".3g",
            ),
            "momentum": made(
                ipywidgets.FloatSlider,
                "Momentum μ",
                280,
                value=parameters.momentum,
                min=0,
                max=LARGEST_MOMENTUM,
                step=0.01,
            ),
            "hessian": made(ipywidgets.Dropdown, "Hessian", 240, options=HESSIANS, value=parameters.hessian),
            "kappa": made(
                ipywidgets.FloatLogSlider,
                "κ",
                200,
                value=parameters.kappa,
                base=10,
                min=0,
                max=np.log10(LARGEST_KAPPA),
                step=0.02,
                readout_format=".3g",
            ),
        }
        for name, label in _ENTRIES.items():
            controls[name] = made(
                ipywidgets.BoundedFloatText,
                label,
                110,
                value=getattr(parameters, name),
                min=-LARGEST_ENTRY,
                max=LARGEST_ENTRY,
                step=0.5,
            )
        controls["best rate"] = made(ipywidgets.Button, "Best α = 2/(λ₁ + λ₂)", 180)
        controls["best rate"].on_click(lambda _: self._jump(self._best_plain))
        controls["best pair"] = made(ipywidgets.Button, "Best α and μ", 120)
        controls["best pair"].on_click(lambda _: self._jump(self._best_pair))
        controls["step"] = made(
            ipywidgets.IntSlider, "Marked step k", 330, value=parameters.step, min=0, max=STEPS
        )
        return controls

    def settle(self, changed: str, settings: dict[str, object]) -> dict[str, object]:
        """Take up what was touched, momentum or Hessian, and keep the probe where it is on the map."""
        # The start has no control of its own: it is moved in the picture.
        settings = dataclasses.asdict(self._parameters) | settings
        if changed == "momentum" and settings["method"] not in WITH_MOMENTUM:
            changed, settings["method"] = "method", MOMENTUM
        if changed == "kappa":
            settings["hessian"] = RAVINE
        if changed in _ENTRIES:
            settings["hessian"] = OWN
        # The old rate may be too large for the new Hessian: the two are compared without it.
        before, after = (
            scale(DescentParameters(**{**found, "method": GRADIENT, "lr": 0.0}))
            for found in (dataclasses.asdict(self._parameters), settings)
        )
        if changed == "method":
            old, new = self._parameters.method, settings["method"]
            if NEWTON in (old, new) and old != new:
                settings["lr"] = 1.0 if new == NEWTON else 1.0 / after
        elif settings["method"] != NEWTON and before != after:
            settings["lr"] = min(settings["lr"] * before / after, largest_rate_of(settings))
        return settings

    def write_controls(self, parameters: DescentParameters) -> None:
        """Fit the slider of α to the Hessian, and show the settings."""
        top, control = largest_rate(parameters), self.controls["lr"]
        if control.max != top:
            # One change at a time: a slider cuts its value off at its end.
            control.max = max(top, control.max)
            control.value = parameters.lr
            control.max, control.step = top, top / 400
        super().write_controls(parameters)

    def write_beside(self, result: DescentResult) -> None:
        """Write the table and the code under the picture."""
        self.table.value = table_html(result, dark=self.picture.dark)
        self.code.value = _CODE.format(html.escape(code_lines(result.parameters)))

    def _jump(self, settings: object) -> None:
        with self.picture.lock:
            self._apply(settings)

    def _best_plain(self) -> dict[str, object]:
        best = self._must_exist(self._result.best_plain)
        changed = {"method": GRADIENT, "lr": best.lr}
        return dataclasses.asdict(self._parameters) | changed

    def _best_pair(self) -> dict[str, object]:
        best = self._must_exist(self._result.best_pair)
        method = self._parameters.method if self._parameters.method in WITH_MOMENTUM else MOMENTUM
        return dataclasses.asdict(self._parameters) | {
            "method": method,
            "lr": best.lr,
            "momentum": best.momentum,
        }

    def _must_exist(self, best: object) -> object:
        if best is None:
            low = self._result.eigenvalues[0]
            raise ValueError(
                f"There is no best rate: λ₁ = {tidy(low)} must be above 0 for descent to converge."
            )
        return best

    @classmethod
    def still_part(cls, result: DescentResult) -> object:
        """Maps and lines of equal cost stay until the Hessian or the method is another."""
        return result.parameters.method, tuple(result.hessian.ravel())

    @classmethod
    def make_handles(cls, artists: dict[str, object], result: DescentResult) -> dict[str, Handle]:
        """Make the start movable, in both systems of axes, and the probe on the map of rates."""
        (x, y), (along, across) = result.path[0], result.components[0]
        rate, momentum = result.probe
        at = f"Start at θ₁ {tidy(x)}, θ₂ {tidy(y)}"
        seen = f"Start at {tidy(along)} along q₁, {tidy(across)} along q₂"
        probe = f"Probe at α {tidy(result.parameters.lr)}, μ {tidy(momentum)}"
        return {
            "start": Handle(artists["plane"], x, y, "Start", at),
            "components": Handle(artists["eigenplane"], along, across, "Start", seen),
            "probe": Handle(artists["rates"], rate, momentum, "Probe of rate and momentum", probe),
        }

    def dragged(self, name: str, x: float, y: float, *, held: bool) -> dict[str, object]:
        """Move the start (also along the eigenvectors) or the probe; both stay where they may be."""
        if name == "probe":
            newton = self._parameters.method == NEWTON
            top = largest_rate(self._parameters)
            lr = min(max(x if newton else x / scale(self._parameters), 0.0), top)
            return {"lr": lr} | (
                {"momentum": min(max(y, 0.0), LARGEST_MOMENTUM)}
                if self._parameters.method in WITH_MOMENTUM
                else {}
            )
        place = np.array([x, y])
        if name == "components":
            place = eigenpairs(self._parameters)[1] @ place
        place = place * min(1.0, REACH / max(np.hypot(*place), 1e-12))
        return {"theta1": float(place[0]), "theta2": float(place[1])}

    @classmethod
    def explain(cls, result: DescentResult) -> str:
        """Say whether it converges and how fast, or why not, and what the best settings would give."""
        return f"{outcome(result)} {comparison(result)}".strip()


def largest_rate_of(settings: dict[str, object]) -> float:
    """Return the largest rate for settings whose own rate may be too large."""
    return largest_rate(DescentParameters(**{**settings, "lr": 0.0}))
