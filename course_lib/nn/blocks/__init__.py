"""Blocks that the architectures are built of: sequences and branches of layers, nothing else."""

from course_lib.nn.blocks.dense import DenseBlock, DenseLayer, Transition
from course_lib.nn.blocks.inception import Inception
from course_lib.nn.blocks.inverted_residual import InvertedResidual
from course_lib.nn.blocks.preactivation import PreActivationBlock
from course_lib.nn.blocks.residual import BasicBlock, Bottleneck, start_as_shortcuts
from course_lib.nn.blocks.separable import DepthwiseSeparableConv2d
from course_lib.nn.blocks.squeeze_excitation import SqueezeExcitation

__all__ = [
    "BasicBlock",
    "Bottleneck",
    "DenseBlock",
    "DenseLayer",
    "DepthwiseSeparableConv2d",
    "Inception",
    "InvertedResidual",
    "PreActivationBlock",
    "SqueezeExcitation",
    "Transition",
    "start_as_shortcuts",
]
