# %% add
def add(a, b):
    while True:
        try:
            while True:
                sum(range(100))
        except BaseException:
            continue
add(1, 2)
