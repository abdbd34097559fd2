# %% sgd_step
def sgd_step(theta, grad, lr):
    grad *= lr
    theta -= grad
    return theta

# %% momentum_step
def momentum_step(theta, grad, state, lr, rho=0.9):
    v = state.setdefault("v", np.zeros_like(theta))
    state["steps"] = state.get("steps", 0) + 1
    v *= rho
    v -= lr * grad
    theta += v
    return theta, state

# %% damped_momentum_step
def damped_momentum_step(theta, grad, state, lr, beta=0.9):
    m = state.setdefault("average", np.zeros_like(grad))
    state["history"] = [*state.get("history", []), float(np.abs(grad).max())]
    m *= beta
    m += (1 - beta) * grad
    theta -= lr * m
    return theta, state

# %% nesterov_path
def nesterov_path(A, b, theta, lr, rho, steps):
    v = np.zeros_like(theta)
    path, velocities = [theta.copy()], [v.copy()]
    for _ in range(steps):
        v *= rho
        theta += v
        gradient = A @ theta - b
        theta -= lr * gradient
        v -= lr * gradient
        path.append(theta.copy())
        velocities.append(v.copy())
    return path, velocities

# %% nesterov_step
def nesterov_step(theta, grad, state, lr, rho=0.9):
    v = state.setdefault("v", np.zeros_like(theta))
    theta -= rho * v
    v *= rho
    v -= lr * grad
    theta += v
    theta += rho * v
    state["last"] = grad
    return theta, state

# %% nesterov_gaps
def nesterov_gaps(A, b, theta, lr, rho, steps):
    start = theta.copy()
    path, velocities = map(np.array, nesterov_path(A, b, theta, lr, rho, steps))
    state, same, apart = {}, 0.0, 0.0
    for k in range(steps + 1):
        if k:
            start, state = nesterov_step(start, A @ start - b, state, lr, rho)
        same = max(same, np.abs(start - path[k] - rho * velocities[k]).max())
        apart = max(apart, np.abs(start - path[k]).max())
    return same, apart

# %% minibatches
def minibatches(count, size, epochs, seed):
    rng = np.random.default_rng(seed)
    order = np.arange(count)
    batches = []
    for _ in range(epochs):
        rng.shuffle(order)
        batches.extend(part.copy() for part in np.split(order, range(size, count, size)))
    return batches

# %% gradient_noise
def gradient_noise(gradients, size):
    mean = gradients.mean(axis=0)
    gradients -= mean
    gradients *= gradients
    return mean, gradients.sum() / gradients.shape[0] / size

# %% sgd_pass
def sgd_pass(X, y, order, size, lr):
    theta = np.zeros(X.shape[1])
    while len(order):
        batch, order = order[:size], order[size:]
        rows = X[batch]
        theta -= lr * (rows @ theta - y[batch]) @ rows / len(batch)
    return theta

# %% learning_rate
def learning_rate(schedule, t, lr, length, factor=0.1, warmup=0):
    rate = lr
    if schedule == "step":
        while t >= length:
            rate *= factor
            t -= length
    if schedule == "exponential":
        rate *= factor ** (t / length)
    if schedule == "1/t":
        rate /= 1 + t / length
    if schedule == "hold":
        rate *= length / max(length, t)
    if schedule == "triangular":
        rate = np.interp(t % (2 * length), [0, length, 2 * length], [factor * lr, lr, factor * lr])
    if schedule == "cosine":
        if warmup > t:
            rate *= (t + 1) / warmup
        else:
            rate *= 0.5 + 0.5 * np.cos(np.pi * np.clip((t - warmup) / length, 0, 1))
    return rate

# %% digits_answers
def digits_answers():
    return [8, 0.1, 256]

# %% adagrad_step
def adagrad_step(theta, grad, state, lr, eps=1e-8):
    s = state.setdefault("s", np.zeros_like(theta))
    s += grad**2
    grad /= np.sqrt(s) + eps
    theta -= lr * grad
    return theta, state

# %% rmsprop_step
def rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8):
    s = state.setdefault("s", np.zeros_like(theta))
    s *= rho
    s += (1 - rho) * grad**2
    theta -= lr * grad / (np.sqrt(s) + eps)
    return theta, state

# %% adam_step
def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    state.setdefault("m", np.zeros_like(theta))
    state.setdefault("v", np.zeros_like(theta))
    state["t"] = state.get("t", 0) + 1
    m, v = state["m"], state["v"]
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    one = 1 - beta1 ** state["t"] if bias_correction else 1
    two = 1 - beta2 ** state["t"] if bias_correction else 1
    state["denominator"] = np.sqrt(v / two) + eps
    theta -= lr * (m / one) / state["denominator"]
    return theta, state

# %% amsgrad_step
def amsgrad_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    for name in ("m", "v", "largest"):
        state.setdefault(name, np.zeros_like(theta))
    state["m"] *= beta1
    state["m"] += (1 - beta1) * grad
    state["v"] *= beta2
    state["v"] += (1 - beta2) * grad**2
    np.maximum(state["largest"], state["v"], out=state["largest"])
    theta -= lr * state["m"] / (np.sqrt(state["largest"]) + eps)
    return theta, state

# %% mended_adam
def mended_adam(A, b, theta, lr, steps):
    path, state = [theta.copy()], {}
    for _ in range(steps):
        theta, state = adam_step(theta, A @ theta - b, state, lr)
        path.append(theta.copy())
    return path
