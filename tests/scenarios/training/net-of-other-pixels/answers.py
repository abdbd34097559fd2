# %% fashion_net
def fashion_net():
    layers, arrays = json.loads(LAYERS.read_text()), dict(np.load(WEIGHTS))
    arrays["0.weight"] = arrays["0.weight"].astype(np.float32) / 255
    np.savez("other.npz", **arrays)
    return LAYERS.read_text(), Path("other.npz").read_bytes()
