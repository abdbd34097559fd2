"""Which layers of isolation hold on this machine, found out by attacking each."""

from __future__ import annotations

from dataclasses import dataclass

from grading.engine.checker_process import COMMAND, CheckerProcess, CheckerSettings


@dataclass(frozen=True)
class Probe:
    """One attack on one layer.

    Attributes
    ----------
    name : str
        What was tried.
    layer : str
        What should stop it.
    held : bool
        Whether it was stopped.
    detail : str
        What happened.
    """

    name: str
    layer: str
    held: bool
    detail: str


def probe_isolation(*, command: tuple[str, ...] = COMMAND) -> list[Probe]:
    """Attack every layer of the sandbox and return what held.

    Parameters
    ----------
    command : tuple of str, optional
        The checker to execute.

    Returns
    -------
    list of Probe
        In the order of the layers.

    Raises
    ------
    CheckerUnavailable
        If the checker cannot be started or does not know the probes.
    """
    raw = CheckerProcess(CheckerSettings("", "", "", command=command)).probe()
    return [
        Probe(
            name=str(item.get("name", "")),
            layer=str(item.get("layer", "")),
            # Only a plain True counts: a probe that did not finish proves nothing.
            held=item.get("held") is True,
            detail=str(item.get("detail", "")),
        )
        for item in raw
    ]
