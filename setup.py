"""Builds the kernels, `course_lib/kernels/*.pyx` once for every instruction set, and the students' notebooks.

Without a working C compiler the build goes on without kernels, and the library computes with its NumPy
reference; `COURSE_WITHOUT_KERNELS=1` asks for that, and gives a wheel for all machines. What is built holds
the assignments as students get them: model solutions stay in the repository. All else about the package is
in pyproject.toml.
"""

import copy
import json
import os
import platform
import sys
import tempfile
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py
from setuptools.errors import CompileError, LinkError

# A build in an environment of its own does not look into the directory that it builds.
sys.path.insert(0, str(Path(__file__).resolve().parent))
from grading.engine.students_version import students_version  # noqa: E402

KERNELS = Path("course_lib/kernels")
PACKAGE = "course_lib.kernels"
FAMILIES = (
    "activations",
    "batch_normalization",
    "convolution",
    "decorrelation",
    "dropout",
    "group_normalization",
    "linear",
    "losses",
    "maxout",
    "optimizers",
    "pooling",
    "softmax",
)
INSTRUCTION_SETS = {"x86-64-v4": ["-march=x86-64-v4"], "x86-64-v3": ["-march=x86-64-v3"], "baseline": []}

# Not -ffast-math: it would change how the whole process treats the smallest numbers, and lose NaN.
FLAGS = ["-O3", "-g0", "-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros"]
DIRECTIVES = {
    "language_level": 3,
    "boundscheck": False,
    "wraparound": False,
    "cdivision": True,
    "initializedcheck": False,
}

PROBE = """
#include <Python.h>
typedef float vector __attribute__((vector_size(16)));
int main(void) { vector v = {0}; return (int)v[0]; }
"""


class BuildWithoutSolutions(build_py):
    """Copies the packages, and of assignments the students' version."""

    def build_package_data(self):
        super().build_package_data()
        # Whatever put a notebook there: none leaves with its solutions.
        for path in Path(self.build_lib, "grading", "source").rglob("*.ipynb"):
            notebook = json.loads(path.read_text(encoding="utf-8"))
            made = json.dumps(students_version(notebook), indent=1, ensure_ascii=False)
            path.write_text(made + "\n", encoding="utf-8")


class BuildKernels(build_ext):
    """Finds out what the compiler can do, then compiles the same C once for every instruction set."""

    def finalize_options(self):
        super().finalize_options()
        if not self.parallel:
            affinity = getattr(os, "sched_getaffinity", None)
            self.parallel = len(affinity(0)) if affinity else os.cpu_count()

    def build_extensions(self):
        if not self.compiles():
            print(
                "course_lib: no working C compiler with Python's headers was found, so the fast kernels are "
                "not built; the library computes with its NumPy reference. Install gcc and python3-dev and "
                "install again to get them."
            )
            self.extensions = []
            return
        usable = {name for name, flags in INSTRUCTION_SETS.items() if self.compiles(flags)}
        openmp = ["-fopenmp"] if self.compiles(["-fopenmp"], link=True) else []
        generated = self.generate_c()
        self.extensions = [ext for ext in self.extensions if ext.instruction_set in usable]
        for ext in self.extensions:
            ext.sources = [generated[ext.name.split(".")[-1]]]
            ext.extra_link_args = openmp
            ext.extra_compile_args = [*FLAGS, *openmp, *INSTRUCTION_SETS[ext.instruction_set]]
        super().build_extensions()

    def build_extension(self, ext):
        # Variants share their sources' names, so each needs its own folder for object files.
        own = copy.copy(self)
        own.build_temp = str(Path(self.build_temp, ext.instruction_set))
        super(BuildKernels, own).build_extension(ext)

    def copy_extensions_to_source(self):
        # The folders of the instruction sets hold nothing but what is built.
        for ext in self.extensions:
            Path(*ext.name.split(".")[:-1]).mkdir(exist_ok=True)
        super().copy_extensions_to_source()

    def generate_c(self):
        """Translate every .pyx with Cython; what memoryviews need goes once into `_cyutility`."""
        from Cython.Build import cythonize

        utility = f"{PACKAGE}._cyutility"
        folder = Path(self.build_temp, "cython")
        sources = [
            Extension(f"{PACKAGE}.{stem}", [str(KERNELS / f"{stem}.pyx")])
            for stem in (*FAMILIES, "processor")
        ]
        sources.append(Extension(utility, [str(KERNELS / "_cyutility.c")]))
        done = cythonize(
            sources,
            build_dir=str(folder),
            nthreads=self.parallel,
            compiler_directives=DIRECTIVES,
            shared_utility_qualified_name=utility,
            quiet=True,
        )
        return {ext.name.split(".")[-1]: ext.sources[0] for ext in done}

    def compiles(self, flags=(), link=False):
        """Try whether the compiler takes a small program with these flags."""
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "probe.c")
            source.write_text(PROBE)
            try:
                objects = self.compiler.compile([str(source)], output_dir=folder, extra_postargs=list(flags))
                if link:
                    self.compiler.link_shared_object(
                        objects, str(Path(folder, "probe.so")), extra_postargs=list(flags)
                    )
            except (CompileError, LinkError):
                return False
        return True


def kernel(stem, instruction_set=None):
    """Declare one module: a family for an instruction set, or one that serves all of them."""
    folder = f"{instruction_set.replace('-', '_')}." if instruction_set else ""
    source = KERNELS / f"{stem}.pyx"
    ext = Extension(
        f"{PACKAGE}.{folder}{stem}",
        [str(source)] if source.exists() else [],
        include_dirs=[str(KERNELS)],
        depends=[str(header) for header in KERNELS.glob("*.h")],
    )
    ext.instruction_set = instruction_set or "baseline"
    return ext


def kernels():
    """Declare all modules; none where the build is to be without them."""
    if os.environ.get("COURSE_WITHOUT_KERNELS", "0") not in ("", "0"):
        return []
    on_x86 = platform.machine().lower() in ("x86_64", "amd64")
    sets = list(INSTRUCTION_SETS) if on_x86 else ["baseline"]
    return [
        kernel("processor"),
        kernel("_cyutility"),
        *(kernel(stem, name) for stem in FAMILIES for name in sets),
    ]


setup(
    ext_modules=kernels(),
    cmdclass={"build_ext": BuildKernels, "build_py": BuildWithoutSolutions},
)
