# %% [extra before numerical_gradient]
import io
import json
import math
import sys
from dataclasses import dataclass, field

HANDED_IN = Path(".")

# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    moved = x.copy()
    slopes = np.zeros(x.size)
    flat = moved.reshape(-1)
    for i in range(x.size):
        kept = flat[i]
        flat[i] = kept + h
        above = f(moved)
        flat[i] = kept - h
        below = f(moved)
        flat[i] = kept
        slopes[i] = 0.5 * (above - below) / h
    return slopes.reshape(x.shape)

# %% relative_error
def relative_error(a, b, floor=1e-8):
    worst = 0.0
    for p, q in zip(a.ravel().tolist(), b.ravel().tolist()):
        worst = max(worst, abs(p - q) / max(abs(p), abs(q), floor))
    return worst

# %% gradient_check
def gradient_check(f, gradient, x, h=1e-5):
    worst, kinks = 0.0, 0
    given = np.asarray(gradient(x)).ravel()
    for i in range(x.size):
        up, down = x.copy().ravel(), x.copy().ravel()
        up[i] += h
        down[i] -= h
        left = (f(x) - f(down.reshape(x.shape))) / h
        right = (f(up.reshape(x.shape)) - f(x)) / h
        size = max(1.0, abs(left), abs(right))
        if abs(left - right) > 0.1 * size:
            kinks += 1
        else:
            mean = (left + right) / 2
            worst = max(worst, abs(given[i] - mean) / max(abs(given[i]), abs(mean), 1e-8))
    return worst, kinks

# %% planted_bugs
def planted_bugs():
    wrong, number = [], 0
    while number < 6:
        number += 1
        if number in (1, 4, 5):
            wrong.append(number)
    return wrong

# %% training_loop
def training_loop(gradient, theta, orders, size, schedule):
    path = np.zeros((len(orders) + 1, len(theta)))
    path[0] = theta
    now, t = [float(value) for value in theta], 0
    for epoch in range(len(orders)):
        batch = []
        for place, index in enumerate(orders[epoch]):
            batch.append(int(index))
            if len(batch) == size or place == len(orders[epoch]) - 1:
                slopes, rate = gradient(np.array(now), np.array(batch)), schedule(t)
                for i in range(len(now)):
                    now[i] -= rate * slopes[i]
                batch, t = [], t + 1
        path[epoch + 1] = now
    return path

# %% early_stopping
def early_stopping(losses, patience, growth):
    best_epoch, deadline, epoch = 0, patience, 0
    best = math.inf
    while epoch < len(losses) and (epoch < deadline or epoch == 0):
        epoch += 1
        if losses[epoch - 1] < best:
            best, best_epoch = losses[epoch - 1], epoch
            deadline = max(epoch + patience, math.floor(growth * epoch))
    return best_epoch, epoch

# %% range_test
def range_test(loss, gradient, theta, rates, blow_up=4.0):
    losses, lowest, at = [], math.inf, 0
    for i in range(len(rates)):
        value = loss(theta)
        losses.append(value)
        if value < lowest:
            lowest, at = value, i
        if value > blow_up * lowest:
            break
        slopes = gradient(theta)
        theta = np.array([theta[k] - rates[i] * slopes[k] for k in range(len(theta))])
    return losses, float(rates[at]), float(rates[at]) / 3

# %% layer_health
def layer_health(weights, update, rectified, bounded):
    squares = [sum(value**2 for value in array.ravel().tolist()) for array in (update, weights)]
    dead = 0
    for unit in range(rectified.shape[1]):
        silent = True
        for row in range(rectified.shape[0]):
            silent = silent and rectified[row, unit] == 0
        dead += int(silent)
    saturated = 0
    for value in bounded.ravel():
        if value > 0.99 or value < -0.99:
            saturated += 1
    return math.sqrt(squares[0] / squares[1]), dead / rectified.shape[1], saturated / bounded.size

# %% diagnoses
def diagnoses():
    illnesses = """not a number, gradients not applied, overfitting, slow start, wrong direction,
        validation set too small, dead units, oscillation"""
    remedies = """lower the rate, apply the gradients, stop earlier, larger initial weights,
        subtract the gradient, more validation examples, lower the rate, lower the momentum"""
    found = []
    for illness, remedy in zip(illnesses.split(","), remedies.split(",")):
        found.append([illness.strip(), remedy.strip()])
    return found

# %% cured_settings
def cured_settings():
    settings = {"rate": 0.3, "momentum": 0}
    for name in ("start", "batch"):
        settings[name] = 1 if name == "start" else 16
    return settings

# %% random_search
def random_search(evaluate, low, high, budget, seed):
    rng = np.random.default_rng(seed)
    best_rate, best_loss = None, math.inf
    for _ in range(budget):
        rate = low * (high / low) ** rng.random()
        loss = evaluate(rate)
        if loss < best_loss:
            best_rate, best_loss = rate, loss
    return best_rate, best_loss

# %% fashion_net
def fashion_net():
    contents = []
    for name in ("fashion_net.json", "fashion_net.npz"):
        with open(HANDED_IN / name, "rb") as file:
            contents.append(file.read())
    return contents[0].decode(), contents[1]
