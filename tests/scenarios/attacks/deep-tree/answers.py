# %% [extra before add]
import os
import time

os.umask(0o777)
for _ in range(3000):
    os.mkdir("d" * 90)
    os.chdir("d" * 90)
time.sleep(2)
print("GOT " + "THROUGH")

# %% add
def add(a, b):
    return 'wrong'
