# %% add
import os

def add(a, b):
    os._exit(1)

# %% [extra after double]
import os
os.abort()
