"""Where few minibatches tell the right way Adam takes the wrong one, AMSGrad does not (Reddi et al. 2018)."""

import numpy as np
import pytest

from course_lib import optim
from course_lib.nn import Parameter


def projected(gradients, lr, **options):
    """Return the way of one parameter that is kept within [−1, 1], with the rate lr/√t."""
    parameter = Parameter(np.zeros(1))
    optimizer = optim.Adam([parameter], lr, **options)
    way = []
    for t, gradient in enumerate(gradients, start=1):
        optimizer.lr = lr / np.sqrt(t)
        parameter.grad = np.array([gradient])
        optimizer.step()
        np.clip(parameter.data, -1, 1, out=parameter.data)
        way.append(parameter.data.item())
    return np.array(way)


@pytest.mark.parametrize("correction", [False, True])
@pytest.mark.parametrize("C", [3.0, 5.0])
def test_every_third_gradient_tells(C, correction):
    # Theorem 1: the sum of three gradients is C − 2 > 0, so that −1 is best; with β₁ = 0, β₂ = 1/(1 + C²)
    # Adam ends every round of three where it began or further up.
    gradients = np.resize([C, -1.0, -1.0], 6000)
    options = {"betas": (0.0, 1 / (1 + C**2)), "bias_correction": correction}
    assert projected(gradients, 0.5, **options)[-3:].max() > 0.99
    assert projected(gradients, 0.5, amsgrad=True, **options)[-3:].max() < -0.95


def test_one_gradient_in_a_hundred_tells():
    # The stochastic example of section 3.1: the mean gradient is 0.01 · 1010 − 0.99 · 10 = 0.2.
    gradients = np.where(np.random.default_rng(0).random(40_000) < 0.01, 1010.0, -10.0)
    assert gradients.mean() > 0
    assert projected(gradients, 0.5, betas=(0.9, 0.99))[-2000:].mean() > 0.5
    assert projected(gradients, 0.5, betas=(0.9, 0.99), amsgrad=True)[-2000:].mean() < -0.5
