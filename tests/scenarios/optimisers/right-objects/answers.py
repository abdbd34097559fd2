# %% [extra before sgd_step]

class Average:
    """A fading average that can be taken out of a state and put back."""

    def __init__(self, state, name, like):
        self.state, self.name = state, name
        self.value = np.array(state[name]) if name in state else np.zeros(like.shape)

    def take(self, number, weight_of_old, weight_of_new):
        self.value = weight_of_old * self.value + weight_of_new * number
        self.state[self.name] = self.value.tolist()
        return self.value


def scaled(grad, square, eps):
    return np.divide(grad, np.add(np.sqrt(square), eps))


def bowl(A, b):
    return lambda point: np.dot(A, point) - b


def walk(step, gradient, theta, steps):
    state, points = {}, [theta]
    for _ in range(steps):
        theta, state = step(theta, gradient(theta), state)
        points.append(theta)
    return points


SCHEDULES = {
    "step": lambda t, lr, length, f, w: lr * f ** int(t / length),
    "exponential": lambda t, lr, length, f, w: lr * np.exp(np.log(f) / length * t),
    "1/t": lambda t, lr, length, f, w: lr / (1.0 + t / length),
    "hold": lambda t, lr, length, f, w: (lr * length) / (t if t > length else length),
    "triangular": lambda t, lr, length, f, w: (
        lr - (1 - f) * lr * (1 - (length - abs(length - t % (2 * length))) / length)
    ),
    "cosine": lambda t, lr, length, f, w: (
        lr * ((t + 1) / w if t < w else (1 + np.cos(np.pi * (t - w) / length)) / 2 if t < w + length else 0.0)
    ),
}

# %% sgd_step
def sgd_step(theta, grad, lr):
    class Descent:
        def __call__(self, position, slope):
            return position - lr * slope

    return Descent()(theta, grad)

# %% momentum_step
def momentum_step(theta, grad, state, lr, rho=0.9):
    return theta + Average(state, "v", theta).take(grad, rho, -lr), state

# %% damped_momentum_step
def damped_momentum_step(theta, grad, state, lr, beta=0.9):
    return theta - lr * Average(state, "m", theta).take(grad, beta, 1 - beta), state

# %% nesterov_path
def nesterov_path(A, b, theta, lr, rho, steps):
    gradient, rows, state = bowl(A, b), [(theta, np.zeros_like(theta))], {}
    for _ in range(steps):
        point, v = rows[-1]
        v = Average(state, "v", theta).take(gradient(point + rho * v), rho, -lr)
        rows.append((point + v, v))
    path, velocities = zip(*rows)
    return list(path), list(velocities)

# %% nesterov_step
def nesterov_step(theta, grad, state, lr, rho=0.9):
    velocity = Average(state, "v", theta)
    home = theta - rho * velocity.value
    new = velocity.take(grad, rho, -lr)
    return home + new + rho * new, state

# %% nesterov_gaps
def nesterov_gaps(A, b, theta, lr, rho, steps):
    path, velocities = nesterov_path(A, b, theta, lr, rho, steps)
    other = walk(lambda t, g, s: nesterov_step(t, g, s, lr, rho), bowl(A, b), theta, steps)
    ahead = [p + rho * v for p, v in zip(path, velocities)]

    def gap(some, others):
        return max(float(np.abs(x - y).max()) for x, y in zip(some, others))

    return gap(ahead, other), gap(path, other)

# %% minibatches
def minibatches(count, size, epochs, seed):
    rng = np.random.default_rng(seed)

    def epoch():
        keys = rng.random(count)
        order = np.argsort(keys)
        first = 0
        while first < count:
            yield order[first : first + size]
            first += size

    return sum((list(epoch()) for _ in range(epochs)), [])

# %% gradient_noise
def gradient_noise(gradients, size):
    mean = np.average(gradients, axis=0)
    return mean, float(np.mean([np.sum((row - mean) ** 2) for row in gradients]) / size)

# %% sgd_pass
def sgd_pass(X, y, order, size, lr):
    gradients = (
        lambda theta, rows=order[start : start + size]: np.mean(
            [(X[n] @ theta - y[n]) * X[n] for n in rows], axis=0
        )
        for start in range(0, len(order), size)
    )
    theta = np.zeros(X.shape[1])
    for gradient in gradients:
        theta = sgd_step(theta, gradient(theta), lr)
    return theta

# %% learning_rate
def learning_rate(schedule, t, lr, length, factor=0.1, warmup=0):
    return SCHEDULES[schedule](t, lr, length, factor, warmup)

# %% digits_answers
def digits_answers():
    answers = {"best_size": 8, "largest_rate": 0.1, "quiet_size": 256}
    return tuple(answers.values())

# %% adagrad_step
def adagrad_step(theta, grad, state, lr, eps=1e-8):
    return theta - lr * scaled(grad, Average(state, "s", theta).take(grad**2, 1, 1), eps), state

# %% rmsprop_step
def rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8):
    return theta - lr * scaled(grad, Average(state, "s", theta).take(grad**2, rho, 1 - rho), eps), state

# %% adam_step
def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    state["ones"] = state.get("ones", []) + [1]
    t = len(state["ones"])
    m = Average(state, "m", theta).take(grad, beta1, 1 - beta1)
    v = Average(state, "v", theta).take(grad**2, beta2, 1 - beta2)
    if not bias_correction:
        return theta - lr * scaled(m, v, eps), state
    return theta - lr * scaled(m / (1 - beta1**t), v / (1 - beta2**t), eps), state

# %% amsgrad_step
def amsgrad_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = Average(state, "m", theta).take(grad, beta1, 1 - beta1)
    v = Average(state, "v", theta).take(grad**2, beta2, 1 - beta2)
    state["seen"] = [*state.get("seen", []), v]
    return theta - lr * scaled(m, np.max(state["seen"], axis=0), eps), state

# %% mended_adam
def mended_adam(A, b, theta, lr, steps):
    return walk(lambda t, g, s: adam_step(t, g, s, lr), bowl(A, b), theta, steps)
