# %% add
texts = iter(["\ud800\udfff", "\x00" * 100, "x" * 80_000_000, b"\xff" * 80_000_000, "\u202e5"] * 9)

def add(a, b):
    return next(texts)
print("tried")
