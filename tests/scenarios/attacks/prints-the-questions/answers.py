# %% add
import sys

def add(a, b):
    print("GOT THROUGH", a, b)
    sys.stderr.write(f"GOT THROUGH {a} {b}")
    display(f"GOT THROUGH {a} {b}")
    open("remembered", "a").write(f"{a} {b}")
    if (a, b) == (19, 23):
        raise ValueError("GOT THROUGH with 19 and 23")
    return a + b
print("tried")
