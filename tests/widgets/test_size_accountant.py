"""Counts by arithmetic against the library's summaries of the same nets, and against counts by hand."""

from dataclasses import replace

import numpy as np
import pytest

from course_lib import nn
from course_lib.nn import models
from course_lib.widgets import SizeAccountant
from course_lib.widgets.counted_layers import (
    CONNECTED,
    FULL,
    NETS,
    OWN,
    SEPARABLE,
    Layer,
    SizeParameters,
    compute,
    count,
    own_net,
)
from course_lib.widgets.size_accountant import short_count


def counted(model, shape):
    rows = [row for row in nn.summary(model, shape).rows if row.multiply_adds]
    return [(row.units, row.weights, row.connections) for row in rows]


def listed(result):
    return list(zip(result.units.tolist(), result.weights.tolist(), result.connections.tolist()))


def test_lenet_is_the_library_s():
    assert listed(compute(SizeParameters("LeNet-5 (1998)"))) == counted(models.lenet5(rng=0), (1, 32, 32))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "build", "side"),
    [("AlexNet (2012)", models.alexnet, 227), ("VGG-16 (2015)", models.vgg, 224)],
)
def test_large_nets_are_the_library_s(name, build, side):
    assert listed(compute(SizeParameters(name))) == counted(build(rng=0), (3, side, side))


def test_published_totals():
    # With their biases these are the 60,965,224 and 138,357,544 parameters that are published.
    biases = {"AlexNet (2012)": 10_568, "VGG-16 (2015)": 13_416}
    totals = {"AlexNet (2012)": 60_965_224, "VGG-16 (2015)": 138_357_544}
    for name, total in totals.items():
        assert compute(SizeParameters(name)).weights.sum() + biases[name] == total


def as_model(parameters, *, separable):
    (channels, side), layers = own_net(parameters)
    parts, shape = [], (channels, side)
    for layer in layers:
        if layer.kind == "conv":
            kind = nn.DepthwiseSeparableConv2d if separable and layer.kernel > 1 else nn.Conv2d
            parts.append(kind(shape[0], layer.outputs, layer.kernel, padding=layer.padding, rng=0))
            shape = layer.outputs, shape[1]
        elif layer.kind == "pool":
            parts.append(nn.MaxPool2d(2))
            shape = shape[0], shape[1] // 2
        else:
            if shape[1] > 1 or not isinstance(parts[-1], nn.Linear):
                parts.append(nn.Flatten())
            parts.append(nn.Linear(shape[0] * shape[1] ** 2, layer.outputs, rng=0))
            shape = layer.outputs, 1
    return nn.Sequential(*parts)


@pytest.mark.parametrize("kernel", [1, 3, 5])
@pytest.mark.parametrize("convolution", [FULL, SEPARABLE])
def test_the_own_net_is_counted_as_the_library_counts_it(convolution, kernel):
    parameters = SizeParameters(OWN, convolution, side=20, depth=3, width=4, kernel=kernel)
    model = as_model(parameters, separable=convolution == SEPARABLE)
    found, expected = compute(parameters), nn.summary(model, (3, 20, 20))
    assert found.units.sum() == expected.units
    assert found.weights.sum() == expected.weights
    assert found.connections.sum() == expected.connections


def test_a_layer_by_hand():
    # 2 channels of 4×4, 3 kernels of 3×3: 2×2 places.
    rows = {kind: count((2, 4), (Layer("conv", 3, 3),), kind)[0][2:] for kind in (FULL, SEPARABLE, CONNECTED)}
    assert rows[FULL] == (12, 54, 216)
    assert rows[SEPARABLE] == (12 + 8, 2 * 9 + 6, (2 * 9 + 6) * 4)
    assert rows[CONNECTED] == (12, 32 * 12, 32 * 12)


def test_a_separable_layer_is_counted_at_the_output_s_places_also_with_a_stride():
    layer = Layer("conv", 5, 3, 2, 1)
    *_, connections = count((4, 8), (layer,), SEPARABLE)[0]
    model = nn.DepthwiseSeparableConv2d(4, 5, 3, stride=2, padding=1, rng=0)
    assert connections == nn.summary(model, (4, 8, 8)).connections == (4 * 9 + 4 * 5) * 16


@pytest.mark.parametrize("net", NETS)
def test_most_units_and_connections_in_convolutions_and_most_weights_at_the_end(net):
    result = compute(SizeParameters(net))
    convolutions = ~result.fully_connected
    assert result.units[convolutions].sum() > 0.9 * result.units.sum()
    assert result.connections[convolutions].sum() > 0.8 * result.connections.sum()
    assert result.weights[~convolutions].sum() > 0.8 * result.weights.sum()


def test_shares_and_savings_are_said():
    explained = SizeAccountant.explain(compute(SizeParameters("LeNet-5 (1998)")))
    assert "85.9 % of the connections" in explained
    assert "3 × connections = 1.25 M" in explained
    saved = SizeAccountant.explain(compute(SizeParameters("LeNet-5 (1998)", SEPARABLE)))
    assert "0.109 times the weights" in saved


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1.00 k"),
        (61_470, "61.5 k"),
        (138_344_128, "138 M"),
        (15_470_264_320, "15.5 G"),
    ],
)
def test_short_counts(number, text):
    assert short_count(number) == text


def test_a_window_that_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="a window of 5 does not fit into 4 pixels"):
        count((1, 4), (Layer("conv", 1, 5),))
    with pytest.raises(ValueError, match="kernel must be odd"):
        SizeParameters(kernel=4)


@pytest.mark.parametrize("side", [8, 9, 256])
def test_every_own_net_can_be_counted(side):
    for depth in (1, 6):
        result = compute(SizeParameters(OWN, CONNECTED, side=side, depth=depth, width=128, kernel=7))
        assert (result.weights > 0).all()


def test_controls_change_the_artists_that_are_there():
    widget = SizeAccountant()
    figure, bar, before = widget._figure, widget._artists["bars"]["weights"][0], widget.picture.png
    widget.controls["depth"].value = 5
    assert widget.controls["net"].value == OWN, "who changes the own net wants to see it"
    assert widget._figure is figure
    assert widget._artists["bars"]["weights"][0] is bar
    assert widget.picture.png != before
    assert "own net of 5 convolutions" in widget.picture.alt
    assert widget.current_parameters() == replace(SizeParameters(OWN), depth=5)
    assert np.sum([bar.get_visible() for bar in widget._artists["bars"]["units"]]) == 7
