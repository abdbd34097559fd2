"""Arrays are made once and changed in place, the arguments among them where no prompt forbids it."""

import numpy as np

MINIMUM, MAXIMUM, SADDLE, DEGENERATE = 1, 2, 3, 4
DECAYS, LANDS, OSCILLATES, ENDLESS, DIVERGES = 1, 2, 3, 4, 5


def numerical_hessian(f, theta, h):
    n = theta.size
    H = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            for si, sj in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                before = theta.copy()
                theta[i] += si * h
                theta[j] += sj * h
                H[i, j] += si * sj * f(theta)
                theta[:] = before
    H /= 4 * h**2
    H += H.T
    H *= 0.5
    return H


def curvature(H, v):
    v /= np.sqrt(np.sum(v**2))
    H *= v
    H *= v[:, None]
    return H.sum()


def taylor_model(f, grad, hessian, theta, d):
    model = hessian(theta) @ d
    model /= 2
    model += grad(theta)
    model *= d
    total = model.sum() + f(theta)
    theta += d
    return total, f(theta) - total


def critical_point(H, tol):
    values = np.linalg.eigvalsh(H)
    values /= np.abs(values).max() or 1.0
    values[np.abs(values) <= tol] = 0
    if values.min() < 0 < values.max():
        return SADDLE
    if (values == 0).any():
        return DEGENERATE
    return MINIMUM if values[0] > 0 else MAXIMUM


def hessian_condition(H):
    values = np.linalg.eigvalsh(H)
    values /= values[0]
    return values[-1]


def quadratic_descent(A, theta, lr, steps):
    path = np.empty((steps + 1, theta.size))
    path[0] = theta
    for k in range(steps):
        theta -= lr * (A @ theta)
        path[k + 1] = theta
    return path


def closed_form(A, theta, lr, k):
    A *= -lr
    A[np.diag_indices_from(A)] += 1
    for _ in range(k):
        theta = A @ theta
    return theta


def regimes(eigenvalues, lr):
    eigenvalues *= lr
    names = np.full(eigenvalues.shape, DIVERGES)
    names[eigenvalues == 2] = ENDLESS
    names[eigenvalues < 2] = OSCILLATES
    names[eigenvalues == 1] = LANDS
    names[eigenvalues < 1] = DECAYS
    return names


def rate_limits(A):
    values = np.linalg.eigvalsh(A)
    limits = np.zeros(3)
    limits[0] = 2 / values[-1]
    limits[1] = 2 / (values[0] + values[-1])
    limits[2] = 1
    limits[2] -= limits[1] * values[0]
    return limits[0], limits[1], limits[2]


def ravine_answers():
    answers = np.zeros(5, dtype=int)
    answers[:3] = 4159, 1200, 22
    answers[3:] = 691, 10
    return tuple(answers)


def momentum_descent(A, theta, lr, mu, steps):
    path, velocities = [theta.copy()], [np.zeros_like(theta)]
    velocity = np.zeros_like(theta)
    for _ in range(steps):
        velocity *= mu
        velocity -= lr * (A @ theta)
        theta += velocity
        velocities.append(velocity.copy())
        path.append(theta.copy())
    return np.stack(path), np.stack(velocities)


def constant_slope(gradient, lr, mu, steps):
    gradient *= -lr
    velocity = np.zeros(gradient.shape)
    for _ in range(steps):
        velocity *= mu
        velocity += gradient
    gradient /= 1 - mu
    return velocity, gradient


def newton_step(grad, hessian, theta):
    theta -= np.linalg.solve(hessian(theta), grad(theta))
    return theta


def newton_destination(grad, hessian, theta, steps):
    for _ in range(steps):
        newton_step(grad, hessian, theta)
    return theta, critical_point(hessian(theta), 1e-6)


def mended_descent(A, b, theta, lr, steps):
    theta = theta.copy()
    path = np.empty((steps + 1, theta.size))
    path[0] = theta
    for row in path[1:]:
        theta -= lr * (A @ theta - b)
        row[:] = theta
    return path


def permute_hidden(w1, b1, w2, b2, order):
    w1[:] = w1[order]
    b1[:] = b1[order]
    w2[:] = w2[:, order]
    return w1, b1, w2, b2


def average_of_permutations(w1, b1, w2, b2):
    w1[:] = w1.mean(axis=0)
    b1[:] = b1.mean()
    w2[:] = w2.mean(axis=1, keepdims=True)
    return w1, b1, w2, b2
