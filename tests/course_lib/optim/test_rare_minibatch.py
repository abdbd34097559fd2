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


@pytest.mark.parametrize("seed", [0, 1])
def test_one_minibatch_in_a_hundred_tells(seed):
    # After the example of section 3.1, with a clearer mean: (1200 − 99 · 10)/100 = 2.1.
    rng, epoch = np.random.default_rng(seed), np.append(1200.0, np.full(99, -10.0))
    gradients = np.concatenate([rng.permutation(epoch) for _ in range(200)])
    assert projected(gradients, 0.5, betas=(0.9, 0.99))[-1] > 0.9
    assert projected(gradients, 0.5, betas=(0.9, 0.99), amsgrad=True)[-1] < -0.5
    assert projected(gradients, 0.5, betas=(0.9, 0.9999))[-1] < -0.9
