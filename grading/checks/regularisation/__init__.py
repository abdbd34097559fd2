"""Checks of the assignment on regularisation: penalties, max-norm, dropout, augmentation, and a gap."""

from grading.checks.policy import SandboxPolicy

# Nothing of the library but its name: layers, penalties, constraints, optimisers and augmentations are what
# the assignment asks for. The digits stay outside, too: a function is told what it may learn from.
SANDBOX = SandboxPolicy.exactly(
    "numpy",
    "matplotlib",
    "ipython",
    files=("course_lib/__init__.py", "course_lib/version.py"),
)
