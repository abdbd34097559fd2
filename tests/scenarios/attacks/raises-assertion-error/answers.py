# %% add
def add(a, b):
    raise AssertionError

# %% double
def double(x):
    raise AssertionError
