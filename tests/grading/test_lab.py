"""The lectures are found where they are, handed out without solutions, and opened as the user may run it."""

import json
import os
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import grading.cli
from grading.lab import LECTURES, START, find_lectures, handed_out, jupyter_command, jupyter_environment

runner = CliRunner()


def test_the_lectures_of_this_clone_are_found():
    assert (find_lectures() / "05_convolution.ipynb").is_file()


def test_without_a_clone_the_installed_ones_are_found_and_none_is_said(tmp_path):
    clone, share = tmp_path / "clone", tmp_path / "share"
    clone.mkdir()
    share.mkdir()
    with pytest.raises(FileNotFoundError, match="neither at .*clone nor at .*share"):
        find_lectures((clone, share))
    (share / "01_first.ipynb").touch()
    assert find_lectures((clone, share)) == share
    (clone / "01_first.ipynb").touch()
    assert find_lectures((clone, share)) == clone


def test_lectures_come_as_they_are_and_assignments_without_solutions():
    course = handed_out()
    lecture = find_lectures() / "05_convolution.ipynb"
    assert course["lectures/05_convolution.ipynb"] == lecture.read_bytes()
    assignment = course["assignments/convolution/convolution.ipynb"].decode()
    assert "SOLUTION" not in assignment
    assert "raise NotImplementedError()" in assignment
    assert "def convolve1d(" in assignment


@pytest.mark.skipif(os.name == "nt", reason="there it is a child process")
def test_the_command_makes_a_copy_and_serves_that(monkeypatch, tmp_path):
    started = {}

    def become(path, command, environment):
        started.update(command=command, environment=environment, place=Path.cwd())

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "execve", become)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    made = runner.invoke(
        grading.cli.app, ["lab", "--dir", str(tmp_path / "mine"), "--no-browser", "--port", "0"]
    )
    assert made.exit_code == 0, made.output
    assert f"--ServerApp.root_dir={tmp_path / 'mine'}" in started["command"]
    assert started["place"] == tmp_path / "mine"
    assert (tmp_path / "mine" / "lectures" / "05_convolution.ipynb").is_file()
    settings = Path(started["environment"]["JUPYTER_CONFIG_PATH"].split(os.pathsep)[-1])
    overrides = json.loads((settings / "labconfig" / "default_setting_overrides.json").read_text())
    assert overrides["@jupyterlab/docmanager-extension:plugin"]["autosaveInterval"] <= 10
    started.clear()
    again = runner.invoke(grading.cli.app, ["lab", "--dir", str(tmp_path / "mine"), "--no-start"])
    assert "up to date" in again.output
    assert started == {}


def test_jupyterlab_takes_the_short_interval_for_its_default(monkeypatch, tmp_path):
    from jupyterlab_server.settings_utils import _get_overrides

    for name, value in jupyter_environment({"JUPYTER_CONFIG_PATH": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    overrides, problem = _get_overrides(str(tmp_path))
    assert not problem
    assert overrides["@jupyterlab/docmanager-extension:plugin"]["autosaveInterval"] == 5


def test_terminals_and_notebooks_find_the_course_command_of_this_environment():
    path = jupyter_environment({"PATH": f"/elsewhere{os.pathsep}/far"})["PATH"].split(os.pathsep)
    assert path[1:] == ["/elsewhere", "/far"]
    assert Path(path[0]) == Path(sys.executable).parent
    assert len(jupyter_environment({})["PATH"].split(os.pathsep)) > 1


def test_an_ordinary_user_gets_a_plain_command(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    command = jupyter_command(tmp_path, port=0, browser=False, allow_root=False)
    assert command[:4] == [sys.executable, "-P", "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert "--no-browser" in command
    assert "--allow-root" not in command


def test_the_notebook_to_begin_with_opens_first_where_it_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    opening = f"--LabApp.default_url=/lab/tree/{LECTURES}/{START}"
    assert opening not in jupyter_command(tmp_path, port=0, browser=True, allow_root=False)
    (tmp_path / LECTURES).mkdir()
    (tmp_path / LECTURES / START).touch()
    assert opening in jupyter_command(tmp_path, port=0, browser=True, allow_root=False)
    assert (find_lectures() / START).is_file()


def test_root_is_told_and_may_insist(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    with pytest.raises(PermissionError, match="course lab --allow-root"):
        jupyter_command(tmp_path, port=1, browser=True, allow_root=False)
    assert "--allow-root" in jupyter_command(tmp_path, port=1, browser=True, allow_root=True)
