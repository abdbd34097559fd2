# %% [extra before add]
attempt("helper", __import__, "helper")
attempt("path", lambda: __import__("sys").modules["sitecustomize"].through)

# %% add
def add(a, b):
    return 'wrong'
