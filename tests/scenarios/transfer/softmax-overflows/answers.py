# %% softmax_head
def softmax_head(codes, labels, classes, penalty, lr, steps):
    V, v = np.zeros((codes.shape[1], classes)), np.zeros(classes)
    for _ in range(steps):
        p = np.exp(codes @ V + v)
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(len(p)), labels] -= 1
        V, v = V - lr * (codes.T @ p / len(p) + penalty * V), v - lr * p.mean(axis=0)
    return V, v

# %% svm_cost
def svm_cost(V, v, codes, labels, penalty):
    n = len(codes)
    s = codes @ V + v
    m = np.maximum(0, s - s[np.arange(n), labels][:, None] + 1)
    active = (m > 0).astype(float)
    active[np.arange(n), labels] = 0
    return m.sum() / n + penalty / 2 * (V ** 2).sum(), codes.T @ active / n + penalty * V, active.sum(axis=0) / n

# %% preactivation_forward
def preactivation_forward(x, w1, w2):
    a = np.maximum(x, 0)
    h = np.maximum(conv2d(a, w1), 0)
    return np.maximum(x + conv2d(h, w2), 0), (w1, w2, a, h)

# %% inception_forward
def inception_forward(x, w1, r3, w3, r5, w5, wp):
    relu = lambda a: np.maximum(a, 0)
    return np.concatenate([relu(conv2d(x, w1)), relu(conv2d(relu(conv2d(x, r3)), w3)),
                           relu(conv2d(relu(conv2d(x, r5)), w5)), relu(conv2d(x, wp))], axis=1)
