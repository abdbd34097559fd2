# %% [extra before add]
import os
import time

for number in range(35_000):
    open(f"f{number}", "w").close()
time.sleep(2)
print("GOT " + "THROUGH")

# %% add
def add(a, b):
    return 'wrong'
