# %% canonical_kernel
def canonical_kernel(name):
    if name == "blur":
        return np.ones((3, 3))
    if name == "sharpen":
        return np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    if name == "edge":
        return np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]])
    return np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
