# %% [extra before add]
attempt("sparse", lambda: open("sparse", "wb").truncate(1 << 40))
attempt("seek", lambda: (lambda file: (file.seek(1 << 40), file.write(b"x"), file.flush()))(open("sparse2", "wb")))

# %% add
def add(a, b):
    return 'wrong'
