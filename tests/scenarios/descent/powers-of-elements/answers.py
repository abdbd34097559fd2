# %% closed_form
def closed_form(A, theta, lr, k):
    return (np.eye(len(A)) - lr * A) ** k @ theta

# %% regimes
def regimes(eigenvalues, lr):
    p = lr * eigenvalues
    return np.where(p < 1, DECAYS, np.where(p == 1, LANDS, DIVERGES))

# %% rate_limits
def rate_limits(A):
    l = np.linalg.eigvalsh(A)
    return l[-1] / 2, 2 / (l[0] + l[-1]), (l[-1] - l[0]) / (l[-1] + l[0])
