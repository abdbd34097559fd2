"""Newton's method, for problems small enough to have their Hessian written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import SimpleNamespace

import numpy as np

from course_lib.optim.optimizer import Optimizer, Trainable, in_range


class Newton(Optimizer):
    """θ ← θ − lr·(H + damping·I)⁻¹ g: to the critical point of the local quadratic model.

    On a quadratic, one undamped step of rate 1 lands on the critical point, whichever kind it is: where H has
    negative eigenvalues that is a saddle or a maximum, and the step climbs. Damping above −λmin makes every
    step go down.

    Parameters
    ----------
    params : iterable of Parameter
        What to move; θ is all their values in this order, as one vector of n numbers.
    gradient : callable or None
        Takes θ, float64 of shape (n,), returns g of shape (n,). None: the parameters' `.grad`.
    hessian : callable
        Takes θ, returns H of shape (n, n).
    lr : float
        Share of the step that is made.
    damping : float
        Added to every eigenvalue.

    Raises
    ------
    TypeError
        If `hessian` or `gradient` cannot be called.
    """

    option_names = ("lr", "damping")

    def __init__(
        self,
        params: Iterable[Trainable],
        gradient: Callable[[np.ndarray], np.ndarray] | None,
        hessian: Callable[[np.ndarray], np.ndarray],
        *,
        lr: float = 1.0,
        damping: float = 0.0,
    ) -> None:
        super().__init__(params, lr=lr, damping=damping)
        if len(self.groups) > 1 or self.groups[0].overrides:
            raise ValueError("params must be one group: Newton's step is one step of all parameters together")
        for name, function in (("gradient", gradient), ("hessian", hessian)):
            if not callable(function) and (function is not None or name == "hessian"):
                raise TypeError(f"{name} must be a function of θ, got a {type(function).__name__}")
        self.gradient = gradient
        self.hessian = hessian

    def check(self, options: SimpleNamespace) -> None:
        """Raise if an option is out of its range."""
        in_range("damping", options.damping, low=0)

    def step(self) -> None:
        """Move all parameters once.

        Raises
        ------
        ValueError
            If gradient or Hessian have not θ's size, or hold NaN or infinity; if the Hessian is not
            symmetric, or is singular with the damping added. Then nothing has moved.
        """
        theta = np.concatenate([np.ravel(parameter.data) for parameter in self.params]).astype(np.float64)
        move = self.lr * self._direction(self._gradient(theta), self._hessian(theta))
        start = 0
        for parameter in self.params:
            size = parameter.data.size
            parameter.data[...] -= move[start : start + size].reshape(parameter.data.shape)
            start += size

    def _gradient(self, theta: np.ndarray) -> np.ndarray:
        if self.gradient is not None:
            return _finite("gradient", self.gradient(theta.copy()), theta.shape)
        for position, parameter in enumerate(self.params):
            if parameter.grad is None:
                raise ValueError(
                    f"grad of parameter {position} must be there, got None: run backward before the step, or "
                    "give Newton a gradient function"
                )
            self._check_gradient(parameter, parameter.data, parameter.grad)
        flat = np.concatenate([np.ravel(parameter.grad) for parameter in self.params])
        return _finite("grad", flat, theta.shape)

    def _hessian(self, theta: np.ndarray) -> np.ndarray:
        hessian = _finite("hessian", self.hessian(theta.copy()), (theta.size, theta.size))
        asymmetry = np.abs(hessian - hessian.T).max(initial=0)
        if asymmetry > 1e-6 * np.abs(hessian).max(initial=0):
            raise ValueError(
                f"hessian must return a symmetric matrix, got one that is {asymmetry:g} off its transpose"
            )
        return hessian + self.damping * np.eye(theta.size)

    def _direction(self, gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
        eigenvalues = np.abs(np.linalg.eigvalsh(hessian))
        smallest, largest = eigenvalues.min(initial=np.inf), eigenvalues.max(initial=0)
        # Below this the smallest eigenvalue is rounding of the largest.
        if gradient.size and smallest <= gradient.size * np.finfo(float).eps * largest:
            raise ValueError(
                f"hessian must be invertible, but its eigenvalues, damping {self.damping:g} included, are as "
                f"small as {smallest:.2g} beside {largest:.2g} in size: the cost is flat along a direction "
                "and no step along it is determined. Give Newton a damping (or another one)"
            )
        return np.linalg.solve(hessian, gradient)


def _finite(name: str, value: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    array = np.asarray(value, dtype=np.float64)
    if array.shape != shape:
        raise ValueError(f"{name} must return shape {shape} for {shape[0]} parameters, got {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite, got NaN or infinity")
    return array
