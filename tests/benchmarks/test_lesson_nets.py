"""The nets that are timed beside PyTorch's are the same nets."""

import numpy as np
import pytest

from benchmarks.small_nets import LESSONS

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_with_the_same_values_both_compute_the_same(lesson):
    torch.manual_seed(0)
    side = 28 if "Fashion" in lesson.name else 8
    ours, theirs = lesson.net.ours(side, np.random.default_rng(0)).eval(), lesson.net.theirs(side).eval()
    state = [value.numpy() for name, value in theirs.state_dict().items() if "tracked" not in name]
    own = ours.state_dict()
    assert [array.shape for array in own.values()] == [array.shape for array in state]
    ours.load_state_dict(dict(zip(own, state, strict=True)))
    x = np.random.default_rng(1).random((5, 1, side, side), dtype=np.float32)
    with torch.no_grad():
        expected = theirs(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(ours(x), expected, rtol=1e-4, atol=1e-4)
