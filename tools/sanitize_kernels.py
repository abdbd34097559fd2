"""Builds the kernels with AddressSanitizer in a copy of the tree and runs their tests under it.

    python tools/sanitize_kernels.py [PYTEST ARGUMENT …]

Needs gcc with libasan. Nothing in the working tree is changed; the exit code is pytest's.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPIED = (
    "course_lib",
    "grading",
    "tests",
    "setup.py",
    "pyproject.toml",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
)
TESTS = ("tests/course_lib/functional", "tests/course_lib/kernels", "tests/course_lib/reference")
# Slow ones install the library anew, and the sanitizer is not for those.
LEFT_OUT = "not slow and not browser"

# The tests are worth something only if it is this build that they call, with the sanitizer in it.
PROVE = """
import os, course_lib.kernels
module = course_lib.kernels.family("convolution").__file__
assert os.path.realpath(module).startswith(os.path.realpath(os.getcwd())), module
assert b"__asan_report" in open(module, "rb").read(), "built without the sanitizer"
"""


def copy_tree(target: Path) -> None:
    """Copy what is built and tested, without what was built before."""
    ignored = shutil.ignore_patterns("*.so", "__pycache__", ".ipynb_checkpoints")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, target / name)


def main() -> int:
    """Build, test, and return pytest's exit code."""
    found = subprocess.run(["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True)
    library = found.stdout.strip()
    if not os.path.isabs(library):
        sys.exit("gcc has no libasan here; install it (Debian: libasan8, part of gcc)")
    with tempfile.TemporaryDirectory(prefix="sanitized-") as name:
        tree = Path(name)
        copy_tree(tree)
        flags = "-fsanitize=address -fno-omit-frame-pointer"
        build = {**os.environ, "CFLAGS": flags, "LDFLAGS": "-fsanitize=address"}
        subprocess.run(
            [sys.executable, "setup.py", "-q", "build_ext", "--inplace"], cwd=tree, env=build, check=True
        )
        run = {
            **os.environ,
            "PYTHONPATH": str(tree),
            "LD_PRELOAD": library,
            # CPython itself leaks at exit; kernels allocate and free within a call.
            "ASAN_OPTIONS": "detect_leaks=0:abort_on_error=1",
            "PYTHONMALLOC": "malloc",
        }
        subprocess.run([sys.executable, "-c", PROVE], cwd=tree, env=run, check=True)
        tests = sys.argv[1:] or [*TESTS, "-m", LEFT_OUT]
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
        return subprocess.run(command, cwd=tree, env=run, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
