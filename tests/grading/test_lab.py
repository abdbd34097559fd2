"""The lectures are found where they are, and JupyterLab is asked for as the user may run it."""

import os
import sys

import pytest

from grading.lab import START, find_lectures, jupyter_command


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


def test_an_ordinary_user_gets_a_plain_command(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    command = jupyter_command(tmp_path, port=0, browser=False, allow_root=False)
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={tmp_path}" in command
    assert "--no-browser" in command
    assert "--allow-root" not in command


def test_the_notebook_to_begin_with_opens_first_where_it_is_there(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    opening = f"--LabApp.default_url=/lab/tree/{START}"
    assert opening not in jupyter_command(tmp_path, port=0, browser=True, allow_root=False)
    (tmp_path / START).touch()
    assert opening in jupyter_command(tmp_path, port=0, browser=True, allow_root=False)
    assert (find_lectures() / START).is_file()


def test_root_is_told_and_may_insist(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(PermissionError, match="course lab --allow-root"):
        jupyter_command(tmp_path, port=1, browser=True, allow_root=False)
    assert "--allow-root" in jupyter_command(tmp_path, port=1, browser=True, allow_root=True)
