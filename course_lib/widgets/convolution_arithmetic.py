"""What the convolution stepper computes: one convolution of a small plane, forward, backward, as a matrix.

`convolution_math.js` repeats it in the reader's browser; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

import course_lib.functional as F

OPERATIONS = ("convolution", "cross-correlation")
VIEWS = ("forward", "backward", "matrix")
LARGEST_IMAGE = 12
LARGEST_KERNEL = 3
LIMITS = {"stride": (1, 4), "padding": (0, 3), "dilation": (1, 4)}


def _default_image() -> np.ndarray:
    image = np.zeros((7, 7))
    image[:, 3:] = 6
    image[3:, 3:] = 9
    return image


def _default_kernel() -> np.ndarray:
    return np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])


@dataclass(frozen=True)
class StepperParameters:
    """What the hand can change; `upstream`, the gradient that arrives, is 1 everywhere when None.

    Attributes
    ----------
    image : ndarray
        Shape (H, W), at most 12 a side.
    kernel : ndarray
        Shape (KH, KW), at most 3 a side.
    stride, padding, dilation : int
        The same for rows and columns, within `LIMITS`.
    operation : {"convolution", "cross-correlation"}
    upstream : ndarray or None
        Shape of the output.
    view : {"forward", "backward", "matrix"}
        What of it is drawn; what is computed does not depend on it.
    """

    image: np.ndarray = field(default_factory=_default_image)
    kernel: np.ndarray = field(default_factory=_default_kernel)
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    operation: str = "cross-correlation"
    upstream: np.ndarray | None = None
    view: str = "forward"

    def __post_init__(self) -> None:
        object.__setattr__(self, "image", _plane("image", self.image, LARGEST_IMAGE))
        object.__setattr__(self, "kernel", _plane("kernel", self.kernel, LARGEST_KERNEL))
        for name, (low, high) in LIMITS.items():
            value = getattr(self, name)
            if (
                isinstance(value, bool)
                or not isinstance(value, (int, np.integer))
                or not low <= value <= high
            ):
                raise ValueError(f"{name} must be a whole number from {low} to {high}, got {value!r}")
        for name, known in (("operation", OPERATIONS), ("view", VIEWS)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, got {getattr(self, name)!r}")


def _plane(name: str, values: object, largest: int) -> np.ndarray:
    try:
        plane = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be rows of numbers, all of the same length, got {values!r}") from error
    if plane.ndim != 2 or not all(1 <= size <= largest for size in plane.shape):
        raise ValueError(f"{name} must have 1 to {largest} rows and columns, got shape {plane.shape}")
    if not np.isfinite(plane).all():
        raise ValueError(f"{name} must hold finite numbers only, got {values!r}")
    plane.setflags(write=False)
    return plane


@dataclass(frozen=True)
class StepperResult:
    """What the eye sees. Where `problem` says why nothing fits, `output`, `dx`, `dw` and `matrix` are empty.

    Attributes
    ----------
    problem, remainder : str
        Why there is no output; what part of the padded image no window reaches. Empty where all is well.
    padded : ndarray
        Input with its zeros, shape (H + 2p, W + 2p).
    laid : ndarray
        Kernel as it lies on the image: rotated by 180 degrees in a convolution.
    output : ndarray
        Shape (OH, OW).
    dx : ndarray
        Gradient of the padded input, given `upstream`; its rim is what the padding throws away.
    dw : ndarray
        Gradient of the kernel, in the kernel's own orientation.
    matrix : ndarray
        Shape (OH·OW, H·W): ``matrix @ image.ravel()`` is ``output.ravel()``.
    """

    problem: str
    remainder: str
    padded: np.ndarray
    laid: np.ndarray
    output: np.ndarray
    dx: np.ndarray
    dw: np.ndarray
    matrix: np.ndarray


def extent(size: int, dilation: int) -> int:
    """Return how many pixels `size` kernel cells span when `dilation` pixels apart."""
    return dilation * (size - 1) + 1


def compute(parameters: StepperParameters) -> StepperResult:
    """Do one convolution forward, backward and as a matrix.

    Parameters
    ----------
    parameters : StepperParameters
        Image, kernel and how it moves.

    Returns
    -------
    StepperResult

    Raises
    ------
    ValueError
        If `upstream` has not the shape of the output.
    """
    image, kernel, padding = parameters.image, parameters.kernel, parameters.padding
    flips = parameters.operation == "convolution"
    padded = np.pad(image, padding)
    laid = kernel[::-1, ::-1].copy() if flips else kernel.copy()
    problem = explain_problem(parameters)
    if problem:
        empty = np.zeros((0, 0))
        return StepperResult(problem, "", padded, laid, empty, empty, empty, empty)
    options = {"stride": parameters.stride, "dilation": parameters.dilation}
    x, w = padded[None, None], laid[None, None]
    output = F.conv2d(x, w, **options)
    upstream = (
        np.ones(output.shape[2:]) if parameters.upstream is None else np.asarray(parameters.upstream, float)
    )
    if upstream.shape != output.shape[2:]:
        raise ValueError(f"upstream must have the output's shape {output.shape[2:]}, got {upstream.shape}")
    dx, dw, _ = F.conv2d_backward(upstream[None, None], x, w, needs=("x", "w"), **options)
    return StepperResult(
        problem="",
        remainder=explain_remainder(parameters),
        padded=padded,
        laid=laid,
        output=output[0, 0],
        dx=dx[0, 0],
        dw=dw[0, 0, ::-1, ::-1].copy() if flips else dw[0, 0],
        matrix=as_matrix(parameters, laid),
    )


def as_matrix(parameters: StepperParameters, laid: np.ndarray) -> np.ndarray:
    """Write the layer as a matrix, column by column: what it makes of an image with a single 1.

    Parameters
    ----------
    parameters : StepperParameters
        Image and how the kernel moves.
    laid : ndarray
        Kernel as it lies on the image.

    Returns
    -------
    ndarray
        Shape (OH·OW, H·W).
    """
    height, width = parameters.image.shape
    basis = np.eye(height * width).reshape(-1, 1, height, width)
    columns = F.conv2d(
        basis,
        laid[None, None],
        stride=parameters.stride,
        padding=parameters.padding,
        dilation=parameters.dilation,
    )
    return columns.reshape(height * width, -1).T.copy()


def window(parameters: StepperParameters, row: int, column: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the rows and the columns of the padded input under the kernel at one output cell.

    Parameters
    ----------
    parameters : StepperParameters
        Kernel and how it moves.
    row, column : int
        Output cell.

    Returns
    -------
    rows, columns : ndarray of int
        Shapes (KH,) and (KW,).
    """
    heights, widths = (np.arange(size) * parameters.dilation for size in parameters.kernel.shape)
    return row * parameters.stride + heights, column * parameters.stride + widths


def explain_problem(parameters: StepperParameters) -> str:
    """Say in words why the kernel has no place in the image; empty where it has one."""
    for noun, size, length in zip(("row", "column"), parameters.kernel.shape, parameters.image.shape):
        span, room = extent(size, parameters.dilation), length + 2 * parameters.padding
        if span > room:
            return (
                f"There is no place for the kernel: its {_count(size, noun)} at dilation "
                f"{parameters.dilation} span {_count(span, noun)}, and the padded image has {room}. "
                "Use less dilation, a smaller kernel or more padding."
            )
    return ""


def explain_remainder(parameters: StepperParameters) -> str:
    """Say which last rows and columns no window reaches; empty where all are reached."""
    rows, columns = (
        (length + 2 * parameters.padding - extent(size, parameters.dilation)) % parameters.stride
        for size, length in zip(parameters.kernel.shape, parameters.image.shape)
    )
    parts = [
        f"the last {noun}" if left == 1 else f"the last {left} {noun}s"
        for noun, left in (("row", rows), ("column", columns))
        if left
    ]
    if not parts:
        return ""
    return f"With stride {parameters.stride}, no window reaches {' and '.join(parts)} of the padded image."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
