"""PyTorch where it is installed (and not hidden by ``BENCHMARK_WITHOUT_TORCH=1``), otherwise None.

It is imported before the kernels are loaded, as these shorten how long waiting OpenMP threads spin: PyTorch
shall run as it does by itself.
"""

import os

HIDE = "BENCHMARK_WITHOUT_TORCH"

torch = TF = None
if not os.environ.get(HIDE):
    try:
        import torch
        import torch.nn.functional as TF
    except ImportError:
        torch = TF = None


def tensors(*arrays: object) -> list:
    """Share arrays with PyTorch; give None for each of them without it."""
    return [torch.from_numpy(each) if torch else None for each in arrays]


def opponents(calls: dict) -> dict:
    """Keep the calls if PyTorch is there to answer them."""
    return calls if torch else {}
