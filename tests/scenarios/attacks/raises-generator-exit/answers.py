# %% add
def add(a, b):
    raise GeneratorExit

# %% double
def double(x):
    raise GeneratorExit
