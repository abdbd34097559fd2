# %% [extra before add]
import os
import tempfile

for place in (WORLD["outside"], WORLD["tmp"], WORLD["home"], WORLD["class"], WORLD["class"] + "/submitted", "/tmp",
              "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/run/lock", "/", "..", WORLD["project"], "/proc/self/root/tmp"):
    attempt(place, fresh, place + "/ntc-attack", "w")
    attempt("directory", os.mkdir, place + "/ntc-attack-d")
    attempt("nameless", os.open, place, os.O_TMPFILE | os.O_RDWR)
    attempt("temporary", lambda: tempfile.NamedTemporaryFile(dir=place, prefix="ntc-attack", delete=False))
    attempt("node", os.mkfifo, place + "/ntc-attack-f")

# %% add
def add(a, b):
    return 'wrong'
