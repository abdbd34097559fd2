"""Entry point of the sandbox server: ``python -I -m grading.sandbox``, control socket on descriptor 3."""

import sys

from grading.sandbox.server import main

if __name__ == "__main__":
    sys.exit(main())
