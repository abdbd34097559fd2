# %% training_loop
def training_loop(gradient, theta, orders, size, schedule):
    path, t = [theta], 0
    for order in orders:
        for start in range(0, len(order), size):
            theta = theta + schedule(t) * gradient(theta, order[start : start + size])
            t += 1
        path.append(theta)
    return np.array(path)

# %% range_test
def range_test(loss, gradient, theta, rates, blow_up=4.0):
    losses = []
    for rate in rates:
        losses.append(loss(theta))
        if losses[-1] > blow_up * min(losses):
            break
        theta = theta - rate * gradient(theta)
    return np.array(losses), rates[len(losses) - 1], rates[len(losses) - 1] / 3
