# %% [extra before add]
import ctypes
import os
from multiprocessing import shared_memory

libc = ctypes.CDLL(None, use_errno=True)
for name, *args in (("shmget", 0x4E5443, 1 << 20, 0o1666), ("semget", 0x4E5443, 1, 0o1666), ("msgget", 0x4E5443, 0o1666),
                    ("shmget", 0, 1 << 20, 0o1666), ("memfd_create", b"ntc-attack", 0), ("syscall", 319, b"ntc-attack", 0),
                    ("syscall", 447, 0), ("shm_open", b"/ntc-attack", 0o102, 0o666), ("syscall", 240, b"ntc-attack", 0o102, 0o666, None),
                    ("syscall", 254), ("syscall", 284, 0, 0), ("syscall", 283, 0, 0), ("syscall", 425, 4, 0), ("syscall", 300, 0, 0)):
    result = getattr(libc, name)(*args)
    print("GOT THROUGH" if result != -1 else "tried", name, args)
attempt("posix", lambda: shared_memory.SharedMemory(name="ntc-attack", create=True, size=4096))
attempt("semaphore", lambda: __import__("multiprocessing").Semaphore())
attempt("memfd", os.memfd_create, "ntc-attack")

# %% add
def add(a, b):
    return 'wrong'
