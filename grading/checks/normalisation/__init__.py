"""Checks of the assignment on units, data, initialisation and normalisation."""

from grading.checks.policy import SandboxPolicy

# Loaders of digits and photographs, file by file: nothing that prepares data (the library's whitening is an
# answer), and nothing that normalises, initialises or activates.
SANDBOX = SandboxPolicy.exactly(
    "numpy",
    "matplotlib",
    "ipython",
    files=(
        "course_lib/__init__.py",
        "course_lib/version.py",
        "course_lib/lazy_names.py",
        "course_lib/data/__init__.py",
        "course_lib/data/datasets.py",
        "course_lib/data/embedded.py",
        "course_lib/data/examples.py",
        "course_lib/data/files",
    ),
)
