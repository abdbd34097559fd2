"""The size of networks with branches: every layer inside counted, fields along the branch that sees most."""

import numpy as np
import pytest

from course_lib import nn


def small_resnet():
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1, bias=False, rng=0),
        nn.BasicBlock(4, 4, rng=1),
        nn.BasicBlock(4, 6, stride=2, rng=2),
        nn.GlobalAvgPool2d(),
        nn.Linear(6, 2, rng=3),
    )


def test_blocks_are_opened_in_the_order_of_computing():
    rows = nn.summary(small_resnet(), (3, 8, 10)).rows
    assert [(row.name, row.layer) for row in rows[1:11]] == [
        ("1.0.body.0", "Conv2d"),
        ("1.0.body.1", "BatchNorm2d"),
        ("1.0.body.2", "ReLU"),
        ("1.0.body.3", "Conv2d"),
        ("1.0.body.4", "BatchNorm2d"),
        ("1.0.shortcut", "Identity"),
        ("1.0", "Residual"),
        ("1.1", "ReLU"),
        ("2.0.body.0", "Conv2d"),
        ("2.0.body.1", "BatchNorm2d"),
    ]
    by_name = {row.name: row for row in rows}
    assert by_name["2.0.shortcut.0"].multiply_adds == 6 * 4 * 5 * 4
    assert by_name["2.0.shortcut.0"].output_shape == (6, 4, 5)
    assert sum(row.parameters for row in rows) == sum(p.size for p in small_resnet().parameters())


def test_fields_follow_the_branch_that_sees_most():
    by_name = {row.name: row.receptive_field for row in nn.summary(small_resnet(), (3, 20, 30)).rows}
    assert by_name["1.0.shortcut"] == (3, 3)
    assert by_name["1.0"] == by_name["1.1"] == (7, 7)
    assert by_name["2.0.shortcut.0"] == (7, 7)
    assert by_name["2.0"] == (13, 13)
    assert by_name["3"] == (20, 30)


