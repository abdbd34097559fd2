"""What every widget of the course promises, whatever it is made of."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from typing import ClassVar

from course_lib.plots.accessible import AccessibleFigure


class CourseWidget:
    """A mixin that holds the contract of the course's widgets.

    A widget names its dataclass of parameters (`Parameters`, checked when made) and its arithmetic
    (`compute`, from parameters to a result made of arrays, without side effects), and draws a result without
    a browser (`draw`). Where there is no kernel, as on a built page, that static picture stands in for it.
    """

    Parameters: ClassVar[type]
    compute: ClassVar[Callable]

    @classmethod
    def draw(cls, parameters: object) -> AccessibleFigure:
        """Draw the static picture of some settings.

        Parameters
        ----------
        parameters : Parameters
            What to draw.

        Returns
        -------
        AccessibleFigure
        """
        raise NotImplementedError(f"{cls.__name__} must define draw(parameters)")

    @classmethod
    def figure(cls, **settings: object) -> AccessibleFigure:
        """Draw the static view: the default settings, changed where `settings` says so.

        Parameters
        ----------
        **settings
            Fields of `Parameters`.

        Returns
        -------
        AccessibleFigure

        Raises
        ------
        ValueError
            If a setting has an impossible value.
        """
        return cls.draw(cls.Parameters(**settings))

    def current_parameters(self) -> object:
        """Give the settings the widget has now, as an instance of `Parameters`."""
        raise NotImplementedError(f"{type(self).__name__} must define current_parameters()")

    def _repr_mimebundle_(self, **options: object) -> dict[str, object]:
        bundle = super()._repr_mimebundle_(**options)
        data = dict(bundle[0] if isinstance(bundle, tuple) else bundle or {})
        figure = self.draw(self.current_parameters())
        image = base64.b64encode(figure.png()).decode("ascii")
        data["text/plain"] = figure.alt
        data["text/html"] = (
            f'<img src="data:image/png;base64,{image}" alt="{html.escape(figure.alt, quote=True)}" '
            'style="max-width:100%">'
        )
        return data
