"""nbgrader as a library: the class's configuration, and converters run with their log kept."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from typing import Any

from nbgrader.coursedir import CourseDirectory
from sqlalchemy import make_url
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from grading.engine.class_directory import CONFIG_NAME, ClassDirectory

_LOGGER = "grading.nbgrader"


class NbgraderError(Exception):
    """nbgrader refused to do its part; the text holds what it logged."""


def class_config(directory: ClassDirectory) -> Config:
    """Return the configuration in the class's ``nbgrader_config.py``.

    Parameters
    ----------
    directory : ClassDirectory
        The class.

    Raises
    ------
    NbgraderError
        If the file cannot be executed.
    """
    try:
        return PyFileConfigLoader(CONFIG_NAME, path=str(directory.root)).load_config()
    except Exception as problem:  # noqa: BLE001 - the file is the instructor's own Python
        raise NbgraderError(f"{directory.root / CONFIG_NAME} cannot be loaded: {problem!r}") from problem


def course_directory(config: Config, directory: ClassDirectory, **settings: str) -> CourseDirectory:
    """Return nbgrader's view of the class.

    Parameters
    ----------
    config : Config
        From `class_config`.
    directory : ClassDirectory
        The class.
    **settings : str
        ``assignment_id``, ``student_id``, ``notebook_id``.
    """
    view = CourseDirectory(config=config)
    view.root = str(directory.root)
    for name, value in settings.items():
        setattr(view, name, value)
    return view


def run_converter(converter: Any) -> str:  # noqa: ANN401 - any of nbgrader's converters
    """Run one of nbgrader's converters and return what it logged.

    Raises
    ------
    NbgraderError
        If it failed; with the end of its log.
    """
    with captured_log(converter) as log:
        try:
            converter.start()
        except Exception as problem:  # noqa: BLE001 - whatever nbgrader or a plugin raises is its refusal
            tail = "\n".join(log.getvalue().strip().splitlines()[-15:])
            raise NbgraderError(f"{type(converter).__name__} failed: {problem}\n{tail}".strip()) from problem
        return log.getvalue()


def gradebook_address(config: Config, directory: ClassDirectory) -> str:
    """Return where the class's gradebook is, for people: its file, or its server without the password."""
    address = make_url(course_directory(config, directory).db_url)
    if address.get_backend_name() == "sqlite" and address.database:
        return address.database
    return address.render_as_string(hide_password=True)


@contextlib.contextmanager
def scripts_on_path() -> Iterator[None]:
    """Let nbgrader find `alembic`, which it executes by name, in an environment that is not activated."""
    before = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = os.pathsep.join([*_script_folders(), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def add_scripts_to_path() -> None:
    """Let the rest of this process find `alembic` where nothing of the kind is found yet."""
    if shutil.which("alembic") is None:
        os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), *_script_folders()])


def _script_folders() -> list[str]:
    """Return where pip puts commands: beside the interpreter, of this environment, of this user."""
    user = sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user"))
    return list(dict.fromkeys([os.path.dirname(sys.executable), sysconfig.get_path("scripts"), user]))


@contextlib.contextmanager
def captured_log(*loggers: Any) -> Iterator[io.StringIO]:  # noqa: ANN401 - anything with a settable ``log``
    """Send what nbgrader objects log into memory instead of onto the terminal.

    Parameters
    ----------
    *loggers : object
        Configurable objects with a ``log`` trait.

    Yields
    ------
    io.StringIO
        Filled while the body runs.
    """
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    logger = logging.getLogger(_LOGGER)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.addHandler(handler)
    for item in loggers:
        item.log = logger
    # nbgrader's database code logs tracebacks there of what it raises anyway.
    noisy = logging.getLogger("tornado.application")
    before, heard = os.getcwd(), noisy.disabled
    noisy.disabled = True
    try:
        with scripts_on_path():
            yield text
    finally:
        noisy.disabled = heard
        os.chdir(before)
        logger.removeHandler(handler)
