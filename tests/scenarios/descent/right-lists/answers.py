# %% [extra before numerical_hessian]
import itertools
from functools import reduce

# %% numerical_hessian
def numerical_hessian(f, theta, h):
    def moved(*axes):
        return np.array([t + sum(s * h for i, s in axes if i == k) for k, t in enumerate(theta)])

    n = range(len(theta))
    return [
        [
            sum(s * t * f(moved((i, s), (j, t))) for s, t in itertools.product((1, -1), repeat=2))
            / (4 * h * h)
            for j in n
        ]
        for i in n
    ]

# %% curvature
def curvature(H, v):
    pairs = itertools.product(range(len(v)), repeat=2)
    return float(sum(v[i] * H[i][j] * v[j] for i, j in pairs) / sum(x**2 for x in v))

# %% taylor_model
def taylor_model(f, grad, hessian, theta, d):
    slope = sum(g * x for g, x in zip(grad(theta), d))
    bend = sum(x * sum(h * y for h, y in zip(row, d)) for x, row in zip(d, hessian(theta)))
    model = f(theta) + slope + 0.5 * bend
    return [model, f(np.add(theta, d)) - model]

# %% critical_point
def critical_point(H, tol):
    values = [float(value) for value in np.linalg.eigvalsh(H)]
    limit = tol * max(map(abs, values))
    kinds = {(value > limit) - (value < -limit) for value in values}
    if {1, -1} <= kinds:
        return SADDLE
    return {frozenset({1}): MINIMUM, frozenset({-1}): MAXIMUM}.get(frozenset(kinds), DEGENERATE)

# %% hessian_condition
def hessian_condition(H):
    values = sorted(np.linalg.eigvalsh(H).tolist())
    return values[-1] / values[0]

# %% quadratic_descent
def quadratic_descent(A, theta, lr, steps):
    path = [theta.tolist()]
    for _ in range(steps):
        here = path[-1]
        path.append([x - lr * sum(a * y for a, y in zip(row, here)) for x, row in zip(here, A.tolist())])
    return path

# %% closed_form
def closed_form(A, theta, lr, k):
    values, Q = np.linalg.eigh(A)
    parts = [(1 - lr * value) ** k * (q @ theta) * q for value, q in zip(values, Q.T)]
    return reduce(np.add, parts).tolist()

# %% regimes
def regimes(eigenvalues, lr):
    def name(product):
        edges = {1: LANDS, 2: ENDLESS}
        return edges.get(product) or (DECAYS if product < 1 else OSCILLATES if product < 2 else DIVERGES)

    return [name(lr * value) for value in eigenvalues.tolist()]

# %% rate_limits
def rate_limits(A):
    low, *_, high = np.linalg.eigvalsh(A).tolist()
    return [2 / high, 2 / (low + high), 1 - 2 * low / (low + high)]

# %% ravine_answers
def ravine_answers():
    return [4159, 1200, 22, 691, 10]

# %% momentum_descent
def momentum_descent(A, theta, lr, mu, steps):
    path, velocities = [theta.tolist()], [[0.0] * len(theta)]
    for _ in range(steps):
        slopes = [sum(a * x for a, x in zip(row, path[-1])) for row in A.tolist()]
        velocities.append([mu * v - lr * s for v, s in zip(velocities[-1], slopes)])
        path.append([x + v for x, v in zip(path[-1], velocities[-1])])
    return path, velocities

# %% constant_slope
def constant_slope(gradient, lr, mu, steps):
    total = sum(mu**i for i in range(steps))
    return [-lr * total * g for g in gradient], [-lr / (1 - mu) * g for g in gradient]

# %% newton_step
def newton_step(grad, hessian, theta):
    step, *_ = np.linalg.lstsq(hessian(theta), grad(theta), rcond=None)
    return (theta - step).tolist()

# %% newton_destination
def newton_destination(grad, hessian, theta, steps):
    end = reduce(lambda point, _: np.array(newton_step(grad, hessian, point)), range(steps), theta)
    return [end.tolist(), critical_point(hessian(end), 1e-6)]

# %% mended_descent
def mended_descent(A, b, theta, lr, steps):
    path = [list(theta)]
    for _ in range(steps):
        slopes = [sum(a * x for a, x in zip(row, path[-1])) - c for row, c in zip(A, b)]
        path.append([x - lr * s for x, s in zip(path[-1], slopes)])
    return path

# %% permute_hidden
def permute_hidden(w1, b1, w2, b2, order):
    return (
        [w1[k].tolist() for k in order],
        [b1[k] for k in order],
        [[row[k] for k in order] for row in w2.tolist()],
        list(b2),
    )

# %% average_of_permutations
def average_of_permutations(w1, b1, w2, b2):
    K = len(b1)
    return (
        [[sum(column) / K for column in zip(*w1.tolist())]] * K,
        [sum(b1.tolist()) / K] * K,
        [[sum(row) / K] * K for row in w2.tolist()],
        b2.tolist(),
    )
