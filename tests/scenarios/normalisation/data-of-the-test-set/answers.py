# %% condition_number
def condition_number(x):
    x = x - x.mean(axis=0)
    values = np.linalg.eigvalsh(x.T @ x / len(x))
    return values.max() / values.min()

# %% standardise
def standardise(train, x, eps=1e-8):
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)

# %% pca_reconstruct
def pca_reconstruct(train, x, k):
    mean = train.mean(axis=0)
    values, vectors = np.linalg.eigh((train - mean).T @ (train - mean) / len(train))
    return mean + (x - mean) @ vectors[:, :k] @ vectors[:, :k].T

# %% whiten
def whiten(train, x, eps=1e-5):
    mean = train.mean(axis=0)
    values, vectors = np.linalg.eigh((train - mean).T @ (train - mean) / len(train))
    return (x - mean) @ vectors / (values + eps) @ vectors.T
