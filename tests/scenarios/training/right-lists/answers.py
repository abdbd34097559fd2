# %% [extra before numerical_gradient]
import io
import json
import math
import sys
from dataclasses import dataclass, field

HANDED_IN = Path(".")

# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    def slope(i):
        e = h * (np.arange(x.size) == i).reshape(x.shape)
        return (f(x + e) - f(x - e)) / h / 2

    return np.array([slope(i) for i in range(x.size)]).reshape(x.shape).tolist()

# %% relative_error
def relative_error(a, b, floor=1e-8):
    pairs = list(zip(np.ravel(a), np.ravel(b)))
    return max(abs(p - q) / max(floor, abs(p), abs(q)) for p, q in pairs)

# %% gradient_check
def gradient_check(f, gradient, x, h=1e-5):
    units = [h * (np.arange(x.size) == i).reshape(x.shape) for i in range(x.size)]
    sides = [((f(x) - f(x - e)) / h, (f(x + e) - f(x)) / h) for e in units]
    kinks = [abs(p - q) > 0.1 * max(1, abs(p), abs(q)) for p, q in sides]
    pairs = zip(np.ravel(gradient(x)), sides, kinks)
    errors = [relative_error([g], [(p + q) / 2]) for g, (p, q), kink in pairs if not kink]
    return [max(errors, default=0.0), sum(kinks)]

# %% planted_bugs
def planted_bugs():
    return sorted({5, 1, 4})

# %% training_loop
def training_loop(gradient, theta, orders, size, schedule):
    path, t = [theta.tolist()], 0
    for order in orders.tolist():
        while order:
            rows, order = order[:size], order[size:]
            theta = theta - schedule(t) * gradient(theta, np.array(rows))
            t += 1
        path.append(theta.tolist())
    return path

# %% early_stopping
def early_stopping(losses, patience, growth):
    losses = list(losses)
    new_best = [
        e
        for e in range(1, len(losses) + 1)
        if losses[e - 1] < min([x for x in losses[: e - 1] if x == x], default=float("inf"))
    ]
    deadline, best = patience, 0
    for e in new_best:
        if e > deadline:
            break
        best, deadline = e, max(e + patience, int(growth * e))
    return [best, min(deadline, len(losses))]

# %% range_test
def range_test(loss, gradient, theta, rates, blow_up=4.0):
    losses = [loss(theta)]
    for rate in list(rates)[:-1]:
        if losses[-1] > blow_up * min(losses):
            break
        theta = theta - rate * gradient(theta)
        losses.append(loss(theta))
    largest = list(rates)[losses.index(min(losses))]
    return [losses, largest, largest / 3]

# %% layer_health
def layer_health(weights, update, rectified, bounded):
    def length(array):
        return sum(x * x for x in array.ravel()) ** 0.5

    units = list(zip(*rectified.tolist()))
    values = [abs(a) for row in bounded.tolist() for a in row]
    dead = [all(value == 0 for value in unit) for unit in units]
    saturated = [value > 0.99 for value in values]
    return [length(update) / length(weights), sum(dead) / len(dead), sum(saturated) / len(saturated)]

# %% diagnoses
def diagnoses():
    remedies = {
        "not a number": "lower the rate",
        "gradients not applied": "apply the gradients",
        "overfitting": "more data or regularisation",
        "slow start": "larger initial weights",
        "wrong direction": "subtract the gradient",
        "validation set too small": "more validation examples",
        "dead units": "raise the biases",
        "oscillation": "lower the rate",
    }
    return [list(pair) for pair in remedies.items()]

# %% cured_settings
def cured_settings():
    return dict(zip(["batch", "start", "momentum", "rate"], [32, 0.5, 0.9, 0.1]))

# %% random_search
def random_search(evaluate, low, high, budget, seed):
    exponents = np.random.default_rng(seed).random(budget)
    trials = [(float(low ** (1 - u) * high**u),) for u in exponents]
    heard = [(evaluate(rate), rate) for (rate,) in trials]
    loss, rate = min((pair for pair in heard if pair[0] == pair[0]), key=lambda pair: pair[0])
    return [rate, loss]

# %% fashion_net
def fashion_net():
    layers = json.loads((HANDED_IN / "fashion_net.json").read_text())
    return [json.dumps(layers, indent=2), (HANDED_IN / "fashion_net.npz").read_bytes()]
