"""The architecture explorer against summaries of the same nets, and its gradients against the library's."""

import numpy as np
import pytest

from course_lib import nn
from course_lib.nn import models
from course_lib.training import gradient_norms
from course_lib.training.depth import KINDS, small_clothes
from course_lib.widgets import ArchitectureExplorer
from course_lib.widgets.architecture_nets import (
    EXAMPLES,
    FIXED,
    GROWN,
    NETS,
    RESIDUAL,
    SIDE,
    ArchitectureParameters,
    compute,
)


def built(net, depth, width):
    return FIXED[net]() if net in FIXED else GROWN[net](depth, width)


@pytest.mark.parametrize("net", NETS)
def test_totals_are_those_of_the_net(net):
    parameters, work = compute(ArchitectureParameters(net, 2, 4)).total
    found = nn.summary(built(net, 2, 4), (1, SIDE, SIDE))
    assert (parameters, work) == (found.parameters, found.multiply_adds)


@pytest.mark.parametrize("net", GROWN)
def test_every_grown_net_answers_and_grows(net):
    for depth, width in ((1, 4), (2, 8)):
        scores = built(net, depth, width).eval()(np.zeros((2, 1, SIDE, SIDE), np.float32))
        assert scores.shape == (2, 10)
    sizes = (1, 4), (2, 4), (1, 8)
    smaller, deeper, wider = (compute(ArchitectureParameters(net, *size)).total for size in sizes)
    assert smaller[0] < deeper[0] < 10 * smaller[0]
    assert smaller[1] < wider[1]


def test_plain_and_residual_nets_have_the_layers_that_are_said():
    p = ArchitectureParameters("plain net", 2, 4)
    parts = compute(p).parts
    weighted = [part for part in parts if part.kind in ("convolution", "fully connected")]
    assert len(weighted) == p.layers == 14
    assert compute(p).total[0] < compute(ArchitectureParameters(RESIDUAL, 2, 4)).total[0]


def test_gradients_are_the_librarys_and_only_the_plain_one_explodes():
    result = compute(ArchitectureParameters(depth=4, width=4))
    batch, _ = small_clothes(EXAMPLES)
    expected = gradient_norms(KINDS["plain"](26, (4, 8, 16), 0), nn.CrossEntropyLoss(), batch)
    np.testing.assert_array_equal(result.plain.layers, expected.layers)
    np.testing.assert_allclose(result.plain.norms, expected.norms, rtol=1e-4)
    assert result.plain.growth > 2 * result.residual.growth


def test_boxes_and_arcs_belong_to_the_parts():
    result = compute(ArchitectureParameters(depth=2))
    assert result.corners.shape == (len(result.parts), 4, 2)
    assert result.skips.shape == (6, 9, 2)
    assert [part.count for part in result.table] == [1, 2, 2, 2, 1, 1]


def test_moving_depth_leads_to_a_net_that_has_one():
    widget = ArchitectureExplorer(net="LeNet-5")
    artists, before = dict(widget._artists), widget.picture.png
    widget.controls["depth"].value = 2
    assert widget.controls["net"].value == RESIDUAL
    assert widget.current_parameters() == ArchitectureParameters(RESIDUAL, 2, 8)
    assert widget.picture.png != before
    assert all(widget._artists[name] is artist for name, artist in artists.items())
    assert "2 blocks a stage" in widget.picture.alt


def test_the_table_tells_each_run_and_the_whole():
    table = ArchitectureExplorer._table(compute(ArchitectureParameters("LeNet-5"))).splitlines()
    assert table[1].split() == ["5×5", "conv", "6×28×28", "156", "118", "k", "5"]
    assert table[-1].split()[:3] == ["in", "all", "61,706"]
    assert len({len(line) for line in table}) == 1, "columns stand below one another"


def test_no_field_of_the_table_is_larger_than_the_image():
    table = ArchitectureExplorer._table(compute(ArchitectureParameters(RESIDUAL, 6, 4))).splitlines()
    assert [int(line.split()[-1]) for line in table[1:-1]] == [3, 27, SIDE, SIDE, SIDE, SIDE]


@pytest.mark.parametrize("net", NETS)
def test_columns_of_the_table_do_not_run_into_one_another(net):
    table = ArchitectureExplorer._table(compute(ArchitectureParameters(net, 2, 4)))
    assert len({len(line) for line in table.splitlines()}) == 1
    assert all(line[24] == " " for line in table.splitlines())


def test_the_lecture_answers_its_questions_rightly():
    growth = [compute(ArchitectureParameters(depth=depth)).plain.growth for depth in (1, 3, 5, 7)]
    assert (np.diff(growth) > 0).all()
    narrow, wide = (compute(ArchitectureParameters(depth=3, width=width)).total for width in (8, 16))
    assert 3.7 < wide[0] / narrow[0] < 4
    assert 3.7 < wide[1] / narrow[1] < 4
    stages = compute(ArchitectureParameters(depth=3)).table[1:4]
    assert stages[2].parameters > 3 * stages[1].parameters
    work = [stage.multiply_adds for stage in stages]
    assert max(work) < 1.1 * min(work)


def test_the_published_small_nets_are_the_models():
    assert compute(ArchitectureParameters("LeNet-5")).total[0] == 61_706
    count = nn.summary(models.small_densenet(blocks=(3, 3, 3), growth=8, rng=0), (1, SIDE, SIDE)).parameters
    assert compute(ArchitectureParameters("DenseNet", 3, 8)).total[0] == count


@pytest.mark.parametrize(
    ("name", "value"), [("net", "none"), ("depth", 8), ("depth", True), ("width", 5), ("width", [4])]
)
def test_impossible_settings_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        ArchitectureParameters(**{name: value})
