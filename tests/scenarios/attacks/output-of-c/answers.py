# %% [extra before add]
import os

print("tried")
for number in (0, 1, 2):
    for _ in range(20):
        os.write(number, b"GOT " + b"THROUGH" * 150_000)

# %% add
def add(a, b):
    return 'wrong'
