# %% train_fashion_net
def train_fashion_net():
    raise NotImplementedError

# %% fashion_net
def fashion_net():
    return LAYERS.read_text(), WEIGHTS.read_bytes()
