"""Whole arrays at once: einsum, broadcasting, powers, no loop where none is needed."""

import numpy as np

MINIMUM, MAXIMUM, SADDLE, DEGENERATE = 1, 2, 3, 4
DECAYS, LANDS, OSCILLATES, ENDLESS, DIVERGES = 1, 2, 3, 4, 5


def numerical_hessian(f, theta, h):
    e = h * np.eye(len(theta))
    signs = np.array([1, -1])
    points = (
        theta
        + signs[:, None, None, None, None] * e[None, None, :, None, :]
        + signs[None, :, None, None, None] * e[None, None, None, :, :]
    )
    values = np.apply_along_axis(f, -1, points)
    return np.einsum("p,q,pqij->ij", signs, signs, values) / (4 * h**2)


def curvature(H, v):
    return np.einsum("i,ij,j->", v, H, v) / np.einsum("i,i->", v, v)


def taylor_model(f, grad, hessian, theta, d):
    model = f(theta) + np.einsum("i,i->", grad(theta), d) + np.einsum("i,ij,j->", d, hessian(theta), d) / 2
    return tuple(np.array([model, f(theta + d) - model]))


def critical_point(H, tol):
    values = np.linalg.eigvalsh(H)
    signs = np.where(np.abs(values) <= tol * np.abs(values).max(), 0, np.sign(values))
    if signs.min() * signs.max() < 0:
        return SADDLE
    if (signs == 0).any():
        return DEGENERATE
    return MINIMUM if signs.sum() > 0 else MAXIMUM


def hessian_condition(H):
    return np.divide(*np.linalg.eigvalsh(H)[[-1, 0]])


def quadratic_descent(A, theta, lr, steps):
    values, Q = np.linalg.eigh(A)
    factors = (1 - lr * values) ** np.arange(steps + 1)[:, None]
    return np.einsum("ij,kj,lj,l->ki", Q, factors, Q, theta)


def closed_form(A, theta, lr, k):
    values, Q = np.linalg.eigh(A)
    return np.einsum("ij,j,lj,l->i", Q, (1 - lr * values) ** k, Q, theta)


def regimes(eigenvalues, lr):
    product = lr * np.asarray(eigenvalues)
    return 1 + (product >= 1) + (product > 1) + (product >= 2) + (product > 2)


def rate_limits(A):
    low, high = np.linalg.eigvalsh(A)[[0, -1]]
    return tuple(np.array([2 / high, 2 / (low + high), (high - low) / (high + low)]))


def ravine_answers():
    return tuple(np.array([4159.0, 1200.0, 22.0, 691.0, 10.0]))


def momentum_descent(A, theta, lr, mu, steps):
    n = len(theta)
    eye = np.eye(n)
    block = np.block([[eye - lr * A, mu * eye], [-lr * A, mu * eye]])
    states = [np.concatenate([theta, np.zeros(n)])]
    for _ in range(steps):
        states.append(block @ states[-1])
    states = np.stack(states)
    return states[:, :n], states[:, n:]


def constant_slope(gradient, lr, mu, steps):
    weights = np.power(mu, np.arange(steps))
    return -lr * np.outer(weights, gradient).sum(axis=0), -lr * gradient / (1 - mu)


def newton_step(grad, hessian, theta):
    return theta - np.einsum("ij,j->i", np.linalg.inv(hessian(theta)), grad(theta))


def newton_destination(grad, hessian, theta, steps):
    points = [theta]
    for _ in range(steps):
        points.append(newton_step(grad, hessian, points[-1]))
    return points[-1], critical_point(hessian(points[-1]), 1e-6)


def mended_descent(A, b, theta, lr, steps):
    lowest = np.linalg.solve(A, b)
    return lowest + quadratic_descent(A, theta - lowest, lr, steps)


def permute_hidden(w1, b1, w2, b2, order):
    P = np.eye(len(order))[order]
    return np.einsum("pk,ki->pi", P, w1), P @ b1, np.einsum("ok,pk->op", w2, P), b2


def average_of_permutations(w1, b1, w2, b2):
    ones = np.ones((len(b1), 1))
    return ones * w1.mean(axis=0), ones[:, 0] * b1.mean(), w2.mean(axis=1, keepdims=True) * ones.T, b2
