"""What the stepper computes, against SciPy and against measured gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import convolve2d, correlate2d

from course_lib.widgets.convolution_arithmetic import (
    LIMITS,
    StepperParameters,
    compute,
    explain_problem,
    window,
)

SIDES, TAPS = st.integers(1, 9), st.integers(1, 3)


@st.composite
def drawn_parameters(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    moves = {name: draw(st.integers(low, high)) for name, (low, high) in LIMITS.items()}
    return StepperParameters(
        image=rng.integers(-4, 10, (draw(SIDES), draw(SIDES))),
        kernel=rng.normal(size=(draw(TAPS), draw(TAPS))),
        operation=draw(st.sampled_from(("convolution", "cross-correlation"))),
        **moves,
    )


def spread(kernel, dilation):
    rows, columns = (dilation * (size - 1) + 1 for size in kernel.shape)
    wide = np.zeros((rows, columns))
    wide[::dilation, ::dilation] = kernel
    return wide


def by_scipy(parameters, image):
    operation = convolve2d if parameters.operation == "convolution" else correlate2d
    padded, wide = np.pad(image, parameters.padding), spread(parameters.kernel, parameters.dilation)
    if any(k > n for k, n in zip(wide.shape, padded.shape)):
        return None
    return operation(padded, wide, mode="valid")[:: parameters.stride, :: parameters.stride]


@settings(max_examples=80, deadline=None)
@given(drawn_parameters())
def test_output_is_that_of_scipy(parameters):
    expected, result = by_scipy(parameters, parameters.image), compute(parameters)
    if expected is None:
        assert "no place for the kernel" in result.problem
        assert result.output.size == result.dx.size == result.matrix.size == 0
    else:
        assert result.problem == ""
        np.testing.assert_allclose(result.output, expected, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(drawn_parameters(), st.integers(0, 2**32 - 1))
def test_matrix_gives_output_and_its_transpose_the_gradient(parameters, seed):
    output = compute(parameters).output
    if not output.size:
        return
    upstream = np.random.default_rng(seed).normal(size=output.shape)
    result = compute(StepperParameters(**{**vars(parameters), "upstream": upstream}))
    np.testing.assert_allclose(result.matrix @ parameters.image.ravel(), output.ravel(), atol=1e-12)
    p, (height, width) = parameters.padding, parameters.image.shape
    inner = result.dx[p : p + height, p : p + width]
    np.testing.assert_allclose(result.matrix.T @ upstream.ravel(), inner.ravel(), atol=1e-12)


@pytest.mark.parametrize("operation", ["convolution", "cross-correlation"])
def test_kernel_gradient_is_measured_in_the_kernels_own_orientation(operation):
    rng = np.random.default_rng(3)
    settings = {"image": rng.normal(size=(6, 5)), "stride": 2, "padding": 1, "operation": operation}
    kernel = rng.normal(size=(3, 2))
    output = compute(StepperParameters(kernel=kernel, **settings)).output
    upstream = rng.normal(size=output.shape)
    dw = compute(StepperParameters(kernel=kernel, upstream=upstream, **settings)).dw
    for place in np.ndindex(*kernel.shape):
        costs = []
        for step in (1e-6, -1e-6):
            nudged = kernel.copy()
            nudged[place] += step
            costs.append((compute(StepperParameters(kernel=nudged, **settings)).output * upstream).sum())
        assert dw[place] == pytest.approx((costs[0] - costs[1]) / 2e-6, abs=1e-7)


def test_window_is_what_the_output_cell_reads():
    parameters = StepperParameters(stride=2, padding=1, dilation=2)
    result = compute(parameters)
    rows, columns = window(parameters, 1, 2)
    products = result.padded[np.ix_(rows, columns)] * result.laid
    assert products.sum() == pytest.approx(result.output[1, 2])


def test_a_convolution_turns_the_kernel_and_a_dot_shows_it():
    dot = np.zeros((3, 3))
    dot[1, 1] = 1
    kernel = np.arange(9.0).reshape(3, 3)
    convolved = compute(StepperParameters(image=dot, kernel=kernel, padding=1, operation="convolution"))
    crossed = compute(StepperParameters(image=dot, kernel=kernel, padding=1))
    np.testing.assert_array_equal(convolved.output, kernel)
    np.testing.assert_array_equal(crossed.output, kernel[::-1, ::-1])


def test_problem_and_remainder_are_explained_in_words():
    wide = StepperParameters(image=np.ones((7, 4)), dilation=3)
    assert explain_problem(wide) == (
        "There is no place for the kernel: its 3 columns at dilation 3 span 7 columns, and the padded image "
        "has 4. Use less dilation, a smaller kernel or more padding."
    )
    left_over = compute(StepperParameters(image=np.ones((7, 8)), stride=3))
    assert left_over.remainder == (
        "With stride 3, no window reaches the last row and the last 2 columns of the padded image."
    )
    assert compute(StepperParameters(stride=2)).remainder == ""


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ({"stride": 0}, "stride must be a whole number from 1 to 4, got 0"),
        ({"padding": -1}, "padding must be a whole number from 0 to 3, got -1"),
        ({"dilation": 1.5}, "dilation must be a whole number"),
        ({"stride": True}, "stride must be a whole number"),
        ({"operation": "blur"}, "operation must be one of convolution, cross-correlation, got 'blur'"),
        ({"image": [[1, 2], [3]]}, "image must be rows of numbers"),
        ({"kernel": np.ones((4, 4))}, r"kernel must have 1 to 3 rows and columns, got shape \(4, 4\)"),
        ({"kernel": [[np.nan]]}, "kernel must hold finite numbers"),
    ],
)
def test_impossible_settings_are_refused_by_name(setting, message):
    with pytest.raises(ValueError, match=message):
        StepperParameters(**setting)


def test_an_arriving_gradient_of_the_wrong_shape_is_refused():
    with pytest.raises(ValueError, match=r"upstream must have the output's shape \(5, 5\), got \(2, 2\)"):
        compute(StepperParameters(upstream=np.ones((2, 2))))
