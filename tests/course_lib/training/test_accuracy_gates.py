"""What small nets reach on real data, seeds fixed."""

import numpy as np
import pytest

from benchmarks.small_nets import LESSONS, our_accuracy

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)
def test_the_net_reaches_what_the_course_promises(lesson):
    assert np.mean([our_accuracy(lesson, seed) for seed in range(lesson.seeds)]) >= lesson.accuracy
