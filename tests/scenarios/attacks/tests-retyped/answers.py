# %% add
def add(a, b):
    return 'wrong'

# %% double
def double(x):
    return x
