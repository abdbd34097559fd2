"""The package of data offers its names one by one: who loads pictures does not load what prepares them."""

import subprocess
import sys

import pytest

import course_lib.data


@pytest.mark.parametrize("name", course_lib.data.__all__)
def test_every_name_is_there(name):
    assert getattr(course_lib.data, name) is not None
    assert name in dir(course_lib.data)


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="course_lib.data.*'load_nothing'"):
        _ = course_lib.data.load_nothing


def test_loading_pictures_loads_no_preprocessing():
    script = "import sys; from course_lib.data import load_digits; load_digits(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[2] for name in run.stdout.split() if name.startswith("course_lib.data.")}
    # These are what the assignment on normalisation may read.
    assert loaded == {"datasets", "embedded", "examples"}
