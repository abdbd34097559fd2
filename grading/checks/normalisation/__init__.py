"""Checks of the assignment on units, data, initialisation and normalisation."""

from grading.checks.policy import SandboxPolicy

# Loaders of digits and photographs, but nothing that normalises, initialises or activates.
SANDBOX = SandboxPolicy.exactly(
    "numpy",
    "matplotlib",
    "ipython",
    files=("course_lib/__init__.py", "course_lib/version.py", "course_lib/data"),
)
