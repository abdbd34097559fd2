# %% fashion_net
def fashion_net():
    return "[" * 9_000, WEIGHTS.read_bytes()
