# %% [extra before add]
import os

for name in (b"\xff\xfe", b"new\nline", b"-rf", b"*", b" ", b"\x1b[2J", b"a" * 255, "\u202e.txt".encode(), b"$(id)"):
    os.mkdir(name)
    open(name + b"/" + name, "w").close()
print("tried")

# %% add
def add(a, b):
    return 'wrong'
