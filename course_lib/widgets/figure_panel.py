"""The ordinary widget: labelled controls above a figure that stays, and a line that says what went wrong."""

from __future__ import annotations

import dataclasses
import html
import math
import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import ipywidgets
import traitlets
from matplotlib.axes import Axes

from course_lib.plots.accessible import AccessibleFigure
from course_lib.widgets.course_widget import CourseWidget
from course_lib.widgets.figure_view import FigureView

# A slider in the page rounds what it is given to its steps, and tells the kernel so: within this time.
_ECHO_SECONDS = 0.5
_ECHOES = 50
# While a handle is held, controls follow it so often only: the page answers for each slider that is written.
_FOLLOW_SECONDS = 0.2
# What else is told of a move, and that the kernel is idle again, has the page laid out anew; by then the
# picture is to be seen. Meanwhile the next move is still on its way.
_SHOW_SECONDS = 0.008
_SLIDERS = (ipywidgets.FloatSlider, ipywidgets.FloatLogSlider)


class Handle(NamedTuple):
    """A point of the figure that the hand can drag.

    Attributes
    ----------
    axes : matplotlib.axes.Axes
        Where it lives; it cannot leave them.
    x, y : float
        Where it is, in the data's coordinates.
    title : str
        What it is called.
    label : str
        What a screen reader says: its name and where it is.
    step : float
        How far an arrow key moves it, in pixels.
    """

    axes: Axes
    x: float
    y: float
    title: str
    label: str
    step: float = 2.0


