# %% minibatches
def minibatches(count, size, epochs, seed):
    rng = np.random.default_rng(seed)
    batches = []
    for _ in range(epochs):
        order = rng.permutation(count)
        for i in range(count // size):
            batches.append(order[i * size:(i + 1) * size])
    return batches

# %% gradient_noise
def gradient_noise(gradients, size):
    return gradients.mean(axis=0), gradients.var(axis=0).sum() / np.sqrt(size)

# %% sgd_pass
def sgd_pass(X, y, order, size, lr):
    theta = np.zeros(X.shape[1])
    for i in range(0, len(order), size):
        rows = order[i:i + size]
        theta -= lr * X[rows].T @ (X[rows] @ theta - y[rows]) / size
    return theta

# %% digits_answers
def digits_answers():
    return 1, 0.3, 64
