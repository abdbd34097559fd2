# %% [extra before add]
import os

for number in range(3, 256):
    try:
        kind = os.fstat(number)
    except OSError:
        continue
    attempt(f"link of {number}", lambda: 1 / (not os.readlink(f"/proc/self/fd/{number}").startswith("pipe:")))
    if kind.st_mode & 0o170000 in (0o100000, 0o040000):
        attempt(f"opening {number} again", lambda: os.open(f"/proc/self/fd/{number}", os.O_RDONLY))
        attempt(f"file {number}", os.pread, number, 100, 0)
attempt("list", os.listdir, "/proc/self/fd")

# %% add
def add(a, b):
    return 'wrong'
