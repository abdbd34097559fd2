# %% residual_backward
def residual_backward(dy, cache):
    x, w1, w2, before, h, y = cache
    dh, dw2 = conv2d_backward(dy * (y > 0), h, w2)
    dx, dw1 = conv2d_backward(dh * (before > 0), x, w1)
    return dx, dw1, dw2

# %% preactivation_backward
def preactivation_backward(dy, cache):
    w1, w2, a, h = cache
    dh, dw2 = conv2d_backward(dy, h, w2)
    da, dw1 = conv2d_backward(dh * (h > 0), a, w1)
    return da * (a > 0), dw1, dw2

# %% gradient_flow
def gradient_flow(x, weights, dy, skip):
    masks, h = [], x
    for W in weights:
        a = h @ W
        masks.append(a > 0)
        h = np.maximum(a, 0) + (h if skip else 0)
    norms = [np.linalg.norm(dy)]
    for W, mask in zip(weights[::-1], masks[::-1]):
        dy = (dy * mask) @ W.T
        norms.insert(0, np.linalg.norm(dy))
    return np.array(norms)
