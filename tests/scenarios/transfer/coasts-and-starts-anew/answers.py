# %% group_step
def group_step(params, grads, velocities, shares, lr, rho=0.9, decay=0.0):
    after, moved = {}, {}
    for name in params:
        share = shares.get(name, 0)
        g = grads[name] + decay * params[name]
        moved[name] = rho * velocities[name] - lr * share * g
        after[name] = params[name] + moved[name]
    return after, moved

# %% texture_tuning
def texture_tuning():
    rng = np.random.default_rng(0)
    W, b = last_layer()
    return rng.normal(0, 0.1, W.shape), b, *texture_head()

# %% transfer_gain
def transfer_gain(with_trunk, without):
    return with_trunk.max() - without.max()

# %% table_readings
def table_readings():
    return [1, 1], [1, 1], 1
