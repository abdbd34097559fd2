"""The ninth run: a small net on digits, with settings that make it ill; the notebook holds the same code."""

from __future__ import annotations

import numpy as np

from course_lib.data.datasets import load_digits

Array = np.ndarray
# What the notebook begins with.
ILL = {"rate": 2.0, "momentum": 0.95, "start": 10.0, "batch": 8}
# Smallest and largest value of each setting.
BOUNDS = {"rate": (1e-5, 10.0), "momentum": (0.0, 0.99), "start": (0.01, 20.0), "batch": (4, 256)}


def ninth_run(rate: float, momentum: float, start: float, batch: int, seed: int = 0) -> dict[str, object]:
    """Train 64-32-10 with tanh for 8 epochs of 600 digits; weights begin `start` times Xavier's."""
    digits = load_digits(dtype=np.float64)
    order = np.random.default_rng(1).permutation(len(digits.labels))
    x = (digits.images.reshape(-1, 64) - 0.3)[order]
    t = np.eye(10)[digits.labels[order]]
    held_out = slice(600, 1000)
    rng = np.random.default_rng(seed)
    w = [start * rng.normal(0, np.sqrt(2 / (a + b)), (a, b)) for a, b in ((64, 32), (32, 10))]
    biases = [np.zeros(32), np.zeros(10)]
    velocity = [np.zeros_like(p) for p in (*w, *biases)]
    record = {"train_loss": [], "validation_loss": [], "validation_accuracy": [], "saturated": []}

    def forward(rows: Array | slice) -> tuple[Array, Array, float]:
        hidden = np.tanh(x[rows] @ w[0] + biases[0])
        scores = hidden @ w[1] + biases[1]
        scores = scores - scores.max(axis=1, keepdims=True)
        log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return hidden, log_p, -(log_p * t[rows]).sum(axis=1).mean()

    for _ in range(8):
        indices, losses = rng.permutation(600), []
        for begin in range(0, 600, batch):
            rows = indices[begin : begin + batch]
            hidden, log_p, loss = forward(rows)
            losses.append(loss)
            d_scores = (np.exp(log_p) - t[rows]) / len(rows)
            d_hidden = d_scores @ w[1].T * (1 - hidden**2)
            gradients = (x[rows].T @ d_hidden, hidden.T @ d_scores, d_hidden.sum(0), d_scores.sum(0))
            for p, v, g in zip((*w, *biases), velocity, gradients):
                v *= momentum
                v -= rate * g
                p += v
        hidden, log_p, loss = forward(held_out)
        record["train_loss"].append(float(np.mean(losses)))
        record["validation_loss"].append(float(loss))
        right = log_p.argmax(axis=1) == t[held_out].argmax(axis=1)
        record["validation_accuracy"].append(float(right.mean()))
        record["saturated"].append(float((np.abs(hidden) > 0.99).mean()))
    return record
