# %% fashion_net
def fashion_net():
    layers = [{"layer": "flatten"}, {"layer": "linear", "out": 10}]
    arrays = {"1.weight": np.zeros((10, 784)), "1.bias": np.zeros(10)}
    save_net(layers, arrays)
    return LAYERS.read_text(), WEIGHTS.read_bytes()
