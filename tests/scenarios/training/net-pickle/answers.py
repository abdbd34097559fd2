# %% fashion_net
class Payload:
    def __reduce__(self):
        return print, ("the pickle " + "was loaded",)


def fashion_net():
    import io

    arrays = dict(np.load(WEIGHTS))
    arrays["0.bias"] = np.array([Payload()] * 8, dtype=object)
    written = io.BytesIO()
    np.savez(written, **arrays)
    return LAYERS.read_text(), written.getvalue()