@pytest.mark.parametrize(
    "model",
    [
        nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.BasicBlock(2, 4, stride=2, rng=1), nn.AvgPool2d(2)),
        nn.Sequential(
            nn.Conv2d(1, 2, 3, stride=2, rng=0), nn.PreActivationBlock(2, 2, rng=1), nn.Conv2d(2, 1, 2, rng=2)
        ),
        nn.Sequential(nn.Bottleneck(1, 4, stride=2, rng=0), nn.DenseBlock(4, 2, 2, rng=1)),
        nn.Sequential(nn.Inception(1, 2, (2, 2), (2, 2), 2, rng=0), nn.Conv2d(8, 1, 3, stride=2, rng=1)),
    ],
    ids=["basic", "pre-activation", "bottleneck and dense", "inception"],
)
def test_fields_through_branches_are_what_an_output_depends_on(model):
    model = model.astype(np.float64).eval()
    dependent = np.zeros((40, 40), bool)
    for seed in range(6):
        # ReLUs and maxima hide some paths for one input, so several are put together.
        y = model(np.random.default_rng(seed).normal(size=(1, 1, 40, 40)))
        dy = np.zeros_like(y)
        dy[0, :, y.shape[2] // 2, y.shape[3] // 2] = np.random.default_rng(seed).normal(size=y.shape[1])
        dependent |= model.backward(dy)[0, 0] != 0
    rows, columns = np.nonzero(dependent)
    expected = (np.ptp(rows) + 1, np.ptp(columns) + 1)
    assert nn.summary(model, (1, 40, 40)).rows[-1].receptive_field == expected
    assert model.window().extent == expected


def test_a_gate_lets_every_output_see_the_whole_image():
    model = nn.Sequential(nn.Conv2d(1, 4, 3, rng=0), nn.SqueezeExcitation(4, 2, rng=1), nn.ReLU())
    rows = nn.summary(model, (1, 9, 12)).rows
    assert [row.receptive_field for row in rows[-2:]] == [(9, 12), (9, 12)]
    assert rows[-2].layer == "SqueezeExcitation"
    assert sum(row.multiply_adds for row in rows[1:]) == 4 * 2 * 2


def test_a_depth_gives_whole_blocks():
    opened, closed = (nn.summary(small_resnet(), (3, 8, 10), depth=depth) for depth in (None, 1))
    assert [(row.name, row.layer) for row in closed.rows] == [
        ("0", "Conv2d"),
        ("1", "BasicBlock"),
        ("2", "BasicBlock"),
        ("3", "GlobalAvgPool2d"),
        ("4", "Linear"),
    ]
    for name in ("parameters", "units", "weights", "connections", "multiply_adds"):
        assert getattr(opened, name) == getattr(closed, name)
    assert closed.rows[1].parameters == 2 * (4 * 36 + 8)
    assert closed.rows[1].receptive_field == (7, 7)
    middle = [row.name for row in nn.summary(small_resnet(), (3, 8, 10), depth=2).rows]
    assert middle == ["0", "1.0", "1.1", "2.0", "2.1", "3", "4"]
    with pytest.raises(ValueError, match="depth"):
        nn.summary(small_resnet(), (3, 8, 10), depth=0)


def test_units_weights_and_connections_of_alexnets_convolutions():
    model = nn.Sequential(
        nn.Conv2d(3, 96, 11, stride=4, rng=0),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(96, 256, 5, padding=2, groups=2, rng=0),
        nn.ReLU(),
        nn.MaxPool2d(3, stride=2),
        nn.Conv2d(256, 384, 3, padding=1, rng=0),
        nn.ReLU(),
        nn.Conv2d(384, 384, 3, padding=1, groups=2, rng=0),
        nn.ReLU(),
        nn.Conv2d(384, 256, 3, padding=1, groups=2, rng=0),
    )
    summary = nn.summary(model, (3, 227, 227))
    sizes = [(row.units, row.weights, row.connections) for row in summary.rows if row.layer == "Conv2d"]
    # 55·55·96, 11·11·3·96 and 55·55·(11·11·3·96); and so on for the other layers.
    assert sizes == [
        (290_400, 34_848, 105_415_200),
        (186_624, 307_200, 223_948_800),
        (64_896, 884_736, 149_520_384),
        (64_896, 663_552, 112_140_288),
        (43_264, 442_368, 74_760_192),
    ]
    assert all(row.units == row.weights == 0 for row in summary.rows if row.layer != "Conv2d")
    assert summary.units == 650_080
    assert summary.training_multiply_adds == 3 * summary.connections
    lines = summary.size_table().splitlines()
    assert len(lines) == 1 + 1 + 5 + 1 + 1
    assert lines[2].split() == ["0", "Conv2d", "290,400", "34,848", "105,415,200"]
    assert lines[-1].split()[1] == "650,080"


def test_most_connections_in_conv_layers_most_weights_in_full_ones():
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2, rng=0),
        nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5, rng=1),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120, rng=2),
    )
    rows = nn.summary(model, (1, 28, 28)).rows
    connections, weights = (
        {kind: sum(getattr(row, what) for row in rows if row.layer == kind) for kind in ("Conv2d", "Linear")}
        for what in ("connections", "weights")
    )
    assert connections == {"Conv2d": 357_600, "Linear": 48_000}
    assert weights == {"Conv2d": 2_550, "Linear": 48_000}


def test_a_separable_convolution_costs_the_share_that_its_docstring_says():
    options = {"padding": 1, "bias": False, "rng": 0}
    full, separable = nn.Conv2d(16, 32, 3, **options), nn.DepthwiseSeparableConv2d(16, 32, 3, **options)
    whole, parts = (nn.summary(model, (16, 9, 9)) for model in (full, separable))
    for name in ("parameters", "weights", "connections"):
        assert getattr(parts, name) / getattr(whole, name) == pytest.approx(1 / 32 + 1 / 9)
