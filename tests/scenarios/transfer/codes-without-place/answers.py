# %% map_codes
def map_codes(maps, grid):
    return maps.mean(axis=(2, 3))

# %% softmax_head
def softmax_head(codes, labels, classes, penalty, lr, steps):
    V, v = np.zeros((codes.shape[1], classes)), np.zeros(classes)
    for _ in range(steps):
        s = codes @ V + v
        p = np.exp(s - s.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(len(p)), labels] -= 1
        V, v = V - lr * (codes.T @ p + penalty * V), v - lr * p.sum(axis=0)
    return V, v

# %% svm_cost
def svm_cost(V, v, codes, labels, penalty):
    n = len(codes)
    s = codes @ V + v
    m = s - s[np.arange(n), labels][:, None] + 1
    active = (m > 0).astype(float)
    active[np.arange(n), labels] = 0
    active[np.arange(n), labels] = -active.sum(axis=1)
    m[np.arange(n), labels] = 0
    return m.sum() / n + penalty / 2 * (V ** 2).sum(), codes.T @ active / n + 2 * penalty * V, active.sum(axis=0) / n

# %% unscaled_head
def unscaled_head(V, v, mean, deviation):
    return V / deviation[:, None], v - mean @ V

# %% texture_head
def texture_head():
    data = textures("few")
    means = np.array([data["maps"].mean(axis=(2, 3))[data["labels"] == k].mean(axis=0) for k in range(3)])
    return 0.02 * means.T, np.array([-0.01 * m @ m for m in means])
