# %% penalised_loss
def penalised_loss(x, y, w, b, l1, l2):
    N = len(x)
    e = x @ w + b - y
    cost = (0.5 * np.sum(e**2) + l1 * np.sum(np.abs(w)) + l2 / 2 * np.sum(w**2)) / N
    dw = (x.T @ e + l1 * np.sign(w) + l2 * w) / N
    return cost, dw, np.mean(e)
