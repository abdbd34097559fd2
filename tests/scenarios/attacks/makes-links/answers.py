# %% [extra before add]
import os

open("mine", "w").write("ntc-attack")
for top, rest in (("class", "gradebook.db"), ("outside", "victim"), ("class", ".course/class_key")):
    path = os.path.join(WORLD[top], rest)
    attempt("hard link in", os.link, path, "theirs")
    attempt("symbolic link in", os.symlink, path, "link")
    attempt("rename in", os.rename, path, "theirs")
    attempt("unlink", os.unlink, path)
    for place in (WORLD["outside"] + "/ntc-attack", "/tmp/ntc-attack", path):
        attempt("hard link out", os.link, "mine", place)
        attempt("rename out", os.rename, "mine", place)
        attempt("symbolic link out", os.symlink, "mine", place)
for name in ("theirs", "link"):
    attempt("read", fresh, name)

# %% add
def add(a, b):
    return 'wrong'
