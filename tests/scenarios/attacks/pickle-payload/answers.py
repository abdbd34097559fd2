# %% add
import os
import pickle

class Payload:
    def __reduce__(self):
        return os.system, ("touch /tmp/ntc-attack-pickle",)
    def __getstate__(self):
        return {"x": 1}
    __reduce_ex__ = lambda self, protocol: self.__reduce__()

def add(a, b):
    return [Payload(), pickle.dumps(Payload()), np.array([Payload()], dtype=object)]
print("tried")
