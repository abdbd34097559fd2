"""Layers that remember what their backward needs: `y = layer(x)`, then `dx = layer.backward(dy)`."""

from course_lib.nn import initialisers
from course_lib.nn.accounting import Summary, summary
from course_lib.nn.activations import ELU, LeakyReLU, Maxout, ReLU, Sigmoid, Tanh
from course_lib.nn.batch_normalization import BatchNorm1d, BatchNorm2d
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.group_normalization import GroupNorm, InstanceNorm2d, LayerNorm
from course_lib.nn.linear import Linear
from course_lib.nn.losses import BCEWithLogitsLoss, CrossEntropyLoss, HingeLoss, Loss, MSELoss
from course_lib.nn.module import Module
from course_lib.nn.parameter import Parameter
from course_lib.nn.pooling import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from course_lib.nn.regularization import Dropout
from course_lib.nn.reshaping import Flatten

__all__ = [
    "ELU",
    "AvgPool2d",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Conv2d",
    "CrossEntropyLoss",
    "Dropout",
    "Flatten",
    "GlobalAvgPool2d",
    "GroupNorm",
    "HingeLoss",
    "InstanceNorm2d",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "Loss",
    "MSELoss",
    "MaxPool2d",
    "Maxout",
    "Module",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Summary",
    "Tanh",
    "initialisers",
    "summary",
]
