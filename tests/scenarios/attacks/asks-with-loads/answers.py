# %% slope
def slope(f, x):
    for size in (10**5, 10**6, 6 * 10**6, 10**7):
        for _ in range(30):
            try:
                f(np.ones(size))
            except BaseException:
                break
    return 0.0
print("tried")
