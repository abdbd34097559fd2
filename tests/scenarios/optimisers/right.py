# The right answers that a scenario uses for every function it does not write itself.
# %% sgd_step
def sgd_step(theta, grad, lr):
    return theta - lr * grad

# %% momentum_step
def momentum_step(theta, grad, state, lr, rho=0.9):
    if not state:
        state["v"] = np.zeros_like(theta)
    state["v"] = rho * state["v"] - lr * grad
    return theta + state["v"], state

# %% damped_momentum_step
def damped_momentum_step(theta, grad, state, lr, beta=0.9):
    if "g" not in state:
        state["g"] = np.zeros(theta.shape)
    state["g"] = beta * state["g"] + (1 - beta) * grad
    return theta - lr * state["g"], state

# %% nesterov_path
def nesterov_path(A, b, theta, lr, rho, steps):
    path = np.zeros((steps + 1, len(theta)))
    velocities = np.zeros((steps + 1, len(theta)))
    path[0] = theta
    for k in range(steps):
        gradient = A @ (path[k] + rho * velocities[k]) - b
        velocities[k + 1] = rho * velocities[k] - lr * gradient
        path[k + 1] = path[k] + velocities[k + 1]
    return path, velocities

# %% nesterov_step
def nesterov_step(theta, grad, state, lr, rho=0.9):
    if not state:
        state["v"] = np.zeros_like(theta)
    old = state["v"]
    state["v"] = rho * old - lr * grad
    return theta - rho * old + (1 + rho) * state["v"], state

# %% nesterov_gaps
def nesterov_gaps(A, b, theta, lr, rho, steps):
    path, velocities = nesterov_path(A, b, theta, lr, rho, steps)
    shifted, state = [theta], {}
    for _ in range(steps):
        new, state = nesterov_step(shifted[-1], A @ shifted[-1] - b, state, lr, rho)
        shifted.append(new)
    same = np.max(np.abs(np.array(shifted) - path - rho * velocities))
    return same, np.max(np.abs(np.array(shifted) - path))

# %% minibatches
def minibatches(count, size, epochs, seed):
    rng = np.random.default_rng(seed)
    result = []
    for _ in range(epochs):
        indices = np.arange(count)
        rng.shuffle(indices)
        result.extend(indices[i : i + size].copy() for i in range(0, count, size))
    return result

# %% gradient_noise
def gradient_noise(gradients, size):
    return gradients.mean(axis=0), gradients.var(axis=0).sum() / size

# %% sgd_pass
def sgd_pass(X, y, order, size, lr):
    theta = np.zeros(X.shape[1])
    for i in range(0, len(order), size):
        batch = order[i : i + size]
        error = X[batch] @ theta - y[batch]
        theta -= lr * np.mean(error[:, None] * X[batch], axis=0)
    return theta

# %% learning_rate
def learning_rate(schedule, t, lr, length, factor=0.1, warmup=0):
    if schedule == "step":
        return lr * factor ** (t // length)
    elif schedule == "exponential":
        return lr * np.exp(np.log(factor) * t / length)
    elif schedule == "1/t":
        return lr * length / (length + t)
    elif schedule == "hold":
        return lr if t < length else lr * length / t
    elif schedule == "triangular":
        phase = t % (2 * length)
        share = phase / length if phase <= length else 2 - phase / length
        return factor * lr + (lr - factor * lr) * share
    elif schedule == "cosine":
        if t < warmup:
            return lr * (t + 1) / warmup
        if t - warmup > length:
            return 0
        return lr * np.cos(np.pi * (t - warmup) / (2 * length)) ** 2
    raise ValueError(schedule)

# %% digits_answers
def digits_answers():
    return 8, 0.1, 256

# %% adagrad_step
def adagrad_step(theta, grad, state, lr, eps=1e-8):
    if not state:
        state["s"] = np.zeros_like(theta)
    state["s"] = state["s"] + grad * grad
    return theta - lr * grad / (np.sqrt(state["s"]) + eps), state

# %% rmsprop_step
def rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8):
    if not state:
        state["s"] = np.zeros_like(theta)
    state["s"] = rho * state["s"] + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(state["s"]) + eps), state

# %% adam_step
def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    if not state:
        state.update(t=0, m=np.zeros_like(theta), v=np.zeros_like(theta))
    state["t"] += 1
    state["m"] = beta1 * state["m"] + (1 - beta1) * grad
    state["v"] = beta2 * state["v"] + (1 - beta2) * grad**2
    if bias_correction:
        m_hat = state["m"] / (1 - beta1 ** state["t"])
        v_hat = state["v"] / (1 - beta2 ** state["t"])
    else:
        m_hat, v_hat = state["m"], state["v"]
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps), state

# %% amsgrad_step
def amsgrad_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    if not state:
        state.update(m=np.zeros_like(theta), v=np.zeros_like(theta), top=np.zeros_like(theta))
    state["m"] = beta1 * state["m"] + (1 - beta1) * grad
    state["v"] = beta2 * state["v"] + (1 - beta2) * grad**2
    state["top"] = np.maximum(state["top"], state["v"])
    return theta - lr * state["m"] / (np.sqrt(state["top"]) + eps), state

# %% mended_adam
def mended_adam(A, b, theta, lr, steps):
    path, state = [theta], {}
    for _ in range(steps):
        new, state = adam_step(path[-1], A @ path[-1] - b, state, lr)
        path.append(new)
    return np.array(path)
