# %% receptive_field
def receptive_field(layers):
    size, jump = 1, 1
    for k, s, d in layers:
        jump *= s
        size += d * (k - 1) * jump
    return size, jump

# %% net_size
def net_size(input_shape, layers):
    shape = tuple(input_shape)
    units, weights = [], []
    for layer in layers:
        if layer[0] == "fc":
            weights.append(int(np.prod(shape)) * layer[1])
            shape = (layer[1], 1, 1)
        else:
            filters, k, s, p = layer[1:] if layer[0] == "conv" else (shape[0], *layer[1:], 0)
            weights.append(filters * shape[0] * k * k if layer[0] == "conv" else 0)
            shape = (filters, (shape[1] + 2 * p - k) // s + 1, (shape[2] + 2 * p - k) // s + 1)
        units.append(int(np.prod(shape)))
    return units, weights, weights
