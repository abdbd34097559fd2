# %% halve
numbers = iter([np.float64("inf"), -1, float("nan"), True, np.int64(10**9), 1e308] * 9)

def halve(x):
    return next(numbers)
print("tried")
