"""The size of a network: counted by hand, and receptive fields found by poking the input."""

import numpy as np
import pytest

from course_lib import nn


def lenet():
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 6, 5, padding=2, rng=0), nn.Tanh(), nn.AvgPool2d(2)),
        nn.Conv2d(6, 16, 5, rng=1),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(400, 120, rng=2),
        nn.Tanh(),
        nn.Linear(120, 10, rng=3),
    )


class HandMadeResidual(nn.Module):
    def __init__(self):
        self.inside = nn.Conv2d(2, 2, 3, padding=1, rng=0)

    def forward(self, x):
        return x + self.inside(x)


def test_lenet_counted_by_hand():
    summary = nn.summary(lenet(), (1, 28, 28))
    counted = [
        (row.name, row.layer, row.output_shape, row.parameters, row.multiply_adds) for row in summary.rows
    ]
    assert counted == [
        ("0.0", "Conv2d", (6, 28, 28), 156, 117_600),
        ("0.1", "Tanh", (6, 28, 28), 0, 0),
        ("0.2", "AvgPool2d", (6, 14, 14), 0, 0),
        ("1", "Conv2d", (16, 10, 10), 2_416, 240_000),
        ("2", "Tanh", (16, 10, 10), 0, 0),
        ("3", "AvgPool2d", (16, 5, 5), 0, 0),
        ("4", "Flatten", (400,), 0, 0),
        ("5", "Linear", (120,), 48_120, 48_000),
        ("6", "Tanh", (120,), 0, 0),
        ("7", "Linear", (10,), 1_210, 1_200),
    ]
    assert summary.parameters == sum(parameter.size for parameter in lenet().parameters()) == 51_902
    assert summary.multiply_adds == 406_800
    fields = [row.receptive_field for row in summary.rows]
    assert fields == [(5, 5), (5, 5), (6, 6), (14, 14), (14, 14), (16, 16), (16, 16), *[(28, 28)] * 3]


def test_groups_and_strides_count_what_is_computed():
    model = nn.Sequential(
        nn.Conv2d(4, 4, (3, 1), stride=2, groups=4, bias=False, rng=0), nn.Conv2d(4, 8, 1, rng=1)
    )
    rows = nn.summary(model, (4, 9, 8)).rows
    assert rows[0].output_shape == (4, 4, 4)
    assert (rows[0].parameters, rows[0].multiply_adds) == (12, 4 * 16 * 3)
    assert (rows[1].parameters, rows[1].multiply_adds) == (40, 8 * 16 * 4)


@pytest.mark.parametrize(
    "layers",
    [
        [nn.Conv2d(1, 1, 3, rng=0), nn.Conv2d(1, 1, (1, 3), rng=1)],
        [nn.Conv2d(1, 1, 3, stride=2, rng=0), nn.AvgPool2d(2), nn.Conv2d(1, 1, 2, rng=1)],
        [
            nn.Conv2d(1, 1, (2, 3), dilation=(3, 2), rng=0),
            nn.Conv2d(1, 1, 3, stride=(1, 2), rng=1),
            nn.AvgPool2d(3),
        ],
    ],
)
def test_receptive_fields_are_what_an_output_depends_on(layers):
    model = nn.Sequential(*layers).astype(np.float64).eval()
    x = np.random.default_rng(0).normal(size=(1, 1, 40, 40))
    y = model(x)
    dy = np.zeros_like(y)
    dy[0, 0, y.shape[2] // 2, y.shape[3] // 2] = 1
    rows, columns = np.nonzero(model.backward(dy)[0, 0])
    expected = (np.ptp(rows) + 1, np.ptp(columns) + 1)
    assert nn.summary(model, (1, 40, 40)).rows[-1].receptive_field == expected
    assert model.window().extent == expected


def test_a_block_of_ones_own_is_opened_but_hides_the_field_behind_it():
    model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), HandMadeResidual(), nn.ReLU())
    rows = nn.summary(model, (1, 8, 8)).rows
    assert [(row.name, row.layer) for row in rows] == [
        ("0", "Conv2d"),
        ("1.inside", "Conv2d"),
        ("1", "HandMadeResidual"),
        ("2", "ReLU"),
    ]
    assert (rows[1].parameters, rows[1].multiply_adds) == (38, 2 * 36 * 18)
    assert (rows[2].parameters, rows[2].multiply_adds) == (0, 0)
    assert [row.receptive_field for row in rows] == [(3, 3), (5, 5), None, None]


def test_shared_parameters_count_once():
    first, second = nn.Linear(3, 3, rng=0), nn.Linear(3, 3, rng=1)
    second.weight = first.weight
    assert [row.parameters for row in nn.summary(nn.Sequential(first, second), (3,)).rows] == [12, 3]


def test_vectors_have_no_receptive_field():
    rows = nn.summary(nn.Sequential(nn.Linear(3, 4, rng=0), nn.BatchNorm1d(4)), (3,)).rows
    assert [row.receptive_field for row in rows] == [None, None]


def test_the_model_is_left_as_it_was():
    model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.BatchNorm2d(2))
    model[0].eval()
    x = np.random.default_rng(0).normal(size=(2, 1, 6, 6)).astype(np.float32)
    y = model(x)
    before = model.state_dict()
    nn.summary(model, (1, 9, 9))
    np.testing.assert_equal(model.state_dict(), before)
    assert [module.training for module in model.modules()] == [True, False, True]
    assert model.backward(y).shape == x.shape
    assert all("forward" not in vars(module) for module in model.modules())


def test_an_input_that_does_not_fit_is_an_error_and_leaves_no_trace():
    model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.Linear(5, 2, rng=1))
    with pytest.raises(ValueError, match="x"):
        nn.summary(model, (3, 8, 8))
    assert all("forward" not in vars(module) and module.training for module in model.modules())


def test_the_table_shows_every_row_and_the_totals():
    lines = str(nn.summary(lenet(), (1, 28, 28))).splitlines()
    assert len(lines) == 1 + 1 + 1 + 10 + 1 + 1
    assert "0.0 Conv2d" in lines[3]
    assert "6×28×28" in lines[3]
    assert "117,600" in lines[3]
    assert "5×5" in lines[3]
    assert lines[-1].split() == ["total", "51,902", "406,800"]
