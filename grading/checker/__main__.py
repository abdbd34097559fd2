"""`python -I -m grading.checker`: the checker process that the engine starts in an empty directory."""

import os
import sys

# Before NumPy is loaded: a process that forks must not have BLAS threads.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["MPLBACKEND"] = "agg"


def main() -> int:
    """Serve the engine over the standard descriptors until it closes them."""
    # The protocol gets descriptors of its own; whatever a library prints goes to the log.
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    from grading.checker.server import serve

    return serve(reading, writing)


if __name__ == "__main__":
    sys.exit(main())
