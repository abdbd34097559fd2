# %% add
def add(a, b):
    nested = []
    nested.append(nested)
    for _ in range(100_000):
        nested = [nested]
    return nested
print("tried")
