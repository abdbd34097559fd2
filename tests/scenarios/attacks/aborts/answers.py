# %% add
import ctypes

ctypes.CDLL(None).abort()
