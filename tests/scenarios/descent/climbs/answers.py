# %% quadratic_descent
def quadratic_descent(A, x, learning_rate, steps):
    path = [x]
    for _ in range(steps):
        dx = A @ x
        x = x + learning_rate * dx
        path.append(x)
    return np.array(path)

# %% momentum_descent
def momentum_descent(A, theta, lr, mu, steps):
    path, velocities = [theta], [np.zeros_like(theta)]
    for _ in range(steps):
        velocities.append(mu * velocities[-1] + lr * A @ path[-1])
        path.append(path[-1] + velocities[-1])
    return np.array(path), np.array(velocities)

# %% newton_step
def newton_step(grad, hessian, theta):
    return theta + np.linalg.solve(hessian(theta), grad(theta))

# %% mended_descent
def mended_descent(A, b, theta, lr, steps):
    path = [theta]
    for _ in range(steps):
        theta = theta + lr * (A @ theta - b)
        path.append(theta)
    return np.array(path)
