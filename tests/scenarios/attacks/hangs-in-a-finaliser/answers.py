# %% add
import atexit
import time

class Late:
    def __del__(self):
        while True:
            time.sleep(1)

def add(a, b):
    Late()
    return a + b
atexit.register(time.sleep, 600)
