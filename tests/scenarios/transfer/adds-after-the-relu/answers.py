# %% residual_forward
def residual_forward(x, w1, w2):
    before = conv2d(x, w1)
    h = np.maximum(before, 0)
    z = conv2d(h, w2)
    return np.maximum(z, 0) + x, (x, w1, w2, before, h, np.maximum(x + z, 0))

# %% preactivation_forward
def preactivation_forward(x, w1, w2):
    a = np.maximum(x, 0)
    h = np.maximum(conv2d(a, w1), 0)
    return a + conv2d(h, w2), (w1, w2, a, h)

# %% inception_forward
def inception_forward(x, w1, r3, w3, r5, w5, wp):
    relu = lambda a: np.maximum(a, 0)
    return np.concatenate([relu(conv2d(x, w1)), relu(conv2d(conv2d(x, r3), w3)), relu(conv2d(conv2d(x, r5), w5)),
                           relu(conv2d(max_pool3(x), wp))], axis=1)

# %% flow_readings
def flow_readings():
    norms = [gradient_flow(deep_x, deep_weights, deep_dy, skip) for skip in (False, True)]
    return norms[0][-1] / norms[0][0], norms[1][-1] / norms[1][0], int(np.sum(norms[0] < 0.01 * norms[0][-1]))
