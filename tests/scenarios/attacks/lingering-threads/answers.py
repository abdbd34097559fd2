# %% [extra before add]
import atexit
import threading
import time
import weakref

def write():
    for place in (WORLD["outside"], WORLD["tmp"], "/tmp"):
        try:
            open(place + "/ntc-attack-late", "w")
        except OSError:
            continue

def later():
    while True:
        time.sleep(0.01)
        write()

class Late:
    def __del__(self):
        write()
        time.sleep(30)

for _ in range(8):
    threading.Thread(target=later).start()
atexit.register(write)
atexit.register(time.sleep, 30)
late = Late()
weakref.finalize(late, write)
threading.excepthook = threading._register_atexit = lambda *args: write()
print("tried")

# %% add
def add(a, b):
    return 'wrong'
