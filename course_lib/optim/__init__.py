"""Optimisers, PyTorch's update rules where it has them: `optimizer.zero_grad()`, backward, `step()`."""

from course_lib.optim.adagrad import Adagrad
from course_lib.optim.adam import Adam
from course_lib.optim.adamw import AdamW
from course_lib.optim.averaging import IterateAverage
from course_lib.optim.momentum import AverageMomentum, VelocityMomentum
from course_lib.optim.nesterov import LookAheadNesterov
from course_lib.optim.newton import Newton
from course_lib.optim.optimizer import Group, Optimizer
from course_lib.optim.rmsprop import RMSprop
from course_lib.optim.schedules import (
    Cosine,
    ExponentialDecay,
    HoldThenInverse,
    InverseTimeDecay,
    Schedule,
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
    "AverageMomentum",
    "Cosine",
    "ExponentialDecay",
    "Group",
    "HoldThenInverse",
    "InverseTimeDecay",
    "IterateAverage",
    "LookAheadNesterov",
    "Newton",
    "Optimizer",
    "RMSprop",
    "Schedule",
    "StepDecay",
    "Triangular",
    "VelocityMomentum",
    "WarmUp",
]
