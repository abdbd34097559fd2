# %% random_crops
def random_crops(images, size, seed):
    rng = np.random.default_rng(seed)
    i = rng.integers(images.shape[1] - size + 1)
    j = rng.integers(images.shape[2] - size + 1)
    return images[:, i : i + size, j : j + size]
