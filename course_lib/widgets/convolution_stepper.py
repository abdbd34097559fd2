"""The convolution stepper: one small image, one small kernel, every number in reach of the hand."""

from __future__ import annotations

from typing import ClassVar

import anywidget
import numpy as np
import traitlets
from matplotlib import rc_context
from matplotlib.patches import Rectangle

from course_lib.plots.accessible import AccessibleFigure, describe, new_figure
from course_lib.plots.matrices import draw_matrix, short_number
from course_lib.plots.palette import ORANGE, look
from course_lib.widgets import convolution_arithmetic as arithmetic
from course_lib.widgets.assets import script, style
from course_lib.widgets.convolution_arithmetic import StepperParameters, StepperResult
from course_lib.widgets.course_widget import CourseWidget
from course_lib.widgets.example_kernels import KERNELS, SOBEL
from course_lib.widgets.photo_patches import patches

_EXTRA_KERNELS = {
    "2×2 mean": np.full((2, 2), 0.25),
    "1×3 difference": np.array([[1.0, 0.0, -1.0]]),
    "one weight": np.array([[2.0]]),
}
_SETTINGS = ("image", "kernel", "stride", "padding", "dilation", "operation")


class ConvolutionStepper(CourseWidget, anywidget.AnyWidget):
    """Slide a kernel over a patch of a photograph and see where each number comes from and goes to.

    Parameters
    ----------
    **settings
        Fields of `StepperParameters` except `upstream`.

    Raises
    ------
    traitlets.TraitError
        If a setting has an impossible value; it names the setting and says what is possible.
    """

    Parameters: ClassVar[type] = StepperParameters
    compute = staticmethod(arithmetic.compute)

    _esm = script("convolution_stepper.js")
    _css = style("convolution_stepper.css")

    image = traitlets.List().tag(sync=True)
    kernel = traitlets.List().tag(sync=True)
    stride = traitlets.Int(1).tag(sync=True)
    padding = traitlets.Int(0).tag(sync=True)
    dilation = traitlets.Int(1).tag(sync=True)
    operation = traitlets.Unicode("cross-correlation").tag(sync=True)
    view = traitlets.Enum(arithmetic.VIEWS, "forward").tag(sync=True)
    chosen = traitlets.Dict().tag(sync=True)
    arriving = traitlets.Enum(("chosen", "ones", "own"), "chosen").tag(sync=True)
    upstream = traitlets.List().tag(sync=True)
    pictures = traitlets.Dict().tag(sync=True)
    kernels = traitlets.Dict().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)

    def __init__(self, **settings: object) -> None:
        known = patches()
        named = {name: values.tolist() for name, values in (KERNELS | _EXTRA_KERNELS).items()}
        settings = {
            "image": next(iter(known.values())),
            "kernel": KERNELS[SOBEL],
            "chosen": {"cell": "output", "row": 1, "column": 1},
            **settings,
        }
        for name in ("image", "kernel"):
            settings[name] = np.asarray(settings[name], dtype=float).tolist()
        super().__init__(
            pictures={name: values.tolist() for name, values in known.items()},
            kernels=named,
            alt="Convolution stepper: a small image, a kernel and the output, cell by cell. "
            "Arrow keys move inside each grid; the line of products below it is read aloud when it changes.",
            **settings,
        )

    @traitlets.validate(*_SETTINGS)
    def _check(self, proposal: dict) -> object:
        value = proposal["value"]
        try:
            StepperParameters(**{proposal["trait"].name: value})
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from error
        return value

    def current_parameters(self) -> StepperParameters:
        """Give the settings the hand has left; in the backward view with the gradient that arrives."""
        settings = {name: getattr(self, name) for name in _SETTINGS} | {"view": self.view}
        if self.view == "backward":
            settings["upstream"] = self._arriving(self.compute(StepperParameters(**settings)).output.shape)
        return StepperParameters(**settings)

    def _arriving(self, shape: tuple[int, int]) -> np.ndarray | None:
        """Give the gradient that the page lets arrive; None where there is no output."""
        own = np.array(self.upstream, dtype=float) if self.arriving == "own" else np.zeros(0)
        if 0 in shape:
            return None
        if own.shape == shape:
            return own
        if self.arriving == "ones":
            return np.ones(shape)
        one, (rows, columns) = np.zeros(shape), shape
        # The page starts from the first output cell when an input cell is chosen.
        at = self.chosen if self.chosen.get("cell") == "output" else {"row": 0, "column": 0}
        one[np.clip(at["row"], 0, rows - 1), np.clip(at["column"], 0, columns - 1)] = 1
        return one

    @property
    def result(self) -> StepperResult:
        """What the current settings compute, as arrays to go on with."""
        return self.compute(self.current_parameters())

    @classmethod
    def draw(cls, parameters: StepperParameters) -> AccessibleFigure:
        """Draw what the view shows: input, kernel and output; their gradients; or the matrix between the two.

        A frame is around an output cell and its window: the first, or backward the one with a gradient.
        """
        result = cls.compute(parameters)
        view = "forward" if result.problem else parameters.view
        place = _framed(parameters, result)
        figure = new_figure(8.5, 3.6)
        with rc_context(look()):
            middle = 1.7 if view == "matrix" else 0.7
            grid = figure.add_gridspec(2, 3, width_ratios=[1, middle, 1])
            for where, title, values, frame in _PANELS[view](parameters, result, place):
                axis = figure.add_subplot(grid[where])
                axis.set_title(title)
                if values.size:
                    draw_matrix(axis, values)
                else:
                    axis.set_axis_off()
                    words = {"ha": "center", "va": "center", "wrap": True, "transform": axis.transAxes}
                    axis.text(0.5, 0.5, result.problem, **words)
                if frame is not None:
                    (left, top), size = frame[:2], frame[2:]
                    line = {"fill": False, "edgecolor": ORANGE, "linewidth": 3 if size[0] < 12 else 1.5}
                    axis.add_patch(Rectangle((left - 0.5, top - 0.5), *size, **line))
        return describe(figure, _alt_text(parameters, result, place))


