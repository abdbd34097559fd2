# %% taylor_model
def taylor_model(f, grad, hessian, theta, d):
    model = f(theta) + grad(theta) @ d + d @ hessian(theta) @ d
    return model, f(theta + d) - model

# %% quadratic_descent
def quadratic_descent(A, theta, lr, steps):
    path = [theta]
    for _ in range(steps):
        theta = theta - lr * (2 * A @ theta)
        path.append(theta)
    return np.array(path)
