# %% sgd_step
def sgd_step(theta, grad, lr):
    result = np.empty_like(theta)
    np.multiply(grad, lr, out=result)
    return np.subtract(theta, result, out=result)

# %% momentum_step
def momentum_step(theta, grad, state, lr, rho=0.9):
    pair = np.stack([state.get("v", np.zeros_like(theta)), grad])
    velocity = np.einsum("k...,k->...", pair, [rho, -lr])
    return np.sum([theta, velocity], axis=0), {"v": velocity}

# %% damped_momentum_step
def damped_momentum_step(theta, grad, state, lr, beta=0.9):
    pair = np.stack([state.get("m", np.zeros_like(theta)), grad], axis=-1)
    average = np.average(pair, axis=-1, weights=[beta, 1 - beta])
    return theta - lr * average, {"m": average}

# %% nesterov_path
def nesterov_path(A, b, theta, lr, rho, steps):
    n = theta.size
    # One linear map of (theta, v, 1) does a step.
    look = np.hstack([np.eye(n), rho * np.eye(n), np.zeros((n, 1))])
    gradient = A @ look - np.hstack([np.zeros((n, 2 * n)), b[:, None]])
    velocity = np.hstack([np.zeros((n, n)), rho * np.eye(n), np.zeros((n, 1))]) - lr * gradient
    position = np.hstack([np.eye(n), np.zeros((n, n + 1))]) + velocity
    step = np.vstack([position, velocity, np.eye(2 * n + 1)[-1:]])
    rows = [np.concatenate([theta, np.zeros(n), [1.0]])]
    for _ in range(steps):
        rows.append(step @ rows[-1])
    rows = np.array(rows)
    return rows[:, :n], rows[:, n : 2 * n]

# %% nesterov_step
def nesterov_step(theta, grad, state, lr, rho=0.9):
    old = state.get("v", np.zeros_like(theta))
    new = np.subtract(rho * old, lr * grad)
    weights = np.array([1, -rho, 1 + rho])
    return np.tensordot(weights, np.stack([theta, old, new]), axes=1), {"v": new}

# %% nesterov_gaps
def nesterov_gaps(A, b, theta, lr, rho, steps):
    path, velocities = nesterov_path(A, b, theta, lr, rho, steps)
    shifted, state = np.repeat(theta[None].astype(float), steps + 1, axis=0), {}
    for k in range(steps):
        shifted[k + 1], state = nesterov_step(shifted[k], A @ shifted[k] - b, state, lr, rho)
    return np.ptp([shifted - path - rho * velocities, np.zeros_like(path)], axis=0).max(), np.ptp(
        [shifted, path], axis=0
    ).max()

# %% minibatches
def minibatches(count, size, epochs, seed):
    generator = np.random.default_rng(seed)
    orders = [generator.choice(count, count, replace=False) for _ in range(epochs)]
    cuts = range(0, count, size)
    return tuple(order[cut : cut + size].astype(np.int32) for order in orders for cut in cuts)

# %% gradient_noise
def gradient_noise(gradients, size):
    return np.mean(gradients, axis=0, keepdims=True)[0], np.var(gradients, axis=0, ddof=0).sum(keepdims=True)[
        0
    ] / size

# %% sgd_pass
def sgd_pass(X, y, order, size, lr):
    Z = np.column_stack([X, -y])
    theta = np.append(np.zeros(X.shape[1]), 1.0)
    for rows in np.split(order, np.arange(size, len(order), size)):
        theta[:-1] -= lr * np.einsum("nd,nk,k->d", X[rows], Z[rows], theta) / rows.shape[0]
    return theta[:-1]

# %% learning_rate
def learning_rate(schedule, t, lr, length, factor=0.1, warmup=0):
    x = np.float64(t)
    every = {
        "step": lr * np.float64(factor) ** (x // length),
        "exponential": lr * np.float64(factor) ** (x / length),
        "1/t": lr * np.reciprocal(1 + x / length),
        "hold": lr * length / np.maximum(x, length),
        "triangular": lr * (1 - (1 - factor) * np.abs(np.mod(x, 2 * length) / length - 1)),
        "cosine": np.where(
            x < warmup,
            lr * (x + 1) / max(warmup, 1),
            lr * (1 + np.cos(np.pi * np.minimum((x - warmup) / length, 1))) / 2,
        ),
    }
    return every[schedule]

# %% digits_answers
def digits_answers():
    return np.int64(8), np.float64(0.1), np.int32(256)

# %% adagrad_step
def adagrad_step(theta, grad, state, lr, eps=1e-8):
    norm = np.hypot(state.get("norm", 0.0), np.abs(grad))
    return theta - lr * grad / (norm + eps), {"norm": norm}

# %% rmsprop_step
def rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8):
    norm = np.hypot(np.sqrt(rho) * state.get("norm", 0.0), np.sqrt(1 - rho) * grad)
    return theta - lr * grad / (norm + eps), {"norm": norm}

# %% adam_step
def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    t = int(state.get("t", np.int64(0))) + 1
    betas = np.reshape([beta1, beta2], (2,) + (1,) * theta.ndim)
    moments = state.get("moments", np.zeros((2, *theta.shape)))
    moments = betas * moments + (1 - betas) * np.stack([grad, np.square(grad)])
    m, v = moments / (1 - betas**t) if bias_correction else moments
    return theta - lr * m / (np.sqrt(v) + eps), {"t": np.int64(t), "moments": moments}

# %% amsgrad_step
def amsgrad_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    moments = state.get("moments", np.zeros((3, *theta.shape)))
    m = beta1 * moments[0] + (1 - beta1) * grad
    v = beta2 * moments[1] + (1 - beta2) * grad**2
    moments = np.stack([m, v, np.max([moments[2], v], axis=0)])
    return theta - lr * m / (moments[2] ** 0.5 + eps), {"moments": moments}

# %% mended_adam
def mended_adam(A, b, theta, lr, steps):
    path, state = np.empty((steps + 1, len(theta))), {}
    path[0] = theta
    for k in range(steps):
        path[k + 1], state = adam_step(path[k], np.dot(A, path[k]) - b, state, lr)
    return path.astype(np.float32) if A.dtype == np.float32 else path
