# %% [extra before add]
def write():
    with open("large", "wb") as file:
        for _ in range(200):
            file.write(bytes(1 << 20))
    return "200 MB"
attempt("file", write)
print("tried")

# %% add
def add(a, b):
    return 'wrong'
