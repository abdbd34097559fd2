"""The sandbox as root with another uid and as an ordinary user, with an interpreter that all can read."""

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534
PROJECT = Path(__file__).resolve().parents[3]

SCRIPT = """
import json, os, sys, tempfile
sys.path.insert(0, {project!r})
if {uid} and os.geteuid() == 0:
    os.setgroups([]); os.setresgid({uid}, {uid}, {uid}); os.setresuid({uid}, {uid}, {uid})
from grading.checker.sandbox_client import Limits, SandboxDied, SandboxServer
from grading.sandbox.probes import probe
root = tempfile.mkdtemp()
os.chmod(root, 0o711)
policy = {{"packages": ["numpy", "matplotlib", "ipython"]}}
with SandboxServer.start(policy, Limits(memory_bytes=512 << 20), root) as server:
    answer = {{"layers": server.layers, "failed": [str(r) for r in probe(server) if not r.held]}}
    with server.open() as session:
        cell = "import os, numpy as np\\nopen('f', 'w').write('x')\\nos.mkdir('d', 0)\\nos.getuid()"
        answer["uid"] = session.run_cell(cell).outputs[0]["data"]["text/plain"]
    with server.open() as session:
        try:
            bomb = "import threading, time\\nthreading.stack_size(1 << 16)\\nwhile True:\\n"
            bomb += "    threading.Thread(target=time.sleep, args=(60,)).start()"
            answer["bomb"] = str(session.run_cell(bomb).error)
        except SandboxDied as error:
            answer["bomb"] = error.reason
answer["left"] = os.listdir(root)
os.rmdir(root)
print(json.dumps(answer))
"""


@pytest.fixture
def reachable() -> Iterator[Path]:
    """Make a temporary directory that every user can enter, which pytest's own is not."""
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        yield Path(directory)


def _readable_interpreter(directory: Path) -> Path:
    """Make a virtual environment over an interpreter that any user can read, with this one's packages."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    site = Path(sysconfig.get_path("purelib"))
    candidates = [
        Path(sys._base_executable),
        Path(f"/usr/bin/python{version}"),
        Path(f"/usr/local/bin/python{version}"),
    ]
    for candidate in candidates:
        if (
            not candidate.exists()
            or not _everybody_can_reach(candidate.resolve())
            or not _everybody_can_reach(site)
        ):
            continue
        asked = "import sys; print(sys.base_prefix, sys.version_info[:2])"
        done = subprocess.run([candidate, "-I", "-c", asked], capture_output=True, text=True, timeout=60)
        if done.returncode == 0 and str(sys.version_info[:2]) in done.stdout:
            break
    else:
        pytest.skip(f"no Python {version} here that another user could read")
    venv = directory / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "lib" / f"python{version}").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(candidate)
    (venv / "lib" / f"python{version}" / "site-packages").symlink_to(site)
    (venv / "pyvenv.cfg").write_text(f"home = {candidate.parent}\ninclude-system-site-packages = false\n")
    return venv / "bin" / "python"


def _everybody_can_reach(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.parents) and bool(path.stat().st_mode & 0o004)


def _run(python: Path, uid: int) -> dict:
    source = SCRIPT.format(project=str(PROJECT), uid=uid)
    done = subprocess.run([python, "-I", "-c", source], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
class TestUsers:
    def _check(self, answer: dict) -> None:
        missing = {layer for layer, state in answer["layers"].items() if state != "held"}
        assert missing <= {"uid"}
        assert answer["failed"] == []
        assert "thread" in answer["bomb"]
        assert answer["left"] == []

    def test_ordinary_user(self, reachable: Path) -> None:
        answer = _run(_readable_interpreter(reachable), NOBODY)
        self._check(answer)
        assert answer["layers"]["uid"] == "missing: only root can change its uid"
        assert answer["uid"] == str(os.getuid() or NOBODY)

    @pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
    def test_root_gives_sessions_a_uid_of_their_own(self, reachable: Path) -> None:
        answer = _run(_readable_interpreter(reachable), 0)
        self._check(answer)
        assert answer["layers"]["uid"] == "held"
        assert 61184 <= int(answer["uid"]) < 65536

    @pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
    def test_root_without_that_possibility_says_why(self, reachable: Path) -> None:
        closed = reachable / "closed"
        closed.mkdir(mode=0o700)
        python = _readable_interpreter(closed)
        closed.chmod(0o700)
        answer = _run(python, 0)
        self._check(answer)
        assert "missing" in answer["layers"]["uid"]
        assert answer["uid"] == "0"
