# %% fashion_net
def fashion_net():
    layers, arrays = json.loads(LAYERS.read_text()), dict(np.load(WEIGHTS))
    arrays["0.weight"][:] = np.nan
    save_net(layers, arrays)
    return LAYERS.read_text(), WEIGHTS.read_bytes()
