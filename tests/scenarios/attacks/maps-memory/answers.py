# %% [extra before add]
import mmap

held = []
def take():
    for _ in range(64):
        held.append(mmap.mmap(-1, 1 << 26))
    return "4 GB"
attempt("maps", take)
held.clear()
attempt("array", np.empty, 10**10)
attempt("shared", lambda: mmap.mmap(-1, 1 << 33, flags=mmap.MAP_SHARED))

# %% add
def add(a, b):
    return 'wrong'
