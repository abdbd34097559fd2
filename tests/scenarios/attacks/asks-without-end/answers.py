# %% slope
def slope(f, x):
    while True:
        try:
            f(x)
        except BaseException:
            pass
print("tried")
