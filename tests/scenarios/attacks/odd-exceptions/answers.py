# %% add
class Trap(ValueError):
    def __str__(self):
        raise SystemExit("GOT THROUGH")
    __repr__ = __str__
    args = property(lambda self: 1 / 0)
    __traceback__ = property(lambda self: 1 / 0)

Trap.__name__ = "<script>GOT" + " THROUGH</script>"

def add(a, b):
    raise Trap()
print("tried")
