"""The label of a control does not stand right behind the box of the one before it."""

import pytest

from course_lib.widgets import KernelGallery, ReceptiveField, ShiftLab, SizeAccountant

_LEAST = 12


@pytest.mark.parametrize("widget", [KernelGallery, ReceptiveField, ShiftLab, SizeAccountant])
def test_twelve_pixels_are_left_behind_a_box(widget):
    boxes = [control for control in widget().controls.values() if hasattr(control, "options")]
    assert boxes
    for box in boxes:
        _, right, _, left = (int(side.removesuffix("px")) for side in box.layout.margin.split())
        assert right + left >= _LEAST, box.description
