"""Drawings of nets say what the nets are: counts against summaries, ways through blocks against modules."""

import numpy as np
import pytest

from course_lib import nn
from course_lib.nn import models
from course_lib.plots import show_architectures, show_blocks
from course_lib.plots.architecture import arcs, boxes
from course_lib.plots.block_graph import block_graph
from course_lib.plots.net_outline import NothingDrawn, outline, runs

NETS = {
    "lenet": (lambda: models.lenet5(rng=0), (1, 32, 32)),
    "plain": (lambda: models.small_resnet(8, skip=False, rng=0), (1, 28, 28)),
    "residual": (lambda: models.small_resnet(14, rng=0), (1, 28, 28)),
    "pre-activation": (lambda: models.preactivation_resnet(8, rng=0), (1, 28, 28)),
    "inception": (lambda: models.small_googlenet(rng=0), (1, 28, 28)),
    "dense": (lambda: models.small_densenet(rng=0), (1, 28, 28)),
    "grouped": (lambda: models.small_resnext(1, rng=0), (1, 28, 28)),
}
every_net = pytest.mark.parametrize("name", NETS)


@every_net
def test_parts_and_runs_add_up_to_the_net(name):
    build, shape = NETS[name]
    model = build()
    whole, parts = nn.summary(model, shape), outline(model, shape)
    for found in (parts, runs(parts)):
        assert sum(part.parameters for part in found) == whole.parameters
        assert sum(part.multiply_adds for part in found) == whole.multiply_adds
    assert sum(part.count for part in runs(parts)) == len(parts)
    assert parts[-1].output_shape == (10,)


def test_parts_of_lenet_by_hand():
    parts = outline(models.lenet5(rng=0), (1, 32, 32))
    assert [part.kind for part in parts] == [
        *("convolution", "pooling", "convolution", "pooling"),
        *("fully connected", "fully connected", "fully connected"),
    ]
    assert [part.parameters for part in parts] == [156, 0, 2416, 0, 48120, 10164, 850]
    assert parts[0].name == "5×5 conv"
    assert parts[2].output_shape == (16, 10, 10)


def test_runs_count_what_is_alike_and_keep_the_last_field():
    parts = outline(models.small_resnet(20, rng=0), (1, 28, 28))
    found = runs(parts)
    assert [part.count for part in found] == [1, 3, 3, 3, 1, 1]
    assert found[1].receptive_field == parts[3].receptive_field == (15, 15)


def test_skips_are_there_where_blocks_are_residual():
    assert [part.skip for part in outline(models.small_resnet(8, rng=0), (1, 28, 28))] == [
        *(False, True, True, True, False, False)
    ]
    assert not any(part.skip for part in outline(models.small_resnet(8, skip=False, rng=0), (1, 28, 28)))


def test_names_tell_groups_strides_and_gates():
    names = [part.name for part in outline(models.small_resnext(1, rng=0), (1, 28, 28))]
    assert "bottleneck, 8 groups" in names
    assert "SE basic block" in {part.name for part in outline(models.small_se_resnet(8, rng=0), (1, 28, 28))}
    stem = outline(models.googlenet(rng=NothingDrawn()), (3, 224, 224))[0]
    assert stem.name == "7×7 conv, stride 2"


def test_a_net_without_draws_is_of_zeros_and_counted_alike():
    drawn, zeros = models.small_vgg(rng=0), models.small_vgg(rng=NothingDrawn())
    assert outline(zeros, (1, 28, 28)) == outline(drawn, (1, 28, 28))
    weights = [layer.weight.data for layer in zeros.modules() if isinstance(layer, nn.Conv2d)]
    assert all(w.dtype == np.float32 and not w.any() for w in weights)


@every_net
def test_boxes_lie_in_order_within_the_width_and_grow_with_their_sizes(name):
    build, shape = NETS[name]
    parts = outline(build(), shape)
    corners = boxes(parts, shape[1])
    left, right = corners[:, 0, 0], corners[:, 2, 0]
    height = corners[:, 1, 1] - corners[:, 0, 1]
    assert left[0] == 0
    assert right[-1] == pytest.approx(1)
    assert (right[:-1] < left[1:]).all()
    channels = np.array([part.output_shape[0] for part in parts])
    order = np.argsort(channels, kind="stable")
    assert (np.diff((right - left)[order]) > -1e-12).all()
    sides = np.array([part.output_shape[1] if len(part.output_shape) == 3 else 0 for part in parts])
    assert (np.diff(height[np.argsort(sides, kind="stable")]) >= -1e-12).all()
    skips = arcs(parts, corners)
    assert len(skips) == sum(part.skip for part in parts)


def test_a_block_s_graph_has_each_layer_once_and_a_join_for_each_fork():
    for module, signs in (
        (nn.BasicBlock(4, 4, rng=0), "+"),
        (nn.PreActivationBlock(4, 8, stride=2, rng=0), "+"),
        (nn.Inception(4, 2, (2, 2), (2, 2), 2, rng=0), "∥"),
        (nn.BasicBlock(4, 4, reduction=2, rng=0), "×+"),
        (nn.DenseBlock(4, 2, 2, rng=0), "∥∥"),
    ):
        graph = block_graph(module)
        layers = [m for m in module.modules() if not list(m.children()) and not isinstance(m, nn.Identity)]
        assert len(graph.boxes) == len(layers)
        assert "".join(sign for _, _, sign in graph.joins) == signs
        assert all(left >= 0 and left + width <= graph.width for left, _, width, _ in graph.boxes)


def test_boxes_of_one_branch_follow_one_another_and_branches_keep_apart():
    graph = block_graph(nn.Inception(4, 2, (2, 3), (2, 5), 7, rng=0))
    rows = {}
    for left, middle, width, words in graph.boxes:
        rows.setdefault(middle, []).append((left, left + width, words))
    assert len(rows) == 4
    for row in rows.values():
        assert all(end < start for (_, end, _), (start, _, _) in zip(row, row[1:]))
    assert sorted(len(row) for row in rows.values()) == [2, 3, 4, 4]
    middles = sorted(rows)
    assert min(np.diff(middles)) >= 1
    assert "5×5 conv\n5" in {words for row in rows.values() for _, _, words in row}


def test_figures_carry_their_words_and_refuse_nothing():
    parts = outline(models.lenet5(rng=0), (1, 32, 32))
    assert show_architectures({"LeNet-5": (parts, 32)}, alt="LeNet-5 as boxes").alt == "LeNet-5 as boxes"
    assert len(show_blocks({"block": nn.BasicBlock(4, 4, rng=0)}, alt="a block").png()) > 1000
    with pytest.raises(ValueError, match="nets must hold at least one"):
        show_architectures({}, alt="nothing")
    with pytest.raises(ValueError, match="notes must hold a line for each of 1"):
        show_architectures({"LeNet-5": (parts, 32)}, notes=["a", "b"], alt="LeNet-5")
    with pytest.raises(ValueError, match="modules must hold at least one"):
        show_blocks({}, alt="nothing")
    with pytest.raises(ValueError, match="parts must hold at least one"):
        boxes([], 32)
