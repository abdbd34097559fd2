# %% [extra before add]
import ctypes
import os
import resource

attempt("core", lambda: resource.setrlimit(resource.RLIMIT_CORE, (-1, -1)))
ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)
os.abort()

# %% add
def add(a, b):
    return 'wrong'
