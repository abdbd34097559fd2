"""Normalisation of 64 × 64 planes of 32² (of 256 rows of 512 for layer norm), forward and backward."""

import numpy as np

import course_lib.functional as F
from benchmarks.pytorch import opponents, tensors, torch
from benchmarks.work import OURS, TORCH, Call, Goal, Work, array, megabytes

GROUP = "Normalisation"
SHAPE = 64, 64, 32, 32
SIZE = "64×64×32²"
ROWS = 256, 512
GROUPS = 8
EPS = 1e-5


def rows() -> list[Work]:
    """List batch, layer, group and instance norm."""
    planes, flat = megabytes(array(*SHAPE)), megabytes(array(*ROWS))
    goals = {TORCH: Goal(3, 5)}, {TORCH: Goal(1.4, 2.5)}
    return [
        Work(GROUP, f"batch norm, {SIZE}, forward", batch_forward, goals[0], megabytes=2 * planes),
        Work(GROUP, f"batch norm, {SIZE}, backward", batch_backward, goals[1], megabytes=3 * planes),
        Work(GROUP, "layer norm, 256×512, forward", layer_forward, megabytes=2 * flat),
        Work(GROUP, "layer norm, 256×512, backward", layer_backward, megabytes=3 * flat),
        Work(
            GROUP,
            f"group norm ({GROUPS}), {SIZE}, forward",
            lambda: group_forward(GROUPS),
            megabytes=2 * planes,
        ),
        Work(
            GROUP,
            f"group norm ({GROUPS}), {SIZE}, backward",
            lambda: group_backward(GROUPS),
            megabytes=3 * planes,
        ),
        Work(GROUP, f"instance norm, {SIZE}, forward", lambda: group_forward(SHAPE[1]), megabytes=2 * planes),
        Work(
            GROUP, f"instance norm, {SIZE}, backward", lambda: group_backward(SHAPE[1]), megabytes=3 * planes
        ),
    ]


def batch_forward() -> dict[str, Call]:
    x, gamma, beta = _planes()
    ours, theirs = (
        (mean, var, *tensors(mean, var))
        for mean, var in [(np.zeros_like(beta), np.ones_like(beta)) for _ in range(2)]
    )
    tx, tgamma, tbeta = tensors(x, gamma, beta)

    def torch_call():
        return torch.ops.aten.native_batch_norm(tx, tgamma, tbeta, *theirs[2:], True, 0.1, EPS)

    return {
        OURS: lambda: F.batch_norm(x, gamma, beta, *ours[:2], training=True),
        **opponents({TORCH: torch_call}),
    }


def batch_backward() -> dict[str, Call]:
    x, gamma, beta = _planes()
    dy = array(*SHAPE) * np.float32(0.1)
    _, cache = F.batch_norm(x, gamma, beta, training=True)
    tensors_ = tensors(dy, x, gamma, cache.mean, cache.inv_std)

    def theirs():
        tdy, tx, tgamma, mean, inv_std = tensors_
        return torch.ops.aten.native_batch_norm_backward(
            tdy, tx, tgamma, None, None, mean, inv_std, True, EPS, [True] * 3
        )

    return {OURS: lambda: F.batch_norm_backward(dy, cache), **opponents({TORCH: theirs})}


def layer_forward() -> dict[str, Call]:
    x, gamma, beta = array(*ROWS), array(ROWS[1]), array(ROWS[1])
    given = tensors(x, gamma, beta)

    def theirs():
        return torch.ops.aten.native_layer_norm(given[0], ROWS[1:], *given[1:], EPS)

    return {OURS: lambda: F.layer_norm(x, gamma, beta), **opponents({TORCH: theirs})}


def layer_backward() -> dict[str, Call]:
    x, gamma, beta = array(*ROWS), array(ROWS[1]), array(ROWS[1])
    dy = array(*ROWS)
    _, cache = F.layer_norm(x, gamma, beta)
    tdy, tx, tgamma, tbeta, mean, inv_std = tensors(dy, x, gamma, beta, cache.mean, cache.inv_std)

    def theirs():
        return torch.ops.aten.native_layer_norm_backward(
            tdy, tx, ROWS[1:], mean, inv_std, tgamma, tbeta, [True] * 3
        )

    return {OURS: lambda: F.layer_norm_backward(dy, cache), **opponents({TORCH: theirs})}


def group_forward(groups: int) -> dict[str, Call]:
    x, gamma, beta = _planes()
    given = tensors(x, gamma, beta)
    n, c, h, w = SHAPE

    def theirs():
        return torch.ops.aten.native_group_norm(*given, n, c, h * w, groups, EPS)

    return {OURS: lambda: F.group_norm(x, groups, gamma, beta), **opponents({TORCH: theirs})}


def group_backward(groups: int) -> dict[str, Call]:
    x, gamma, beta = _planes()
    dy = array(*SHAPE)
    _, cache = F.group_norm(x, groups, gamma, beta)
    tdy, tx, tgamma, mean, inv_std = tensors(dy, x, gamma, cache.mean, cache.inv_std)
    n, c, h, w = SHAPE

    def theirs():
        return torch.ops.aten.native_group_norm_backward(
            tdy, tx, mean, inv_std, tgamma, n, c, h * w, groups, [True] * 3
        )

    return {OURS: lambda: F.group_norm_backward(dy, cache), **opponents({TORCH: theirs})}


def _planes() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return array(*SHAPE), array(SHAPE[1]), array(SHAPE[1])
