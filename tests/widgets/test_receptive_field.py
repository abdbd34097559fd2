"""The field of a unit: the formula against the library's own, and the gradient against closed forms."""

from dataclasses import replace

import numpy as np
import pytest

from course_lib import nn
from course_lib.widgets import ReceptiveField, receptive_stacks
from course_lib.widgets.receptive_stacks import (
    EQUAL,
    HEIGHT,
    NOTHING,
    RANDOM,
    STEPS,
    WIDTH,
    FieldParameters,
    compute,
    fields,
    half_square,
    photograph,
)

BARE = FieldParameters(
    **{f"layer{number}": NOTHING for number in range(1, 6)}, weights=EQUAL, relu=False, x=80.0, y=60.0
)


def stacked(*names, **settings):
    return replace(BARE, **{f"layer{number}": name for number, name in enumerate(names, start=1)}, **settings)


def as_layer(step, channels):
    if step.kind == "max":
        return nn.MaxPool2d(step.kernel)
    if step.kind == "mean":
        return nn.AvgPool2d(step.kernel)
    options = {"stride": step.stride, "padding": step.padding, "dilation": step.dilation}
    return nn.Conv2d(channels, 8, step.kernel, rng=0, **options)


@pytest.mark.parametrize(
    "names",
    [
        ("conv 3×3",) * 5,
        ("conv 5×5", "max pool 2×2", "conv 3×3, dilation 2", "mean pool 2×2", "conv 3×3"),
        ("conv 3×3, stride 2", "conv 3×3, dilation 4", "conv 3×3, stride 2", "conv 5×5", "max pool 2×2"),
    ],
)
def test_the_formula_agrees_with_the_library_layer_by_layer(names):
    steps = [STEPS[name] for name in names]
    net = nn.Sequential(*(as_layer(step, 1 if number == 0 else 8) for number, step in enumerate(steps)))
    expected = [row.receptive_field for row in nn.summary(net, (1, 512, 512)).rows]
    assert [(size, size) for size in fields(tuple(steps))[0][1:].tolist()] == expected


@pytest.mark.parametrize("name", STEPS)
def test_the_step_is_the_product_of_the_strides(name):
    _, steps, _ = fields((STEPS[name], STEPS["mean pool 2×2"], STEPS[name]))
    assert steps[-1] == 2 * STEPS[name].stride ** 2


@pytest.mark.parametrize(
    "names",
    [
        ("conv 3×3", "conv 5×5"),
        ("conv 3×3, stride 2", "conv 3×3"),
        ("mean pool 2×2", "conv 5×5", "mean pool 2×2"),
        ("conv 3×3, dilation 2", "conv 3×3", "conv 3×3, dilation 4"),
    ],
)
def test_with_positive_weights_the_gradient_reaches_just_what_the_formula_says(names):
    result = compute(stacked(*names))
    np.testing.assert_array_equal(result.reached, result.box)
    assert result.box[1] - result.box[0] + 1 == result.sizes[-1]
    assert result.gradient.sum() == pytest.approx(1), "each layer takes means, so the derivatives sum to 1"


def test_equal_weights_give_the_repeated_convolution_of_a_box():
    result = compute(stacked("conv 3×3", "conv 3×3", "conv 3×3"))
    ways = np.convolve(np.convolve([1, 1, 1], [1, 1, 1]), [1, 1, 1])
    top, bottom, left, right = result.box
    part = result.gradient[top : bottom + 1, left : right + 1]
    np.testing.assert_allclose(part, np.outer(ways, ways) / 27**2, atol=1e-15)
    np.testing.assert_allclose(result.profile[left : right + 1], ways / ways.max(), atol=1e-12)


def test_dilation_leaves_gaps_that_the_field_counts():
    result = compute(stacked("conv 3×3, dilation 4"))
    assert result.sizes[-1] == 9
    assert (result.gradient > 0).sum() == 9


def test_max_pooling_lets_one_pixel_of_four_through():
    assert (compute(stacked("max pool 2×2", "max pool 2×2")).gradient > 0).sum() == 1
    assert (compute(stacked("mean pool 2×2", "mean pool 2×2")).gradient > 0).sum() == 16


