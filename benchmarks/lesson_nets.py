"""The nets of the lessons, twice each: of the course's layers, and of PyTorch's."""

from dataclasses import dataclass

import numpy as np

from benchmarks.pytorch import torch
from course_lib import nn
from course_lib.nn import models

CLASSES = 10


@dataclass(frozen=True)
class PlainNet:
    """Convolutions, each followed by batch norm and ReLU, and a linear layer.

    Attributes
    ----------
    channels, kernel : tuple of int, int
        Output channels of the convolutions; side of the first kernel, the others have 3.
    pools : tuple of bool
        Whether a 2×2 max pool follows each.
    """

    channels: tuple[int, ...]
    kernel: int
    pools: tuple[bool, ...]

    def ours(self, side: int, rng: np.random.Generator) -> nn.Sequential:
        layers: list[nn.Module] = []
        before, kernel = 1, self.kernel
        for channels, pool in zip(self.channels, self.pools, strict=True):
            layers += [
                nn.Conv2d(before, channels, kernel, padding=kernel // 2, bias=False, rng=rng),
                nn.BatchNorm2d(channels),
                nn.ReLU(),
            ]
            layers += [nn.MaxPool2d(2)] if pool else []
            before, kernel, side = channels, 3, side // 2 if pool else side
        return nn.Sequential(*layers, nn.Flatten(), nn.Linear(before * side * side, CLASSES, rng=rng))

    def theirs(self, side: int):
        layers: list[torch.nn.Module] = []
        before, kernel = 1, self.kernel
        for channels, pool in zip(self.channels, self.pools, strict=True):
            layers += [
                torch.nn.Conv2d(before, channels, kernel, padding=kernel // 2, bias=False),
                torch.nn.BatchNorm2d(channels),
                torch.nn.ReLU(),
            ]
            layers += [torch.nn.MaxPool2d(2)] if pool else []
            before, kernel, side = channels, 3, side // 2 if pool else side
        return torch.nn.Sequential(
            *layers, torch.nn.Flatten(), torch.nn.Linear(before * side * side, CLASSES)
        )


@dataclass(frozen=True)
class ResidualNet:
    """The residual net for small images of `course_lib.nn.models.small_resnet`.

    Attributes
    ----------
    depth : int
        6n + 2 layers with weights.
    widths : (int, int, int)
        Channels of the three stages.
    """

    depth: int
    widths: tuple[int, int, int] = (16, 32, 64)

    def ours(self, side: int, rng: np.random.Generator) -> nn.Sequential:
        return models.small_resnet(self.depth, widths=self.widths, rng=rng)

    def theirs(self, side: int):
        channels = self.widths[0]
        layers = [*_torch_conv_norm(1, channels, 3), torch.nn.ReLU()]
        for stage, width in enumerate(self.widths):
            for number in range((self.depth - 2) // 6):
                layers.append(_torch_basic_block(channels, width, 2 if stage and not number else 1))
                channels = width
        pool = torch.nn.AdaptiveAvgPool2d(1)
        return torch.nn.Sequential(*layers, pool, torch.nn.Flatten(), torch.nn.Linear(channels, CLASSES))


def _torch_conv_norm(before: int, channels: int, kernel: int, stride: int = 1) -> list:
    convolution = torch.nn.Conv2d(before, channels, kernel, stride=stride, padding=kernel // 2, bias=False)
    return [convolution, torch.nn.BatchNorm2d(channels)]


def _torch_basic_block(before: int, channels: int, stride: int):
    class Block(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.body = torch.nn.Sequential(
                *_torch_conv_norm(before, channels, 3, stride),
                torch.nn.ReLU(),
                *_torch_conv_norm(channels, channels, 3),
            )
            changes = stride != 1 or before != channels
            self.shortcut = (
                torch.nn.Sequential(*_torch_conv_norm(before, channels, 1, stride))
                if changes
                else torch.nn.Identity()
            )

        def forward(self, x):
            return torch.relu(self.body(x) + self.shortcut(x))

    return Block()
