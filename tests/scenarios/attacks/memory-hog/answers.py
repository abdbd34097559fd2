# %% [extra before add]
held = []
try:
    for _ in range(4096):
        held.append(bytearray(1 << 20))
except MemoryError:
    pass
# With nothing left even print may fail, and a traceback shows its line: first let go, and then tell.
taken, held = len(held), None
print("tried", taken < 3000 or "GOT" + " THROUGH")

# %% add
def add(a, b):
    return 'wrong'
