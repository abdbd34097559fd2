"""A function of a test that student code may ask, and student code that does."""

from grading.checker.sandbox_client import Session


class Spy:
    """A function of the test that remembers what it was asked."""

    def __init__(self, answer=lambda *args, **kwargs: None):
        self.asked = []
        self.answer = answer

    def __call__(self, *args, **kwargs):
        self.asked.append((args, kwargs))
        return self.answer(*args, **kwargs)


def define(session: Session, source: str) -> None:
    assert session.run_cell("import numpy as np\n" + source).error is None
