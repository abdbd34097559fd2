# %% [extra before add]
def deeper(n):
    if n == 0:
        raise type("E" * 10_000, (ValueError,), {})("x" * 50_000_000)
    deeper(n - 1)

print("tried")
deeper(900)

# %% add
def add(a, b):
    return 'wrong'
