# %% newton_step
def newton_step(grad, hessian, theta):
    return theta - hessian(theta) @ grad(theta)

# %% newton_destination
def newton_destination(grad, hessian, theta, steps):
    for _ in range(steps):
        theta = theta - np.linalg.solve(hessian(theta), grad(theta))
    return theta, MINIMUM
