"""Every layer and block once, in one form, for the suites that run over all of them."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_lib import nn


@dataclass(frozen=True)
class Case:
    """How to make a layer from a seed, and the shapes that go in and come out."""

    make: Callable[[int], nn.Module]
    x_shape: tuple[int, ...]
    y_shape: tuple[int, ...]
    random_start: bool = False


def case(make, x_shape, y_shape, **options):
    return Case(make, x_shape, y_shape, **options)


def block(seed):
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Conv2d(2, 3, 3, padding=1, rng=rng),
        nn.BatchNorm2d(3),
        nn.Tanh(),
        nn.Sequential(nn.AvgPool2d(2), nn.Flatten()),
        nn.Linear(18, 4, rng=rng),
    )


CASES = {
    "Linear": case(lambda s: nn.Linear(5, 3, rng=s), (4, 5), (4, 3), random_start=True),
    "Linear on a sequence": case(
        lambda s: nn.Linear(5, 3, bias=False, rng=s), (4, 2, 5), (4, 2, 3), random_start=True
    ),
    "Conv2d": case(
        lambda s: nn.Conv2d(2, 3, (3, 2), padding=(1, 0), rng=s),
        (4, 2, 5, 6),
        (4, 3, 5, 5),
        random_start=True,
    ),
    "strided grouped Conv2d": case(
        lambda s: nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2, rng=s),
        (3, 4, 7, 6),
        (3, 6, 4, 3),
        random_start=True,
    ),
    "dilated Conv2d without bias": case(
        lambda s: nn.Conv2d(2, 2, 3, padding="same", dilation=2, bias=False, rng=s),
        (3, 2, 5, 7),
        (3, 2, 5, 7),
        random_start=True,
    ),
    "SamePaddedConv2d": case(
        lambda s: nn.SamePaddedConv2d(2, 3, (3, 4), stride=2, rng=s),
        (3, 2, 5, 6),
        (3, 3, 3, 3),
        random_start=True,
    ),
    "BatchNorm1d": case(lambda s: nn.BatchNorm1d(3), (6, 3), (6, 3)),
    "BatchNorm1d on sequences": case(lambda s: nn.BatchNorm1d(3), (4, 3, 5), (4, 3, 5)),
    "BatchNorm2d": case(lambda s: nn.BatchNorm2d(3, momentum=0.3), (4, 3, 5, 2), (4, 3, 5, 2)),
    "DecorrelatedBatchNorm": case(lambda s: nn.DecorrelatedBatchNorm(3), (7, 3), (7, 3)),
    "DecorrelatedBatchNorm of images": case(
        lambda s: nn.DecorrelatedBatchNorm(3, momentum=0.3), (4, 3, 5, 2), (4, 3, 5, 2)
    ),
    "LayerNorm": case(lambda s: nn.LayerNorm((3, 4)), (5, 3, 4), (5, 3, 4)),
    "GroupNorm": case(lambda s: nn.GroupNorm(2, 6), (3, 6, 2, 3), (3, 6, 2, 3)),
    "InstanceNorm2d": case(lambda s: nn.InstanceNorm2d(3), (2, 3, 4, 3), (2, 3, 4, 3)),
    "affine InstanceNorm2d": case(lambda s: nn.InstanceNorm2d(3, affine=True), (2, 3, 4, 3), (2, 3, 4, 3)),
    "ReLU": case(lambda s: nn.ReLU(), (4, 3, 2), (4, 3, 2)),
    "ReLU6": case(lambda s: nn.ReLU6(), (4, 3, 2), (4, 3, 2)),
    "LeakyReLU": case(lambda s: nn.LeakyReLU(0.2), (4, 6), (4, 6)),
    "ELU": case(lambda s: nn.ELU(1.5), (4, 6), (4, 6)),
    "Sigmoid": case(lambda s: nn.Sigmoid(), (4, 6), (4, 6)),
    "Tanh": case(lambda s: nn.Tanh(), (4, 6), (4, 6)),
    "Maxout": case(lambda s: nn.Maxout(3), (4, 6, 2), (4, 2, 2)),
    "MaxPool2d": case(lambda s: nn.MaxPool2d(2), (3, 2, 5, 7), (3, 2, 2, 3)),
    "overlapping MaxPool2d": case(lambda s: nn.MaxPool2d(3, stride=2, padding=1), (3, 2, 5, 7), (3, 2, 3, 4)),
    "AvgPool2d": case(lambda s: nn.AvgPool2d((2, 3)), (3, 2, 5, 7), (3, 2, 2, 2)),
    "overlapping AvgPool2d": case(
        lambda s: nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), (3, 2, 5, 7), (3, 2, 3, 4)
    ),
    "GlobalAvgPool2d": case(lambda s: nn.GlobalAvgPool2d(), (3, 2, 5, 7), (3, 2)),
    "Flatten": case(lambda s: nn.Flatten(), (3, 2, 5, 7), (3, 70)),
    "Dropout": case(lambda s: nn.Dropout(0.4, rng=s), (4, 6), (4, 6)),
    "Sequential": case(block, (4, 2, 4, 6), (4, 4), random_start=True),
    "Dropout scaled in evaluation": case(lambda s: nn.Dropout(0.4, inverted=False, rng=s), (4, 6), (4, 6)),
    "DropConnect": case(lambda s: nn.DropConnect(5, 3, 0.4, rng=s), (4, 5), (4, 3), random_start=True),
    "Identity": case(lambda s: nn.Identity(), (4, 3, 2), (4, 3, 2)),
}
BLOCKS = {
    "Sum": case(
        lambda s: nn.Sum(nn.Linear(5, 3, rng=s), nn.Sequential(nn.Tanh(), nn.Linear(5, 3, rng=s + 1))),
        (4, 5),
        (4, 3),
    ),
    "Residual": case(lambda s: nn.Residual(nn.Linear(5, 5, rng=s)), (4, 5), (4, 5)),
    "nested Residual": case(
        lambda s: nn.Residual(nn.Residual(nn.Linear(5, 5, rng=s)), nn.Linear(5, 5, rng=s + 1)), (4, 5), (4, 5)
    ),
    "Concatenate": case(
        lambda s: nn.Concatenate(nn.Linear(5, 3, rng=s), nn.Identity(), nn.Linear(5, 2, rng=s + 1)),
        (4, 5),
        (4, 10),
    ),
    "Concatenate rows": case(
        lambda s: nn.Concatenate(nn.Conv2d(2, 3, (2, 1), rng=s), nn.Conv2d(2, 3, (4, 1), rng=s + 1), axis=2),
        (2, 2, 5, 3),
        (2, 3, 6, 3),
    ),
    "SqueezeExcitation": case(lambda s: nn.SqueezeExcitation(4, 2, rng=s), (3, 4, 3, 5), (3, 4, 3, 5)),
    "BasicBlock": case(lambda s: nn.BasicBlock(2, 2, rng=s), (3, 2, 4, 5), (3, 2, 4, 5)),
    "strided BasicBlock": case(lambda s: nn.BasicBlock(2, 3, stride=2, rng=s), (3, 2, 5, 4), (3, 3, 3, 2)),
    "BasicBlock with a gate": case(
        lambda s: nn.BasicBlock(2, 4, reduction=2, rng=s), (3, 2, 4, 3), (3, 4, 4, 3)
    ),
    "Bottleneck": case(lambda s: nn.Bottleneck(4, 8, stride=2, rng=s), (3, 4, 5, 6), (3, 8, 3, 3)),
    "grouped Bottleneck": case(
        lambda s: nn.Bottleneck(4, 4, width=6, groups=3, rng=s), (3, 4, 4, 3), (3, 4, 4, 3)
    ),
    "PreActivationBlock": case(lambda s: nn.PreActivationBlock(3, 3, rng=s), (3, 3, 4, 5), (3, 3, 4, 5)),
    "strided PreActivationBlock": case(
        lambda s: nn.PreActivationBlock(2, 3, stride=2, rng=s), (3, 2, 5, 4), (3, 3, 3, 2)
    ),
    "Inception": case(lambda s: nn.Inception(3, 2, (2, 3), (1, 2), 1, rng=s), (2, 3, 5, 6), (2, 8, 5, 6)),
    "DenseLayer": case(lambda s: nn.DenseLayer(3, 2, bottleneck=None, rng=s), (3, 3, 4, 5), (3, 5, 4, 5)),
    "DenseBlock": case(lambda s: nn.DenseBlock(3, 2, 3, bottleneck=2, rng=s), (3, 3, 4, 3), (3, 9, 4, 3)),
    "Transition": case(lambda s: nn.Transition(4, 2, rng=s), (3, 4, 4, 5), (3, 2, 2, 2)),
    "InvertedResidual": case(
        lambda s: nn.InvertedResidual(2, 2, expansion=2, rng=s), (3, 2, 4, 5), (3, 2, 4, 5)
    ),
    "strided InvertedResidual": case(
        lambda s: nn.InvertedResidual(2, 3, 5, stride=2, expansion=1, rng=s), (3, 2, 5, 4), (3, 3, 3, 2)
    ),
    "InEvaluation": case(
        lambda s: nn.InEvaluation(nn.Sequential(nn.Linear(5, 4, rng=s), nn.BatchNorm1d(4))), (4, 5), (4, 4)
    ),
    "DepthwiseSeparableConv2d": case(
        lambda s: nn.DepthwiseSeparableConv2d(3, 4, 3, stride=2, padding=1, rng=s), (2, 3, 5, 6), (2, 4, 3, 3)
    ),
}
BLOCKS = {name: dataclasses.replace(block, random_start=True) for name, block in BLOCKS.items()}
LAYERS = CASES
CASES = LAYERS | BLOCKS
