# %% max_norm
def max_norm(w, limit):
    norm = np.linalg.norm(w)
    return w * limit / norm if norm > limit else w
