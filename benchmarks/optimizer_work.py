"""Optimiser steps over a million parameters, in one array and in sixty."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from benchmarks.pytorch import torch
from benchmarks.work import OURS, TORCH, TORCH_FUSED, Call, Goal, Work
from course_lib import nn, optim

GROUP = "Optimisers, one step"
RATE = 1e-3
SIZES = {"1 × 10⁶": [10**6], "60 × 17 000": [17_000] * 60}


@dataclass(frozen=True)
class Rule:
    """One optimiser in both libraries; `arrays` counts those that a step reads, and those that it writes."""

    name: str
    ours: Callable[..., optim.Optimizer]
    theirs: str
    arrays: int
    options: dict = field(default_factory=dict)


RULES = [
    Rule("SGD, momentum", optim.SGD, "SGD", 5, {"momentum": 0.9}),
    Rule("SGD, Nesterov", optim.SGD, "SGD", 5, {"momentum": 0.9, "nesterov": True}),
    Rule("Adagrad", optim.Adagrad, "Adagrad", 5),
    Rule("RMSprop", optim.RMSprop, "RMSprop", 5),
    Rule("Adam", optim.Adam, "Adam", 7),
    Rule("AMSGrad", optim.Adam, "Adam", 9, {"amsgrad": True}),
    Rule("AdamW", optim.AdamW, "AdamW", 7, {"weight_decay": 0.01}),
]


def rows() -> list[Work]:
    """List every rule on both sets of parameters."""
    goals = {TORCH: Goal(2, 4), TORCH_FUSED: Goal(1, 1.5)}
    momentum = {TORCH: Goal(1, 1.5), TORCH_FUSED: Goal(0.9, 1.2)}
    return [
        Work(
            GROUP,
            f"{rule.name}, {name}",
            partial(steps, rule, sizes),
            momentum if rule.name == "SGD, momentum" else goals,
            megabytes=rule.arrays * 4e-6 * sum(sizes),
        )
        for name, sizes in SIZES.items()
        for rule in RULES
    ]


def steps(rule: Rule, sizes: list[int]) -> dict[str, Call]:
    rng = np.random.default_rng(0)
    values = [rng.standard_normal(size).astype(np.float32) for size in sizes]
    gradients = [np.float32(0.01) * value for value in values]
    params = [nn.Parameter(value) for value in values]
    for parameter, gradient in zip(params, gradients):
        parameter.add_grad(gradient)  # as layers do
    ours = rule.ours(params, RATE, **rule.options)
    return {OURS: ours.step, **_torch_steps(rule, values, gradients)}


def _torch_steps(rule: Rule, values: list[np.ndarray], gradients: list[np.ndarray]) -> dict[str, Call]:
    if not torch:
        return {}
    kind = getattr(torch.optim, rule.theirs)
    variants = {TORCH: {}}
    if "fused" in inspect.signature(kind).parameters:
        variants[TORCH_FUSED] = {"fused": True}
    calls = {}
    for name, more in variants.items():
        leaves = [torch.from_numpy(value.copy()).requires_grad_() for value in values]
        for leaf, gradient in zip(leaves, gradients):
            leaf.grad = torch.from_numpy(gradient.copy())
        calls[name] = kind(leaves, RATE, **rule.options, **more).step
    return calls
