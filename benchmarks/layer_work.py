"""Losses, activations, dropout and linear layers."""

import numpy as np

import course_lib.functional as F
from benchmarks.pytorch import TF, opponents, tensors, torch
from benchmarks.work import OURS, TORCH, Call, Goal, Work, array, megabytes

GROUP = "Losses, activations, linear"
SHAPE = 64, 64, 32, 32
SIZE = "64×64×32²"


def rows() -> list[Work]:
    """List them with their sizes."""
    planes = megabytes(array(*SHAPE))
    loss, relu_goal = {TORCH: Goal(5, 9)}, {TORCH: Goal(0.9)}
    return [
        Work(GROUP, "cross-entropy and gradient, 256×10", lambda: cross_entropy(256, 10), loss),
        Work(GROUP, "cross-entropy and gradient, 256×1000", lambda: cross_entropy(256, 1000)),
        Work(GROUP, f"dropout, {SIZE}", dropout, {TORCH: Goal(5, 45)}, megabytes=3 * planes),
        Work(GROUP, f"ReLU, {SIZE}, forward", relu, relu_goal, megabytes=2 * planes),
        Work(GROUP, f"ReLU, {SIZE}, backward", relu_backward, relu_goal, megabytes=3 * planes),
        Work(GROUP, "linear, 256×512 → 128, forward", linear, multiply_adds=256 * 512 * 128),
        Work(GROUP, "linear, 256×512 → 128, backward", linear_backward, multiply_adds=2 * 256 * 512 * 128),
    ]


def cross_entropy(rows: int, classes: int) -> dict[str, Call]:
    scores, targets = array(rows, classes), np.arange(rows) % classes
    tscores, ttargets = tensors(scores, targets)

    def theirs():
        with torch.enable_grad():
            leaf = tscores.detach().requires_grad_()
            TF.cross_entropy(leaf, ttargets).backward()
        return leaf.grad

    return {OURS: lambda: F.cross_entropy(scores, targets), **opponents({TORCH: theirs})}


def dropout() -> dict[str, Call]:
    x, rng = array(*SHAPE), np.random.default_rng(0)
    (tx,) = tensors(x)

    def theirs():
        return torch.ops.aten.native_dropout(tx, 0.5, True)

    return {OURS: lambda: F.dropout(x, 0.5, rng=rng), **opponents({TORCH: theirs})}


def relu() -> dict[str, Call]:
    x = array(*SHAPE)
    (tx,) = tensors(x)
    return {OURS: lambda: F.relu(x), **opponents({TORCH: lambda: torch.relu(tx)})}


def relu_backward() -> dict[str, Call]:
    x = array(*SHAPE)
    dy = x[::-1].copy()
    tx, tdy = tensors(x, dy)

    def theirs():
        return torch.ops.aten.threshold_backward(tdy, tx, 0)

    return {OURS: lambda: F.relu_backward(dy, x), **opponents({TORCH: theirs})}


def linear() -> dict[str, Call]:
    x, w, b = array(256, 512), array(128, 512), array(128)
    given = tensors(x, w, b)
    return {OURS: lambda: F.linear(x, w, b), **opponents({TORCH: lambda: TF.linear(*given)})}


def linear_backward() -> dict[str, Call]:
    x, w, dy = array(256, 512), array(128, 512), array(256, 128)
    tx, tw, tdy = tensors(x, w, dy)

    def theirs():
        return tdy @ tw, tdy.T @ tx, tdy.sum(0)

    return {OURS: lambda: F.linear_backward(dy, x, w), **opponents({TORCH: theirs})}
