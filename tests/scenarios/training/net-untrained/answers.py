# %% fashion_net
def fashion_net():
    layers = [{"layer": "flatten"}, {"layer": "linear", "out": 10}]
    arrays = {"1.weight": np.zeros((10, 784)), "1.bias": np.zeros(10)}
    np.savez_compressed("other.npz", **arrays)
    return json.dumps(layers), Path("other.npz").read_bytes()
