"""Runs Sphinx on what was gathered."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from tools.site.staging import ROOT, stage


class SiteError(Exception):
    """Sphinx did not build the site."""


def build(output: Path, lectures: Collection[str] | None = None, kept: Path | None = None) -> Path:
    """Build the site.

    Parameters
    ----------
    output : Path
        Folder for the pages (``html``), what they are made of (``source``) and executed lectures.
    lectures : collection of str, optional
        Which lectures are executed, all if not given.
    kept : Path, optional
        Where executed lectures are kept instead: two sites can share them.

    Returns
    -------
    Path
        The folder of the pages.

    Raises
    ------
    SiteError
        If Sphinx fails; with what it said.
    """
    output = output.resolve()
    stage(output / "source", kept or output / "executed", lectures)
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-E", "-d", str(output / "doctrees")]
    command += ["-w", str(output / "warnings.txt"), str(output / "source"), str(output / "html")]
    # From the root of the clone: there the reference finds the library and Sphinx this package.
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SiteError(f"Sphinx ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    # A part of the theme's own template, which is no page.
    (output / "html" / "_static" / "webpack-macros.html").unlink(missing_ok=True)
    return output / "html"
