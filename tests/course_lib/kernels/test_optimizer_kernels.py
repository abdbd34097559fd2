"""The compiled optimiser steps against the rules of the reference, on drawn parameters and options."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import DTYPES, SEEDS

import course_lib
from course_lib import kernels, optim
from course_lib.nn import Parameter

pytestmark = pytest.mark.skipif(kernels.problem() is not None, reason="the kernels are not built")

STEPS = 12
DECAY = st.sampled_from([0.0, 0.1])
SHARES = st.floats(0.0, 0.99)
RATES = st.floats(1e-3, 0.1)
EPS = st.sampled_from([1e-8, 1e-3])

OPTIMIZERS = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just(optim.SGD), "momentum": SHARES, "dampening": SHARES, "weight_decay": DECAY}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just(optim.SGD),
            "momentum": st.floats(0.1, 0.99),
            "nesterov": st.just(True),
            "weight_decay": DECAY,
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just(optim.Adagrad),
            "lr_decay": SHARES,
            "weight_decay": DECAY,
            "initial_accumulator_value": SHARES,
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just(optim.RMSprop),
            "alpha": st.floats(0.5, 0.99),
            "eps": EPS,
            "weight_decay": DECAY,
            "momentum": st.sampled_from([0.0, 0.9]),
        }
    ),
    # Subtracting the square of an average from the average of squares loses digits where eps is small.
    st.fixed_dictionaries(
        {
            "kind": st.just(optim.RMSprop),
            "alpha": st.floats(0.5, 0.9),
            "eps": st.just(0.1),
            "momentum": st.sampled_from([0.0, 0.9]),
            "centered": st.just(True),
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from([optim.Adam, optim.AdamW]),
            "betas": st.tuples(SHARES, SHARES),
            "eps": EPS,
            "weight_decay": DECAY,
            "amsgrad": st.booleans(),
            "bias_correction": st.booleans(),
        }
    ),
)
SHAPES = st.lists(
    st.lists(st.integers(0, 40), max_size=3).map(tuple)
    | st.sampled_from([(16_383,), (16_400,), (3, 20_001)]),
    min_size=1,
    max_size=4,
)


def trained(backend, kind, options, start, gradients, rate, threads=1):
    """Make some steps on a backend, and give the parameters and what the optimiser saves."""
    course_lib.set_backend(backend)
    before = course_lib.get_num_threads()
    course_lib.set_num_threads(threads)
    try:
        params = [Parameter(value) for value in start]
        optimizer = kind(params, rate, **options)
        for step in gradients:
            for parameter, gradient in zip(params, step):
                parameter.grad = gradient
            optimizer.step()
        return [parameter.data for parameter in params], optimizer.state_dict()
    finally:
        course_lib.set_num_threads(before)
        course_lib.set_backend("auto")


def drawn(seed, dtype, shapes, steps=STEPS):
    rng = np.random.default_rng(seed)
    start = [rng.standard_normal(shape).astype(dtype) for shape in shapes]
    gradients = [[rng.standard_normal(shape).astype(dtype) for shape in shapes] for _ in range(steps)]
    return [np.asarray(value, dtype) for value in start], [
        [np.asarray(value, dtype) for value in step] for step in gradients
    ]


@settings(max_examples=80, deadline=None)
@given(options=OPTIMIZERS, shapes=SHAPES, rate=RATES, dtype=DTYPES, seed=SEEDS, threads=st.integers(1, 3))
def test_the_rules(options, shapes, rate, dtype, seed, threads):
    kind, options = options["kind"], {name: value for name, value in options.items() if name != "kind"}
    start, gradients = drawn(seed, dtype, shapes)
    found, found_state = trained("kernels", kind, options, start, gradients, rate, threads)
    expected, expected_state = trained("reference", kind, options, start, gradients, rate)
    tolerance = 1e-9 if dtype is np.float64 else 2e-4
    for ours, theirs in zip(found, expected):
        assert ours.dtype == theirs.dtype == dtype
        np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)
    assert found_state["options"] == expected_state["options"]
    for ours, theirs in zip(found_state["state"], expected_state["state"]):
        assert set(ours) == set(theirs)
        for name, value in theirs.items():
            assert np.asarray(ours[name]).dtype == np.asarray(value).dtype
            np.testing.assert_allclose(ours[name], value, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("make", [lambda p: optim.SGD(p, 0.1, momentum=0.9), lambda p: optim.Adam(p, 0.1)])
def test_mixed_dtypes_and_foreign_layouts_move_as_contiguous_ones_do(make):
    class Loose:
        def __init__(self, data, grad):
            self.data, self.grad = data, grad

    rng = np.random.default_rng(0)
    values, slopes = rng.standard_normal((2, 6, 5))
    plain = [Loose(values.copy(), slopes.copy()), Loose(values.astype(np.float32), slopes.astype(np.float32))]
    odd = [
        Loose(np.asfortranarray(values), slopes.copy()),
        Loose(values.astype(np.float32), slopes.astype(np.float32)[::-1][::-1]),
        Loose(values.repeat(2, axis=0)[::2], slopes),
    ]
    before = slopes.copy()
    for params in (plain, odd):
        optimizer = make(params)
        for _ in range(3):
            optimizer.step()
    np.testing.assert_allclose(odd[0].data, plain[0].data, rtol=1e-12)
    np.testing.assert_allclose(odd[1].data, plain[1].data, rtol=1e-6)
    np.testing.assert_allclose(odd[2].data, plain[0].data, rtol=1e-12)
    assert np.array_equal(slopes, before)


def test_nan_reaches_the_parameter_and_infinity_stays():
    for backend in ("kernels", "reference"):
        start = [np.array([1.0, 2.0, np.inf])]
        gradients = [[np.array([np.nan, 1.0, 1.0])]] * 2
        for kind, options in ((optim.SGD, {"momentum": 0.9}), (optim.Adam, {"amsgrad": True})):
            [found], _ = trained(backend, kind, options, start, gradients, 0.1)
            assert np.isnan(found[0]) and np.isfinite(found[1]) and found[2] == np.inf, (backend, kind)


def test_python_threads_step_optimisers_of_their_own():
    def train(seed):
        rng = np.random.default_rng(seed)
        params = [Parameter(rng.standard_normal(size)) for size in (40_000, 7)]
        optimizer = optim.Adam(params, 0.01)
        for _ in range(5):
            for parameter in params:
                parameter.grad = np.sin(parameter.data + seed)
            optimizer.step()
        return [parameter.data for parameter in params]

    before = course_lib.get_num_threads()
    try:
        for threads in (1, 2):
            course_lib.set_num_threads(threads)
            expected = [train(seed) for seed in range(4)]
            with ThreadPoolExecutor(4) as pool:
                for seed, found in enumerate(pool.map(train, [0, 1, 2, 3] * 4)):
                    for ours, theirs in zip(found, expected[seed % 4]):
                        np.testing.assert_array_equal(ours, theirs)
    finally:
        course_lib.set_num_threads(before)
