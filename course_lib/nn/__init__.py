"""Layers that remember what their backward needs: `y = layer(x)`, then `dx = layer.backward(dy)`."""

from course_lib.nn import initialisers
from course_lib.nn.activations import ReLU
from course_lib.nn.batch_normalization import BatchNorm1d, BatchNorm2d
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.linear import Linear
from course_lib.nn.losses import CrossEntropyLoss, Loss
from course_lib.nn.module import Module
from course_lib.nn.parameter import Parameter
from course_lib.nn.pooling import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from course_lib.nn.reshaping import Flatten

__all__ = [
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv2d",
    "CrossEntropyLoss",
    "Flatten",
    "GlobalAvgPool2d",
    "Linear",
    "Loss",
    "MaxPool2d",
    "Module",
    "Parameter",
    "ReLU",
    "Sequential",
    "initialisers",
]
