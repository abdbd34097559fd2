"""What the course hands out to a learner, and the command that opens JupyterLab on their copy of it."""

from __future__ import annotations

import json
import os
import site
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

LECTURES, ASSIGNMENTS = "lectures", "assignments"
START = "00_start_here.ipynb"
# JupyterLab saves every two minutes unless told otherwise: a kill is to cost no more than the current cell.
_SETTINGS = Path(__file__).resolve().parent / "lab_settings"
_SHARE = Path("share", "neural-network-training-course", "notebooks")


def lecture_places() -> tuple[Path, ...]:
    """Return where lectures may lie: in a clone beside the package, else where wheels put shared files."""
    package = Path(__file__).resolve().parent.parent
    places = [package / "notebooks", Path(sys.prefix) / _SHARE, package / _SHARE]
    if site.USER_BASE:
        places.append(Path(site.USER_BASE) / _SHARE)
    return tuple(places)


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


def handed_out(lectures: Path | None = None) -> dict[str, bytes]:
    """Return what a learner's copy of the installed course holds, by its place there.

    Parameters
    ----------
    lectures : Path, optional
        The directory with the lectures.

    Returns
    -------
    dict of str to bytes
        The lectures, and the assignments as students get them with the files beside them.

    Raises
    ------
    FileNotFoundError
        If there are no lectures.
    """
    from grading.engine.shipped import shipped_assignments, shipped_source
    from grading.engine.students_version import students_version

    found = {
        f"{LECTURES}/{path.name}": path.read_bytes()
        for path in sorted((find_lectures() if lectures is None else lectures).glob("*.ipynb"))
    }
    for assignment in shipped_assignments():
        source = shipped_source(assignment)
        for path in sorted(source.rglob("*")):
            place = path.relative_to(source)
            if not path.is_file() or any(part.startswith((".", "__")) for part in place.parts):
                continue
            data = path.read_bytes()
            if path.suffix == ".ipynb":
                made = json.dumps(students_version(json.loads(data)), indent=1, ensure_ascii=False)
                data = (made + "\n").encode("utf-8")
            found[f"{ASSIGNMENTS}/{assignment}/{place.as_posix()}"] = data
    return found


def jupyter_command(copy: Path, *, port: int, browser: bool, allow_root: bool) -> list[str]:
    """Return the command that serves a copy, and opens the notebook to begin with where it is there.

    Raises
    ------
    PermissionError
        If the caller is root and did not say that this is meant: whoever reaches such a server is root, too.
    """
    # -P: what lies in the directory that this is called from is not to be taken for a module.
    command = [sys.executable, "-P", "-m", "jupyterlab", f"--ServerApp.root_dir={copy}", f"--port={port}"]
    # Notes on extensions and signatures look like trouble to a newcomer; where to go is still printed.
    command += [f"--{part}.log_level=ERROR" for part in ("Application", "LabApp")]
    if (copy / LECTURES / START).is_file():
        command.append(f"--LabApp.default_url=/lab/tree/{LECTURES}/{START}")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        if not allow_root:
            raise PermissionError(
                "JupyterLab does not run as root unless told to: in a container, use course lab --allow-root"
            )
        command.append("--allow-root")
    return command if browser else [*command, "--no-browser"]


def jupyter_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which JupyterLab saves every few seconds, and whose terminals find `course`.

    The user's own settings go first. Nobody needs to have activated the environment that the course is in.
    """
    settings = [path for path in environment.get("JUPYTER_CONFIG_PATH", "").split(os.pathsep) if path]
    programs = [path for path in environment.get("PATH", os.defpath).split(os.pathsep) if path]
    return {
        **environment,
        "JUPYTER_CONFIG_PATH": os.pathsep.join([*settings, str(_SETTINGS)]),
        "PATH": os.pathsep.join([sysconfig.get_path("scripts"), *programs]),
    }
