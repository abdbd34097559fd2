"""A learner on Windows, where the plain wheel goes: a Python is left without what only POSIX has."""

import os
import subprocess
import sys

import pytest

MODULES = ("fcntl", "grp", "pty", "resource", "syslog", "termios", "tty")
NAMES = (
    "O_CLOEXEC",
    "O_DIRECTORY",
    "O_NOCTTY",
    "O_NOFOLLOW",
    "O_NONBLOCK",
    "fchmod",
    "fork",
    "getpgid",
    "geteuid",
)
SIGNALS = ("SIGALRM", "SIGHUP", "SIGKILL", "setitimer", "pthread_sigmask")
TAKEN_AWAY = f"""
import asyncio, os, signal, subprocess, sys, tempfile
import IPython, jupyter_client, matplotlib.pyplot, nbformat, typer

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in {MODULES}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

for name in {MODULES}:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Missing())
for module, names in ((os, {NAMES}), (signal, {SIGNALS})):
    for name in names:
        delattr(module, name)
os.supports_dir_fd.clear()
"""
DAY = """
import json, pathlib
from typer.testing import CliRunner
from grading.cli import app

def course(*arguments):
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output

copy = pathlib.Path("copy").absolute()
assert course("lab", "--dir", str(copy), "--no-start")[0] == 0
os.chdir(copy / "assignments" / "optimisers")
path = pathlib.Path("optimisers.ipynb")

def answer(text):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    marks = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in notebook["cells"]]
    cell = notebook["cells"][marks.index("sgd_step")]
    was, cell["source"] = cell["source"], text
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return was

handed_out = answer("def sgd_step(theta, grad, lr):\\n    return theta - lr * grad")
from grading import check, reset
assert check("sgd_step", {"sgd_step": lambda theta, grad, lr: theta - lr * grad}).status == "passed"
assert check("sgd_step", {"sgd_step": lambda theta, grad, lr: theta + lr * grad}).status == "failed"
reset("sgd_step", path)
assert answer("") == handed_out
assert "1 of  16 checks passed" in course("progress")[1]
sys.platform = "win32"
for command in (("check", str(path)), ("solution", str(path), "sgd_step")):
    code, said = course(*command)
    assert code == 2 and "WSL" in said, (command, said)
"""


@pytest.mark.skipif(os.name == "nt", reason="there nothing is to be taken away")
def test_a_learner_needs_nothing_that_only_posix_has(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", TAKEN_AWAY + DAY], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
