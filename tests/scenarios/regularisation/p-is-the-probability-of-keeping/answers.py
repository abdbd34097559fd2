# %% dropout_mask
def dropout_mask(shape, p, seed):
    rng = np.random.default_rng(seed)
    return rng.random(shape) < p

# %% dropout_forward
def dropout_forward(kind, x, mask, p, train):
    if kind == "classic":
        return x * mask if train else x * p
    return x * mask / p if train and p else x * mask if train else x
