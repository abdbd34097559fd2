# %% [extra before add]
import os

os.makedirs("a/b/c")
open("a/b/c/file", "w").write("x")
for place in ("a/b/c/file", "a/b/c", "a/b", "a", "."):
    os.chmod(place, 0)
os.umask(0o777)
os.makedirs("e/f/g", exist_ok=True) if os.getuid() == 0 else os.mkdir("e")
print("tried")

# %% add
def add(a, b):
    return 'wrong'
