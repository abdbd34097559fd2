"""The suites of all optimisers run once for each."""

import pytest
from optimizer_cases import OPTIMIZERS


@pytest.fixture(params=OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def make(request):
    return request.param
