# %% [extra before add]
import io
import os

for spot in ['home:.ssh/id_rsa', 'home:.netrc', 'home:grades.csv', 'outside:victim']:
    top, name = spot.split(":")
    path = os.path.join(WORLD.get(top, top), name)
    attempt(path, fresh, path)
    attempt("io", lambda: io.FileIO(path).read(9))
    attempt("os", lambda: os.read(os.open(path, os.O_RDONLY), 9))
    attempt("as a path", lambda: os.open(path, getattr(os, "O_PATH") | os.O_NOFOLLOW) and os.listdir(os.path.dirname(path)))
    attempt("through the root", fresh, "/proc/self/root" + path)
    attempt("through the grader", fresh, f"/proc/{WORLD['grader']}/root" + path)

# %% add
def add(a, b):
    return 'wrong'
