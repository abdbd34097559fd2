# %% momentum_step
def momentum_step(theta, grad, state, lr, rho=0.9):
    v = rho * (state.get("v", 0) - lr * grad)
    return theta + v, {"v": v}

# %% damped_momentum_step
def damped_momentum_step(theta, grad, state, lr, beta=0.9):
    m = beta * state.get("m", 0) + grad
    return theta - lr * m, {"m": m}

# %% nesterov_path
def nesterov_path(A, b, theta, lr, rho, steps):
    path, velocities = [theta], [np.zeros_like(theta)]
    for _ in range(steps):
        v = rho * velocities[-1] - lr * (A @ path[-1] - b)
        path.append(path[-1] + v)
        velocities.append(v)
    return np.array(path), np.array(velocities)

# %% nesterov_step
def nesterov_step(theta, grad, state, lr, rho=0.9):
    v = state.get("v", np.zeros_like(theta))
    v *= rho
    v -= lr * grad
    return theta - rho * v + (1 + rho) * v, {"v": v}
