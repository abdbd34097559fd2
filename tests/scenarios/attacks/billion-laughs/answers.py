# %% add
def add(a, b):
    laugh = ["ha"] * 10
    for _ in range(40):
        laugh = [laugh] * 10
    return laugh
print("tried")
