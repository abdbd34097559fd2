# %% [extra before add]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for spot in ("class/gradebook.db", "class/source/attacks/attacks.ipynb", "outside/victim", "home/grades.csv",
             "class/submitted/honest-victim/attacks/attacks.ipynb", "class/.course/class_key"):
    top, _, rest = spot.partition("/")
    path = WORLD[top] + "/" + rest
    attempt("truncate", os.truncate, path, 0)
    attempt("creat", os.open, path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    attempt("read only", os.open, path, os.O_RDONLY | os.O_TRUNC)
    attempt("no access", os.open, path, 3 | os.O_TRUNC)
    if libc.truncate(path.encode(), 0) == 0 or libc.syscall(76, path.encode(), 0) == 0:
        print("GOT THROUGH truncate")

# %% add
def add(a, b):
    return 'wrong'
