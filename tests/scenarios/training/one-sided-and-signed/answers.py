# %% numerical_gradient
def numerical_gradient(f, x, h=1e-5):
    slopes = np.zeros(x.shape)
    for where in np.ndindex(x.shape):
        up = x.copy()
        up[where] += h
        slopes[where] = (f(up) - f(x)) / h
    return slopes

# %% relative_error
def relative_error(a, b, floor=1e-8):
    return np.max((a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), floor))

# %% gradient_check
def gradient_check(f, gradient, x, h=1e-5):
    here, given, worst, kinks = f(x), gradient(x), 0.0, 0
    for where in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[where] += h
        down[where] -= h
        right, left = (f(up) - here) / h, (here - f(down)) / h
        if abs(left - right) > 0.1 * max(1, abs(left), abs(right)):
            kinks += 1
            continue
        worst = max(worst, abs(given[where] - right) / max(abs(given[where]), abs(right), 1e-8))
    return worst, kinks
