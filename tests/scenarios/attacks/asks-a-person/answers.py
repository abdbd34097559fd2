# %% add
import getpass
import sys

def add(a, b):
    return input("GOT " + "THROUGH? ")
attempt("input", input, "the answer? ")
attempt("getpass", getpass.getpass)
print("tried", repr(sys.stdin.read()) if sys.stdin else None)
