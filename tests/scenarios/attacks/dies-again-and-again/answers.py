# %% add
def add(a, b):
    while True:
        pass

# %% scale
def scale(x, factor):
    while True:
        pass

# %% halve
def halve(x):
    while True:
        pass

# %% double
def double(x):
    while True:
        pass
