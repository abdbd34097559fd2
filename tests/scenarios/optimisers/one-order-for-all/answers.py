# %% minibatches
def minibatches(count, size, epochs, seed):
    batches = []
    for _ in range(epochs):
        order = np.random.default_rng(seed).permutation(count)
        batches += [order[i:i + size] for i in range(0, count, size)]
    return batches

# %% learning_rate
def learning_rate(schedule, t, lr, length, factor=0.1, warmup=0):
    if schedule == "step":
        return lr * factor ** (t / length)
    if schedule == "exponential":
        return lr * np.exp(-t / length)
    if schedule == "1/t":
        return lr / (1 + t / length)
    if schedule == "hold":
        return lr * length / max(t, length)
    if schedule == "triangular":
        return lr * (factor + (1 - factor) * (t % length) / length)
    if t < warmup:
        return lr * t / warmup
    return lr * (1 + np.cos(np.pi * min((t - warmup) / length, 1))) / 2
