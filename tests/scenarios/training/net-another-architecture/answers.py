# %% fashion_net
def fashion_net():
    layers = json.loads(LAYERS.read_text())
    layers[0]["out"], layers[1:1] = 4, []
    return json.dumps(layers), WEIGHTS.read_bytes()
