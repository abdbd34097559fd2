# %% batch_norm_running
def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    var = x.var(axis=0, ddof=1) + 1e-5
    return (1 - momentum) * running_mean + momentum * x.mean(axis=0), (1 - momentum) * running_var + momentum * var
