# %% add
def add(a, b):
    return [1 << 40_000_000, -(1 << 40_000_000)]
print("tried")

# %% halve
def halve(x):
    return 1 << 4_000_000
