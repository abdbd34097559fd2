"""Pooling of 64 × 64 planes of 32²: every window of lectures and common networks."""

from functools import partial

import course_lib.functional as F
from benchmarks.pytorch import opponents, tensors, torch
from benchmarks.work import OURS, TORCH, Call, Goal, Work, array, megabytes

GROUP = "Pooling"
SHAPE = 64, 64, 32, 32
SIZE = "64×64×32²"
FORWARD, BACKWARD, OVERLAPPING_BACKWARD = Goal(6, 18), Goal(2, 4), Goal(1, 4)


def rows() -> list[Work]:
    """List maximum and mean, forward and backward, disjoint and overlapping windows."""
    found = []
    for kernel, stride, padding in ((2, 2, 0), (3, 2, 1)):
        window = f"{kernel}×{kernel} s{stride}, {SIZE}"
        arguments = kernel, stride, padding
        x = array(*SHAPE)
        y, indices = F.max_pool2d(x, kernel, stride=stride, padding=padding)
        with_indices, without = megabytes(x, y, indices), megabytes(x, y)
        max_backward = BACKWARD if kernel == stride else OVERLAPPING_BACKWARD
        for name, make, goal, moved in (
            (f"max {window}, forward", max_forward, FORWARD, with_indices),
            (f"max {window}, backward", max_gradient, max_backward, with_indices),
            (f"mean {window}, forward", mean_forward, FORWARD, without),
            (f"mean {window}, backward", mean_gradient, BACKWARD, without),
        ):
            found.append(Work(GROUP, name, partial(make, *arguments), {TORCH: goal}, megabytes=moved))
    moved = megabytes(array(*SHAPE))
    return [
        *found,
        Work(GROUP, f"global mean, {SIZE}, forward", global_forward, megabytes=moved),
        Work(GROUP, f"global mean, {SIZE}, backward", global_gradient, megabytes=moved),
    ]


def max_forward(kernel: int, stride: int, padding: int) -> dict[str, Call]:
    x = array(*SHAPE)
    (tx,) = tensors(x)

    def theirs():
        return torch.ops.aten.max_pool2d_with_indices(tx, [kernel] * 2, [stride] * 2, [padding] * 2)

    return {
        OURS: lambda: F.max_pool2d(x, kernel, stride=stride, padding=padding),
        **opponents({TORCH: theirs}),
    }


def max_gradient(kernel: int, stride: int, padding: int) -> dict[str, Call]:
    x = array(*SHAPE)
    y, indices = F.max_pool2d(x, kernel, stride=stride, padding=padding)
    dy = array(*y.shape)
    tx, tdy, tindices = tensors(x, dy, indices)
    window = [kernel] * 2, [stride] * 2, [padding] * 2, [1, 1]

    def theirs():
        return torch.ops.aten.max_pool2d_with_indices_backward(tdy, tx, *window, False, tindices)

    return {OURS: lambda: F.max_pool2d_backward(dy, indices, x.shape), **opponents({TORCH: theirs})}


def mean_forward(kernel: int, stride: int, padding: int) -> dict[str, Call]:
    x = array(*SHAPE)
    (tx,) = tensors(x)

    def theirs():
        return torch.ops.aten.avg_pool2d(tx, [kernel] * 2, [stride] * 2, [padding] * 2)

    return {
        OURS: lambda: F.avg_pool2d(x, kernel, stride=stride, padding=padding),
        **opponents({TORCH: theirs}),
    }


def mean_gradient(kernel: int, stride: int, padding: int) -> dict[str, Call]:
    x = array(*SHAPE)
    dy = array(*F.avg_pool2d(x, kernel, stride=stride, padding=padding).shape)
    tx, tdy = tensors(x, dy)
    window = [kernel] * 2, [stride] * 2, [padding] * 2

    def theirs():
        return torch.ops.aten.avg_pool2d_backward(tdy, tx, *window, False, True, None)

    return {
        OURS: lambda: F.avg_pool2d_backward(dy, x.shape, kernel, stride=stride, padding=padding),
        **opponents({TORCH: theirs}),
    }


def global_forward() -> dict[str, Call]:
    x = array(*SHAPE)
    (tx,) = tensors(x)
    return {OURS: lambda: F.global_avg_pool2d(x), **opponents({TORCH: lambda: tx.mean((2, 3))})}


def global_gradient() -> dict[str, Call]:
    dy = array(*SHAPE[:2])
    (tdy,) = tensors(dy)

    def theirs():
        return (tdy / (SHAPE[2] * SHAPE[3]))[:, :, None, None].expand(SHAPE).contiguous()

    return {OURS: lambda: F.global_avg_pool2d_backward(dy, SHAPE), **opponents({TORCH: theirs})}
