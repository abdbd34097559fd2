# %% dropout_forward
def dropout_forward(kind, x, mask, p, train):
    if train:
        return x * mask
    return x * (1 - p) if kind == "classic" else x

# %% dropout_backward
def dropout_backward(kind, dy, mask, p, train):
    if train:
        return dy * mask
    return dy * (1 - p) if kind == "classic" else dy
