# %% add
while True:
    pass
