"""Builds the Cython kernels; everything else is declared in pyproject.toml."""

from setuptools import setup

setup()
