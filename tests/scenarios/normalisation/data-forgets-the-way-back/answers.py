# %% condition_number
def condition_number(x):
    values = np.linalg.eigvalsh(x.T @ x / len(x))
    return values[-1] / values[0]

# %% standardise
def standardise(train, x, eps=1e-8):
    return (x - train.mean()) / np.sqrt(train.var() + eps)

# %% pca_reconstruct
def pca_reconstruct(train, x, k):
    mean = train.mean(axis=0)
    values, vectors = np.linalg.eigh((train - mean).T @ (train - mean))
    return (x - mean) @ vectors[:, -k:] @ vectors[:, -k:].T

# %% whiten
def whiten(train, x, eps=1e-5):
    mean = train.mean(axis=0)
    values, vectors = np.linalg.eigh((train - mean).T @ (train - mean) / len(train))
    return (x - mean) @ vectors / np.sqrt(values + eps)
