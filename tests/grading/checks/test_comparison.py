"""The order of the comparison: the first difference is the message."""

import numpy as np
import pytest

from grading.checks.comparison import STEPS, Difference, Tolerance, compare, tolerance_for, unpack

TOLERANCE = Tolerance(1e-6, 10.0, "float64")
EXPECTED = np.array([[1.0, 2.0], [3.0, 4.0]])


@pytest.mark.parametrize(
    ("got", "step", "message"),
    [
        ("text", "type", "a str"),
        (None, "type", "None"),
        (True, "type", "a bool"),
        ([[1, 2], [3]], "type", "regular array"),
        (3.0, "ndim", "got 0"),
        ([], "ndim", "got 1, shape (0,)"),
        (np.ones((2, 2, 1), complex), "ndim", "got 3"),
        (np.ones((3, 2), complex), "shape", "expected shape (2, 2), got (3, 2)"),
        (np.full((2, 2), np.nan, complex), "dtype", "complex128"),
        (np.array([["a", "b"], ["c", "d"]]), "dtype", "real numbers"),
        (np.ones((2, 2), bool), "dtype", "bool"),
        (np.array([[1.0, np.nan], [3.0, np.inf]]), "finite", "expected 2, got nan at [0, 1]"),
        (np.array([[1.0, 2.0], [3.0, 5.0]]), "values", "expected 4, got 5 at [1, 1]"),
    ],
)
def test_first_difference_is_told(got, step, message):
    difference = compare(EXPECTED, got, TOLERANCE)
    assert difference.step == step
    assert step in STEPS
    assert message in difference.message


@pytest.mark.parametrize(
    "got",
    [
        EXPECTED,
        EXPECTED.astype(np.float32),
        EXPECTED.astype(int),
        EXPECTED.tolist(),
        tuple(map(tuple, EXPECTED)),
        EXPECTED + 9e-6,
        np.asfortranarray(EXPECTED),
    ],
)
def test_right_answers_have_no_difference(got):
    assert compare(EXPECTED, got, TOLERANCE) is None


def test_the_message_states_the_tolerance_and_counts():
    difference = compare(EXPECTED, EXPECTED + [[0, 0], [1, 1]], TOLERANCE)
    assert (
        "2 of 4 values are off by more than 1e-05 (1e-06 × 10, the largest sum of |terms|"
        in difference.detail
    )
    assert difference.wrong.tolist() == [[False, False], [True, True]]


def test_single_numbers_have_no_place_and_counts_no_tolerance():
    counted = compare(np.array(231211008), 231211009, TOLERANCE)
    assert counted.message == "expected 231211008, got 231211009"
    assert counted.detail == ""
    assert compare(np.array([3, 4]), [3, 5], TOLERANCE).detail == "1 of 2 values is wrong."
    assert compare(np.array(0.5), 0.75, TOLERANCE).message == "expected 0.5, got 0.75"


def test_the_output_is_named():
    assert compare(EXPECTED, EXPECTED * 2, TOLERANCE, "dw").message.startswith("dw: ")


def test_tolerance_follows_the_least_precise_input_and_the_conditioning():
    double, single = np.ones(2), np.ones(2, np.float32)
    assert tolerance_for([double, 3], np.array([5.0])).absolute == pytest.approx(5e-6)
    assert tolerance_for([double, single], np.array([5.0])).absolute == pytest.approx(5e-5)
    assert tolerance_for([], np.zeros(0)).absolute > 0


@pytest.mark.parametrize(
    ("value", "step", "message"),
    [
        (None, "returns", "`return`"),
        ((1, 2), "number of values", "returned 2 values, expected 3: dx, dw, db"),
        ([1], "number of values", "returned 1 value"),
        (np.ones(3), "type", "an array of shape (3,)"),
    ],
)
def test_number_of_values(value, step, message):
    difference = unpack(value, ("dx", "dw", "db"))
    assert isinstance(difference, Difference)
    assert difference.step == step
    assert message in difference.message


def test_lists_of_values_are_as_good_as_tuples():
    assert unpack([1, 2, 3], ("dx", "dw", "db")) == (1, 2, 3)
    assert unpack([1, 2, 3], ("y",)) == ([1, 2, 3],)


def test_numbers_that_differ_late_are_written_to_where_they_do():
    tolerance = tolerance_for([np.ones(1)], np.array([1.0]))
    message = compare(np.array([1.418861169]), np.array([1.418864169]), tolerance).message
    assert message.startswith("expected 1.418861, got 1.418864")
    assert compare(np.array([2.0]), np.array([3.0]), tolerance).message.startswith("expected 2, got 3")
