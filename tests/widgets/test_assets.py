"""Scripts are joined so that a page needs nothing besides."""

import re

import pytest

from course_lib.widgets.assets import script, style


def test_imports_are_replaced_by_the_imported_code_once():
    text = script("convolution_stepper.js")
    assert "import {" not in text
    for name in ("function compute(", "class CellGrid", "class MatrixPicture", "function element("):
        assert text.count(name) == 1, name
    assert re.findall(r"^export .*", text, re.MULTILINE) == ["export default {"]


def test_what_is_imported_comes_before_what_imports_it():
    text = script("convolution_stepper.js")
    assert text.index("function element(") < text.index("class CellGrid") < text.index("class Stepper")


def test_a_missing_module_is_named():
    with pytest.raises(FileNotFoundError, match="nothing.js"):
        script("nothing.js")


def test_styles_begin_with_the_common_one():
    assert style("convolution_stepper.css").startswith(style())
    assert ".stepper" in style("convolution_stepper.css")
