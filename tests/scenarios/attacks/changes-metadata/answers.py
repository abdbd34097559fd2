# %% [extra before add]
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
for top, rest in (("class", "gradebook.db"), ("outside", "victim"), ("outside", ""), ("home", ".ssh/id_rsa"),
                  ("class", "submitted/honest-victim/attacks/attacks.ipynb")):
    path = os.path.join(WORLD[top], rest)
    # These seem to work, and must not.
    for action in (lambda: os.chmod(path, 0o777), lambda: os.utime(path, (1, 1)), lambda: os.chmod(path, 0o4755),
                   lambda: os.utime(path), lambda: libc.chmod(path.encode(), 0), lambda: libc.utimes(path.encode(), None)):
        try:
            action()
        except OSError:
            continue
    for number in (90, 91, 132, 235, 261, 268, 280, 452):
        libc.syscall(number, -100, path.encode(), 0o777, 0, 0, 0)
    attempt("chown", os.chown, path, 65534, 65534)
    attempt("setxattr", os.setxattr, path, "user.x", b"1")

# %% add
def add(a, b):
    return 'wrong'
