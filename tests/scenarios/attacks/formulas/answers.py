# %% add
def add(a, b):
    raise ValueError("=HYPERLINK(\"http://x\")")
print("=cmd|' /C calc'!A0", "tried")
