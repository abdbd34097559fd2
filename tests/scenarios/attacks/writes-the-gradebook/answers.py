# %% [extra before add]
import os
import sqlite3

book = WORLD["class"] + "/gradebook.db"
attempt("write", lambda: sqlite3.connect(book).execute("UPDATE grade SET auto_score = 100, manual_score = 100"))
for mode in ("w", "a", "r+"):
    attempt(mode, open, book, mode)
attempt("journal", fresh, book + "-journal", "w")
attempt("replace", os.replace, "answers.db", book)
attempt("unlink", os.unlink, book)

# %% add
def add(a, b):
    return 'wrong'
