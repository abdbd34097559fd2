# %% [extra before add]
import os
import time

held = []
for number in range(40):
    file = open("x", "wb")
    file.write(bytes(4 << 20))
    file.flush()
    os.unlink("x")
    held.append(file)
    time.sleep(0.02)
time.sleep(3)
print("GOT " + "THROUGH")

# %% add
def add(a, b):
    return 'wrong'
