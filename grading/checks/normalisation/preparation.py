"""The right answers for preparing data and starting weights, and what the digits say about depth."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from course_lib.data import load_digits
from grading.checks.normalisation.units import activate

RULES = ("zero", "small", "xavier", "he")
LAYERS = 10
DIGITS = 100


def condition_number(x: np.ndarray) -> np.ndarray:
    """Divide the largest by the smallest eigenvalue of AᵀA / N, A being x (N, D) and a column of ones."""
    a = np.column_stack([x, np.ones(len(x))])
    values = np.linalg.eigvalsh(a.T @ a / len(x))
    return values[-1] / values[0]


def standardise(train: np.ndarray, x: np.ndarray, eps: float = 1e-8) -> np.ndarray:
    """Centre and scale x (M, D) by the mean and variance of every feature of train (N, D)."""
    return (x - train.mean(axis=0)) / np.sqrt(train.var(axis=0) + eps)


def pca_reconstruct(train: np.ndarray, x: np.ndarray, k: int) -> np.ndarray:
    """Keep of x what lies along the k principal components of train."""
    mean, _, vectors = principal_components(train)
    kept = vectors[:, -k:]
    return mean + (x - mean) @ kept @ kept.T


def whiten(train: np.ndarray, x: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Divide x along every principal component of train by the root of its variance, and turn it back."""
    mean, values, vectors = principal_components(train)
    return (x - mean) @ (vectors / np.sqrt(values + eps)) @ vectors.T


def principal_components(train: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the mean of train, and eigenvalues (ascending) and eigenvectors of its covariance over N."""
    mean = train.mean(axis=0)
    centred = train - mean
    return mean, *np.linalg.eigh(centred.T @ centred / len(train))


def deviation(rule: str, shape: tuple[int, ...]) -> float:
    """Return the standard deviation that a rule gives to weights of shape (out, in) or (out, in, KH, KW)."""
    window = math.prod(shape[2:])
    fan_in, fan_out = shape[1] * window, shape[0] * window
    return {
        "zero": 0.0,
        "small": 0.01,
        "xavier": math.sqrt(2 / (fan_in + fan_out)),
        "he": math.sqrt(2 / fan_in),
    }[rule]


def initial_weights(rule: str, shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Draw normal weights of that standard deviation."""
    return deviation(rule, shape) * np.random.default_rng(seed).standard_normal(shape)


@cache
def digits() -> np.ndarray:
    """Return the experiment's inputs (100, 64), which the notebook makes likewise."""
    images = load_digits(dtype=np.float64).images[:DIGITS].reshape(DIGITS, 64)
    return (images - images.mean()) / images.std()


@cache
def _profile(rule: str, activation: str) -> tuple[float, ...]:
    h, found = digits(), []
    for layer in range(1, LAYERS + 1):
        h = activate(activation, h @ initial_weights(rule, (64, 64), layer).T)
        found.append(float(h.std()))
    return tuple(found)


def depth_profile(rule: str, activation: str) -> np.ndarray:
    """Return the standard deviation of the activations after each of ten layers."""
    return np.array(_profile(rule, activation))


def depth_readings() -> tuple[int, float, float, float]:
    """Read the profiles: when small weights lose the signal, and what a layer leaves of it on average."""
    small = depth_profile("small", "tanh")
    return (
        int(np.argmax(small < 0.01 * small[0])) + 1,
        *(kept_per_layer(*pair) for pair in (("xavier", "tanh"), ("xavier", "relu"), ("he", "relu"))),
    )


def kept_per_layer(rule: str, activation: str) -> float:
    """Return the geometric mean of the factors from each layer to the next."""
    profile = depth_profile(rule, activation)
    return float((profile[-1] / profile[0]) ** (1 / (LAYERS - 1)))
