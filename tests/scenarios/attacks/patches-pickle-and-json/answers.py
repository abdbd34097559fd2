# %% [extra before add]
import json
import pickle
import struct

print("tried")
for place, names in ((json, "dumps loads"), (json.encoder, "JSONEncoder"), (pickle, "dumps loads"), (struct, "pack unpack")):
    for name in names.split():
        setattr(place, name, lambda *args, **kwargs: b"")

# %% add
def add(a, b):
    return 'wrong'

# %% scale
def scale(x, factor):
    return x

# %% double
def double(x):
    return x
