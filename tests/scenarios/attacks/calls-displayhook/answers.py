# %% [extra before add]
get_ipython().displayhook(3)
print("tried the display hook")

# %% add
def add(a, b):
    get_ipython().displayhook(3.0)
    display(3)
    return 0
