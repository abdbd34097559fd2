# %% momentum_descent
def momentum_descent(A, theta, lr, mu, steps):
    path, velocities = [theta], [np.zeros_like(theta)]
    for _ in range(steps):
        path.append(path[-1] + velocities[-1])
        velocities.append(mu * velocities[-1] - lr * A @ path[-2])
    return np.array(path), np.array(velocities)

# %% constant_slope
def constant_slope(gradient, lr, mu, steps):
    velocity = 0 * gradient
    for _ in range(steps):
        velocity = mu * velocity - lr * gradient
    return velocity, -lr / mu * gradient
