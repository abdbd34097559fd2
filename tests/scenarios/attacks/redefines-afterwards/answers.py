# %% add
def add(a, b):
    return a - b

# %% [extra after double]
def add(a, b):
    print("GOT" + " THROUGH")
    return a * b
print("tried")
