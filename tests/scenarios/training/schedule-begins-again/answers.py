# %% training_loop
def training_loop(gradient, theta, orders, size, schedule):
    path = [theta]
    for order in orders:
        for t, start in enumerate(range(0, len(order), size)):
            theta = theta - schedule(t) * gradient(theta, order[start : start + size])
        path.append(theta)
    return np.array(path)

# %% early_stopping
def early_stopping(losses, patience, growth):
    best, best_epoch = np.inf, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < best:
            best, best_epoch = loss, epoch
        if epoch - best_epoch >= patience:
            return best_epoch, epoch
    return best_epoch, len(losses)
