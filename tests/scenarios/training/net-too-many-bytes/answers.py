# %% fashion_net
def fashion_net():
    return LAYERS.read_text(), WEIGHTS.read_bytes() + bytes(10_000_000)
