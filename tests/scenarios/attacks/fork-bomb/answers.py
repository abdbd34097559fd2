# %% [extra before add]
import os

for _ in range(200):
    try:
        if os.fork() == 0:
            import time
            time.sleep(20)
            os._exit(0)
    except OSError as problem:
        print("tried", type(problem).__name__)
        break
    print("GOT THROUGH")

# %% add
def add(a, b):
    return 'wrong'
