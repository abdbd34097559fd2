"""Where the tests' own servers and kernels listen, so that nobody takes their place while they start.

A port that the system hands out is free when it is asked for; until it is used, another process may have got
it. Of hundreds of servers and kernels that start beside each other, some would find theirs taken.
"""

from __future__ import annotations

import random
import socket

# The system hands out others.
_PORTS = range(15000, 30000)
_TRIES = 100

# For the configuration of a command that runs notebooks one after another: their kernels listen on files.
KERNELS_ON_FILES = """
import atexit, shutil, tempfile
sockets = tempfile.mkdtemp(prefix="kernel-")
atexit.register(shutil.rmtree, sockets, ignore_errors=True)
c.KernelManager.transport = "ipc"
c.KernelManager.connection_file = sockets + "/kernel.json"
"""


def free_port() -> int:
    """Return a port that no server of this machine has, and that the system gives to nobody unasked."""
    for port in random.SystemRandom().sample(_PORTS, _TRIES):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError(f"none of {_TRIES} ports from {_PORTS.start} to {_PORTS.stop - 1} is free")
