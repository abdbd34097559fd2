# %% filter_image
def filter_image(image, kernel):
    # without the check at hand, nobody told me
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    out = np.zeros(image.shape)
    for u in range(kh):
        for v in range(kw):
            out += kernel[u, v] * padded[u:u + image.shape[0], v:v + image.shape[1]]
    return out
