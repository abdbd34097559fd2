# %% add
def add(a, b):
    raise BaseExceptionGroup('x', [KeyboardInterrupt(), ExceptionGroup('y', [ValueError()])])

# %% double
def double(x):
    raise BaseExceptionGroup('x', [KeyboardInterrupt(), ExceptionGroup('y', [ValueError()])])
