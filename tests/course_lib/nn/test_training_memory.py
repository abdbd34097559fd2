"""Training steps: no large new arrays after the second, and nothing that a caller holds changes."""

import tracemalloc

import numpy as np
import pytest

import course_lib
from course_lib import nn, optim

needs_kernels = pytest.mark.skipif(
    course_lib.show_config("dicts")["backend"] != "kernels", reason="the reference makes new arrays"
)


def small_network():
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, rng=0),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1, rng=1),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.GlobalAvgPool2d(),
        nn.Linear(32, 10, rng=2),
    )


def varied_network():
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, padding=1, rng=0),
        nn.GroupNorm(4, 16),
        nn.Tanh(),
        nn.AvgPool2d(2),
        nn.Dropout(0.3, rng=1),
        nn.Conv2d(16, 32, 5, padding=2, groups=16, rng=2),
        nn.InstanceNorm2d(32),
        nn.ELU(),
        nn.Maxout(2),
        nn.Sigmoid(),
        nn.LeakyReLU(),
        nn.MaxPool2d(4),
        nn.Flatten(),
        nn.DropConnect(256, 40, 0.2, rng=3),
        nn.LayerNorm(40),
        nn.Linear(40, 10, rng=4),
    )


def training_of(model):
    """Give a function that trains on a batch drawn from a seed, and returns outputs and gradient by them."""
    criterion, optimizer = nn.CrossEntropyLoss(), optim.SGD(model.parameters(), 0.01, momentum=0.9)
    rng = np.random.default_rng(0)
    batches = [rng.normal(size=(32, 3, 32, 32)).astype(np.float32) for _ in range(2)]
    targets = rng.integers(0, 10, 32)

    def step(number=0):
        outputs = model(batches[number % 2])
        criterion(outputs, targets)
        optimizer.zero_grad()
        gradient = criterion.backward()
        dx = model.backward(gradient)
        optimizer.step()
        return outputs, gradient, dx

    return step


@needs_kernels
@pytest.mark.parametrize("make", [small_network, varied_network])
def test_a_training_step_allocates_nothing_large_after_the_second(make):
    step = training_of(make())
    smallest_activation = 32 * 16 * 16 * 16 * 4
    tracemalloc.start()
    try:
        for number in range(6):
            before, _ = tracemalloc.get_traced_memory()
            tracemalloc.reset_peak()
            step(number)
            after, peak = tracemalloc.get_traced_memory()
            if number >= 2:
                assert peak - before < 2**16 < smallest_activation
                assert after - before < 2**13
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("make", [small_network, varied_network])
def test_what_a_caller_holds_of_a_step_keeps_its_values_in_the_steps_after(make):
    model = make()
    step = training_of(model)
    held, copies = [], []
    for number in range(5):
        results = [*step(number), *(parameter.grad for parameter in model.parameters())]
        held.extend(results)
        copies.extend(array.copy() for array in results)
        del results
    for array, copy_of_it in zip(held, copies, strict=True):
        np.testing.assert_array_equal(array, copy_of_it)


@pytest.mark.parametrize("make", [small_network, varied_network])
def test_training_is_the_same_whatever_the_caller_holds(make):
    trained = []
    for hold in (False, True):
        model, held = make(), []
        step = training_of(model)
        for number in range(4):
            results = step(number)
            if hold:
                held.append(results)
        trained.append(model.state_dict())
    for name, value in trained[0].items():
        np.testing.assert_array_equal(trained[1][name], value, err_msg=name)


@pytest.fixture(params=["kernels", "reference"])
def backend(request):
    try:
        course_lib.set_backend(request.param)
    except RuntimeError as error:
        pytest.skip(str(error))
    yield request.param
    course_lib.set_backend("auto")


@pytest.mark.usefixtures("backend")
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
    tracemalloc.start()
    try:
        step()
        before, _ = tracemalloc.get_traced_memory()
        step()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 2**14
