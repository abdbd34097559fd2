"""Backward against central differences of forward, in float64 and along drawn directions."""

import numpy as np
import pytest
from operation_cases import LOSSES, OPERATIONS, drawing

pytestmark = pytest.mark.usefixtures("backend")

STEP = 1e-5


def slope(function, point, direction):
    return (function(point + STEP * direction) - function(point - STEP * direction)) / (2 * STEP)


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("batch", [1, 3])
def test_gradients_are_the_slopes_of_the_forward(name, batch):
    operation, draw = OPERATIONS[name], drawing(np.float64, seed=23)
    arrays = operation.arrays(draw, batch)
    weights = draw(*operation.forward(**arrays).shape)
    gradients = operation.backward(weights, **arrays)
    for key, value in arrays.items():

        def along(changed, key=key):
            return float((operation.forward(**{**arrays, key: changed}) * weights).sum())

        for _ in range(4):
            direction = draw(*value.shape)
            expected = slope(along, value, direction)
            found = float((gradients[key] * direction).sum())
            assert found == pytest.approx(expected, rel=2e-6, abs=2e-6), key


@pytest.mark.parametrize("name", LOSSES)
def test_loss_gradients_are_slopes(name):
    loss_of, make = LOSSES[name]
    draw = drawing(np.float64, seed=29)
    first, second = make(draw, 5)
    gradient = loss_of(first, second)[1]
    for _ in range(4):
        direction = draw(*first.shape)
        expected = slope(lambda changed: loss_of(changed, second)[0], first, direction)
        assert float((gradient * direction).sum()) == pytest.approx(expected, rel=1e-6, abs=1e-8)
