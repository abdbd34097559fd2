# %% fashion_net
def fashion_net():
    layers, arrays = json.loads(LAYERS.read_text()), dict(np.load(WEIGHTS))
    arrays["0.weight"][:] = np.nan
    np.savez_compressed("other.npz", **arrays)
    return json.dumps(layers), Path("other.npz").read_bytes()
