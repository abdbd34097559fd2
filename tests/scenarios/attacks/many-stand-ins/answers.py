# %% [extra before add]
print("tried")

# %% add
def add(a, b):
    return [object() for _ in range(30_000)]
