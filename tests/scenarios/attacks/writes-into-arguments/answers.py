# %% scale
def scale(x, factor):
    x[:] = [1e9, -1e9]
    x.resize((5, 5), refcheck=False) if hasattr(x, "resize") else None
    return np.broadcast_to(True, (2,))
print("tried")

# %% double
def double(x):
    x *= 0
    return x
