"""Every differentiable operation once, in one form, for the suites that run over all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

import course_lib.functional as F

Draw = Callable[..., np.ndarray]


@dataclass(frozen=True)
class Operation:
    """How to call an operation forward and backward on its arrays."""

    arrays: Callable[[Draw, int], dict[str, np.ndarray]]
    forward: Callable[..., np.ndarray]
    backward: Callable[..., dict[str, np.ndarray]]
    # Arrays without a batch axis; their gradient is zero for an empty batch.
    parameters: tuple[str, ...] = ()
    # Arrays that both functions take and that no gradient is asked for.
    constants: tuple[str, ...] = field(default=())
    # Marks of elements of x -> marks of the elements of y that read them.
    readers: Callable[[np.ndarray], np.ndarray] = lambda marks: marks
    # The axis of y along which an element of a parameter keeps to one place; None if it keeps to its own.
    channels: int | None = 1


CONV2D = {"stride": (2, 1), "padding": ((1, 2), (0, 1)), "dilation": (1, 2), "groups": 2}
CONV1D = {"stride": 2, "padding": (2, 1), "dilation": 2, "groups": 2}
POOL = {"kernel_size": (3, 2), "stride": (2, 1), "padding": ((1, 2), (0, 1))}


def windowed(function: Callable, *sizes: tuple[int, ...], **options) -> Callable[[np.ndarray], np.ndarray]:
    """Give the readers of an operation that slides windows: those whose window holds a mark."""
    return lambda marks: function(marks.astype(float), *map(np.ones, sizes), **options) > 0


def together(*axes: int) -> Callable[[np.ndarray], np.ndarray]:
    """Give the readers of an operation whose result depends on all that lies along some axes."""
    return lambda marks: np.broadcast_to(marks.any(axis=axes, keepdims=True), marks.shape)


def grouped(marks: np.ndarray) -> np.ndarray:
    """Give the readers of two groups of channels, each of one example."""
    halves = marks.reshape(len(marks), 2, -1)
    return np.broadcast_to(halves.any(axis=2, keepdims=True), halves.shape).reshape(marks.shape)


def with_channel_scales(
    norm: Callable, norm_backward: Callable, axes: tuple[int, ...], **keywords
) -> Operation:
    def backward(dy, x, gamma, beta):
        _, cache = norm(x, gamma, beta, **keywords)
        return dict(zip(("x", "gamma", "beta"), norm_backward(dy, cache)))

    return Operation(
        lambda draw, n: {"x": draw(n, 4, 3, 5), "gamma": draw(4), "beta": draw(4)},
        lambda x, gamma, beta: norm(x, gamma, beta, **keywords)[0],
        backward,
        ("gamma", "beta"),
        readers=together(*axes),
    )


def evaluated_batch_norm() -> Operation:
    def run(x, gamma, beta):
        dtype = np.asarray(x).dtype
        mean, var = np.linspace(-1, 1, 4, dtype=dtype), np.linspace(1, 2, 4, dtype=dtype)
        return F.batch_norm(x, gamma, beta, mean, var, training=False)

    return Operation(
        lambda draw, n: {"x": draw(n, 4, 3, 5), "gamma": draw(4), "beta": draw(4)},
        lambda x, gamma, beta: run(x, gamma, beta)[0],
        lambda dy, x, gamma, beta: dict(
            zip(("x", "gamma", "beta"), F.batch_norm_backward(dy, run(x, gamma, beta)[1]))
        ),
        ("gamma", "beta"),
    )


def elementwise(name: str, *options: float) -> Operation:
    forward, backward = getattr(F, name), getattr(F, f"{name}_backward")
    return Operation(
        lambda draw, n: {"x": draw(n, 3, 5)},
        lambda x: forward(x, *options),
        lambda dy, x: {"x": backward(dy, x, *options)},
    )


def along_axis(name: str, axis: int) -> Operation:
    forward, backward = getattr(F, name), getattr(F, f"{name}_backward")
    return Operation(
        lambda draw, n: {"x": draw(n, 7, 3)},
        lambda x: forward(x, axis),
        lambda dy, x: {"x": backward(dy, forward(x, axis), axis)},
        readers=together(axis),
    )


OPERATIONS: dict[str, Operation] = {
    "conv2d": Operation(
        lambda draw, n: {"x": draw(n, 4, 7, 6), "w": draw(6, 2, 3, 2), "b": draw(6)},
        lambda x, w, b: F.conv2d(x, w, b, **CONV2D),
        lambda dy, x, w, b: dict(zip("xwb", F.conv2d_backward(dy, x, w, **CONV2D))),
        ("w", "b"),
        readers=windowed(F.conv2d, (6, 2, 3, 2), **CONV2D),
    ),
    "conv2d wide": Operation(
        lambda draw, n: {"x": draw(n, 5, 9, 8), "w": draw(37, 5, 3, 3), "b": draw(37)},
        lambda x, w, b: F.conv2d(x, w, b, padding="same"),
        lambda dy, x, w, b: dict(zip("xwb", F.conv2d_backward(dy, x, w, padding="same"))),
        ("w", "b"),
        readers=windowed(F.conv2d, (37, 5, 3, 3), padding="same"),
    ),
    "conv2d depthwise": Operation(
        lambda draw, n: {"x": draw(n, 5, 9, 8), "w": draw(5, 1, 3, 3), "b": draw(5)},
        lambda x, w, b: F.conv2d(x, w, b, padding=1, groups=5),
        lambda dy, x, w, b: dict(zip("xwb", F.conv2d_backward(dy, x, w, padding=1, groups=5))),
        ("w", "b"),
        readers=windowed(F.conv2d, (5, 1, 3, 3), padding=1, groups=5),
    ),
    "conv1d": Operation(
        lambda draw, n: {"x": draw(n, 4, 11), "w": draw(6, 2, 3), "b": draw(6)},
        lambda x, w, b: F.conv1d(x, w, b, **CONV1D),
        lambda dy, x, w, b: dict(zip("xwb", F.conv1d_backward(dy, x, w, **CONV1D))),
        ("w", "b"),
        readers=windowed(F.conv1d, (6, 2, 3), **CONV1D),
    ),
    "max_pool2d": Operation(
        lambda draw, n: {"x": draw(n, 3, 7, 6)},
        lambda x: F.max_pool2d(x, **POOL)[0],
        lambda dy, x: {"x": F.max_pool2d_backward(dy, F.max_pool2d(x, **POOL)[1], x.shape)},
        readers=windowed(F.avg_pool2d, **POOL),
    ),
    "avg_pool2d": Operation(
        lambda draw, n: {"x": draw(n, 3, 7, 6)},
        lambda x: F.avg_pool2d(x, **POOL),
        lambda dy, x: {"x": F.avg_pool2d_backward(dy, x.shape, **POOL)},
        readers=windowed(F.avg_pool2d, **POOL),
    ),
    "avg_pool2d of real elements": Operation(
        lambda draw, n: {"x": draw(n, 3, 7, 6)},
        lambda x: F.avg_pool2d(x, **POOL, count_include_pad=False),
        lambda dy, x: {"x": F.avg_pool2d_backward(dy, x.shape, **POOL, count_include_pad=False)},
        readers=windowed(F.avg_pool2d, **POOL),
    ),
    "global_avg_pool2d": Operation(
        lambda draw, n: {"x": draw(n, 3, 7, 6)},
        F.global_avg_pool2d,
        lambda dy, x: {"x": F.global_avg_pool2d_backward(dy, x.shape)},
        readers=lambda marks: marks.any(axis=(2, 3)),
    ),
    "linear": Operation(
        lambda draw, n: {"x": draw(n, 20, 6), "w": draw(9, 6), "b": draw(9)},
        F.linear,
        lambda dy, x, w, b: dict(zip("xwb", F.linear_backward(dy, x, w))),
        ("w", "b"),
        readers=windowed(F.linear, (9, 6)),
        channels=-1,
    ),
    "batch_norm": with_channel_scales(F.batch_norm, F.batch_norm_backward, (0, 2, 3), training=True),
    "batch_norm evaluated": evaluated_batch_norm(),
    "group_norm": Operation(
        lambda draw, n: {"x": draw(n, 4, 3, 5), "gamma": draw(4), "beta": draw(4)},
        lambda x, gamma, beta: F.group_norm(x, 2, gamma, beta)[0],
        lambda dy, x, gamma, beta: dict(
            zip(("x", "gamma", "beta"), F.group_norm_backward(dy, F.group_norm(x, 2, gamma, beta)[1]))
        ),
        ("gamma", "beta"),
        readers=grouped,
    ),
    "instance_norm": with_channel_scales(F.instance_norm, F.instance_norm_backward, (2, 3)),
    "layer_norm": Operation(
        lambda draw, n: {"x": draw(n, 3, 4, 5), "gamma": draw(4, 5), "beta": draw(4, 5)},
        lambda x, gamma, beta: F.layer_norm(x, gamma, beta)[0],
        lambda dy, x, gamma, beta: dict(
            zip(("x", "gamma", "beta"), F.layer_norm_backward(dy, F.layer_norm(x, gamma, beta)[1]))
        ),
        ("gamma", "beta"),
        readers=together(2, 3),
        channels=None,
    ),
    "decorrelated_batch_norm": Operation(
        lambda draw, n: {"x": draw(n, 3, 5, 4)},
        lambda x: F.decorrelated_batch_norm(x, training=True)[0],
        lambda dy, x: {
            "x": F.decorrelated_batch_norm_backward(dy, F.decorrelated_batch_norm(x, training=True)[1])
        },
        readers=together(0, 1, 2, 3),
    ),
    "relu": elementwise("relu"),
    "leaky_relu": elementwise("leaky_relu", 0.2),
    "elu": elementwise("elu", 1.5),
    "sigmoid": elementwise("sigmoid"),
    "tanh": elementwise("tanh"),
    "maxout": Operation(
        lambda draw, n: {"x": draw(n, 6, 5)},
        lambda x: F.maxout(x, 3)[0],
        lambda dy, x: {"x": F.maxout_backward(dy, F.maxout(x, 3)[1], 3)},
        readers=lambda marks: marks.reshape(len(marks), 2, 3, 5).any(axis=2),
    ),
    "softmax": along_axis("softmax", 1),
    "softmax of rows": along_axis("softmax", -1),
    "log_softmax": along_axis("log_softmax", 1),
}

LOSSES: dict[str, tuple[Callable, Callable[[Draw, int], tuple[np.ndarray, np.ndarray]]]] = {
    "cross_entropy": (F.cross_entropy, lambda draw, n: (draw(n, 7), np.arange(n) % 7)),
    "hinge_loss": (F.hinge_loss, lambda draw, n: (draw(n, 7), np.arange(n) % 7)),
    "mse_loss": (F.mse_loss, lambda draw, n: (draw(n, 3, 4), draw(n, 3, 4))),
    "binary_cross_entropy_with_logits": (
        F.binary_cross_entropy_with_logits,
        lambda draw, n: (draw(n, 3, 4), np.abs(np.sin(draw(n, 3, 4)))),
    ),
}


def drawing(dtype: type, seed: int = 5) -> Draw:
    rng = np.random.default_rng(seed)
    return lambda *shape: rng.standard_normal(shape).astype(dtype)
