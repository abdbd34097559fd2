# %% texture_head
def texture_head():
    data = textures("few")
    pixels = data["pixels"]
    V, v = softmax_head(pixels - pixels.mean(axis=0), data["labels"], 3, 0.01, 0.01, 50)
    return V, v

# %% texture_tuning
def texture_tuning():
    W, b = last_layer()
    V, v = np.zeros((40, 3)), np.zeros(3)
    return np.full(W.shape, np.nan), b, V, v
