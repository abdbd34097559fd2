# %% [extra before add]
import ctypes
import os
import subprocess

libc = ctypes.CDLL(None, use_errno=True)
for what in ("fork", "forkpty"):
    attempt(what, lambda: getattr(os, what)() or os._exit(0))
attempt("subprocess", subprocess.run, ["/bin/sh", "-c", "sleep 600 & touch /tmp/ntc-attack"])
attempt("popen", os.popen, "true")
attempt("spawn", os.posix_spawn, "/bin/true", ["true"], {})
attempt("exec", os.execv, "/bin/true", ["true"])
attempt("multiprocessing", lambda: __import__("multiprocessing").get_context("fork").Process(target=print).start())
attempt("pool", lambda: __import__("concurrent.futures").futures.ProcessPoolExecutor(1).submit(abs, 1).result(timeout=1))
for number, flags in ((56, 17), (56, 0x4111), (57, 0), (58, 0), (435, 0), (59, 0), (322, 0)):
    result = libc.syscall(number, flags, 0, 0, 0, 0)
    if result == 0:
        libc._exit(0)
    print("GOT THROUGH" if result > 0 else "tried", number)

# %% add
def add(a, b):
    return 'wrong'
