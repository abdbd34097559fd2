"""Tries a wheel as a student gets it: a clean environment, no compiler, the student's tests on what is there.

    python -m tools.try_wheel dist [--constraint constraints.txt]     # wheels, or directories with wheels
    python tools/try_wheel.py --here                                  # what is installed already

Prints what is active, how large wheel and environment are, and how long each step took; ends with 1 if a step
fails. The tests are copied away from the clone, so that nothing of it can be imported by accident.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What a student's own work rests on, and what needs neither a clone nor model solutions.
STUDENT_TESTS = (
    "course_lib/functional",
    "course_lib/nn",
    "course_lib/optim",
    "grading/test_lab.py",
    "grading/test_own_copy.py",
    "grading/test_progress.py",
)
# These rebuild embedded data with the tools of the clone.
LEFT_OUT = ("__pycache__", "test_efficientnet_lite.py")
ACTIVE = """
import course_lib, grading, pathlib
from grading.engine.shipped import shipped_assignments, shipped_source
home = pathlib.Path(course_lib.__file__).resolve()
assert "site-packages" in home.parts, home
print(course_lib.show_config("dicts"))
for assignment in shipped_assignments():
    for path in shipped_source(assignment).glob("*.ipynb"):
        assert "### BEGIN SOLUTION" not in path.read_text(encoding="utf-8"), path
print("assignments without solutions:", *shipped_assignments())
"""


def try_wheel(wheel: Path, place: Path, constraints: Path | None) -> None:
    """Install a wheel into a new environment below ``place`` and test it there.

    Raises
    ------
    subprocess.CalledProcessError
        If a step fails.
    """
    python = _step("environment", lambda: _environment(place / "venv"))
    # Whoever calls a compiler finds none.
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    settings |= {"PATH": str(python.parent), "CC": "no-compiler", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if constraints is not None:
        settings["PIP_CONSTRAINT"] = str(constraints)
    install = [python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
    _step("install", lambda: subprocess.run([*install, wheel.resolve()], check=True, env=settings))
    print(f"wheel {wheel.stat().st_size / 1e6:.1f} MB, environment {_size(place / 'venv') / 1e6:.0f} MB")
    subprocess.run([python, "-c", ACTIVE], check=True, env=settings, cwd=place)
    tests = _copy_tests(place / "student")
    _step(
        "pytest",
        lambda: subprocess.run([*install, "pytest", "pytest-timeout"], check=True, env=settings),
    )
    command = [
        python,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-m",
        "not slow and not browser",
        "tests",
    ]
    _step("the student's tests", lambda: subprocess.run(command, check=True, env=settings, cwd=tests))


def try_here(place: Path) -> None:
    """Test what is installed in the environment that runs this, which has pytest.

    Raises
    ------
    subprocess.CalledProcessError
        If a step fails.
    """
    subprocess.run([sys.executable, "-c", ACTIVE], check=True, cwd=place)
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "not slow and not browser", "tests"],
        check=True,
        cwd=_copy_tests(place / "student"),
    )


def _environment(place: Path) -> Path:
    venv.create(place, with_pip=True)
    return place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _copy_tests(place: Path) -> Path:
    target = place / "tests"
    target.mkdir(parents=True)
    # pytest's settings; nothing is built from it here.
    shutil.copy(ROOT / "pyproject.toml", place)
    for path in (ROOT / "tests").glob("*.py"):
        if not path.name.startswith("test_"):
            shutil.copy(path, target)
    for name in STUDENT_TESTS:
        source = ROOT / "tests" / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
        else:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    return place


def _step(name: str, action):
    begun = time.monotonic()
    result = action()
    print(f"{name}: {time.monotonic() - begun:.1f} s", flush=True)
    return result


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_symlink())


def main() -> None:
    """Try the wheels that were named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheels", nargs="*", type=Path)
    parser.add_argument("--here", action="store_true")
    parser.add_argument("--constraint", type=lambda text: Path(text).resolve())
    given = parser.parse_args()
    folders = [sorted(path.glob("*.whl")) if path.is_dir() else [path] for path in given.wheels]
    wheels = [wheel for folder in folders for wheel in folder]
    if not (wheels or given.here):
        parser.error("name wheels or directories with wheels, or say --here")
    try:
        for wheel in wheels:
            print(f"== {wheel.name}", flush=True)
            with tempfile.TemporaryDirectory(prefix="try-wheel-") as place:
                try_wheel(wheel, Path(place), given.constraint)
        if given.here:
            with tempfile.TemporaryDirectory(prefix="try-wheel-") as place:
                try_here(Path(place))
    except subprocess.CalledProcessError as problem:
        sys.exit(f"did not pass: {problem}")


if __name__ == "__main__":
    main()
