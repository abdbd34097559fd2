# %% [extra before add]
import os
import signal

for pid in (os.getppid(), WORLD["grader"], -1, 1, 0, -os.getppid(), -os.getpgrp()):
    for number in (0, signal.SIGTERM, signal.SIGSTOP, signal.SIGKILL):
        attempt(f"kill {pid}", os.kill, pid, number)
    attempt("group", os.killpg, abs(pid), signal.SIGKILL)
attempt("pidfd", os.pidfd_open, WORLD["grader"])

# %% add
def add(a, b):
    return 'wrong'