class FigurePanel(CourseWidget, ipywidgets.VBox):
    """Controls, a message and a figure; a subclass says which controls, and how a result changes artists.

    A subclass defines `Parameters`, `compute`, `make_controls`, `make_figure` and `update_figure`. Each
    control carries the name of the parameter it sets; `settle` is where one control has a say in the
    others, and `make_handles` and `dragged` are for what is moved in the picture itself.

    Parameters
    ----------
    **settings
        Fields of `Parameters` to start with.

    Raises
    ------
    ValueError
        If a setting has an impossible value.
    """

    def __init__(self, **settings: object) -> None:
        self._parameters = self.Parameters(**settings)
        self._result = self.compute(self._parameters)
        self.controls = self.make_controls(self._parameters)
        self.message = ipywidgets.HTML()
        self.message.add_class("course-message")
        self._writing = False
        self._told: dict[str, deque[float]] = {}
        self._told_at = self._written_at = -math.inf
        self.picture = FigureView(self._make, self._moved, self._placed_handles)
        row = ipywidgets.Box(
            list(self.controls.values()), layout=ipywidgets.Layout(flex_flow="row wrap", align_items="center")
        )
        super().__init__([row, self.message, self.picture])
        self.add_class("course-panel")
        for control in self.controls.values():
            control.observe(self._changed, "value")
        self._say(self.explain(self._result))

    def make_controls(self, parameters: object) -> dict[str, ipywidgets.Widget]:
        """Make the labelled controls, one for each parameter that the hand can change, by its name."""
        raise NotImplementedError

    @classmethod
    def make_figure(cls, result: object, *, dark: bool) -> tuple[AccessibleFigure, dict[str, object]]:
        """Make the figure with everything in it; returns it and the artists that `update_figure` changes."""
        raise NotImplementedError

    @classmethod
    def update_figure(cls, figure: AccessibleFigure, artists: dict[str, object], result: object) -> None:
        """Bring the artists and the alt text to a new result, without making new ones."""
        raise NotImplementedError

    @classmethod
    def explain(cls, result: object) -> str:
        """Say what the reader should notice in a result; may be empty."""
        return ""

    def write_beside(self, result: object) -> None:
        """Bring what stands beside the figure, where a subclass has put something there, to a new result."""

    @classmethod
    def still_part(cls, result: object) -> object:
        """Give what the looks of all artists depend on that are not animated; while it is equal they stay."""
        return None

    @classmethod
    def make_handles(cls, artists: dict[str, object], result: object) -> dict[str, Handle]:
        """Say which points of the figure can be dragged, by name."""
        return {}

    def dragged(self, name: str, x: float, y: float, *, held: bool) -> dict[str, object]:
        """Say which parameters change when a handle is dragged to (x, y); `held` until the hand lets go."""
        raise NotImplementedError(f"{type(self).__name__} must define dragged()")

    def read_controls(self) -> dict[str, object]:
        """Read the parameters off the controls."""
        names = [field.name for field in dataclasses.fields(self.Parameters)]
        return {name: self.controls[name].value for name in names if name in self.controls}

    def settle(self, changed: str, settings: dict[str, object]) -> dict[str, object]:
        """Say what the settings become when the control called `changed` was moved."""
        return settings

    def write_controls(self, parameters: object) -> None:
        """Bring the controls to parameters that came from elsewhere."""
        for name in self.read_controls():
            if self.controls[name].value != getattr(parameters, name):
                self.controls[name].value = getattr(parameters, name)

    @classmethod
    def draw(cls, parameters: object) -> AccessibleFigure:
        """Draw the static picture of some settings."""
        figure, _ = cls.make_figure(cls.compute(parameters), dark=False)
        # A figure passes over its animated words when it is saved, and here nothing moves.
        for artist in figure.findobj(lambda artist: artist.get_animated()):
            artist.set_animated(False)
        return figure

    def current_parameters(self) -> object:
        """Give the last settings that were possible."""
        return self._parameters

    def _make(self, dark: bool) -> AccessibleFigure:
        self._figure, self._artists = self.make_figure(self._result, dark=dark)
        return self._figure

    def _changed(self, change: traitlets.Bunch) -> None:
        if self._writing:
            return
        name = next(name for name, control in self.controls.items() if control is change["owner"])
        with self.picture.lock:
            if not self._is_echo(name):
                # Of an echo and the hand's next value a busy page tells only the last: none is owed any more.
                self._told.pop(name, None)
                self._apply(lambda: self.settle(name, self._read_exactly(name)))

    def _moved(self, name: str, x: float, y: float, held: bool) -> None:
        with self.picture.lock:
            handle = self.make_handles(self._artists, self._result)[name]
            place = handle.axes.transData.inverted().transform((x, y))
            settings = dataclasses.asdict(self._parameters)
            self._apply(
                lambda: settings | self.dragged(name, *map(float, place), held=held),
                from_handle=True,
                held=held,
            )

    def _apply(
        self, settings: Callable[[], dict[str, object]], *, from_handle: bool = False, held: bool = False
    ) -> None:
        try:
            parameters = self.Parameters(**settings())
            result = self.compute(parameters)
            self.update_figure(self._figure, self._artists, result)
            everything = self.still_part(result) != self.still_part(self._result)
            self._result = result
            # The picture goes first: it is what the eye waits for.
            self.picture.repaint(everything=everything)
            if held:
                time.sleep(_SHOW_SECONDS)
            if not held or time.monotonic() - self._written_at >= _FOLLOW_SECONDS:
                self._write(parameters, from_handle)
                self._written_at = time.monotonic()
        except ValueError as error:
            self._say(str(error), problem=True)
            return
        except Exception as error:
            # A kernel only logs what a callback raises: the reader would see nothing at all.
            self._say(f"The widget failed, please report it: {type(error).__name__}: {error}", problem=True)
            raise
        self._parameters = parameters
        self._say(self.explain(result))
        self.write_beside(result)

    def _write(self, parameters: object, from_handle: bool) -> None:
        sliders = {name: control for name, control in self.controls.items() if isinstance(control, _SLIDERS)}
        before = {name: control.value for name, control in sliders.items()}
        self._writing = True
        try:
            self.write_controls(parameters)
        finally:
            self._writing = False
        for name, control in sliders.items():
            # Between two steps the page rounds; and while a handle moves, it may answer an earlier place.
            if control.value != before[name] and (from_handle or not _on_a_step(control)):
                self._told.setdefault(name, deque(maxlen=_ECHOES)).append(control.value)
                self._told_at = time.monotonic()

    def _read_exactly(self, moved: str) -> dict[str, object]:
        """Read the controls; sliders other than the moved one do not take away digits of a parameter."""
        settings = self.read_controls()
        exact = {name: getattr(self._parameters, name) for name in settings if self._rounds(name)}
        return settings | {name: value for name, value in exact.items() if name != moved}

    def _is_echo(self, name: str) -> bool:
        """Say whether a slider only tells its rounding of what it was given: no hand has moved it."""
        if time.monotonic() - self._told_at > _ECHO_SECONDS:
            self._told.clear()
        control, told = self.controls[name], self._told.get(name, deque())
        for number, value in enumerate(told):
            if _same_step(control, value):
                # It answers each once, and in order.
                self._told[name] = deque(list(told)[number + 1 :], maxlen=_ECHOES)
                return True
        return self._rounds(name)

    def _rounds(self, name: str) -> bool:
        present = getattr(self._parameters, name, None)
        control = self.controls.get(name)
        return (
            isinstance(control, _SLIDERS)
            and isinstance(present, (int, float))
            and _same_step(control, present)
        )

    def _placed_handles(self) -> list[dict[str, object]]:
        height = self._figure.bbox.height
        placed = []
        for name, handle in self.make_handles(self._artists, self._result).items():
            x, y = handle.axes.transData.transform((handle.x, handle.y))
            box = handle.axes.bbox
            placed.append(
                {
                    "name": name,
                    "title": handle.title,
                    "label": handle.label,
                    "left": round(float(x), 2),
                    "top": round(float(height - y), 2),
                    "box": [float(box.x0), float(height - box.y1), float(box.x1), float(height - box.y0)],
                    "step": handle.step,
                }
            )
        return placed

    def _say(self, text: str, *, problem: bool = False) -> None:
        mark = "⚠ " if problem else ""
        kind = "course-problem" if problem else ""
        self.message.value = f'<span role="status" class="{kind}">{mark}{html.escape(text)}</span>'


def _same_step(control: ipywidgets.Widget, value: float) -> bool:
    """Say whether a slider that is given `value` may show what it shows, rounded to its steps."""
    shown, given = control.value, value
    if isinstance(control, ipywidgets.FloatLogSlider):
        if given <= 0:
            return False
        shown, given = (math.log(number, control.base) for number in (shown, given))
    return abs(shown - given) <= 0.5 * control.step * (1 + 1e-9)


def _on_a_step(control: ipywidgets.Widget) -> bool:
    """Say whether a slider's value is one that the page can show as it is."""
    value = control.value
    if isinstance(control, ipywidgets.FloatLogSlider):
        value = math.log(value, control.base)
    steps = (value - control.min) / control.step
    return abs(steps - round(steps)) < 1e-6
