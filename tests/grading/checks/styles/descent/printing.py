"""With debug prints, assertions and helpers left in, and answers converted more often than needed."""

import numpy as np

MINIMUM, MAXIMUM, SADDLE, DEGENERATE = 1, 2, 3, 4
DECAYS, LANDS, OSCILLATES, ENDLESS, DIVERGES = 1, 2, 3, 4, 5


def eigenvalues_of(H):
    values, _ = np.linalg.eig(np.array(H))
    assert np.allclose(np.imag(values), 0)
    return np.sort(np.real(values))


def numerical_hessian(f, theta, h):
    print("f at theta:", f(theta))
    H = np.full((len(theta), len(theta)), np.nan)
    for (i, j), _ in np.ndenumerate(H):
        ei, ej = np.eye(len(theta))[i], np.eye(len(theta))[j]
        plus = (f(theta + h * ei + h * ej) - f(theta + h * ei - h * ej)) / (2 * h)
        minus = (f(theta - h * ei + h * ej) - f(theta - h * ei - h * ej)) / (2 * h)
        H[i, j] = (plus - minus) / (2 * h)
    print(H)
    return H


def curvature(H, v):
    direction = np.array(v) / np.sqrt(np.dot(v, v))
    print("length", np.linalg.norm(direction))
    return np.dot(direction, np.dot(H, direction))


def taylor_model(f, grad, hessian, theta, d):
    terms = [f(theta), np.inner(grad(theta), d), 0.5 * np.inner(d, np.dot(hessian(theta), d))]
    print("constant, slope, bend:", terms)
    model = np.sum(terms)
    print("cost there:", f(theta + d))
    return np.float64(model), np.float64(f(theta + d) - model)


def critical_point(H, tol):
    values = eigenvalues_of(H)
    print(values)
    small, large = values[0], values[-1]
    zero = tol * max(abs(small), abs(large))
    if small < -zero:
        if large > zero:
            return SADDLE
        return MAXIMUM if large < -zero else DEGENERATE
    return MINIMUM if small > zero else DEGENERATE


def hessian_condition(H):
    values = eigenvalues_of(H)
    print("from", values[0], "to", values[-1])
    return np.float64(values[-1]) / np.float64(values[0])


def quadratic_descent(A, theta, lr, steps):
    path = np.array([theta], dtype=float)
    for _ in range(steps):
        new = path[-1] - lr * np.dot(A, path[-1])
        print(new)
        path = np.vstack([path, new])
    assert path.shape == (steps + 1, len(theta))
    return path


def closed_form(A, theta, lr, k):
    values, Q = np.linalg.eigh(A)
    print("factors", 1 - lr * values)
    components = np.linalg.solve(Q, theta)
    return np.dot(Q, np.power(1 - lr * values, k) * components)


def regimes(eigenvalues, lr):
    def one(value):
        print(value)
        return {True: {True: DECAYS, False: LANDS}[value < 1]}.get(
            value <= 1, OSCILLATES if value < 2 else ENDLESS if value == 2 else DIVERGES
        )

    return np.array(list(map(one, np.array(eigenvalues) * lr)))


def rate_limits(A):
    values = eigenvalues_of(A)
    print("condition", values[-1] / values[0])
    limit = np.float64(2.0) / values[-1]
    best = np.float64(2.0) / (values[0] + values[-1])
    return limit, best, np.abs(1 - best * values).max()


def ravine_answers():
    answers = 4159, 1200, 22, 691, 10
    print(answers)
    return answers


def momentum_descent(A, theta, lr, mu, steps):
    if steps == 0:
        return np.array([theta]), np.zeros((1, len(theta)))
    path, velocities = momentum_descent(A, theta, lr, mu, steps - 1)
    velocity = mu * velocities[-1] - lr * np.dot(A, path[-1])
    print(velocity)
    return np.vstack([path, path[-1] + velocity]), np.vstack([velocities, velocity])


def constant_slope(gradient, lr, mu, steps):
    v = np.array(gradient) * 0.0
    history = [v]
    while len(history) <= steps:
        history.append(mu * history[-1] - lr * gradient)
    print(history)
    return history[steps], np.divide(-lr * gradient, 1 - mu)


def newton_step(grad, hessian, theta):
    g, H = np.array(grad(theta), dtype=float), np.array(hessian(theta), dtype=float)
    assert H.shape == (len(g), len(g))
    print("solve", H, g)
    return theta + np.linalg.solve(-H, g)


def newton_destination(grad, hessian, theta, steps):
    point = np.array(theta, dtype=float)
    for k in range(steps):
        point = newton_step(grad, hessian, point)
        print("step", k, point)
    H = hessian(point)
    return point, critical_point(H, tol=1e-6)


def mended_descent(A, b, theta, lr, steps):
    point = np.array(theta)
    path = [np.array(point)]
    for _ in range(steps):
        point -= lr * (np.dot(A, point) - b)
        path.append(np.array(point))
        print(point)
    return np.vstack(path)


def permute_hidden(w1, b1, w2, b2, order):
    assert sorted(order) == list(range(len(b1)))
    print(order)
    units = [(w1[k], b1[k], w2[:, k]) for k in order]
    rows, biases, columns = zip(*units)
    return np.array(rows), np.array(biases), np.column_stack(columns), b2.copy()


def average_of_permutations(w1, b1, w2, b2):
    cyclic = [np.roll(np.arange(len(b1)), shift) for shift in range(len(b1))]
    copies = [permute_hidden(w1, b1, w2, b2, order) for order in cyclic]
    print(len(copies), "cyclic orders have the same average as all")
    return tuple(np.mean([copy[place] for copy in copies], axis=0) for place in range(4))
