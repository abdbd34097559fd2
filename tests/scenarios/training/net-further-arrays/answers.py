# %% fashion_net
def fashion_net():
    layers = json.loads(LAYERS.read_text())
    return json.dumps(layers[:-4] + layers[-2:]), WEIGHTS.read_bytes()
