"""Every optimiser once, and what the suites that run over all of them do with it."""

import numpy as np

from course_lib import optim
from course_lib.nn import Parameter


class LooksAhead(optim.LookAheadNesterov):
    """The look-ahead form under loops that know no look-ahead: both halves of a step at once."""

    def step(self):
        self.look_ahead()
        super().step()


OPTIMIZERS = {
    "SGD": lambda params: optim.SGD(params, 0.1),
    "SGD with momentum": lambda params: optim.SGD(params, 0.1, momentum=0.9, dampening=0.2),
    "SGD with Nesterov": lambda params: optim.SGD(params, 0.1, momentum=0.9, nesterov=True),
    "SGD with decay": lambda params: optim.SGD(params, 0.1, momentum=0.5, weight_decay=0.3),
    "Adam": lambda params: optim.Adam(params, 0.1),
    "Adam without correction": lambda params: optim.Adam(params, 0.1, bias_correction=False),
    "AMSGrad with decay": lambda params: optim.Adam(params, 0.1, amsgrad=True, weight_decay=0.3),
    "Adagrad": lambda params: optim.Adagrad(params, 0.1, lr_decay=0.001, initial_accumulator_value=0.2),
    "RMSprop": lambda params: optim.RMSprop(params, 0.1),
    "centred RMSprop with momentum": lambda params: optim.RMSprop(params, 0.1, centered=True, momentum=0.9),
    "AdamW": lambda params: optim.AdamW(params, 0.1),
    "velocity momentum": lambda params: optim.VelocityMomentum(params, 0.1, momentum=0.8),
    "velocity momentum with decay": lambda params: optim.VelocityMomentum(params, 0.1, weight_decay=0.2),
    "average momentum": lambda params: optim.AverageMomentum(params, 0.1, beta=0.8),
    "average momentum with decay": lambda params: optim.AverageMomentum(params, 0.1, weight_decay=0.2),
    "look-ahead Nesterov": lambda params: LooksAhead(params, 0.1),
    "look-ahead Nesterov with decay": lambda params: LooksAhead(params, 0.1, momentum=0.5, weight_decay=0.2),
}


def parameters(dtype=np.float64):
    rng = np.random.default_rng(0)
    return [Parameter(rng.normal(size=shape).astype(dtype)) for shape in [(3, 4), (5,), ()]]


def step(params, optimizer, rng):
    for parameter in params:
        parameter.grad = rng.normal(size=parameter.shape).astype(parameter.dtype)
    optimizer.step()


def values_of(params):
    return [parameter.data.copy() for parameter in params]


def assert_equal(first, second):
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a, b)
