# %% double
def double(x):
    return x
print("tried")

# %% quadruple
def quadruple(x):
    if double(np.ones(1))[0] != 1:
        while True:
            try:
                double(np.ones(5 * 10**6))
            except BaseException:
                pass
    return x
