"""Which clusters submissions may be sent to: this machine's own, or one that is encrypted."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from grading.engine.checker_process import CheckerUnavailable

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_SECONDS = 30
# Dask warns of tasks larger than 10 MB; a submission may be 40.
_LARGEST_TASK = "100MB"
_CERTIFICATES = (
    "Dask reads where the certificates are from its configuration, distributed.comm.tls, or from the "
    "variables DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__TLS__CLIENT__CERT and …__TLS__CLIENT__KEY"
)


class ClusterAddressError(ValueError):
    """Submissions must not be sent to this address; the text says the way out."""


def checked_address(address: str) -> str:
    """Return the address of a scheduler if what is sent there cannot be read on the way.

    Parameters
    ----------
    address : str
        For example ``"tls://grading.example.org:8786"``, or ``"tcp://127.0.0.1:8786"``.

    Raises
    ------
    ClusterAddressError
        If it is not an address, or one without encryption on another machine.
    """
    try:
        parts = urlsplit(address)
        complete = bool(parts.hostname and parts.port)
    except ValueError:
        complete = False
    if not complete or parts.scheme not in ("tcp", "tls"):
        raise ClusterAddressError(
            f"cluster is {address!r}; expected the address of a Dask scheduler, like "
            "tls://grading.example.org:8786, or tcp://127.0.0.1:8786 on this machine"
        )
    if not _encrypted_or_here(address):
        raise ClusterAddressError(
            f"{address} is on another machine and not encrypted: submissions, solutions and scores could be "
            "read and changed on the way. Start scheduler and workers with --protocol tls and name the "
            "cluster tls://…"
        )
    return address


def refuse_open_workers(workers: Iterable[str]) -> None:
    """Refuse a cluster whose workers on other machines are not encrypted.

    Raises
    ------
    ClusterAddressError
        Naming the first of them.
    """
    for worker in workers:
        if not _encrypted_or_here(worker):
            raise ClusterAddressError(
                f"the worker {worker} is on another machine and not encrypted: submissions could be read and "
                "scores changed on the way. Start scheduler and workers with --protocol tls"
            )


def connect(address: str) -> Client:
    """Return a connection to a scheduler.

    Parameters
    ----------
    address : str
        As `checked_address` wants it.

    Raises
    ------
    ClusterAddressError
        If it must not be used.
    CheckerUnavailable
        If nobody answers there, Dask is not installed, or the certificates are missing.
    """
    checked_address(address)
    try:
        import dask
        from distributed import Client, Security
    except ModuleNotFoundError as problem:
        raise CheckerUnavailable(
            f"{problem.name} is not installed. Grading on a cluster needs: "
            "pip install 'neural-network-training-course[instructor,cluster]', here and on the workers"
        ) from problem
    dask.config.set({
        "distributed.admin.large-graph-warning-threshold": _LARGEST_TASK,
        # Dask keeps the last thousand messages for its developers: a thousand submissions.
        "distributed.admin.low-level-log-length": 0,
    })  # fmt: skip
    encrypted = address.startswith("tls://")
    security = Security(require_encryption=True) if encrypted else Security()
    try:
        return Client(
            address, security=security, timeout=_CONNECT_SECONDS, set_as_default=False, name="course-grade"
        )
    except (OSError, TypeError, ValueError, RuntimeError) as problem:
        # What Dask raises where certificates are missing differs between its versions.
        hint = f". {_CERTIFICATES}" if encrypted else ". Start one with `dask scheduler --host 127.0.0.1`"
        raise CheckerUnavailable(
            f"there is no Dask scheduler to talk to at {address}: {problem}{hint}"
        ) from problem


def _encrypted_or_here(address: str) -> bool:
    parts = urlsplit(address)
    if parts.scheme == "tls":
        return True
    if parts.scheme != "tcp":
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
