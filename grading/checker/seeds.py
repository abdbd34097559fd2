"""Seeds of one submission: a regrade draws the same inputs, a resubmission new ones, and no student can tell
them.
"""

from __future__ import annotations

import hashlib
import hmac
import random

import numpy as np


def derive_seed(seed: bytes, name: str) -> bytes:
    """Return the seed of one check or test cell: HMAC-SHA256 of its name under the submission's seed."""
    return hmac.new(seed, name.encode("utf-8"), hashlib.sha256).digest()


def seed_generators(seed: bytes, name: str) -> None:
    """Seed the global generators of `random` and NumPy, which ordinary test cells draw from."""
    derived = derive_seed(seed, name)
    random.seed(derived)
    words = np.frombuffer(derived, dtype=np.uint32)
    np.random.seed(words)  # noqa: NPY002 - test cells draw from the global generator
