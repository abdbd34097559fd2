"""Checks of the assignment on optimisers: steps, schedules, minibatches, and what an experiment shows."""

from grading.checks.policy import SandboxPolicy

# The digits alone: the library's optimisers, schedules and minibatches are what the assignment asks for.
SANDBOX = SandboxPolicy.exactly(
    "numpy",
    "matplotlib",
    "ipython",
    files=("course_lib/__init__.py", "course_lib/version.py", "course_lib/data/files/digits.npz"),
)
