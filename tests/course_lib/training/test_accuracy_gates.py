"""What small nets reach on real data, seeds fixed."""

import numpy as np
import pytest
from accuracy_runs import accuracy_on_digits, accuracy_on_fashion

pytestmark = pytest.mark.slow


def test_digits_mean_of_five_splits():
    assert np.mean([accuracy_on_digits(seed) for seed in range(5)]) >= 0.985


def test_fashion_five_thousand():
    assert accuracy_on_fashion(0) >= 0.85
