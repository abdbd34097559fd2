"""What minibatch SGD on a least-squares cost does on average: exact, by a linear recursion of its moments.

With e = θ − optimum and r the residuals at the optimum, one example's gradient is x(xᵀe − r). So the mean m
of e and the mean M of eeᵀ obey, for independent minibatches,

    m ← (I − αA) m,
    M ← M − α(AM + MA) + α²( (1 − φ) AMA + φ E[ggᵀ] ),
    E[ggᵀ] = mean of xxᵀ(xᵀMx) − 2 xxᵀ r(xᵀm) + xxᵀ r²,

with φ the variance of a minibatch's mean as a share of one example's: 1/S with replacement, and
(N − S)/(S(N − 1)) without.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_lib.widgets.minibatch_digits import COUNT, digits_problem

_BLOCK = 64
#: Updates after which a target counts as out of reach.
MOST_UPDATES = _BLOCK * _BLOCK


def noise_share(size: int | np.ndarray, *, replacement: bool) -> np.ndarray:
    """Return φ: the variance of the mean of `size` examples as a share of one example's."""
    size = np.asarray(size, dtype=np.float64)
    return 1 / size if replacement else (COUNT - size) / (size * (COUNT - 1))


@lru_cache(maxsize=1)
def _moment_matrices() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # The state is (M11, M12, M22, m1, m2, 1). A step is I + αB + α²(C + φD): returns B, C, D.
    problem = digits_problem()
    x, A = problem.x, problem.A
    r = problem.y - x @ problem.optimum
    linear, steady, noisy = np.zeros((6, 6)), np.zeros((6, 6)), np.zeros((6, 6))
    pairs = ((0, 0), (0, 1), (1, 1))
    outer = np.einsum("ni,nj->nij", x, x)
    for column in range(3):
        M = np.zeros((2, 2))
        i, j = pairs[column]
        M[i, j] = M[j, i] = 1.0
        seen = np.einsum("nij,n->ij", outer, np.einsum("ni,ij,nj->n", x, M, x)) / COUNT
        for row, (k, l) in enumerate(pairs):
            linear[row, column] = -(A @ M + M @ A)[k, l]
            steady[row, column] = (A @ M @ A)[k, l]
            noisy[row, column] = (seen - A @ M @ A)[k, l]
    for row, (k, l) in enumerate(pairs):
        noisy[row, 3:5] = -2 * np.mean((outer[:, k, l] * r)[:, None] * x, axis=0)
        noisy[row, 5] = np.mean(outer[:, k, l] * r**2)
    linear[3:5, 3:5] = -A
    return linear, steady, noisy


def step_matrix(rate: float | np.ndarray, share: float | np.ndarray) -> np.ndarray:
    """Return what one update multiplies the state (M11, M12, M22, m1, m2, 1) with, shape (..., 6, 6)."""
    rate, share = (np.asarray(value, dtype=np.float64)[..., None, None] for value in (rate, share))
    linear, steady, noisy = _moment_matrices()
    return np.eye(6) + rate * linear + rate**2 * (steady + share * noisy)


def first_state(start: np.ndarray) -> np.ndarray:
    """Return the state of a certain start, shape (6,)."""
    e = np.asarray(start, dtype=np.float64) - digits_problem().optimum
    return np.array([e[0] * e[0], e[0] * e[1], e[1] * e[1], e[0], e[1], 1.0])


def cost_weights() -> np.ndarray:
    """Return what the state is multiplied with to give the expected excess cost ½ tr(AM), shape (6,)."""
    A = digits_problem().A
    return np.array([A[0, 0] / 2, A[0, 1], A[1, 1] / 2, 0.0, 0.0, 0.0])


def expected_excess(start: np.ndarray, rates: np.ndarray, share: float) -> np.ndarray:
    """Return E[J] − J(optimum) before each of T updates and after the last.

    Parameters
    ----------
    start : ndarray, shape (2,)
    rates : ndarray, shape (T,)
    share : float
        φ, see `noise_share`.

    Returns
    -------
    ndarray, shape (T + 1,)
    """
    weights = cost_weights()
    state = first_state(start)
    found = [state]
    if len(rates) and np.all(rates == rates[0]):
        # With powers up to T by doubling, all states come out of a few products.
        states, power = state[:, None], step_matrix(rates[0], share)
        while states.shape[1] <= len(rates):
            states = np.concatenate([states, power @ states], axis=1)
            power = power @ power
        return weights @ states[:, : len(rates) + 1]
    for matrix in step_matrix(rates, share):
        state = matrix @ state
        found.append(state)
    return np.array(found) @ weights


def floor_excess(rate: float, share: float) -> float:
    """Return where the expected excess settles at a constant rate; infinite where it does not."""
    step = step_matrix(rate, share)
    if np.abs(np.linalg.eigvals(step[:5, :5])).max() >= 1:
        return float("inf")
    state = np.append(np.linalg.solve(np.eye(5) - step[:5, :5], step[:5, 5]), 1.0)
    return float(cost_weights() @ state)


def updates_to_reach(target: float, start: np.ndarray, rates: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return after how many updates the expected excess is first at or below a target.

    Parameters
    ----------
    target : float
    start : ndarray, shape (2,)
    rates, shares : ndarray, shape (P,)
        The constant rate and φ of each of P runs.

    Returns
    -------
    ndarray of float, shape (P,)
        Infinite where it takes more than `MOST_UPDATES`, or never happens.
    """
    step = step_matrix(rates, shares)
    rows = [np.broadcast_to(cost_weights(), (len(step), 6))]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(_BLOCK - 1):
            rows.append(np.einsum("pi,pij->pj", rows[-1], step))
        leap = step
        for _ in range(_BLOCK.bit_length() - 1):
            leap = leap @ leap
        states = [np.broadcast_to(first_state(start), (len(step), 6))]
        for _ in range(_BLOCK):
            states.append(np.einsum("pij,pj->pi", leap, states[-1]))
        # Update a·64 + j has the excess (row of j)·(state after a leaps).
        excess = np.einsum("jpi,api->paj", np.array(rows), np.array(states)).reshape(len(step), -1)
        reached = excess <= target
    return np.where(reached.any(axis=1), reached.argmax(axis=1), np.inf)
