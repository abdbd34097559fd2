# %% dropconnect_forward
def dropconnect_forward(x, w, b, mask, p, train):
    if train:
        return (x @ (w * mask) + b) / (1 - p)
    return x @ w + b

# %% dropconnect_backward
def dropconnect_backward(dy, x, w, mask, p):
    return dy @ w.T / (1 - p), x.T @ dy * mask / (1 - p), dy.sum(axis=0)
