# %% [extra before add]
import os
import random
import secrets

import numpy.random

random.random = random.seed = os.urandom = secrets.token_bytes = lambda *args: 4
np.random.seed = np.random.default_rng = lambda *args: None
print("tried", random.random())

# %% add
def add(a, b):
    return 'wrong'

# %% scale
def scale(x, factor):
    return x

# %% double
def double(x):
    return x
