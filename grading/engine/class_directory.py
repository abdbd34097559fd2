"""A class directory: stock nbgrader layout, plus what the engine remembers in ``.course``."""

from __future__ import annotations

import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import grading
from grading.engine.class_config import config_text, hand_over_text
from grading.engine.safe_files import write_atomically
from grading.results import NotebookResult

STEPS = ("source", "release", "submitted", "autograded", "feedback")
CONFIG_NAME = "nbgrader_config.py"
_KEY_BYTES = 32
_MOVED_STEPS = re.compile(
    rf"^[ \t]*c\.CourseDirectory\.(?P<name>directory_structure|(?:{'|'.join(STEPS)})_directory)\b",
    re.MULTILINE,
)


class ClassDirectoryError(Exception):
    """The class directory is missing, unusable or in the wrong place; the text says the way out."""


@dataclass(frozen=True)
class ClassDirectory:
    """Where everything of one class lies.

    Attributes
    ----------
    root : Path
        Absolute path of the directory.
    """

    root: Path

    @classmethod
    def create(cls, directory: str | os.PathLike[str]) -> ClassDirectory:
        """Make a new class directory, empty and ready for ``course release``.

        Parameters
        ----------
        directory : path
            A directory that does not exist yet, or is empty.

        Returns
        -------
        ClassDirectory
            The new directory.

        Raises
        ------
        ClassDirectoryError
            If the place is taken, or inside the repository.
        """
        root = Path(directory).expanduser().resolve()
        repository = _repository()
        if repository is not None and root.is_relative_to(repository):
            raise ClassDirectoryError(
                f"{root} is inside the course's repository {repository}. Submissions and grades must not be "
                f"where they can be committed: choose a place outside, like {repository.parent / 'my-class'}"
            )
        if root.exists() and not root.is_dir():
            raise ClassDirectoryError(f"{root} is a file. Choose the name of a new or empty directory")
        if root.is_dir() and any(root.iterdir()):
            hint = (
                "it is a class directory already: use it as it is"
                if (root / CONFIG_NAME).exists()
                else "choose another"
            )
            raise ClassDirectoryError(f"{root} is not empty ({hint})")
        for step in STEPS:
            (root / step).mkdir(parents=True, exist_ok=True)
        made = cls(root)
        made.memory.mkdir(mode=0o700)
        write_atomically(made.key_path, secrets.token_hex(_KEY_BYTES).encode() + b"\n", mode=0o600)
        write_atomically(root / CONFIG_NAME, config_text(root.name).encode())
        return made

    @classmethod
    def adopt(cls, directory: str | os.PathLike[str]) -> ClassDirectory:
        """Take over a class directory of stock nbgrader: it gets a key, and its configuration a hand-over.

        Everything else stays as it is: sources, releases, submissions, gradebook.

        Parameters
        ----------
        directory : path
            A directory with an ``nbgrader_config.py``; one that was adopted before is opened.

        Returns
        -------
        ClassDirectory
            The directory.

        Raises
        ------
        ClassDirectoryError
            If it is no class directory, or keeps its steps elsewhere than nbgrader does by default.
        """
        root = Path(directory).expanduser().resolve()
        adopted = cls(root)
        config = root / CONFIG_NAME
        if not config.is_file():
            raise ClassDirectoryError(
                f"{root} has no {CONFIG_NAME}, so it is no class directory of nbgrader. "
                "Make a new one with `course init DIR`"
            )
        text = config.read_text(encoding="utf-8")
        if moved := _MOVED_STEPS.search(text):
            raise ClassDirectoryError(
                f"{config} sets {moved['name']}; the course needs nbgrader's own layout, <step>/<student>/"
                "<assignment>. Move the directories, and take the line out"
            )
        for step in STEPS:
            (root / step).mkdir(exist_ok=True)
        adopted.memory.mkdir(mode=0o700, exist_ok=True)
        if "hand_over" not in text:
            write_atomically(adopted.memory / f"{CONFIG_NAME}.before", text.encode())
            write_atomically(config, (text.rstrip("\n") + "\n" + hand_over_text()).encode())
        if not adopted.key_path.is_file():
            write_atomically(adopted.key_path, secrets.token_hex(_KEY_BYTES).encode() + b"\n", mode=0o600)
        return adopted

    @classmethod
    def open(cls, directory: str | os.PathLike[str] = ".") -> ClassDirectory:
        """Return the class directory at a path.

        Raises
        ------
        ClassDirectoryError
            If it is not one.
        """
        root = Path(directory).expanduser().resolve()
        if not (root / CONFIG_NAME).is_file():
            raise ClassDirectoryError(
                f"{root} is not a class directory (it has no {CONFIG_NAME}). "
                "Make one with `course init DIR`, or name yours with --dir"
            )
        opened = cls(root)
        if not opened.memory.is_dir():
            raise ClassDirectoryError(
                f"{root} is a class directory of stock nbgrader. Take it over with "
                f"`course init --adopt {root}`: it keeps its sources, submissions and gradebook"
            )
        if not opened.key_path.is_file():
            raise ClassDirectoryError(
                f"{root} has no class key ({opened.key_path.relative_to(root)}), so drawn inputs cannot be "
                "repeated. Restore the file from a backup, or make a new class with `course init DIR`"
            )
        return opened

    @property
    def memory(self) -> Path:
        """What the engine remembers: the class key and the results."""
        return self.root / ".course"

    @property
    def key_path(self) -> Path:
        """File of the class key, readable by its owner alone."""
        return self.memory / "class_key"

    @property
    def db_url(self) -> str:
        """SQLAlchemy address of the gradebook, as nbgrader's own default."""
        return f"sqlite:///{self.root / 'gradebook.db'}"

    @property
    def extra_checks(self) -> Path:
        """The instructor's own checks: ``checks/<assignment>/<function>.py``."""
        return self.root / "checks"

    def own_checks(self, assignment: str) -> tuple[str, ...]:
        """Return the folders with the instructor's own checks for an assignment: one, or none."""
        folder = self.extra_checks / assignment
        return (str(folder),) if folder.is_dir() else ()

    def key(self) -> bytes:
        """Return the secret that seeds the drawn inputs of this class.

        Raises
        ------
        ClassDirectoryError
            If the key file was damaged.
        """
        try:
            key = bytes.fromhex(self.key_path.read_text(encoding="ascii").strip())
        except ValueError:
            key = b""
        if len(key) < _KEY_BYTES:
            raise ClassDirectoryError(f"{self.key_path} is damaged; restore it from a backup")
        return key

    def assignment(self, step: str, assignment: str, student: str = ".") -> Path:
        """Return the directory of one assignment in one step (``"submitted"`` …) of nbgrader's layout."""
        return self.root / step / student / assignment

    def notebooks(self, assignment: str) -> list[str]:
        """Return the names, without suffix, of the notebooks of the master assignment.

        Raises
        ------
        ClassDirectoryError
            If the assignment was not released here.
        """
        names = sorted(path.stem for path in self.assignment("source", assignment).glob("*.ipynb"))
        if not names:
            known = sorted(path.name for path in (self.root / "source").iterdir() if path.is_dir())
            listed = f" Assignments here: {', '.join(known)}." if known else ""
            raise ClassDirectoryError(
                f"there is no source/{assignment}/*.ipynb in {self.root}.{listed} "
                f"Release it with `course release {assignment}`"
            )
        return names

    def result_path(self, assignment: str, student: str, notebook: str | None = None) -> Path:
        """Return where the result of one submission is kept (one file a notebook where there are several)."""
        base = self.memory / "results" / assignment
        return base / f"{student}.json" if notebook is None else base / student / f"{notebook}.json"

    def results(self, assignment: str) -> list[NotebookResult]:
        """Return the stored results of an assignment, by student and notebook.

        Raises
        ------
        ClassDirectoryError
            If nothing was graded yet, or a file cannot be understood.
        """
        base = self.memory / "results" / assignment
        found = []
        for path in sorted(base.rglob("*.json")):
            try:
                found.append(NotebookResult.from_dict(json.loads(path.read_text(encoding="utf-8"))))
            except (ValueError, KeyError, TypeError) as problem:
                raise ClassDirectoryError(f"{path} cannot be read: {problem}") from problem
        if not found:
            raise ClassDirectoryError(
                f"nothing of {assignment!r} has been graded here; run `course grade {assignment}`"
            )
        return sorted(found, key=lambda result: (result.student, result.notebook))


def _repository() -> Path | None:
    """Return the clone that this package was imported from, or None where it was installed from a wheel."""
    root = Path(grading.__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").is_file() else None
