# %% [extra before add]
print("tried \x1b]0;GOT\x07 \x1b[2J\x1b]52;c;cm0=\x07 \x9b31m \x1bP+q\x1b\\ \r\b\b\b overwritten")

# %% add
def add(a, b):
    raise ValueError("\x1b]0;title\x07\x1b[2J\u202e\u2066")
