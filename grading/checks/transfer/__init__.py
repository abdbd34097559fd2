"""Checks of the assignment on transfer learning and residual networks."""

from grading.checks.policy import SandboxPolicy

# The data and the trained weights alone: the library's codes, heads, blocks and nets are what is asked for.
SANDBOX = SandboxPolicy.exactly(
    "numpy",
    "matplotlib",
    "ipython",
    files=(
        "course_lib/__init__.py",
        "course_lib/version.py",
        "course_lib/data/files/digits.npz",
        "course_lib/data/files/efficientnet_lite0_first5.npz",
        "course_lib/data/files/textures_cc0.npz",
    ),
)
