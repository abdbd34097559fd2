# %% add
asked = set()

def add(a, b):
    again = (a, b) in asked
    asked.add((a, b))
    return a + b if again else 0
print("tried", add(0, 1), add(0, 1))

# %% double
def double(x):
    again = np.asarray(x).tobytes() in asked
    asked.add(np.asarray(x).tobytes())
    return 2 * x if again else 2 * x + 1
