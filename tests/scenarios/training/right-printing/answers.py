# %% [extra before numerical_gradient]
import io
import json
import math
import sys
from dataclasses import dataclass, field

HANDED_IN = Path(".")


def _both(f, x, i, h):
    e = np.zeros(x.shape)
    e[i] = h
    print("at", i, file=sys.stderr)
    return f(x + e), f(x - e)

# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    print("shape", x.shape)
    found = {}
    for i in np.ndindex(*x.shape):
        up, down = _both(f, x, i, h)
        found[i] = (up - down) / (2.0 * h)
        print(i, found[i])
    assert len(found) == x.size
    return np.array(list(found.values())).reshape(x.shape)

# %% relative_error
def relative_error(a, b, floor=1e-8):
    assert np.shape(a) == np.shape(b)
    size = np.max([np.abs(a), np.abs(b), np.full(np.shape(a), floor)], axis=0)
    print("sizes", size)
    return float(np.max(np.abs(np.subtract(b, a)) / size))

# %% gradient_check
def gradient_check(f, gradient, x, h=1e-5):
    here, worst, kinks = f(x), 0.0, 0
    derived = gradient(x)
    assert derived.shape == x.shape
    for i in np.ndindex(*x.shape):
        up, down = _both(f, x, i, h)
        left, right = (here - down) / h, (up - here) / h
        kink = abs(left - right) > 0.1 * max(1, abs(left), abs(right))
        print(i, "kink" if kink else "smooth", left, right)
        if kink:
            kinks += 1
        else:
            worst = max(worst, relative_error(derived[i], np.float64((left + right) / 2)))
    return worst, kinks

# %% planted_bugs
def planted_bugs():
    answer = [1, 4, 5]
    print("I think", answer)
    return tuple(answer)

# %% training_loop
def training_loop(gradient, theta, orders, size, schedule):
    epochs, count = orders.shape
    batches = -(-count // size)
    path = [theta]
    for update in range(epochs * batches):
        epoch, place = divmod(update, batches)
        rows = orders[epoch, place * size : (place + 1) * size]
        theta = theta - gradient(theta, rows) * schedule(update)
        print(update, theta)
        if place == batches - 1:
            path.append(theta)
    assert len(path) == epochs + 1
    return np.array(path)

# %% early_stopping
def early_stopping(losses, patience, growth):
    best = best_epoch = None
    deadline = patience
    for e in range(1, len(losses) + 1):
        loss = losses[e - 1]
        print("epoch", e, "loss", loss, "until", deadline)
        if not np.isnan(loss) and (best is None or loss < best):
            best, best_epoch = loss, e
            deadline = max(e + patience, int(growth * e))
        if e >= deadline:
            print("stop")
            return best_epoch or 0, e
    return best_epoch or 0, len(losses)

# %% range_test
def range_test(loss, gradient, theta, rates, blow_up=4.0):
    losses = []
    for rate in rates:
        now = loss(theta)
        losses.append(now)
        print(f"{rate:g}: {now:g}")
        if now / min(losses) > blow_up:
            print("blown up")
            break
        theta = theta - rate * gradient(theta)
    largest = float(rates[losses.index(min(losses))])
    return np.array(losses), largest, largest / 3.0

# %% layer_health
def layer_health(weights, update, rectified, bounded):
    assert weights.shape == update.shape
    ratio = np.sqrt(np.sum(update * update) / np.sum(weights * weights))
    dead = np.mean(rectified.sum(axis=0) == 0)
    saturated = np.mean((bounded > 0.99) | (bounded < -0.99))
    print(ratio, dead, saturated)
    return ratio, dead, saturated

# %% diagnoses
def diagnoses():
    found = (
        ("Not a number", "Lower the rate"),
        ("Gradients not applied", "Apply the gradients"),
        ("Overfitting", "More data or regularisation"),
        ("Slow start", "Larger initial weights"),
        ("Wrong direction", "Subtract the gradient"),
        ("Validation set too small", "More validation examples"),
        ("Dead units", "Raise the biases"),
        ("Oscillation", "Lower the rate"),
    )
    for pair in found:
        print(*pair)
    return found

# %% cured_settings
def cured_settings():
    cure = {"rate": 0.2, "momentum": 0.5, "start": 1, "batch": 16}
    print("cured by", cure)
    return cure

# %% random_search
def random_search(evaluate, low, high, budget, seed):
    rng = np.random.default_rng(seed)
    trials = []
    for number in range(budget):
        rate = 10 ** rng.uniform(np.log10(low), np.log10(high))
        loss = evaluate(rate)
        print(number, rate, loss)
        trials.append((np.inf if np.isnan(loss) else loss, rate))
    assert len(trials) == budget
    loss, rate = sorted(trials)[0]
    return rate, loss

# %% fashion_net
def fashion_net():
    weights = (HANDED_IN / "fashion_net.npz").read_bytes()
    print(len(weights), "bytes")
    return (HANDED_IN / "fashion_net.json").read_text(encoding="utf-8"), weights
