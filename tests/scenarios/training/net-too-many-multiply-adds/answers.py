# %% fashion_net
def fashion_net():
    layers = json.loads(LAYERS.read_text())
    layers[0]["out"] = 32
    np.savez_compressed("other.npz", **build_net(layers).state_dict())
    return json.dumps(layers), Path("other.npz").read_bytes()
