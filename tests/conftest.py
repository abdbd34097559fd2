"""What all tests share: drawn examples are the same in every run, and take the time they need."""

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None, print_blob=True)
settings.load_profile("fixed")
