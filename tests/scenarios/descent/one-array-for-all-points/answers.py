# %% quadratic_descent
def quadratic_descent(A, theta, lr, steps):
    path = [theta]
    for _ in range(steps):
        theta -= lr * A @ theta
        path.append(theta)
    return np.array(path)

# %% mended_descent
def mended_descent(A, b, theta, lr, steps):
    path = [theta]
    for _ in range(steps):
        gradient = A @ theta - b
        theta -= lr * gradient
        path.append(theta)
    return np.array(path)
