# %% add
odd = iter([float("nan"), float("inf"), complex("nan"), -0.0, np.float16("nan")] * 9)

def add(a, b):
    return next(odd)
print("tried")

# %% scale
def scale(x, factor):
    return np.full(2, np.nan)

# %% double
def double(x):
    return np.full(np.shape(x), np.nan)
