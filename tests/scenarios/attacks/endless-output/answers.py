# %% [extra before add]
print("tried")
for _ in range(200):
    print("x" * (1 << 20))

# %% add
def add(a, b):
    return 'wrong'
