"""A wheel holds what a student needs, and no model solution; the version stands in one place."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course_lib import __version__
from grading.engine.master import read_master
from grading.engine.question import without_marks
from grading.engine.shipped import shipped_assignments, shipped_master

ROOT = Path(__file__).resolve().parents[2]
FILES = ("pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff")
PACKED = "from setuptools import build_meta; import sys; print(build_meta.build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def wheel_file(tmp_path_factory):
    """A wheel without kernels, made from a copy of the sources."""
    place = tmp_path_factory.mktemp("sources")
    for name in FILES:
        shutil.copy(ROOT / name, place)
    built = shutil.ignore_patterns("__pycache__", "*.so", ".ipynb_checkpoints")
    for name in ("course_lib", "grading", "notebooks"):
        shutil.copytree(ROOT / name, place / name, ignore=built)
    # What Jupyter leaves beside an opened notebook must not get in, either.
    checkpoint = place / "grading/source/convolution/.ipynb_checkpoints/convolution-checkpoint.ipynb"
    checkpoint.parent.mkdir()
    shutil.copy(place / "grading/source/convolution/convolution.ipynb", checkpoint)
    run = subprocess.run(
        [sys.executable, "-c", PACKED, str(place / "dist")],
        cwd=place,
        env={**os.environ, "COURSE_WITHOUT_KERNELS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    (made,) = (place / "dist").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def wheel(wheel_file):
    """Its name, and its files by name."""
    with zipfile.ZipFile(wheel_file) as opened:
        return wheel_file.name, {name: opened.read(name) for name in opened.namelist()}


def test_without_kernels_it_fits_every_machine(wheel):
    name, files = wheel
    assert name.endswith(f"-{__version__}-py3-none-any.whl")
    assert not [name for name in files if name.endswith((".so", ".pyd"))]


def test_lectures_and_assignments_are_in_it(wheel):
    _, files = wheel
    lectures = {name.rpartition("/")[2] for name in files if "/share/" in name}
    assert lectures == {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert [name for name in files if name.startswith("grading/source/")] == [
        f"grading/source/{name}/{shipped_master(name).name}" for name in shipped_assignments()
    ]
    assert "grading/lab_settings/labconfig/default_setting_overrides.json" in files
    assert any(name.endswith("/data/etc/jupyter/jupyter_server_config.d/course_lib.json") for name in files)
    assert "course_lib/reference/convolution.py" in files


def test_no_file_of_the_packages_is_forgotten(wheel):
    _, files = wheel
    # What is made by builds or is there for them, and what the mutation tool of the clone reads.
    not_packed = {".pyc", ".so", ".pyx", ".pxi", ".h", ".toml"}
    expected = {
        path.relative_to(ROOT).as_posix()
        for package in ("course_lib", "grading")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix not in not_packed and ".ipynb_checkpoints" not in path.parts
    }
    packed = {name for name in files if name.startswith(("course_lib/", "grading/"))}
    assert packed - expected == set()
    assert expected - packed == set()


@pytest.mark.parametrize("assignment", shipped_assignments())
def test_no_model_solution_is_in_it(wheel, assignment):
    _, files = wheel
    path = shipped_master(assignment)
    packed = json.loads(files[f"grading/source/{assignment}/{path.name}"])
    by_id = {cell["id"]: cell for cell in packed["cells"]}
    assert len(by_id) == len(json.loads(path.read_text(encoding="utf-8"))["cells"])
    text = "\n".join(cell["source"] for cell in packed["cells"])
    assert "### BEGIN" not in text
    solutions = [
        without_marks(cell)
        for cell in read_master(path, assignment).cells
        if cell.nbgrader.get("solution") and cell.cell_type == "code"
    ]
    assert solutions
    assert all(solution not in text for solution in solutions)
    assert text.count("raise NotImplementedError()") >= len(solutions)
    # Points and tests are the same: it grades as the source does.
    marks = [cell["metadata"].get("nbgrader") for cell in packed["cells"]]
    source = json.loads(path.read_text(encoding="utf-8"))
    assert marks == [cell["metadata"].get("nbgrader") for cell in source["cells"]]


def test_the_version_stands_in_one_place():
    stated = f'"{__version__}"'
    assert 'version = { attr = "course_lib.version.__version__" }' in (ROOT / "pyproject.toml").read_text()
    for name in ("pyproject.toml", "setup.py", "CITATION.cff"):
        assert stated not in (ROOT / name).read_text(encoding="utf-8"), name
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == __version__


@pytest.mark.slow
def test_the_students_tests_pass_where_nothing_but_the_wheel_is(wheel_file, tmp_path):
    place = tmp_path / "site-packages"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--no-index", "--no-deps", "--target", place, wheel_file], check=True, timeout=120)
    run = subprocess.run(
        [sys.executable, ROOT / "tools" / "try_wheel.py", "--here"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    assert "'backend': 'reference'" in run.stdout
    assert " passed" in run.stdout
