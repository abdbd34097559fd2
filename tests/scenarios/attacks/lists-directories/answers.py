# %% [extra before add]
import glob
import os

for top in ("class", "home", "outside", "tmp", "project"):
    place = WORLD[top]
    while True:
        attempt(place, os.listdir, place)
        attempt(place, lambda: list(os.scandir(place)))
        if place == "/":
            break
        place = os.path.dirname(place)
attempt("..", os.listdir, "..")
print("GOT THROUGH" if glob.glob("/*") or glob.glob("../*") or glob.glob(WORLD["class"] + "/*") else "tried glob")
attempt("up", lambda: (os.chdir(WORLD["class"]), os.listdir(".")))

# %% add
def add(a, b):
    return 'wrong'
