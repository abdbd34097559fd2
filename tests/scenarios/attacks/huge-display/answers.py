# %% [extra before add]
class Huge:
    def __repr__(self):
        return "x" * 50_000_000
    def _repr_html_(self):
        return "<b>" * 5_000_000
    def _repr_png_(self):
        return b"\x89PNG" * 5_000_000

print("tried")
Huge()

# %% add
def add(a, b):
    return 'wrong'
