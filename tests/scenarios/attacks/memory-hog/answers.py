# %% [extra before add]
held = []
try:
    for _ in range(4096):
        held.append(bytearray(1 << 20))
except MemoryError:
    print("tried", len(held) < 3000 or "GOT THROUGH")
held = None

# %% add
def add(a, b):
    return 'wrong'
