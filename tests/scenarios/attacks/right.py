# Right answers to the attacked assignment.

# %% add
def add(a, b):
    return a + b

# %% scale
def scale(x, factor):
    return np.asarray(x) * factor

# %% Tally
class Tally:
    def __init__(self):
        self.total = 0

    def count(self, number):
        self.total += number
        return self.total

# %% halve
def halve(x):
    return x / 2

# %% double
def double(x):
    return 2 * x

# %% slope
def slope(f, x):
    return (f(x + 1e-3) - f(x - 1e-3)) / 2e-3

# %% quadruple
def quadruple(x):
    return 4 * x
