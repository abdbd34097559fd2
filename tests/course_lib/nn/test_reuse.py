"""Arrays that layers fill again: never one that somebody holds, and nothing new once all are there."""

import copy
import pickle
import tracemalloc

import numpy as np
import pytest

import course_lib
from course_lib import nn
from course_lib.nn.reuse import SpareArrays, only_here

#: Layers for images of a given shape (N, C, H, W).
LAYERS = {
    "Identity": lambda shape: nn.Identity(),
    "Flatten": lambda shape: nn.Flatten(),
    "Sum": lambda shape: nn.Sum(nn.Identity(), nn.Identity(), nn.Identity()),
    "Residual": lambda shape: nn.Residual(nn.Residual(nn.Identity())),
    "Concatenate": lambda shape: nn.Concatenate(nn.Identity(), nn.Identity()),
    "Conv2d": lambda shape: nn.Conv2d(shape[1], 17, 3, padding=1, rng=0),
    "Conv2d with stride": lambda shape: nn.Conv2d(shape[1], 17, 3, stride=2, padding=2, rng=0),
    "Conv2d depthwise": lambda shape: nn.Conv2d(shape[1], shape[1], 3, padding=1, groups=shape[1], rng=0),
    "Linear": lambda shape: nn.Linear(shape[-1], 9, rng=0),
    "DropConnect": lambda shape: nn.DropConnect(shape[-1], 9, rng=0),
    "BatchNorm2d": lambda shape: nn.BatchNorm2d(shape[1]),
    "GroupNorm": lambda shape: nn.GroupNorm(1, shape[1]),
    "LayerNorm": lambda shape: nn.LayerNorm(shape[1:]),
    "InstanceNorm2d": lambda shape: nn.InstanceNorm2d(shape[1]),
    "ReLU": lambda shape: nn.ReLU(),
    "LeakyReLU": lambda shape: nn.LeakyReLU(),
    "ELU": lambda shape: nn.ELU(),
    "Sigmoid": lambda shape: nn.Sigmoid(),
    "Tanh": lambda shape: nn.Tanh(),
    "Maxout": lambda shape: nn.Maxout(shape[-1], axis=3),
    "MaxPool2d": lambda shape: nn.MaxPool2d(3, stride=1, padding=1),
    "AvgPool2d": lambda shape: nn.AvgPool2d(3, stride=1, padding=1, count_include_pad=False),
    "GlobalAvgPool2d": lambda shape: nn.GlobalAvgPool2d(),
    "Dropout": lambda shape: nn.Dropout(0.3, rng=0),
}
needs_kernels = pytest.mark.skipif(
    course_lib.show_config("dicts")["backend"] != "kernels", reason="the reference makes new arrays"
)
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=LAYERS.keys())


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


@needs_kernels
@pytest.mark.parametrize(
    "make", [*LAYERS.values(), lambda shape: nn.Scale(Half())], ids=[*LAYERS.keys(), "Scale"]
)
def test_after_two_steps_nothing_large_is_allocated(make):
    layer = make((8, 4, 64, 64))
    x = np.random.default_rng(0).normal(size=(8, 4, 64, 64)).astype(np.float32)
    dy = np.ones_like(layer(x))

    def step():
        layer.zero_grad()
        layer(x)
        layer.backward(dy)

    step()
    step()
    peak, kept = peak_of(step)
    assert peak < 2**16 < x.nbytes
    assert kept < 2**12


@every_layer
@pytest.mark.parametrize("keep", [lambda y: y, lambda y: y[1:], lambda y: y.reshape(-1)[::2], memoryview])
def test_what_somebody_holds_is_never_filled_again(make, keep):
    layer = make((2, 3, 4, 5))
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


@needs_kernels
@pytest.mark.parametrize("make", [nn.CrossEntropyLoss, nn.HingeLoss, nn.MSELoss, nn.BCEWithLogitsLoss])
def test_losses_fill_their_gradients_again_but_none_that_is_held(make):
    criterion = make()
    rng = np.random.default_rng(0)
    outputs = rng.normal(size=(4096, 16)).astype(np.float32)
    classes = make in (nn.CrossEntropyLoss, nn.HingeLoss)
    targets = rng.integers(0, 16, 4096) if classes else np.full_like(outputs, 0.25)

    def step():
        criterion(outputs, targets)
        return criterion.backward()

    held = step()
    before = held.copy()
    step()
    step()
    peak, _ = peak_of(step)
    assert peak < 2**16 < outputs.nbytes
    outputs += 1
    step()
    np.testing.assert_array_equal(held, before)


def test_gradients_that_add_up_over_batches_and_steps_need_no_new_arrays():
    parameter = nn.Parameter(np.zeros((512, 512)))
    addend = np.ones((512, 512))

    def step():
        parameter.zero_grad()
        parameter.add_grad(addend)
        parameter.add_grad(addend)

    step()
    peak, _ = peak_of(step)
    assert peak < 2**12
    np.testing.assert_array_equal(parameter.grad, 2)
    np.testing.assert_array_equal(addend, 1)


def test_a_gradient_that_is_held_while_it_is_forgotten_stays():
    parameter = nn.Parameter(np.zeros((3, 4)))
    parameter.add_grad(np.ones((3, 4)))
    held = parameter.grad
    parameter.zero_grad()
    parameter.add_grad(np.full((3, 4), 5.0))
    np.testing.assert_array_equal(held, 1)
    np.testing.assert_array_equal(parameter.grad, 5)
