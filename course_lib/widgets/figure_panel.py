"""The ordinary widget: labelled controls above a figure that stays, and a line that says what went wrong."""

from __future__ import annotations

import html

import ipywidgets
import traitlets

from course_lib.plots.accessible import AccessibleFigure
from course_lib.widgets.course_widget import CourseWidget
from course_lib.widgets.figure_view import FigureView


class FigurePanel(CourseWidget, ipywidgets.VBox):
    """Controls, a message and a figure; a subclass says which controls, and how a result changes artists.

    A subclass defines `Parameters`, `compute`, `make_controls`, `make_figure` and `update_figure`. Each
    control carries the name of the parameter it sets.

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
        self.picture = FigureView(self._make)
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

    @classmethod
    def draw(cls, parameters: object) -> AccessibleFigure:
        """Draw the static picture of some settings."""
        figure, _ = cls.make_figure(cls.compute(parameters), dark=False)
        return figure

    def current_parameters(self) -> object:
        """Give the last settings that were possible."""
        return self._parameters

    def _make(self, dark: bool) -> AccessibleFigure:
        self._figure, self._artists = self.make_figure(self._result, dark=dark)
        return self._figure

    def _changed(self, _: traitlets.Bunch) -> None:
        settings = {name: control.value for name, control in self.controls.items()}
        try:
            parameters = self.Parameters(**settings)
            result = self.compute(parameters)
            self.update_figure(self._figure, self._artists, result)
        except ValueError as error:
            self._say(str(error), problem=True)
            return
        except Exception as error:
            # A kernel only logs what a callback raises: the reader would see nothing at all.
            self._say(f"The widget failed, please report it: {type(error).__name__}: {error}", problem=True)
            raise
        self._parameters, self._result = parameters, result
        self._say(self.explain(result))
        self.picture.repaint()

    def _say(self, text: str, *, problem: bool = False) -> None:
        mark = "⚠ " if problem else ""
        kind = "course-problem" if problem else ""
        self.message.value = f'<span role="status" class="{kind}">{mark}{html.escape(text)}</span>'
