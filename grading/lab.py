"""Where the lectures are, and the command that opens JupyterLab on them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

START = "00_start_here.ipynb"


def lecture_places() -> tuple[Path, ...]:
    """Return where lectures may lie: in a clone beside the package, else in the environment's share/."""
    return (
        Path(__file__).resolve().parent.parent / "notebooks",
        Path(sys.prefix) / "share" / "neural-network-training-course" / "notebooks",
    )


def find_lectures(places: tuple[Path, ...] | None = None) -> Path:
    """Return the directory with the lectures.

    Raises
    ------
    FileNotFoundError
        If no place has any.
    """
    places = lecture_places() if places is None else places
    for place in places:
        if any(place.glob("*.ipynb")):
            return place
    looked = " nor at ".join(map(str, places))
    raise FileNotFoundError(f"the lectures are neither at {looked}; install the course again")


def jupyter_command(lectures: Path, *, port: int, browser: bool, allow_root: bool) -> list[str]:
    """Return the command that serves the lectures, and opens the one to begin with where it is there.

    Raises
    ------
    PermissionError
        If the caller is root and did not say that this is meant: whoever reaches such a server is root, too.
    """
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={lectures}", f"--port={port}"]
    if (lectures / START).is_file():
        command.append(f"--LabApp.default_url=/lab/tree/{START}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        if not allow_root:
            raise PermissionError(
                "JupyterLab does not run as root unless told to: in a container, use course lab --allow-root"
            )
        command.append("--allow-root")
    return command if browser else [*command, "--no-browser"]
