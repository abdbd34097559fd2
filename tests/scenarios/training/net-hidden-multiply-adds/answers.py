# %% fashion_net
def fashion_net():
    layers = json.loads(LAYERS.read_text())
    layers[0]["stride"] = -1
    return json.dumps(layers), WEIGHTS.read_bytes()
