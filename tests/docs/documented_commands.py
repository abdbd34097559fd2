"""What documents tell their readers to type: blocks of shell commands, and files to save."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"\s+#\s.*$")


@dataclass(frozen=True)
class Block:
    """A fenced block of a document."""

    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """Its lines without comments; none if it is no shell block."""
        if self.language != "sh":
            return []
        return [line for line in (_COMMENT.sub("", line).strip() for line in self.text.splitlines()) if line]

    @property
    def file(self) -> str:
        """The file that a Python block is to be saved as, which its first line says."""
        return self.text.splitlines()[0].removeprefix("# ")


def blocks(document: Path) -> list[Block]:
    """Return the fenced blocks of a Markdown file in their order."""
    return [Block(found["language"], found["text"]) for found in _BLOCK.finditer(document.read_text("utf-8"))]


def shell(home: Path) -> dict[str, str]:
    """Return an environment in which ``course`` and ``python`` are this clone's, and ~ is `home`."""
    programs = home / ".programs"
    programs.mkdir(exist_ok=True)
    for name, command in (("course", "-m grading.cli"), ("pip", "-m pip"), ("python", "")):
        script = programs / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return os.environ | {
        "HOME": str(home),
        # What is opened in a browser is found by it, and shown to nobody.
        "BROWSER": "true",
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": paths,
    }


def run(commands: list[str], home: Path, folder: Path) -> str:
    """Run lines in one shell that stops at the first failure; returns what was printed."""
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(commands)],
        cwd=folder,
        env=shell(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, f"{commands} ended with {result.returncode}:\n{result.stdout}"
    return result.stdout
