"""Layers that remember what their backward needs: `y = layer(x)`, then `dx = layer.backward(dy)`."""

from course_lib.nn import initialisers
from course_lib.nn.accounting import Row, Summary, summary
from course_lib.nn.activations import ELU, LeakyReLU, Maxout, ReLU, ReLU6, Sigmoid, Tanh
from course_lib.nn.batch_normalization import BatchNorm1d, BatchNorm2d
from course_lib.nn.blocks import (
    BasicBlock,
    Bottleneck,
    DenseBlock,
    DenseLayer,
    DepthwiseSeparableConv2d,
    Inception,
    InvertedResidual,
    PreActivationBlock,
    SqueezeExcitation,
    Transition,
)
from course_lib.nn.branches import Branches, Concatenate, Identity, Residual, Scale, Sum
from course_lib.nn.constraints import MaxNorm, weights
from course_lib.nn.containers import Sequential
from course_lib.nn.conversion import conv_as_linear, conv_as_matrix, fully_convolutional, linear_as_conv
from course_lib.nn.convolution import Conv2d
from course_lib.nn.decorrelation import DecorrelatedBatchNorm
from course_lib.nn.frozen import Frozen, InEvaluation, learning_parameters
from course_lib.nn.group_normalization import GroupNorm, InstanceNorm2d, LayerNorm
from course_lib.nn.initialisation import initialise
from course_lib.nn.linear import Linear
from course_lib.nn.losses import BCEWithLogitsLoss, CrossEntropyLoss, HingeLoss, Loss, MSELoss
from course_lib.nn.module import Module, Window
from course_lib.nn.parameter import Parameter
from course_lib.nn.penalties import ElasticNet, L1Penalty, L2Penalty
from course_lib.nn.pooling import AvgPool2d, GlobalAvgPool2d, MaxPool2d
from course_lib.nn.regularization import DropConnect, Dropout
from course_lib.nn.reshaping import Flatten
from course_lib.nn.same_padding import SamePaddedConv2d

__all__ = [
    "ELU",
    "AvgPool2d",
    "BCEWithLogitsLoss",
    "BasicBlock",
    "BatchNorm1d",
    "BatchNorm2d",
    "Bottleneck",
    "Branches",
    "Concatenate",
    "Conv2d",
    "CrossEntropyLoss",
    "DecorrelatedBatchNorm",
    "DenseBlock",
    "DenseLayer",
    "DepthwiseSeparableConv2d",
    "DropConnect",
    "Dropout",
    "ElasticNet",
    "Flatten",
    "Frozen",
    "GlobalAvgPool2d",
    "GroupNorm",
    "HingeLoss",
    "Identity",
    "InEvaluation",
    "Inception",
    "InstanceNorm2d",
    "InvertedResidual",
    "L1Penalty",
    "L2Penalty",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "Loss",
    "MSELoss",
    "MaxNorm",
    "MaxPool2d",
    "Maxout",
    "Module",
    "Parameter",
    "PreActivationBlock",
    "ReLU",
    "ReLU6",
    "Residual",
    "Row",
    "SamePaddedConv2d",
    "Scale",
    "Sequential",
    "Sigmoid",
    "SqueezeExcitation",
    "Sum",
    "Summary",
    "Tanh",
    "Transition",
    "Window",
    "conv_as_linear",
    "conv_as_matrix",
    "fully_convolutional",
    "initialise",
    "initialisers",
    "learning_parameters",
    "linear_as_conv",
    "summary",
    "weights",
]
