"""Checks of the assignment on convolution; the functions are judged one by one, with explicit arguments."""

from grading.checks.policy import SandboxPolicy

# Loaders of pictures, but no operation: conv2d and max_pool2d of the library are what the assignment asks
# for.
SANDBOX = SandboxPolicy.exactly(
    "numpy",
    "matplotlib",
    "ipython",
    files=(
        "course_lib/__init__.py",
        "course_lib/version.py",
        "course_lib/lazy_names.py",
        "course_lib/data",
    ),
)
