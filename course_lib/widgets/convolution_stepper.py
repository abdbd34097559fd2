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
        Fields of `StepperParameters` except `upstream`; and `view`: "forward", "backward" or "matrix".

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
    view = traitlets.Enum(("forward", "backward", "matrix"), "forward").tag(sync=True)
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
        """Give the settings the hand has left, without the arriving gradient."""
        return StepperParameters(**{name: getattr(self, name) for name in _SETTINGS})

    @property
    def result(self) -> StepperResult:
        """What the current settings compute, as arrays to go on with."""
        return self.compute(self.current_parameters())

    @classmethod
    def draw(cls, parameters: StepperParameters) -> AccessibleFigure:
        """Draw input, kernel and output side by side, with the first window and its output cell framed."""
        result = cls.compute(parameters)
        panels = [
            ("x: input" + (", padded with 0" if parameters.padding else ""), result.padded),
            ("kernel, as it lies on the image", result.laid),
            ("y: output", result.output),
        ]
        figure = new_figure(8.5, 3.6)
        with rc_context(look()):
            axes = figure.subplots(1, 3, width_ratios=[1, 0.6, 1])
            for axis, (title, values) in zip(axes, panels):
                axis.set_title(title)
                if values.size:
                    draw_matrix(axis, values)
                else:
                    axis.set_axis_off()
                    axis.text(
                        0.5,
                        0.5,
                        result.problem,
                        ha="center",
                        va="center",
                        wrap=True,
                        transform=axis.transAxes,
                    )
            if not result.problem:
                rows, columns = arithmetic.window(parameters, 0, 0)
                height, width = rows[-1] + 1, columns[-1] + 1
                for axis, size in ((axes[0], (width, height)), (axes[2], (1, 1))):
                    axis.add_patch(Rectangle((-0.5, -0.5), *size, fill=False, edgecolor=ORANGE, linewidth=3))
        return describe(figure, _alt_text(parameters, result))


def _alt_text(parameters: StepperParameters, result: StepperResult) -> str:
    settings = (
        f"stride {parameters.stride}, padding {parameters.padding}, dilation {parameters.dilation}, "
        f"{parameters.operation}"
    )
    if result.problem:
        return f"Convolution stepper with {settings}. {result.problem}"
    first = short_number(result.output[0, 0])
    return (
        f"Convolution stepper: a {parameters.image.shape[0]} by {parameters.image.shape[1]} image, "
        f"a {parameters.kernel.shape[0]} by {parameters.kernel.shape[1]} kernel and the "
        f"{result.output.shape[0]} by {result.output.shape[1]} output with {settings}. "
        f"The first window is framed; its products sum to the first output, {first}."
    )
