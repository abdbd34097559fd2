# %% batch_norm_running
def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    running_mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    running_var = (1 - momentum) * running_var + momentum * x.var(axis=0)
    return running_mean, running_var

# %% batch_norm_test
def batch_norm_test(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta
