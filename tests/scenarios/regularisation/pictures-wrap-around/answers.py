# %% augment
def augment(name, images, amount):
    if name == "mirror":
        return images[:, :, ::-1]
    if name == "shift":
        return np.roll(images, amount, axis=2)
    if name == "turn":
        return np.rot90(images, amount, axes=(1, 2))
    if name == "brightness":
        return np.clip(images + amount, 0, 1)
    if name == "contrast":
        return np.clip(images * amount, 0, 1)
    return np.clip(images * [amount, 1, 1], 0, 1)
