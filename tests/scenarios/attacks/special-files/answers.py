# %% [extra before add]
import os
import socket
import stat

for place in (".", WORLD["outside"]):
    attempt("symlink", os.symlink, WORLD["class"] + "/gradebook.db", place + "/attacks.ipynb")
    attempt("fifo", os.mkfifo, place + "/fifo")
    attempt("device", os.mknod, place + "/device", 0o666 | stat.S_IFBLK, os.makedev(8, 0))
    attempt("character", os.mknod, place + "/null", 0o666 | stat.S_IFCHR, os.makedev(1, 1))
    attempt("socket", lambda: socket.socket(socket.AF_UNIX).bind(place + "/ntc-attack-s"))

# %% add
def add(a, b):
    return 'wrong'
