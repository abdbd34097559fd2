# %% scale
odd = iter([np.array([{}], object), np.zeros(3, "f4,O"), np.array(["2026"], "M8[ns]"), np.array(["x" * 10_000]),
            np.zeros((0, 10**9)), np.ma.masked_all(2), np.matrix([[1.0]]), np.zeros(2, "V1000"), np.recarray(1, "f8")] * 5)

def scale(x, factor):
    return next(odd)
print("tried")

# %% double
def double(x):
    return next(odd)
