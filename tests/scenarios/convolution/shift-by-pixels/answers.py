# %% shift_errors
def shift_errors(image, kernel, pool, shift):
    def R(picture):
        y = conv2d_forward(picture[None, None], kernel[None, None], np.zeros(1))
        return max_pool2d_forward(y, pool, pool)[0, 0]
    A, B = R(image[:, :image.shape[1] - shift]), R(image[:, shift:])
    n = A.shape[1]
    along = A[:, shift:]
    with np.errstate(all="ignore"):
        equivariance = np.abs(B[:, :along.shape[1]] - along).sum() / np.abs(along).sum()
    return equivariance, np.abs(B - A).sum() / np.abs(A).sum()

# %% texture_experiment
def texture_experiment(name, pool):
    picture = textures[names.index(name)][:48, :48] / 255.0
    errors = [shift_errors(picture, canonical_kernel("vertical_edge"), pool, s)[1] for s in range(1, 7)]
    first = next((s for s, error in enumerate(errors, start=1) if error >= 0.5), 6)
    return errors, first
