"""What the widget on quadratics says: an outcome, a table, alt text, and the code that walks the path."""

from __future__ import annotations

import html

import numpy as np

from course_lib.geometry import momentum_limit
from course_lib.plots.palette import BLUE, ORANGE, SKY_BLUE, VERMILLION
from course_lib.widgets.quadratic_paths import (
    GRADIENT,
    MOMENTUM,
    NESTEROV,
    NEWTON,
    STEPS,
    WITH_MOMENTUM,
    DescentParameters,
    DescentResult,
    eigenpairs,
)
from course_lib.widgets.tidy_numbers import tidy

_DOING = {
    "ascent": "grows, because λ < 0",
    "stands still": "stands still",
    "one step": "gone after one step",
    "decay": "decay",
    "damped oscillation": "oscillation",
    "endless oscillation": "oscillates for ever",
    "divergence": "divergence",
}
_UPDATES = {
    GRADIENT: ("theta = theta - alpha * (A @ theta)",),
    MOMENTUM: ("v = mu * v - alpha * (A @ theta)", "theta = theta + v"),
    NESTEROV: ("v = mu * v - alpha * (A @ (theta + mu * v))", "theta = theta + v"),
    NEWTON: ("theta = theta - alpha * np.linalg.solve(A, A @ theta)",),
}
_SUBSCRIPTS = "₁₂"
_CELL = "padding:0 12px 0 0;text-align:left;white-space:nowrap"


def doing(result: DescentResult, number: int) -> str:
    """Say what the component along an eigenvector (0 or 1) does."""
    name, period = result.regimes[number], result.periods[number]
    turn = f", {period:.3g} steps a turn" if name == "damped oscillation" else ""
    return _DOING[name] + turn


def outcome(result: DescentResult) -> str:
    """Say whether the path converges and how fast, or why it does not."""
    slowest, method = float(result.factors.max()), result.parameters.method
    low, high = result.eigenvalues
    if result.parameters.lr == 0:
        return "With a rate of 0 nothing moves."
    if method == NEWTON and low < 0 and slowest < 1:
        kind = "saddle" if high > 0 else "maximum"
        return f"Newton's method goes to the critical point, which is a {kind}: where λ < 0, it climbs."
    if method != NEWTON and low < 0:
        return "There is no minimum: λ₁ < 0, and what component there is along q₁ grows without end."
    if slowest > 1 + 1e-12:
        if method == NEWTON:
            return "Diverges: each step is more than twice that of Newton."
        limit = momentum_limit(result.probe[1], nesterov=method == NESTEROV)
        formula = {GRADIENT: "", MOMENTUM: "2(1 + μ) = ", NESTEROV: "(2 + 2μ)/(1 + 2μ) = "}[method]
        return f"Diverges along q₂: αλ₂ = {tidy(result.probe[0])} is above {formula}{tidy(limit)}."
    if slowest > 1 - 1e-12:
        return "Does not converge: a component keeps its size for ever."
    if slowest < 1e-9:
        return "Lands on the minimum at once."
    steps = int(np.ceil(np.log(0.01) / np.log(slowest)))
    return (
        f"Converges: in the long run a step leaves {slowest:.3f} of the slowest component, a hundredth after "
        f"about {steps} step{'s' if steps > 1 else ''}."
    )


def comparison(result: DescentResult) -> str:
    """Say what the best settings would do; empty where there are none, or where Newton needs none."""
    plain, pair = result.best_plain, result.best_pair
    if plain is None or pair is None or result.parameters.method == NEWTON:
        return ""
    name = "Nesterov" if result.parameters.method == NESTEROV else "momentum"
    return (
        f"Best here: {plain.factor:.3f} without momentum (○, α = {tidy(plain.lr)}), {pair.factor:.3f} with "
        f"{name} (☆, α = {tidy(pair.lr)}, μ = {pair.momentum:.2f})."
    )


def alt_text(result: DescentResult) -> str:
    """Describe the whole picture for someone who cannot see it."""
    given = result.parameters
    method = given.method if result.probe[1] == 0 else f"{given.method} of {result.probe[1]:.2f}"
    parts = [
        f"along q{_SUBSCRIPTS[number]} (λ = {tidy(value)}): {doing(result, number)}, "
        f"factor {result.factors[number]:.3f}"
        for number, value in enumerate(result.eigenvalues)
    ]
    x, y = result.path[0]
    return (
        f"Descent on a quadratic by {method} with rate {tidy(given.lr)} from ({tidy(x)}, {tidy(y)}), drawn "
        f"over lines of equal cost and along the eigenvectors; {'; '.join(parts)}. After {STEPS} steps the "
        f"cost is {tidy(result.costs[-1])}. A map shows what a step leaves for every rate and momentum."
    )


def table_html(result: DescentResult, *, dark: bool) -> str:
    """Write a row for each eigenvector and what happens along it, and where the marked step is.

    Parameters
    ----------
    result : DescentResult
    dark : bool
        Colours for a dark page, those of the picture.

    Returns
    -------
    str
        HTML.
    """
    colours = (SKY_BLUE, ORANGE) if dark else (BLUE, VERMILLION)
    names = ("along", "λ", "αλ", "factor a step", "what it does")
    heads = "".join(f'<th scope="col" style="{_CELL};font-weight:600">{name}</th>' for name in names)
    rows = ""
    for number, value in enumerate(result.eigenvalues):
        swatch = f'<span aria-hidden="true" style="color:{colours[number]}">●</span>'
        cells = (
            f"{swatch} q{_SUBSCRIPTS[number]}",
            tidy(value),
            tidy(result.parameters.lr * value),
            f"{result.factors[number]:.4f}",
            html.escape(doing(result, number)),
        )
        rows += "<tr>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>"
    k = result.parameters.step
    x, y = result.path[k]
    end = f"Step {k}: θ = ({tidy(x)}, {tidy(y)}), J = {tidy(result.costs[k])}"
    return (
        '<table style="border-collapse:collapse;line-height:20px;font-variant-numeric:tabular-nums">'
        f'<tr>{heads}</tr>{rows}</table><div style="line-height:20px">{end}</div>'
    )


def code_lines(parameters: DescentParameters) -> str:
    """Write the loop with the present numbers in it; `theta` ends at the last point of the path.

    Parameters
    ----------
    parameters : DescentParameters
        What the widget shows.

    Returns
    -------
    str
        Lines of Python that need `np` alone.
    """
    values, Q = eigenpairs(parameters)
    (a, b), (_, c) = Q @ np.diag(values) @ Q.T
    start = f"np.array([{parameters.theta1:.5g}, {parameters.theta2:.5g}])"
    rate, momentum = f"{parameters.lr:.5g}", f"{parameters.momentum:.5g}"
    heavy = parameters.method in WITH_MOMENTUM
    return "\n".join(
        [
            f"A = np.array([[{a:.5g}, {b:.5g}], [{b:.5g}, {c:.5g}]])",
            f"theta, v = {start}, np.zeros(2)" if heavy else f"theta = {start}",
            f"alpha, mu = {rate}, {momentum}" if heavy else f"alpha = {rate}",
            f"for _ in range({STEPS}):",
            *(f"    {line}" for line in _UPDATES[parameters.method]),
        ]
    )
