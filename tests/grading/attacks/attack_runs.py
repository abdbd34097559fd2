"""Starts the grading of an attacked class as a process of its own, for any user."""

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

import pytest
from world import SCENARIOS

from grading.demo.scenario_files import read_scenarios

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[2]
NOBODY = 65534
ATTACKS = read_scenarios(SCENARIOS)
QUICK = [scenario.name for scenario in ATTACKS if not scenario.expected.slow]
SLOW = [scenario.name for scenario in ATTACKS if scenario.expected.slow]


def grade_attacks(
    names: list[str], *, uid: int, seconds: float, all_pages: bool = True, readable: bool = False
) -> dict:
    """Grade the scenarios of these names as a user, and return the report of `attacked_class.py`.

    With an interpreter that is ``readable`` for everybody, root gives every sandbox a uid of its own.
    """
    with tempfile.TemporaryDirectory(prefix="attacked-") as directory:
        # pytest's own directories are closed to other users.
        os.chmod(directory, 0o755)
        own = uid == os.geteuid() and not readable
        python = Path(sys.executable) if own else readable_interpreter(Path(directory))
        root = Path(directory) / "world"
        root.mkdir()
        os.chown(root, uid, uid)
        order = {"root": str(root), "uid": uid, "names": names, "all_pages": all_pages}
        order["path"] = [str(PROJECT), str(HERE.parent), str(HERE)]
        order_path = Path(directory) / "order.json"
        order_path.write_text(json.dumps(order))
        run = subprocess.run(
            [python, "-I", HERE / "attacked_class.py", order_path],
            capture_output=True,
            text=True,
            timeout=seconds,
            env=os.environ | {"PATH": f"{python.parent}:{os.environ['PATH']}"},
        )
        assert run.returncode == 0, run.stderr[-3000:]
        return json.loads((root / "report.json").read_text())


def readable_interpreter(directory: Path) -> Path:
    """Make a virtual environment over an interpreter that any user can read, with this one's packages."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    site = Path(sysconfig.get_path("purelib"))
    for candidate in (
        Path(sys._base_executable),
        Path(f"/usr/bin/python{version}"),
        Path(f"/usr/local/bin/python{version}"),
    ):
        if candidate.exists() and all(map(_everybody_can_reach, (candidate.resolve(), site))):
            break
    else:
        pytest.skip(f"no Python {version} here that another user could read")
    venv = directory / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "lib" / f"python{version}").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(candidate)
    (venv / "lib" / f"python{version}" / "site-packages").symlink_to(site)
    (venv / "pyvenv.cfg").write_text(f"home = {candidate.parent}\ninclude-system-site-packages = false\n")
    (venv / "share").symlink_to(Path(sys.prefix) / "share")
    # nbgrader starts this program to make a gradebook; the environment's own has an unreadable interpreter.
    alembic = venv / "bin" / "alembic"
    alembic.write_text(
        f"#!{venv / 'bin' / 'python'}\nfrom alembic.config import main\nmain(prog='alembic')\n"
    )
    alembic.chmod(0o755)
    return venv / "bin" / "python"


def _everybody_can_reach(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents) and bool(path.stat().st_mode & 0o004)
