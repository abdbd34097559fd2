"""Checks of the assignment on training: gradient check, loop, monitors, search, a net that is handed in."""

from grading.checks.policy import SandboxPolicy

# Layers, optimisers and data sets, to train a net with; withheld are the training loop, early stopping, the
# range test, the gradient check, the monitor, the doctor and the search: all of course_lib/training.
SANDBOX = SandboxPolicy.exactly(
    "numpy",
    "matplotlib",
    "ipython",
    files=(
        "course_lib/__init__.py",
        "course_lib/version.py",
        "course_lib/lazy_names.py",
        "course_lib/aligned.py",
        "course_lib/config.py",
        "course_lib/lazy_names.py",
        "course_lib/data",
        "course_lib/functional",
        "course_lib/kernels",
        "course_lib/nn",
        "course_lib/optim",
        "course_lib/reference",
    ),
)
