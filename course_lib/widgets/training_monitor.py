"""The training monitor: what happens inside a net, drawn while `fit` runs, and to be gone over afterwards."""

from __future__ import annotations

import time
from typing import ClassVar

import ipywidgets
import numpy as np

from course_lib.widgets import monitor_charts
from course_lib.widgets.figure_panel import FigurePanel
from course_lib.widgets.monitor_moment import MonitorParameters, compute
from course_lib.widgets.monitor_recording import QUANTITIES, Recorder, Recording, example


class TrainingMonitor(FigurePanel):
    """Show a run while `fit` makes it; without one, the recording of a small net's training.

    ``watch = TrainingMonitor()`` in one cell; in the next ``display(watch)`` and
    ``fit(..., callbacks=[watch.callback()])``. When the run is over, the sliders go back through it.

    Parameters
    ----------
    **settings
        Fields of `MonitorParameters`.
    """

    Parameters: ClassVar[type] = MonitorParameters
    compute = staticmethod(compute)
    still_part = staticmethod(monitor_charts.still_part)
    make_figure = staticmethod(monitor_charts.make_figure)
    update_figure = staticmethod(monitor_charts.update_figure)
    explain = staticmethod(monitor_charts.explain)

    def callback(self, *, every: int = 5, seconds: float = 0.25) -> Recorder:
        """Return the callback for `fit` that brings this picture up to date.

        Parameters
        ----------
        every : int
            Steps between two records.
        seconds : float
            Time between two pictures; each takes some hundredths of a second.

        Returns
        -------
        Recorder
            A `Monitor`, so that `diagnose(history, callback)` can ask it.
        """
        last = -np.inf

        def due() -> bool:
            nonlocal last
            if time.monotonic() - last < seconds:
                return False
            last = time.monotonic()
            return True

        return Recorder(self.show, every=every, due=due)

    def show(self, recording: Recording) -> None:
        """Draw another recording, or one that has come further.

        Parameters
        ----------
        recording : Recording
            What is to be shown.
        """
        with self.picture.lock:
            now = self._parameters
            layer = min(now.layer, len(recording.layers))
            settings = {"quantity": now.quantity, "layer": layer, "until": now.until, "recording": recording}
            self._apply(lambda: settings)

    def make_controls(self, parameters: MonitorParameters) -> dict[str, ipywidgets.Widget]:
        """Make lists of layers and of what the map shows, and a slider for the time."""
        style = {"description_width": "initial"}
        return {
            "quantity": ipywidgets.Dropdown(
                options=QUANTITIES,
                value=parameters.quantity,
                description="The map shows",
                style=style,
                layout=ipywidgets.Layout(width="230px"),
            ),
            "layer": ipywidgets.Dropdown(
                options=_layers(parameters.recording),
                value=parameters.layer,
                description="of layer",
                style=style,
                layout=ipywidgets.Layout(width="200px"),
            ),
            "until": ipywidgets.IntSlider(
                parameters.until,
                min=1,
                max=100,
                description="Until, % of what was recorded",
                style=style,
                layout=ipywidgets.Layout(width="380px"),
            ),
        }

    def read_controls(self) -> dict[str, object]:
        """Read the controls; the recording stays."""
        read = {name: control.value for name, control in self.controls.items()}
        return read | {"recording": self._parameters.recording}

    def write_controls(self, parameters: MonitorParameters) -> None:
        """Fit the list of layers to the recording, and show the settings."""
        options, layer = _layers(parameters.recording), self.controls["layer"]
        if list(layer.options) != options:
            layer.options = options
        for name, control in self.controls.items():
            if control.value != getattr(parameters, name):
                control.value = getattr(parameters, name)


def _layers(recording: Recording | None) -> list[tuple[str, int]]:
    return [(name, number) for number, name in enumerate((recording or example()).layers, start=1)]
