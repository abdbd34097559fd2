"""As a textbook would: the formulas of the prompts, one line after the other."""

import numpy as np

MINIMUM, MAXIMUM, SADDLE, DEGENERATE = 1, 2, 3, 4
DECAYS, LANDS, OSCILLATES, ENDLESS, DIVERGES = 1, 2, 3, 4, 5


def numerical_hessian(f, theta, h):
    n = len(theta)
    H = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            a, b = np.zeros(n), np.zeros(n)
            a[i], b[j] = h, h
            H[i, j] = (f(theta + a + b) - f(theta + a - b) - f(theta - a + b) + f(theta - a - b)) / (
                4 * h * h
            )
    return H


def curvature(H, v):
    return v @ H @ v / (v @ v)


def taylor_model(f, grad, hessian, theta, d):
    g = grad(theta)
    H = hessian(theta)
    model = f(theta) + np.dot(g, d) + d @ H @ d / 2
    error = f(theta + d) - model
    return model, error


def critical_point(H, tol):
    values = np.linalg.eigvalsh(H)
    threshold = tol * np.max(np.abs(values))
    positive = np.sum(values > threshold)
    negative = np.sum(values < -threshold)
    if positive and negative:
        return SADDLE
    if positive == len(values):
        return MINIMUM
    if negative == len(values):
        return MAXIMUM
    return DEGENERATE


def hessian_condition(H):
    values = np.linalg.eigvalsh(H)
    return values.max() / values.min()


def quadratic_descent(A, theta, lr, steps):
    path = np.zeros((steps + 1, len(theta)))
    path[0] = theta
    for k in range(steps):
        path[k + 1] = path[k] - lr * A @ path[k]
    return path


def closed_form(A, theta, lr, k):
    eigenvalues, Q = np.linalg.eigh(A)
    return Q @ np.diag((1 - lr * eigenvalues) ** k) @ Q.T @ theta


def regimes(eigenvalues, lr):
    result = []
    for eigenvalue in eigenvalues:
        product = lr * eigenvalue
        if product < 1:
            result.append(DECAYS)
        elif product == 1:
            result.append(LANDS)
        elif product < 2:
            result.append(OSCILLATES)
        elif product == 2:
            result.append(ENDLESS)
        else:
            result.append(DIVERGES)
    return result


def rate_limits(A):
    values = np.linalg.eigvalsh(A)
    kappa = values[-1] / values[0]
    return 2 / values[-1], 2 / (values[0] + values[-1]), (kappa - 1) / (kappa + 1)


def ravine_answers():
    return 4159, 1200, 22, 691, 10


def momentum_descent(A, theta, lr, mu, steps):
    path = np.zeros((steps + 1, len(theta)))
    velocities = np.zeros((steps + 1, len(theta)))
    path[0] = theta
    for k in range(steps):
        velocities[k + 1] = mu * velocities[k] - lr * A @ path[k]
        path[k + 1] = path[k] + velocities[k + 1]
    return path, velocities


def constant_slope(gradient, lr, mu, steps):
    velocity = np.zeros_like(gradient)
    for _ in range(steps):
        velocity = mu * velocity - lr * gradient
    return velocity, -lr * gradient / (1 - mu)


def newton_step(grad, hessian, theta):
    g = grad(theta)
    H = hessian(theta)
    return theta - np.linalg.solve(H, g)


def newton_destination(grad, hessian, theta, steps):
    for _ in range(steps):
        theta = newton_step(grad, hessian, theta)
    return theta, critical_point(hessian(theta), 1e-6)


def mended_descent(A, b, theta, lr, steps):
    path = [theta]
    for _ in range(steps):
        gradient = A @ theta - b
        theta = theta - lr * gradient
        path.append(theta)
    return np.array(path)


def permute_hidden(w1, b1, w2, b2, order):
    return w1[order, :], b1[order], w2[:, order], b2


def average_of_permutations(w1, b1, w2, b2):
    K = len(b1)
    return (
        np.tile(w1.mean(axis=0), (K, 1)),
        np.full(K, b1.mean()),
        np.tile(w2.mean(axis=1)[:, None], (1, K)),
        b2,
    )
