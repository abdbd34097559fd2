"""Each lecture is executed once, whichever tests ask for it."""

from functools import cache

import pytest
from executed_lecture import execute


@pytest.fixture(scope="session")
def run_lecture():
    """Return a function from a lecture's name to what its run gave."""
    return cache(execute)
