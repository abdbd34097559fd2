# %% gradient_check
def gradient_check(f, gradient, x, h=1e-5):
    here, given, worst, kinks = f(x), gradient(x), 0.0, 0
    for where in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[where] += h
        down[where] -= h
        right, left = (f(up) - here) / h, (here - f(down)) / h
        kinks += abs(left - right) > 0.1 * max(1, abs(left), abs(right))
        mean = (left + right) / 2
        worst = max(worst, abs(given[where] - mean) / max(abs(given[where]), abs(mean), 1e-8))
    return worst, int(kinks)

# %% planted_bugs
def planted_bugs():
    return [1, 3, 4, 5]
