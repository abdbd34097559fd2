# %% critical_point
def critical_point(H, tol):
    d = np.diag(H)
    zero = tol * np.abs(d).max()
    if (d > zero).any() and (d < -zero).any():
        return SADDLE
    if (d > zero).all():
        return MINIMUM
    return MAXIMUM if (d < -zero).all() else DEGENERATE

# %% hessian_condition
def hessian_condition(H):
    d = np.diag(H)
    return d.max() / d.min()

# %% rate_limits
def rate_limits(A):
    values = np.linalg.eigvalsh(A)
    return 2 / np.diag(A).max(), 2 / (values[0] + values[-1]), 1 - values[0] / values[-1]
