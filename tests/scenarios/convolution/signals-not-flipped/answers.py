# %% convolve1d
def convolve1d(x, h, stride=1, padding=0, dilation=1):
    xp = np.concatenate([np.zeros(padding), x, np.zeros(padding)])
    span = dilation * (len(h) - 1) + 1
    return np.array([xp[i:i + span:dilation] @ h for i in range(0, len(xp) - span + 1, stride)])

# %% property_gaps
def property_gaps(operation, x, z, h, a, b):
    def op(f, g):
        y = np.convolve(f, g[::-1] if operation == "correlation" else g)
        if operation == "affine":
            return y + 1
        return np.maximum(y, 0) if operation == "relu" else y
    commutativity = abs(op(x, h) - op(h, x)).max()
    return commutativity, abs(op(x + z, h) - op(x, h) - op(z, h)).max()
