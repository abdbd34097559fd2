"""Element by element, with indices and no array operation that could be avoided."""

import math

import numpy as np

MINIMUM, MAXIMUM, SADDLE, DEGENERATE = 1, 2, 3, 4
DECAYS, LANDS, OSCILLATES, ENDLESS, DIVERGES = 1, 2, 3, 4, 5


def shifted(theta, i, di, j, dj):
    point = theta.copy()
    point[i] += di
    point[j] += dj
    return point


def numerical_hessian(f, theta, h):
    n = len(theta)
    H = np.empty((n, n))
    for i in range(n):
        for j in range(i + 1):
            total = 0.0
            for si in (1, -1):
                for sj in (1, -1):
                    total += si * sj * f(shifted(theta, i, si * h, j, sj * h))
            H[i, j] = H[j, i] = total / (2 * h) ** 2
    return H


def times(A, x):
    return [sum(A[i, j] * x[j] for j in range(len(x))) for i in range(len(A))]


def curvature(H, v):
    length = math.sqrt(sum(x * x for x in v))
    total = 0.0
    for i in range(len(v)):
        for j in range(len(v)):
            total += v[i] / length * H[i, j] * v[j] / length
    return total


def taylor_model(f, grad, hessian, theta, d):
    g, H = grad(theta), hessian(theta)
    model = f(theta)
    for i in range(len(d)):
        model += g[i] * d[i]
        for j in range(len(d)):
            model += d[i] * H[i, j] * d[j] / 2
    end = theta.copy()
    for i in range(len(d)):
        end[i] += d[i]
    return model, f(end) - model


def critical_point(H, tol):
    up = down = zero = 0
    values = list(np.linalg.eigvalsh(H))
    largest = max(abs(value) for value in values)
    for value in values:
        if abs(value) <= tol * largest:
            zero += 1
        elif value > 0:
            up += 1
        else:
            down += 1
    if up > 0 and down > 0:
        return SADDLE
    if zero > 0:
        return DEGENERATE
    return MINIMUM if up > 0 else MAXIMUM


def hessian_condition(H):
    smallest = largest = None
    for value in np.linalg.eigvalsh(H):
        smallest = value if smallest is None or value < smallest else smallest
        largest = value if largest is None or value > largest else largest
    return largest / smallest


def quadratic_descent(A, theta, lr, steps):
    path = np.zeros((steps + 1, len(theta)))
    for i in range(len(theta)):
        path[0, i] = theta[i]
    for k in range(1, steps + 1):
        for i in range(len(theta)):
            slope = 0.0
            for j in range(len(theta)):
                slope += A[i, j] * path[k - 1, j]
            path[k, i] = path[k - 1, i] - lr * slope
    return path


def closed_form(A, theta, lr, k):
    values, Q = np.linalg.eigh(A)
    result = np.zeros(len(theta))
    for i in range(len(values)):
        component = sum(Q[j, i] * theta[j] for j in range(len(theta)))
        for j in range(len(theta)):
            result[j] += (1 - lr * values[i]) ** k * component * Q[j, i]
    return result


def regimes(eigenvalues, lr):
    found = np.zeros(len(eigenvalues), dtype=int)
    for i in range(len(eigenvalues)):
        factor = 1 - lr * eigenvalues[i]
        if factor > 0:
            found[i] = DECAYS
        elif factor == 0:
            found[i] = LANDS
        elif factor > -1:
            found[i] = OSCILLATES
        elif factor == -1:
            found[i] = ENDLESS
        else:
            found[i] = DIVERGES
    return found


def rate_limits(A):
    values = sorted(float(value) for value in np.linalg.eigvalsh(A))
    best = 2 / (values[0] + values[-1])
    return 2 / values[-1], best, abs(1 - best * values[-1])


def ravine_answers():
    answers = [0] * 5
    for i in range(3):
        answers[i] = round((4158.543, 1199.996, 21.912)[i])
    answers[3], answers[4] = 691, 10
    return tuple(answers)


def momentum_descent(A, theta, lr, mu, steps):
    path = [[float(x) for x in theta]]
    velocities = [[0.0 for _ in theta]]
    for _ in range(steps):
        slope = times(A, path[-1])
        velocities.append([mu * v - lr * g for v, g in zip(velocities[-1], slope)])
        path.append([x + v for x, v in zip(path[-1], velocities[-1])])
    return np.array(path), np.array(velocities)


def constant_slope(gradient, lr, mu, steps):
    pushes = 0.0
    for i in range(steps):
        pushes += mu**i
    velocity = [-lr * pushes * g for g in gradient]
    terminal = [-lr * g / (1 - mu) for g in gradient]
    return np.array(velocity), np.array(terminal)


def newton_step(grad, hessian, theta):
    rows = [list(map(float, row)) + [float(g)] for row, g in zip(hessian(theta), grad(theta))]
    n = len(rows)
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(n):
            if r != i:
                share = rows[r][i] / rows[i][i]
                rows[r] = [x - share * y for x, y in zip(rows[r], rows[i])]
    return np.array([theta[i] - rows[i][n] / rows[i][i] for i in range(n)])


def newton_destination(grad, hessian, theta, steps):
    done = 0
    while done < steps:
        theta = newton_step(grad, hessian, theta)
        done += 1
    return theta, critical_point(hessian(theta), 1e-6)


def mended_descent(A, b, theta, lr, steps):
    path = [[float(x) for x in theta]]
    for _ in range(steps):
        slope = times(A, path[-1])
        path.append([x - lr * (g - bi) for x, g, bi in zip(path[-1], slope, b)])
    return np.array(path)


def permute_hidden(w1, b1, w2, b2, order):
    new_w1, new_b1, new_w2 = np.zeros_like(w1), np.zeros_like(b1), np.zeros_like(w2)
    for place in range(len(order)):
        unit = order[place]
        for i in range(w1.shape[1]):
            new_w1[place, i] = w1[unit, i]
        new_b1[place] = b1[unit]
        for o in range(w2.shape[0]):
            new_w2[o, place] = w2[o, unit]
    return new_w1, new_b1, new_w2, b2


def average_of_permutations(w1, b1, w2, b2):
    K, inputs, outputs = len(b1), w1.shape[1], len(b2)
    a1, c1, a2 = np.zeros_like(w1), np.zeros_like(b1), np.zeros_like(w2)
    for k in range(K):
        for other in range(K):
            c1[k] += b1[other] / K
            for i in range(inputs):
                a1[k, i] += w1[other, i] / K
            for o in range(outputs):
                a2[o, k] += w2[o, other] / K
    return a1, c1, a2, b2
