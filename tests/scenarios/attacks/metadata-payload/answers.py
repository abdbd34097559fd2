# %% add
def add(a, b):
    return 'wrong'
