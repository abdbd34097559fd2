"""The stepper's static picture is that of the view that its reader would see."""

import numpy as np
import pytest

from course_lib.widgets import ConvolutionStepper
from course_lib.widgets.convolution_arithmetic import VIEWS, StepperParameters


def titles(figure):
    return {axis.get_title(loc="left") for axis in figure.axes}


def numbers(figure, title):
    """What stands in the cells under a title, row after row."""
    (axis,) = (axis for axis in figure.axes if axis.get_title(loc="left") == title)
    return [text.get_text() for text in axis.texts]


def drawn(**settings):
    stepper = ConvolutionStepper(**settings)
    return ConvolutionStepper.draw(stepper.current_parameters())


def test_each_view_has_a_picture_and_words_of_its_own():
    figures = [drawn(view=view) for view in VIEWS]
    assert len({figure.png() for figure in figures}) == len({figure.alt for figure in figures}) == len(VIEWS)
    assert titles(figures[1]) == {
        "dx: gradient of the input",
        "w: kernel",
        "dw: its gradient",
        "dy: gradient that arrives",
    }
    assert titles(figures[2]) == {"x: input", "y = M x: M has 25 rows and 49 columns", "y: output"}


def test_a_page_without_a_kernel_sees_the_view():
    backward = ConvolutionStepper(view="backward")._repr_mimebundle_()["text/plain"]
    assert "dy, the 5 by 5 gradient that arrives, is 1 at row 1, column 1 and 0 elsewhere" in backward
    assert "is not 0 at 6 cells: in the framed window" in backward
    matrix = ConvolutionStepper(view="matrix")._repr_mimebundle_()["text/plain"]
    assert "Of its 1225 entries 150 are not 0" in matrix


def test_backward_what_arrives_is_what_the_hand_has_left():
    figure = drawn(view="backward", kernel=np.ones((3, 3)), arriving="ones")
    assert set(numbers(figure, "dy: gradient that arrives")) == {"1"}
    assert numbers(figure, "dx: gradient of the input")[:3] == ["1", "2", "3"]
    own = np.zeros((5, 5))
    own[4, 2], own[0, 0] = 3, -2
    figure = drawn(view="backward", arriving="own", upstream=own.tolist())
    assert numbers(figure, "dy: gradient that arrives")[22] == "3"
    assert "is not 0 at 2 of its cells" in figure.alt
    assert "framed" not in figure.alt


def test_own_numbers_of_another_shape_and_a_cell_outside_fall_back_as_on_the_page():
    chosen = {"cell": "output", "row": 9, "column": 2}
    figure = drawn(view="backward", arriving="own", upstream=[[1.0]], chosen=chosen)
    assert "is 1 at row 4, column 2" in figure.alt
    figure = drawn(view="backward", chosen={"cell": "input", "row": 3, "column": 3})
    assert "is 1 at row 0, column 0" in figure.alt


@pytest.mark.parametrize("view", VIEWS)
def test_where_no_kernel_fits_the_picture_says_so(view):
    figure = drawn(view=view, dilation=4)
    assert "There is no place for the kernel" in figure.alt
    assert len(figure.png()) > 1000


def test_an_impossible_view_is_refused_by_name():
    with pytest.raises(ValueError, match="view must be one of forward, backward, matrix, got 'aside'"):
        StepperParameters(view="aside")
