# %% add
def add(a, b):
    return sum(iter(int, 1))
