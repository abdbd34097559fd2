"""Activations against extended precision, in units of the last place, and at NaN and infinity."""

import numpy as np
import pytest

import course_lib.functional as F

EXACT = {
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
}
both_dtypes = pytest.mark.parametrize(
    "dtype",
    [
        np.float32,
        pytest.param(
            np.float64,
            marks=pytest.mark.skipif(
                np.finfo(np.longdouble).eps >= np.finfo(np.float64).eps, reason="long double is no wider here"
            ),
        ),
    ],
)


def points(dtype):
    """Give numbers of any size that matters: even ones, and some of every exponent."""
    rng, smallest = np.random.default_rng(0), np.log10(np.finfo(dtype).smallest_normal)
    small = 10 ** rng.uniform(smallest, 0, 50_000) * rng.choice([-1, 1], 50_000)
    even = [rng.uniform(-limit, limit, 100_000) for limit in (80, 10, 1, 0.1)]
    return np.concatenate([small, *even]).astype(dtype)


@both_dtypes
@pytest.mark.parametrize("name", EXACT)
def test_it_is_right_to_three_units_in_the_last_place(name, dtype, backend):
    x = points(dtype)
    found, exact = getattr(F, name)(x), EXACT[name](x.astype(np.longdouble))
    unit = np.maximum(np.spacing(np.abs(exact).astype(dtype)), np.finfo(dtype).smallest_subnormal)
    off = np.abs(found - exact) / unit
    worst = off.argmax()
    # The reference has NumPy's exp, which alone errs by up to 2.5 in single precision.
    assert off[worst] <= (3 if backend == "kernels" else 4), (x[worst], found[worst], exact[worst])


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tanh_is_odd_stays_within_one_and_keeps_nan_and_the_sign_of_zero(dtype):
    x = np.concatenate([points(dtype), np.array([0, 20, 1e4, np.inf, np.finfo(dtype).max], dtype)])
    y = F.tanh(x)
    np.testing.assert_array_equal(F.tanh(-x), -y)
    assert (np.abs(y) <= 1).all() and (y[-4:] == 1).all()
    ordered = F.tanh(np.sort(x))
    # A last digit may fall where the function is flat.
    assert (np.diff(ordered) >= -3 * np.finfo(dtype).eps).all()
    found = F.tanh(np.array([np.nan, -np.nan, -0.0, np.inf, -np.inf], dtype))
    np.testing.assert_array_equal(found, [np.nan, np.nan, 0, 1, -1])
    assert np.signbit(found[2])
