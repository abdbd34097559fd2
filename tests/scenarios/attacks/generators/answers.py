# %% add
import itertools

odd = iter([itertools.count(), (x for x in itertools.repeat(5)), map(abs, itertools.count()), open("f", "w"), range(10**18)] * 9)

def add(a, b):
    return next(odd)
print("tried")
