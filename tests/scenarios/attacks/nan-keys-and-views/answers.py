# %% [extra before add]
buffer = np.zeros(64)
print("tried")

# %% scale
def scale(x, factor):
    buffer[:] = 3.0
    view = buffer[:2].view()
    view.flags.writeable = False
    return view
