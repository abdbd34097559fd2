"""Tests of the public functions run once on each backend."""

import pytest

import course_lib


@pytest.fixture(params=["kernels", "reference"])
def backend(request):
    try:
        course_lib.set_backend(request.param)
    except RuntimeError as error:
        pytest.skip(str(error))
    yield request.param
    course_lib.set_backend("auto")
