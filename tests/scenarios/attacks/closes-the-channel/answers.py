# %% add
import os

def add(a, b):
    os.closerange(3, 1024)
    return a + b
