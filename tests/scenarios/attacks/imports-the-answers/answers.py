# %% [extra before add]
import importlib

for name in ("grading.checks", "grading.checks.definition", "grading.checks.convolution.references", "grading.engine",
             "grading.checker", "grading.checker.junk", "course_lib", "course_lib.reference", "course_lib.functional",
             "course_lib.kernels", "double", "extra_checks_double", "attacks"):
    attempt(name, importlib.import_module, name)

# %% add
def add(a, b):
    return 'wrong'
