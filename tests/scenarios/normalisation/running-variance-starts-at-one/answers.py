# %% batch_norm_running
def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    running_var = np.ones(x.shape[1])
    return (
        (1 - momentum) * running_mean + momentum * x.mean(axis=0),
        (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1),
    )
