"""Arrays that layers fill again: never one that somebody holds, and nothing new once all are there."""

import copy
import pickle
import tracemalloc

import numpy as np
import pytest

from course_lib import nn, optim
from course_lib.nn.reuse import SpareArrays, only_here

OWN_ARITHMETIC = {
    "Identity": lambda: nn.Identity(),
    "Flatten": lambda: nn.Flatten(),
    "Sum": lambda: nn.Sum(nn.Identity(), nn.Identity(), nn.Identity()),
    "Residual": lambda: nn.Residual(nn.Residual(nn.Identity())),
    "Concatenate": lambda: nn.Concatenate(nn.Identity(), nn.Identity()),
}


class Half(nn.Module):
    """A factor of one half for every channel."""

    def forward(self, x):
        return np.full(x.shape[:2], 0.5, x.dtype)

    def backward(self, dy):
        return np.float32(0)


def peak_of(action):
    tracemalloc.start()
    try:
        action()
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        action()
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak - before, after - before


@pytest.mark.parametrize("make", [*OWN_ARITHMETIC.values(), lambda: nn.Scale(Half())])
def test_after_two_steps_nothing_large_is_allocated(make):
    layer = make()
    x = np.random.default_rng(0).normal(size=(8, 4, 64, 64)).astype(np.float32)
    dy = np.ones_like(layer(x))

    def step():
        layer(x)
        layer.backward(dy)

    step()
    step()
    peak, kept = peak_of(step)
    assert peak < 2**16 < x.nbytes
    assert kept < 2**12


@pytest.mark.parametrize("make", OWN_ARITHMETIC.values(), ids=OWN_ARITHMETIC.keys())
@pytest.mark.parametrize("keep", [lambda y: y, lambda y: y[1:], lambda y: y.reshape(-1)[::2], memoryview])
def test_what_somebody_holds_is_never_filled_again(make, keep):
    layer = make()
    rng = np.random.default_rng(0)
    held, copies = [], []
    for _ in range(5):
        y = layer(rng.normal(size=(2, 3, 4, 5)))
        dx = layer.backward(rng.normal(size=y.shape))
        for array in (y, dx):
            held.append(keep(array))
            copies.append(np.array(held[-1]))
        del y, dx, array
    for array, before in zip(held, copies, strict=True):
        np.testing.assert_array_equal(np.asarray(array), before)


def test_an_array_is_handed_out_again_when_it_is_let_go():
    spares = SpareArrays()
    first = spares.take("y", (3, 4), np.float32)
    place = first.ctypes.data
    second = spares.take("y", (3, 4), np.float32)
    assert second is not first
    del first
    assert spares.take("y", (3, 4), np.float32).ctypes.data == place
    assert spares.take("y", (3, 5), np.float32).shape == (3, 5)
    assert spares.take("y", (3, 4), np.float64).dtype == np.float64


def test_names_do_not_share_arrays():
    spares = SpareArrays()
    place = spares.take("y", (3,), np.float32).ctypes.data
    assert spares.take("dx", (3,), np.float32).ctypes.data != place


def test_only_a_few_arrays_are_remembered_whatever_the_caller_keeps():
    layer = nn.Identity()
    x = np.ones((64, 1024))
    held = [layer(x) for _ in range(20)]
    tracemalloc.start()
    try:
        more = [layer(x) for _ in range(4)]
        with_them, _ = tracemalloc.get_traced_memory()
        del more[:]
        without, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert with_them - without >= 2 * x.nbytes
    assert len(held) == 20


def test_only_here_counts_every_other_reference():
    array = np.empty(3)
    kept = {"array": array}
    assert not only_here(kept, "array")
    view = array[1:]
    del array
    assert not only_here(kept, "array")
    del view
    assert only_here(kept, "array")


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_do_not_carry_the_arrays(duplicate):
    layer = nn.Sequential(nn.Identity(), nn.Linear(3, 2, rng=0))
    x = np.ones((4, 3), np.float32)
    y = layer(x)
    other = duplicate(layer)
    np.testing.assert_array_equal(other(x), y)
    before = y.copy()
    other(x + 1)
    np.testing.assert_array_equal(y, before)


def test_gradients_add_up_in_place_where_nobody_holds_them():
    parameter = nn.Parameter(np.zeros((512, 512)))
    addend = np.ones((512, 512))
    parameter.add_grad(np.ones((512, 512)))
    peak, _ = peak_of(lambda: parameter.add_grad(addend))
    assert peak < 2**12
    np.testing.assert_array_equal(parameter.grad, 3)
    np.testing.assert_array_equal(addend, 1)


@pytest.mark.parametrize("hold", [lambda p: p.grad, lambda p: p.grad[0], lambda p: memoryview(p.grad)])
def test_a_gradient_that_somebody_holds_stays(hold):
    parameter = nn.Parameter(np.zeros((3, 4)))
    parameter.add_grad(np.ones((3, 4)))
    held = hold(parameter)
    parameter.add_grad(np.ones((3, 4)))
    np.testing.assert_array_equal(np.asarray(held), 1)
    np.testing.assert_array_equal(parameter.grad, 2)


def test_a_gradient_that_is_a_view_of_somebodys_array_is_not_written_to():
    whole = np.ones((2, 3))
    parameter = nn.Parameter(np.zeros(3))
    parameter.grad = whole[0]
    parameter.add_grad(np.ones(3))
    np.testing.assert_array_equal(whole, 1)
    frozen = np.ones(3)
    frozen.flags.writeable = False
    parameter.grad = frozen
    del frozen
    parameter.add_grad(np.ones(3))
    np.testing.assert_array_equal(parameter.grad, 2)


def test_a_training_step_keeps_no_more_memory_than_the_one_before():
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1, rng=0),
        nn.BasicBlock(8, 8, rng=1),
        nn.DenseLayer(8, 4, rng=2),
        nn.GlobalAvgPool2d(),
        nn.Linear(12, 5, rng=3),
    )
    criterion, optimizer = nn.CrossEntropyLoss(), optim.Adam(model.parameters())
    x, targets = rng.normal(size=(16, 3, 16, 16)).astype(np.float32), rng.integers(0, 5, 16)

    def step():
        criterion(model(x), targets)
        optimizer.zero_grad()
        model.backward(criterion.backward())
        optimizer.step()

    step()
    step()
    _, kept = peak_of(step)
    assert kept < 2**14
