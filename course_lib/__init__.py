"""A NumPy-in, NumPy-out library for training neural networks."""

from course_lib.version import __version__

__all__ = ["__version__"]
