# %% [extra before add]
import threading
import time

threading.stack_size(1 << 16)
for _ in range(1000):
    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
    time.sleep(0.001)
time.sleep(2)
print("GOT " + "THROUGH")

# %% add
def add(a, b):
    return 'wrong'
