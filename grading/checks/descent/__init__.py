"""Checks of the assignment on descent: curvature, critical points, bowls, momentum, Newton, permuted nets."""

from grading.checks.policy import SandboxPolicy

# The digits alone: the library's geometry, optimisers and nets are what the assignment asks for.
SANDBOX = SandboxPolicy.exactly(
    "numpy",
    "matplotlib",
    "ipython",
    files=("course_lib/__init__.py", "course_lib/version.py", "course_lib/data/files/digits.npz"),
)
