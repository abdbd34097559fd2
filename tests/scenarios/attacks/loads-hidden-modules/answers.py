# %% [extra before add]
import importlib.machinery
import importlib.util
import runpy
import sys
import zipimport

for file in (WORLD["class"] + "/checks/attacks/double.py", WORLD["project"] + "/grading/checks/definition.py",
             WORLD["project"] + "/course_lib/reference/convolution.py"):
    attempt("loader", lambda: importlib.machinery.SourceFileLoader("x", file).load_module())
    attempt("runpy", runpy.run_path, file)
    attempt("code", lambda: importlib.machinery.SourceFileLoader("x", file).get_data(file))
    cache = importlib.util.cache_from_source(file)
    attempt("cache", lambda: importlib.machinery.SourcelessFileLoader("x", cache).get_data(cache))
    attempt("zip", zipimport.zipimporter, file)
sys.path.insert(0, WORLD["class"] + "/checks/attacks")
attempt("path", __import__, "double")
sys.path.insert(0, WORLD["project"])
for name in [name for name in sys.modules if name.startswith("grading")]:
    del sys.modules[name]
attempt("again", lambda: __import__("grading.checks.definition").checks)

# %% add
def add(a, b):
    return 'wrong'
