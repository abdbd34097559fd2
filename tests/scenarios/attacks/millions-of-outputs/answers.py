# %% [extra before add]
print("tried")
for number in range(100_000):
    display(number)

# %% add
def add(a, b):
    return 'wrong'
