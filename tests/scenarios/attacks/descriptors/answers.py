# %% [extra before add]
import os

held = []
def take():
    while True:
        held.append(os.dup(0))
attempt("dup", take)
for number in held:
    os.close(number)

# %% add
def add(a, b):
    return 'wrong'
