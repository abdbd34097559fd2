"""taylor_model(f, grad, hessian, theta, d): constant, slope and bend, and what they leave out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.matrices import with_eigenvalues
from grading.checks.descent.references import taylor_model as reference
from grading.checks.functions import FunctionArgument, formula
from grading.checks.small_numbers import fill

Array = np.ndarray
Cost = Callable[[Array], float]
Field = Callable[[Array], Array]
Terms = Callable[[float, Array, Array, Array], float]


def _model(terms: Terms) -> Callable[..., float]:
    """Return a model made of other terms of (value, gradient, Hessian, step)."""
    return lambda f, grad, hessian, theta, d: terms(f(theta), grad(theta), np.asarray(hessian(theta)), d)


def _right(value: float, g: Array, H: Array, d: Array) -> float:
    return value + g @ d + d @ H @ d / 2


def _derivatives_ahead(f: Cost, grad: Field, hessian: Field, theta: Array, d: Array) -> float:
    return _right(f(theta), grad(theta + d), np.asarray(hessian(theta + d)), d)


def _hessian_ahead(f: Cost, grad: Field, hessian: Field, theta: Array, d: Array) -> float:
    return _right(f(theta), grad(theta), np.asarray(hessian(theta + d)), d)


def _all_ahead(f: Cost, grad: Field, hessian: Field, theta: Array, d: Array) -> float:
    return _right(f(theta + d), grad(theta + d), np.asarray(hessian(theta + d)), d)


def _to_the_point(f: Cost, grad: Field, hessian: Field, theta: Array, d: Array) -> float:
    return reference(f, grad, hessian, theta, d - theta)[0]


def _error(f: Cost, grad: Field, hessian: Field, theta: Array, d: Array) -> float:
    return reference(f, grad, hessian, theta, d)[1]


MISCONCEPTIONS = (
    Misconception(
        "model-without-half",
        "the ½ before the bend is missing",
        "The second derivative of ½·h·d² is h: without the ½ the model bends twice as much as the cost.",
        sections.MODEL,
        (_model(lambda value, g, H, d: value + g @ d + d @ H @ d),),
        output="model",
    ),
    Misconception(
        "model-is-linear",
        "the bend is missing",
        "Constant and slope make the tangent plane. The second order adds ½·dᵀHd.",
        sections.MODEL,
        (_model(lambda value, g, H, d: value + g @ d),),
        output="model",
    ),
    Misconception(
        "model-without-slope",
        "the slope is missing",
        "Only at a critical point the gradient is 0. Elsewhere add gradient·d.",
        sections.MODEL,
        (_model(lambda value, g, H, d: value + d @ H @ d / 2),),
        output="model",
    ),
    Misconception(
        "model-without-value",
        "the value at theta is missing",
        "Slope and bend say how much the cost changes. Add the cost at theta itself.",
        sections.MODEL,
        (_model(lambda value, g, H, d: g @ d + d @ H @ d / 2),),
        output="model",
    ),
    Misconception(
        "model-turned-around",
        "a sign is wrong",
        "All three terms are added: f + gradient·d + ½·dᵀHd.",
        sections.MODEL,
        (
            _model(lambda value, g, H, d: value - g @ d + d @ H @ d / 2),
            _model(lambda value, g, H, d: value + g @ d - d @ H @ d / 2),
        ),
        output="model",
    ),
    Misconception(
        "model-made-elsewhere",
        "derivatives are taken where the step ends",
        "The model knows the cost at theta alone: value, gradient and Hessian all belong there.",
        sections.MODEL,
        (_derivatives_ahead, _hessian_ahead, _all_ahead),
        output="model",
    ),
    Misconception(
        "model-takes-the-step-for-a-point",
        "d is taken for the point where the step ends",
        "d is the step itself: do not subtract theta from it.",
        sections.MODEL,
        (_to_the_point,),
        output="model",
    ),
    Misconception(
        "model-bends-along-axes-alone",
        "only the diagonal of the Hessian is used",
        "The mixed derivatives bend the cost, too: ½·dᵀHd with the whole matrix.",
        sections.MODEL,
        (_model(lambda value, g, H, d: value + g @ d + np.diag(H) @ d**2 / 2),),
        output="model",
    ),
    Misconception(
        "model-is-the-cost",
        "the cost itself is returned",
        "The model is made of value, gradient and Hessian at theta; the cost at theta + d serves for the "
        "error.",
        sections.MODEL,
        (lambda f, grad, hessian, theta, d: f(theta + d), lambda f, grad, hessian, theta, d: f(theta)),
        output="model",
    ),
    Misconception(
        "error-turned-around",
        "the error has the other sign, or none",
        "The error is cost minus model, with its sign: positive where the cost lies above the model.",
        sections.MODEL,
        (lambda *call: -_error(*call), lambda *call: abs(_error(*call))),
        output="error",
    ),
    Misconception(
        "error-from-another-point",
        "the model is compared with the cost at another point",
        "The model speaks of theta + d: compare it with the cost there.",
        sections.MODEL,
        (
            lambda f, *rest: f(rest[2]) - reference(f, *rest)[0],
            lambda f, *rest: f(rest[3]) - reference(f, *rest)[0],
        ),
        output="error",
    ),
    Misconception(
        "error-relative",
        "the error is divided",
        "Asked for is the difference itself, cost minus model.",
        sections.MODEL,
        (
            lambda f, *rest: _error(f, *rest) / f(rest[2] + rest[3]),
            lambda f, *rest: _error(f, *rest) / reference(f, *rest)[0],
        ),
        output="error",
    ),
)
Landscape = tuple[FunctionArgument, FunctionArgument, FunctionArgument]


def _cubic(A: Array, c: Array) -> Landscape:
    return (
        formula("f(x) = x @ A @ x / 2 + c @ x**3 + 1", A=A, c=c),
        formula("grad(x) = A @ x + 3 * c * x**2", A=A, c=c),
        formula("hessian(x) = A + diag(6 * c * x)", A=A, c=c),
    )


def around(rng: np.random.Generator, values: tuple[float, ...], at: str, numbers: str) -> Example:
    """Build a call; at "the origin" the point is a critical one."""
    size = len(values)
    theta = fill(rng, (size,)) if at == "anywhere" else np.zeros(size)
    landscape = _cubic(with_eigenvalues(*values), fill(rng, (size,)))
    return example(*landscape, theta, fill(rng, (size,), numbers))


RNG = np.random.default_rng(17)
FIXED = (
    example(
        formula("f(x) = x[0]**3"),
        formula("grad(x) = 3 * x**2"),
        formula("hessian(x) = diag(6 * x)"),
        np.array([1.0]),
        np.array([1.0]),
        note="the example of the prompt",
    ),
    around(RNG, (2.0, 5.0), "anywhere", "whole"),
    around(RNG, (1.0, -2.0), "the origin", "halves"),
    example(
        formula("f(x) = exp(x[0]) * x[1]"),
        formula("grad(x) = array([exp(x[0]) * x[1], exp(x[0])])"),
        formula("hessian(x) = array([[exp(x[0]) * x[1], exp(x[0])], [exp(x[0]), 0]])"),
        np.array([0.0, 2.0]),
        np.array([-0.5, 0.25]),
    ),
)
DRAWN = Drawn(
    around,
    {
        "values": ((2.0,), (1.0, 3.0), (1.0, -2.0), (2.0, -1.0, 4.0)),
        "at": ("anywhere", "the origin"),
        "numbers": ("whole", "halves"),
    },
)


def _magnitude(f: Cost, grad: Field, hessian: Field, theta: Array, d: Array) -> tuple[float, float]:
    """Where terms cancel, only rounding is left: a millionth of them counts at least."""
    model, error = reference(f, grad, hessian, theta, d)
    size = np.abs(d)
    terms = abs(f(theta)) + np.abs(grad(theta)) @ size + size @ np.abs(hessian(theta)) @ size
    return max(abs(model), 1e-6 * terms), max(abs(error), 1e-6 * (terms + abs(f(theta + d))))


check = Check(
    name="taylor_model",
    signature="(f, grad, hessian, theta, d)",
    section=sections.MODEL,
    reference=reference,
    outputs=("model", "error"),
    magnitude=_magnitude,
    parts=(
        Part("the model", 2, FIXED, DRAWN, output="model"),
        Part("its error", 1, FIXED, DRAWN, output="error"),
    ),
    misconceptions=MISCONCEPTIONS,
)