def test_the_gradient_is_that_of_finite_differences(monkeypatch):
    parameters = stacked("conv 3×3", "max pool 2×2", "conv 3×3", weights=RANDOM, relu=True)
    result = compute(parameters)
    unit = tuple(((result.centre - 0.5) / 2).astype(int))
    photographed = photograph()

    def answer(row, column, nudge):
        nudged = photographed.copy()
        nudged[row, column] += nudge
        monkeypatch.setattr(receptive_stacks, "photograph", lambda: nudged)
        receptive_stacks.run.cache_clear()
        return receptive_stacks.run(parameters.stack, RANDOM, True)[0][0, 0][unit]

    row, column = (int(middle) for middle in result.centre)
    for place in ((row, column), (row - 2, column + 1), (row + 20, column)):
        measured = (answer(*place, 1e-6) - answer(*place, -1e-6)) / 2e-6
        # The mean of the photograph, which the net takes away, moves a little, too.
        assert abs(measured) == pytest.approx(result.gradient[place], abs=1e-3)
    receptive_stacks.run.cache_clear()


def test_in_a_corner_the_field_leaves_the_photograph_and_the_gradient_does_not():
    result = compute(stacked("conv 5×5", "conv 5×5", x=0.0, y=0.0))
    np.testing.assert_array_equal(result.box, [-4, 4, -4, 4])
    np.testing.assert_array_equal(result.reached, [0, 4, 0, 4])


def test_without_layers_a_unit_is_a_pixel():
    result = compute(replace(BARE, x=3.2, y=7.0))
    assert result.sizes.tolist() == result.steps.tolist() == [1]
    np.testing.assert_array_equal(result.box, [7, 7, 3, 3])
    assert result.gradient[7, 3] == result.gradient.sum() == 1


def test_units_stand_as_far_apart_as_the_step():
    middles = {
        compute(stacked("conv 3×3", "max pool 2×2", "max pool 2×2", x=float(x))).centre[1] for x in range(9)
    }
    assert sorted(middles) == [1.5, 5.5, 9.5]


def test_half_of_the_gradient():
    even = np.ones((9, 9))
    assert half_square(even, np.array([4, 4])) == 7  # 49 of 81; 5×5 would be 25
    spike = np.zeros((9, 9))
    spike[4, 4] = 1
    assert half_square(spike, np.array([4, 4])) == 1
    assert half_square(0 * spike, np.array([4, 4])) == 0
    assert half_square(np.ones((4, 4)), np.array([1.5, 1.5])) == 4


def test_the_gradient_gathers_in_the_middle_the_more_the_deeper():
    for weights in (EQUAL, RANDOM):
        shares = []
        for depth in (1, 3, 5):
            result = compute(stacked(*["conv 5×5"] * depth, weights=weights))
            shares.append(result.half / result.sizes[-1])
        assert shares[2] < shares[0]


def test_dragging_takes_the_unit_along_and_keeps_the_artists():
    widget = ReceptiveField()
    figure, frame, before = widget._figure, widget._artists["frame"], widget.picture.png
    handle = widget.picture.handles[0]
    message = {
        "kind": "move",
        "name": "unit",
        "left": handle["left"] + 60,
        "top": handle["top"],
        "held": True,
    }
    widget.picture._heard(None, message, None)
    assert widget._figure is figure
    assert widget._artists["frame"] is frame
    assert widget.picture.png != before
    assert widget.current_parameters().x == pytest.approx(FieldParameters().x + 20, abs=3)


def test_an_arrow_key_goes_to_the_next_unit():
    widget = ReceptiveField()
    handle = widget.picture.handles[0]
    before = widget._result.centre.copy()
    message = {"kind": "move", "name": "unit", "left": handle["left"] + handle["step"], "top": handle["top"]}
    widget.picture._heard(None, message | {"held": False}, None)
    np.testing.assert_array_equal(widget._result.centre - before, [0, widget._result.steps[-1]])


def test_another_layer_changes_the_words():
    widget = ReceptiveField()
    widget.controls["layer5"].value = "conv 3×3, dilation 4"
    assert "can see 44×44 pixels" in widget.picture.alt
    assert "dilation 4" in widget._artists["table"].get_text()
    assert 0 <= widget.current_parameters().x < WIDTH
    assert 0 <= widget.current_parameters().y < HEIGHT
