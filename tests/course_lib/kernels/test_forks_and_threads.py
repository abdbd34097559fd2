"""Kernels in forked processes and in several Python threads at once."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from operation_cases import LOSSES, OPERATIONS, drawing
from strategies import values

import course_lib
import course_lib.functional as F
from course_lib import kernels

pytestmark = pytest.mark.skipif(kernels.problem() is not None, reason="the kernels are not built")

FORK = """
import os, signal, warnings
import numpy as np
import course_lib, course_lib.functional as F
from course_lib import nn, optim
course_lib.set_backend("kernels")
course_lib.set_num_threads(2)
x, w = np.ones((32, 16, 16, 16), np.float32), np.ones((32, 16, 3, 3), np.float32)
expected = F.conv2d(x, w)
pooled, _ = F.max_pool2d(x, 2)
parameters = nn.Parameter(np.zeros(300_000)), nn.Parameter(np.zeros(300_000))
optimizers = [optim.SGD([parameter], 0.5, momentum=0.5) for parameter in parameters]
for parameter, optimizer in zip(parameters, optimizers):
    parameter.grad = np.ones(300_000)
    optimizer.step()
reader, writer = os.pipe()
child = os.fork()
if child == 0:
    signal.alarm(60)
    same = np.array_equal(F.conv2d(x, w), expected) and F.relu(x).all() and len(F.linear(x, x[0, 0])) == 32
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        course_lib.set_num_threads(2)
    same = same and np.array_equal(F.conv2d(x, w), expected) and np.array_equal(F.max_pool2d(x, 2)[0], pooled)
    optimizers[0].step()
    same = same and (parameters[0].data == -1.25).all()
    os.write(writer, f"{same} {course_lib.get_num_threads()} {len(caught)}".encode())
    os._exit(0)
os.close(writer)
answer = os.read(reader, 100).decode()
os.waitpid(child, 0)
F.conv2d(x, w)
optimizers[1].step()
assert (parameters[1].data == -1.25).all()
print(answer, course_lib.get_num_threads())
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_child_computes_on_one_thread_after_its_parent_used_several():
    outcome = subprocess.run([sys.executable, "-c", FORK], capture_output=True, text=True, timeout=120)
    assert outcome.returncode == 0, outcome.stderr
    threads = "2" if kernels.has_openmp() else "1"
    warned = "1" if kernels.has_openmp() else "0"
    assert outcome.stdout.split() == ["True", "1", warned, threads]


def test_python_threads_do_not_disturb_each_other():
    def compute(seed):
        x, w, dy = values(seed, np.float32, (8, 6, 14, 13), (20, 6, 3, 3), (8, 20, 14, 13))
        y = F.conv2d(x, w, padding=1)
        pooled, indices = F.max_pool2d(y, 3, stride=2, padding=1)
        return (
            y,
            *F.conv2d_backward(dy, x, w, padding=1),
            pooled,
            F.avg_pool2d(y, 3, stride=1),
            F.softmax(dy, 1),
        )

    course_lib.set_backend("kernels")
    before = course_lib.get_num_threads()
    try:
        for threads in (1, 2):
            course_lib.set_num_threads(threads)
            expected = [compute(seed) for seed in range(4)]
            with ThreadPoolExecutor(4) as pool:
                for seed, found in enumerate(pool.map(compute, [0, 1, 2, 3] * 12)):
                    for ours, theirs in zip(found, expected[seed % 4]):
                        np.testing.assert_array_equal(ours, theirs)
    finally:
        course_lib.set_num_threads(before)
        course_lib.set_backend("auto")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_two_python_threads_find_what_one_finds_in_every_operation(dtype):
    def compute(seed):
        draw, found = drawing(dtype, seed), []
        for operation in OPERATIONS.values():
            arrays = operation.arrays(draw, 40)
            y = operation.forward(**arrays)
            found += [y, *operation.backward(draw(*y.shape), **arrays).values()]
        for loss_of, make in LOSSES.values():
            found += loss_of(*make(draw, 40))
        return [*found, *F.dropout(draw(300, 1000), 0.4, rng=np.random.default_rng(seed))]

    course_lib.set_backend("kernels")
    before = course_lib.get_num_threads()
    try:
        for threads in (1, 2):
            course_lib.set_num_threads(threads)
            expected = [compute(seed) for seed in range(2)]
            with ThreadPoolExecutor(2) as pool:
                for seed, found in enumerate(pool.map(compute, [0, 1] * 8)):
                    for ours, theirs in zip(found, expected[seed % 2], strict=True):
                        np.testing.assert_array_equal(ours, theirs)
    finally:
        course_lib.set_num_threads(before)
        course_lib.set_backend("auto")
