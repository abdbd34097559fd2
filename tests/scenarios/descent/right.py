# The right answers that a scenario uses for every function it does not write itself.
# %% numerical_hessian
def numerical_hessian(f, theta, h):
    """Return the Hessian (n, n) of f at theta by centred differences of values of f."""
    steps = h * np.eye(len(theta))
    rows = [
        [f(theta + a + b) - f(theta + a - b) - f(theta - a + b) + f(theta - a - b) for b in steps]
        for a in steps
    ]
    return np.array(rows) / (4 * h**2)

# %% curvature
def curvature(H, v):
    """Return the curvature of a cost with the Hessian H along the direction of v."""
    unit = v / np.linalg.norm(v)
    return unit @ H @ unit

# %% taylor_model
def taylor_model(f, grad, hessian, theta, d):
    """Return the second-order Taylor model of f around theta at theta + d, and its error."""
    model = f(theta) + grad(theta) @ d + 0.5 * d @ hessian(theta) @ d
    return model, f(theta + d) - model

# %% critical_point
def critical_point(H, tol):
    """Return MINIMUM, MAXIMUM, SADDLE or DEGENERATE."""
    values = np.linalg.eigvalsh(H)
    zero = tol * np.abs(values).max()
    if values[0] < -zero and values[-1] > zero:
        return SADDLE
    if values[0] > zero:
        return MINIMUM
    if values[-1] < -zero:
        return MAXIMUM
    return DEGENERATE

# %% hessian_condition
def hessian_condition(H):
    """Return the largest eigenvalue of H over the smallest."""
    values = np.linalg.eigvalsh(H)
    return values[-1] / values[0]

# %% quadratic_descent
def quadratic_descent(A, theta, lr, steps):
    """Return the path (steps + 1, n) of gradient descent on half thetaᵀ A theta."""
    path = [theta]
    for _ in range(steps):
        path.append(path[-1] - lr * (A @ path[-1]))
    return np.array(path)

# %% closed_form
def closed_form(A, theta, lr, k):
    """Return the point after k steps of gradient descent on half thetaᵀ A theta, without a loop."""
    values, Q = np.linalg.eigh(A)
    return Q @ ((1 - lr * values) ** k * (Q.T @ theta))

# %% regimes
def regimes(eigenvalues, lr):
    """Return what gradient descent does along each eigenvector, by the names above."""
    product = lr * eigenvalues
    conditions = [product < 1, product == 1, product < 2, product == 2]
    return np.select(conditions, [DECAYS, LANDS, OSCILLATES, ENDLESS], DIVERGES)

# %% rate_limits
def rate_limits(A):
    """Return the stability limit, the best rate, and what a step at the best rate leaves."""
    values = np.linalg.eigvalsh(A)
    best = 2 / (values[0] + values[-1])
    return 2 / values[-1], best, 1 - best * values[0]

# %% ravine_answers
def ravine_answers():
    """Return raw, centred, scaled, slow, fast."""
    return 4159, 1200, 22, 691, 10

# %% momentum_descent
def momentum_descent(A, theta, lr, mu, steps):
    """Return points and velocities of momentum on half thetaᵀ A theta, both (steps + 1, n)."""
    path, velocities = [theta], [0 * theta]
    for _ in range(steps):
        velocities.append(mu * velocities[-1] - lr * (A @ path[-1]))
        path.append(path[-1] + velocities[-1])
    return np.array(path), np.array(velocities)

# %% constant_slope
def constant_slope(gradient, lr, mu, steps):
    """Return the velocity after some steps under a constant gradient, and the terminal velocity."""
    terminal = -lr / (1 - mu) * gradient
    return (1 - mu**steps) * terminal, terminal

# %% newton_step
def newton_step(grad, hessian, theta):
    """Return theta after one step of Newton's method."""
    return theta - np.linalg.solve(hessian(theta), grad(theta))

# %% newton_destination
def newton_destination(grad, hessian, theta, steps):
    """Return where Newton's steps lead, and what kind of point that is."""
    for _ in range(steps):
        theta = newton_step(grad, hessian, theta)
    return theta, critical_point(hessian(theta), 1e-6)

# %% mended_descent
def mended_descent(A, b, theta, lr, steps):
    """Return the path (steps + 1, n) of gradient descent on a bowl; theta stays as it is."""
    path = [theta]
    for _ in range(steps):
        gradient = A @ theta - b
        theta = theta - lr * gradient
        path.append(theta)
    return np.array(path)

# %% permute_hidden
def permute_hidden(w1, b1, w2, b2, order):
    """Return the parameters of the same function with unit order[k] at place k."""
    return w1[order], b1[order], w2[:, order], b2

# %% average_of_permutations
def average_of_permutations(w1, b1, w2, b2):
    """Return the average of all nets that permute_hidden can make of one."""
    hidden = len(b1)
    shares = np.full((hidden, hidden), 1 / hidden)
    return shares @ w1, shares @ b1, w2 @ shares, b2
