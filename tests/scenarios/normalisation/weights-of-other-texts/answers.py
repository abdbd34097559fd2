# %% initial_weights
def initial_weights(rule, shape, seed):
    window = int(np.prod(shape[2:]))
    fan_in, fan_out = shape[1] * window, shape[0] * window
    rng = np.random.default_rng(seed)
    if rule == "zero":
        return np.zeros(shape)
    if rule == "small":
        return 0.01 * rng.standard_normal(shape)
    if rule == "xavier":
        return rng.standard_normal(shape) / np.sqrt(fan_in)
    return rng.standard_normal(shape) * 2 / fan_in

# %% depth_profile
def depth_profile(rule, activation):
    # with its own, right, weights
    std = {"zero": 0, "small": 0.01, "xavier": 1 / 8, "he": np.sqrt(2 / 64)}[rule]
    h, found = digits, []
    for layer in range(1, 11):
        scores = h @ (std * np.random.default_rng(layer).standard_normal((64, 64))).T
        h = activate(activation, scores)
        found.append(scores.std())
    return np.array(found)

# %% depth_readings
def depth_readings():
    def profile(rule, activation):
        h, found = digits, []
        std = {"small": 0.01, "xavier": 1 / 8, "he": np.sqrt(2 / 64)}[rule]
        for layer in range(1, 11):
            h = activate(activation, h @ (std * np.random.default_rng(layer).standard_normal((64, 64))).T)
            found.append(h.std())
        return np.array(found)

    small = profile("small", "tanh")
    kept = [profile(*pair) for pair in (("xavier", "tanh"), ("xavier", "relu"), ("he", "relu"))]
    return int(np.argmax(small < 0.01 * small[0])), *((s[-1] / s[0]) ** (1 / 9) for s in kept)