_LEFT, _MIDDLE, _RIGHT = ((slice(None), column) for column in range(3))
_Place = tuple[int, int] | None
_Panels = list[tuple[tuple, str, np.ndarray, tuple[int, int, int, int] | None]]


def _arrived(parameters: StepperParameters, result: StepperResult) -> np.ndarray:
    return np.ones(result.output.shape) if parameters.upstream is None else np.asarray(parameters.upstream)


def _framed(parameters: StepperParameters, result: StepperResult) -> _Place:
    """Choose the output cell to frame; None where there is none, or where gradients arrive at several."""
    if result.problem:
        return None
    if parameters.view != "backward":
        return 0, 0
    reached = np.argwhere(_arrived(parameters, result))
    return tuple(map(int, reached[0])) if len(reached) == 1 else None


def _window_frame(parameters: StepperParameters, place: _Place) -> tuple[int, int, int, int] | None:
    if place is None:
        return None
    rows, columns = map(np.ndarray.tolist, arithmetic.window(parameters, *place))
    return columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1


def _cell_frame(place: _Place) -> tuple[int, int, int, int] | None:
    return None if place is None else (place[1], place[0], 1, 1)


def _input_and_output(parameters: StepperParameters, result: StepperResult, place: _Place) -> _Panels:
    title = "x: input, padded with 0" if parameters.padding else "x: input"
    return [
        (_LEFT, title, result.padded, _window_frame(parameters, place)),
        (_RIGHT, "y: output", result.output, _cell_frame(place)),
    ]


def _forward(parameters: StepperParameters, result: StepperResult, place: _Place) -> _Panels:
    kernel = (_MIDDLE, "kernel, as it lies on the image", result.laid, None)
    return [*_input_and_output(parameters, result, place), kernel]


def _matrix(parameters: StepperParameters, result: StepperResult, place: _Place) -> _Panels:
    rows, columns = result.matrix.shape
    title = f"y = M x: M has {rows} rows and {columns} columns"
    return [
        *_input_and_output(parameters, result, place),
        (_MIDDLE, title, result.matrix, (0, 0, columns, 1)),
    ]


def _backward(parameters: StepperParameters, result: StepperResult, place: _Place) -> _Panels:
    title = "dx: gradient of the padded input" if parameters.padding else "dx: gradient of the input"
    return [
        (_LEFT, title, result.dx, _window_frame(parameters, place)),
        ((0, 1), "w: kernel", parameters.kernel, None),
        ((1, 1), "dw: its gradient", result.dw, None),
        (_RIGHT, "dy: gradient that arrives", _arrived(parameters, result), _cell_frame(place)),
    ]


_PANELS = {"forward": _forward, "backward": _backward, "matrix": _matrix}


def _by(values: np.ndarray) -> str:
    return " by ".join(map(str, values.shape))


def _alt_text(parameters: StepperParameters, result: StepperResult, place: _Place) -> str:
    settings = (
        f"stride {parameters.stride}, padding {parameters.padding}, dilation {parameters.dilation}, "
        f"{parameters.operation}"
    )
    if result.problem:
        return f"Convolution stepper with {settings}. {result.problem}"
    if parameters.view == "backward":
        dy = _arrived(parameters, result)
        where = f"is not 0 at {np.count_nonzero(dy)} of its cells"
        if place is not None:
            where = f"is {short_number(dy[place])} at row {place[0]}, column {place[1]} and 0 elsewhere"
        window = "" if place is None else ": in the framed window, where the kernel lay, times dy"
        return (
            f"Convolution stepper, backward, with {settings}: "
            f"dy, the {_by(dy)} gradient that arrives, {where}. "
            f"dx, the {_by(result.dx)} gradient of the input, is not 0 at {np.count_nonzero(result.dx)} cells"
            f"{window}. dw, the gradient of the {_by(parameters.kernel)} kernel, goes from "
            f"{short_number(result.dw.min())} to {short_number(result.dw.max())}."
        )
    if parameters.view == "matrix":
        rows, columns = result.matrix.shape
        return (
            f"Convolution stepper, as a matrix, with {settings}: M, of {rows} rows and {columns} columns, "
            f"between the {_by(parameters.image)} input x and the {_by(result.output)} output y. Of its "
            f"{result.matrix.size} entries {np.count_nonzero(result.matrix)} are not 0: each row repeats the "
            "kernel at the places of its window. The first row, its window and its output are framed."
        )
    first = short_number(result.output[0, 0])
    return (
        f"Convolution stepper: a {_by(parameters.image)} image, a {_by(parameters.kernel)} kernel and the "
        f"{_by(result.output)} output with {settings}. "
        f"The first window is framed; its products sum to the first output, {first}."
    )
