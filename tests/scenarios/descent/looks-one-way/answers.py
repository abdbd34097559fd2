# %% numerical_hessian
def numerical_hessian(f, theta, h):
    n = len(theta)
    H = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            a, b = np.zeros(n), np.zeros(n)
            a[i], b[j] = h, h
            H[i, j] = (f(theta + a + b) - f(theta + a) - f(theta + b) + f(theta)) / h ** 2
    return H

# %% curvature
def curvature(H, v):
    return v @ H @ v
