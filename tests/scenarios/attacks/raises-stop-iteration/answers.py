# %% add
def add(a, b):
    raise StopIteration

# %% double
def double(x):
    raise StopIteration
