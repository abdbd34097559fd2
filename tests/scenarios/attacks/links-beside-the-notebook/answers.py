# %% [extra before add]
import os

for name in ("key", "timestamp.txt", "data/passwd"):
    attempt(name, fresh, name)
print("GOT THROUGH" if os.path.exists("key") else "tried")

# %% add
def add(a, b):
    return 'wrong'
