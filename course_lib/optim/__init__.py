"""Optimisers with PyTorch's update rules: `optimizer.zero_grad()`, backward, `optimizer.step()`."""

from course_lib.optim.adagrad import Adagrad
from course_lib.optim.adam import Adam
from course_lib.optim.adamw import AdamW
from course_lib.optim.optimizer import Optimizer
from course_lib.optim.rmsprop import RMSprop
from course_lib.optim.schedules import (
    Cosine,
    ExponentialDecay,
    HoldThenInverse,
    InverseTimeDecay,
    StepDecay,
    Triangular,
    WarmUp,
)
from course_lib.optim.sgd import SGD

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Cosine",
    "ExponentialDecay",
    "HoldThenInverse",
    "InverseTimeDecay",
    "Optimizer",
    "RMSprop",
    "StepDecay",
    "Triangular",
    "WarmUp",
]
