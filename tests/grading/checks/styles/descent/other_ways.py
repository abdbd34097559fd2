"""The same results on other ways: other decompositions, all permutations, differences of gradients."""

import itertools
import math

import numpy as np

MINIMUM, MAXIMUM, SADDLE, DEGENERATE = range(1, 5)
DECAYS, LANDS, OSCILLATES, ENDLESS, DIVERGES = range(1, 6)


def numerical_hessian(f, theta, h):
    """Off the diagonal differences of gradients, on it the usual three points."""

    def gradient(x):
        return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))])

    H = np.array([(gradient(theta + e) - gradient(theta - e)) / (2 * h) for e in h * np.eye(len(theta))])
    for i, e in enumerate(h * np.eye(len(theta))):
        H[i, i] = (f(theta + e) - 2 * f(theta) + f(theta - e)) / h**2
    return H


def curvature(H, v):
    values, Q = np.linalg.eigh(H)
    shares = (Q.T @ v) ** 2
    return np.average(values, weights=shares)


def taylor_model(f, grad, hessian, theta, d):
    """Along the line theta + t·d the model is a parabola in t, here at t = 1."""
    parabola = np.polynomial.Polynomial(
        [f(theta), grad(theta) @ d, d @ hessian(theta) @ d / math.factorial(2)]
    )
    return parabola(1.0), f(theta + d) - parabola(1.0)


def critical_point(H, tol):
    values = np.real(np.linalg.eigvals(H))
    zero = np.abs(values) <= tol * np.linalg.norm(values, np.inf)
    up, down = ((values > 0) & ~zero).any(), ((values < 0) & ~zero).any()
    match bool(up), bool(down), bool(zero.any()):
        case True, True, _:
            return SADDLE
        case True, False, False:
            return MINIMUM
        case False, True, False:
            return MAXIMUM
    return DEGENERATE


def hessian_condition(H):
    return np.linalg.cond(H)


def quadratic_descent(A, theta, lr, steps):
    M = np.eye(len(A)) - lr * A
    return np.array([np.linalg.matrix_power(M, k) @ theta for k in range(steps + 1)])


def closed_form(A, theta, lr, k):
    return np.linalg.matrix_power(np.eye(len(theta)) - lr * A, k) @ theta


def regimes(eigenvalues, lr):
    return (
        np.searchsorted([1.0, 2.0], lr * eigenvalues, "left")
        + np.searchsorted([1.0, 2.0], lr * eigenvalues, "right")
        + 1
    )


def rate_limits(A):
    high = np.linalg.norm(A, 2)
    low = 1 / np.linalg.norm(np.linalg.inv(A), 2)
    best = 1 / ((low + high) / 2)
    return 2 / high, best, np.linalg.norm(np.eye(len(A)) - best * A, 2)


def ravine_answers():
    names = {"raw": 4158.5427, "centred": 1199.9965, "scaled": 21.9119, "slow": 691, "fast": 10}
    return tuple(round(value) for value in names.values())


def momentum_descent(A, theta, lr, mu, steps):
    """The velocity is the difference of two points: a three-term recurrence."""
    points = [theta, theta]
    for _ in range(steps):
        points.append(points[-1] + mu * (points[-1] - points[-2]) - lr * A @ points[-1])
    points = np.array(points)
    return points[1:], np.diff(points, axis=0)


def constant_slope(gradient, lr, mu, steps):
    terminal = gradient * (lr / (mu - 1))
    return terminal - mu**steps * terminal, terminal


def newton_step(grad, hessian, theta):
    Q, R = np.linalg.qr(hessian(theta))
    return theta - np.linalg.solve(R, Q.T @ grad(theta))


def newton_destination(grad, hessian, theta, steps):
    if steps == 0:
        return theta, critical_point(hessian(theta), 1e-6)
    return newton_destination(grad, hessian, newton_step(grad, hessian, theta), steps - 1)


def mended_descent(A, b, theta, lr, steps):
    def points():
        point = theta
        yield point
        for _ in range(steps):
            point = point + lr * (b - A @ point)
            yield point

    return np.array(list(points()))


def permute_hidden(w1, b1, w2, b2, order):
    return np.take(w1, order, axis=0), np.take(b1, order), np.take(w2.T, order, axis=0).T, b2


def average_of_permutations(w1, b1, w2, b2):
    total = [0, 0, 0, 0]
    for order in itertools.permutations(range(len(b1))):
        copy = permute_hidden(w1, b1, w2, b2, list(order))
        total = [t + c for t, c in zip(total, copy)]
    return tuple(t / math.factorial(len(b1)) for t in total)
