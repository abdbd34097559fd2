# %% slope
kept = []

def slope(f, x):
    kept.append(f)
    return (kept[0](x + 1e-3) - kept[0](x - 1e-3)) / 2e-3
print("tried")

# %% quadruple
def quadruple(x):
    return attempt("asking about another test", kept[0], 1.0) or 0 * x
