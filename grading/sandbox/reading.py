"""What student code may read: the standard library, the libraries of allowed distributions, and listed
project files.

Everything is allowed entry by entry, because a rule on a directory covers all that is below it: the standard
library's directory holds another ``site-packages``, and one ``site-packages`` holds every distribution of the
environment.
"""

from __future__ import annotations

import importlib.machinery
import os
import re
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata

PROJECT_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROJECT_PACKAGES = ("grading", "course_lib")
ALL_PACKAGES = "*"

_FOREIGN_DIRECTORIES = {"site-packages", "dist-packages"}
_SYSTEM_FILES = ("/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom", "/dev/random")
_LIBRARY_DIRECTORIES = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
# Libraries that extension modules are linked against; not all of the system's, since some of those are
# answers.
_SYSTEM_LIBRARIES = re.compile(
    r"(ld-linux[\w.-]*|ld-musl[\w.-]*|lib(c|m|dl|rt|util|pthread|stdc\+\+|gcc_s|gomp|gfortran|quadmath|z|bz2|lzma|zstd"
    r"|ffi|ssl|crypto|expat|uuid|tinfo|ncursesw|readline|sqlite3|mpdec|atomic|nss_files|resolv))\.so[\w.]*"
)


@dataclass(frozen=True)
class ReadPlan:
    """Paths that may be read, and the names whose import is refused with an explanation.

    ``sealed`` are directories whose listing student code may not read but in which imports must be found.
    """

    paths: tuple[str, ...]
    hidden_modules: frozenset[str]
    project_files: tuple[str, ...]
    sealed: tuple[str, ...]


def plan_reading(packages: Iterable[str], files: Iterable[str] = ()) -> ReadPlan:
    """Plan what may be read.

    Parameters
    ----------
    packages : iterable of str
        Names of distributions; what they require is allowed as well. ``"*"`` stands for all except this
        project's own.
    files : iterable of str
        Files or directories of the project, relative to the directory that holds its packages.

    Raises
    ------
    ValueError
        If a distribution is not installed or a file is not inside the project.
    """
    files = tuple(_project_file(file) for file in files)
    entries, hidden = _distribution_entries(set(packages))
    stdlib = sorted(
        {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), os.path.dirname(os.__file__)}
    )
    paths = [*_stdlib_entries(stdlib), *entries, *_system_entries()]
    paths += [os.path.join(PROJECT_ROOT, file) for file in files]
    return ReadPlan(tuple(paths), hidden, files, (*stdlib, *_site_directories(), *_ancestors(files)))


def _project_file(file: str) -> str:
    clean = os.path.normpath(file)
    if os.path.isabs(clean) or clean.split(os.sep)[0] not in PROJECT_PACKAGES or clean in PROJECT_PACKAGES:
        raise ValueError(f"file {file!r}: expected a path below {' or '.join(PROJECT_PACKAGES)}")
    return clean


def _ancestors(files: Iterable[str]) -> list[str]:
    found = set()
    for file in files:
        parent = os.path.dirname(file)
        while parent:
            found.add(os.path.join(PROJECT_ROOT, parent))
            parent = os.path.dirname(parent)
    return sorted(found)


def _stdlib_entries(roots: Iterable[str]) -> list[str]:
    return [
        entry.path
        for root in roots
        if os.path.isdir(root)
        for entry in sorted(os.scandir(root), key=lambda entry: entry.name)
        if entry.name not in _FOREIGN_DIRECTORIES
    ]


def _system_entries() -> list[str]:
    found = [path for path in _SYSTEM_FILES if os.path.exists(path)]
    triplet = sysconfig.get_config_var("MULTIARCH")
    for directory in _LIBRARY_DIRECTORIES:
        for place in (directory, os.path.join(directory, triplet)) if triplet else (directory,):
            if os.path.isdir(place):
                found += [
                    entry.path for entry in os.scandir(place) if _SYSTEM_LIBRARIES.fullmatch(entry.name)
                ]
    return found


def _site_directories() -> list[str]:
    return [path for path in sys.path if os.path.basename(path) in _FOREIGN_DIRECTORIES]


def _distribution_entries(wanted: set[str]) -> tuple[list[str], frozenset[str]]:
    """Return the paths of the wanted distributions and the import names of all others."""
    installed: dict[str, tuple[metadata.Distribution, list[str]]] = {}
    for distribution in metadata.distributions(path=_site_directories()):
        name = distribution.metadata["Name"]
        if name:
            installed.setdefault(_normal(name), (distribution, _recorded_files(distribution)))
    allowed = _closure(wanted, installed)
    owners: dict[tuple[str, str], set[str]] = {}
    for name, (distribution, files) in installed.items():
        site = os.fspath(distribution.locate_file(""))
        for file in files:
            owners.setdefault((site, file.partition("/")[0]), set()).add(name)
    entries: list[str] = []
    for name in sorted(allowed):
        distribution, files = installed[name]
        site = os.fspath(distribution.locate_file(""))
        for top in sorted({file.partition("/")[0] for file in files}):
            if owners[site, top] <= allowed:
                entries.append(os.path.join(site, top))
            else:
                entries += [os.path.join(site, file) for file in files if file.partition("/")[0] == top]
    hidden = {_module_name(top) for (_, top), names in owners.items() if not names & allowed}
    return entries, frozenset(hidden - {""})


def _closure(wanted: set[str], installed: dict[str, tuple[metadata.Distribution, list[str]]]) -> set[str]:
    own = {name for name, (_, files) in installed.items() if "grading/__init__.py" in files}
    if ALL_PACKAGES in wanted:
        return set(installed) - own
    pending = [_normal(name) for name in wanted]
    unknown = sorted(set(pending) - set(installed))
    if unknown:
        raise ValueError(f"packages {unknown} are not installed in this environment")
    allowed: set[str] = set()
    while pending:
        name = pending.pop()
        if name in allowed or name in own or name not in installed:
            continue
        allowed.add(name)
        requirements = installed[name][0].requires or ()
        pending += [
            _normal(re.match(r"[\w.-]+", line).group()) for line in requirements if "extra ==" not in line
        ]
    return allowed


def _recorded_files(distribution: metadata.Distribution) -> list[str]:
    text = distribution.read_text("RECORD") or distribution.read_text("installed-files.txt") or ""
    files = (
        line.rpartition(",")[0].rpartition(",")[0].strip('"') or line for line in text.splitlines() if line
    )
    return [file for file in files if not file.startswith(("..", "/"))]


def _module_name(top: str) -> str:
    stem = top.partition(".")[0]
    return stem if stem.isidentifier() and not top.endswith((".pth", ".dist-info", ".libs")) else ""


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


class SealedFinder(importlib.machinery.FileFinder):
    """Finds modules by the listing that was read before the directory became unreadable."""

    def __init__(self, path: str) -> None:
        super().__init__(
            path,
            (importlib.machinery.ExtensionFileLoader, importlib.machinery.EXTENSION_SUFFIXES),
            (importlib.machinery.SourceFileLoader, importlib.machinery.SOURCE_SUFFIXES),
            (importlib.machinery.SourcelessFileLoader, importlib.machinery.BYTECODE_SUFFIXES),
        )
        super()._fill_cache()

    def _fill_cache(self) -> None:
        """Keep the listing: the directory cannot be read again."""


def seal_finders(directories: Iterable[str]) -> None:
    """Read the listings of directories now, for the imports of a process that may not read them later."""
    for directory in directories:
        if os.path.isdir(directory):
            sys.path_importer_cache[directory] = SealedFinder(directory)
