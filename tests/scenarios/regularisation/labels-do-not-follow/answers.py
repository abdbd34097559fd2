# %% flip_batch
def flip_batch(images, labels, chosen, partner):
    images = images.copy()
    for n in range(len(images)):
        if chosen[n]:
            images[n] = images[n][:, ::-1].copy()
    return images, labels
