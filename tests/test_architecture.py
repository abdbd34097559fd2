"""Imports run one way: from what people see down to the arrays, and from the engine down to the sandbox."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# room -> the rooms that it may import (besides itself)
FOUNDATION = {"course_lib", "course_lib.version", "course_lib.config", "course_lib.aligned"}
FOUNDATION |= {"course_lib.lazy_names"}
OPERATIONS = {"course_lib.functional"}
PARTS = {"course_lib.nn", "course_lib.optim", "course_lib.data"}
STUDIES = {"course_lib.plots", "course_lib.training", "course_lib.geometry"}
WIRE = {"grading.sandbox.frames", "grading.sandbox.values"}
ALLOWED = {
    "course_lib.config": {"course_lib.version", "course_lib.kernels"},
    "course_lib.version": set(),
    "course_lib.aligned": set(),
    "course_lib.lazy_names": set(),
    "course_lib.server_extension": set(),
    "course_lib.reference": FOUNDATION,
    "course_lib.kernels": FOUNDATION,
    "course_lib.functional": FOUNDATION | {"course_lib.reference", "course_lib.kernels"},
    "course_lib.nn": FOUNDATION | OPERATIONS,
    "course_lib.optim": FOUNDATION | OPERATIONS,
    "course_lib.data": FOUNDATION | OPERATIONS,
    "course_lib.training": FOUNDATION | OPERATIONS | PARTS,
    "course_lib.geometry": FOUNDATION | OPERATIONS | PARTS,
    "course_lib.plots": FOUNDATION | OPERATIONS | PARTS,
    "course_lib.widgets": FOUNDATION | OPERATIONS | PARTS | STUDIES,
    "grading.sandbox": set(),
    "grading.results": set(),
    "grading.lab": {"grading.engine"},
    "grading.notebook_changes": set(),
    "grading.own_copy": {"grading.notebook_changes"},
    "grading.progress": {"grading.own_copy"},
    "grading.standing": {"grading.notebook_changes", "grading.progress"},
    "grading.checks": {"course_lib"},
    "grading.self_check": {"grading.checks", "grading.own_copy", "grading.progress"},
    "grading.outline": {"grading.checks", "grading.lab"},
    "grading.checker": {"grading.checks", "grading.sandbox", "course_lib"},
    "grading.engine": {"grading.results", "grading.sandbox.frames", "course_lib.version"},
    "grading.report": {"grading.engine", "grading.results", "course_lib.version"},
    "grading.demo": {"grading.engine", "grading.report", "grading.results"},
    "grading.command_messages": {"grading.results"},
    "grading.begin_again": {"grading.engine"},
    "grading.self_study": {
        "grading.engine",
        "grading.report",
        "grading.command_messages",
        "grading.results",
        "grading.lab",
        "grading.own_copy",
        "grading.progress",
        "grading.standing",
    },
    "grading.classroom_commands": {"grading.engine", "grading.report", "grading.command_messages"},
    "grading.report_commands": {
        "grading.engine",
        "grading.report",
        "grading.command_messages",
        "grading.lab",
    },
    "grading.cli": {
        "grading.classroom_commands",
        "grading.report_commands",
        "grading.command_messages",
        "grading.self_study",
        "grading.engine",
        "grading.report",
        "grading.results",
        "grading.demo",
        "course_lib",
    },
}
# The package roots import nothing at import time: what they offer is loaded when it is asked for.
LAZY_ROOTS = {"course_lib", "grading"}
SANDBOX_INSIDE = {"server", "child", "shell", "__main__"}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources() -> list[Path]:
    return sorted(
        path
        for top in ("course_lib", "grading")
        for suffix in ("*.py", "*.pyx")
        for path in (ROOT / top).rglob(suffix)
        if "source" not in path.relative_to(ROOT / top).parts
    )


def project_imports(path: Path) -> set[str]:
    """Full names that a file imports from the project, wherever in the file the import stands."""
    if path.suffix == ".pyx":
        lines = (line.split("#")[0].strip() for line in path.read_text().splitlines())
        words = [line.split() for line in lines if line.startswith(("from ", "import ", "cimport "))]
        names = {word[1].rstrip(",") for word in words if len(word) > 1}
    else:
        package = module_name(path) if path.name == "__init__.py" else module_name(path).rpartition(".")[0]
        names = set()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    up = package.split(".")[: len(package.split(".")) - node.level + 1]
                    base = ".".join(up + ([node.module] if node.module else []))
                names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] in LAZY_ROOTS}


def room_of(module: str) -> str | None:
    return max((room for room in ALLOWED if module == room or module.startswith(room + ".")), default=None)


def may_import(room: str, target: str) -> bool:
    if target in LAZY_ROOTS:
        return True
    return any(target == ok or target.startswith(ok + ".") for ok in ALLOWED[room] | {room})


@pytest.mark.parametrize("path", sources(), ids=lambda path: module_name(path))
def test_imports_follow_the_arrows(path):
    module = module_name(path)
    if module in LAZY_ROOTS or module == "grading.__main__":
        return
    room = room_of(module)
    assert room, f"{module} stands in no room of the architecture: give it one here and in the guide"
    resolved = {name for name in project_imports(path) if not is_attribute(name)}
    wrong = sorted(name for name in resolved if not may_import(room, name))
    assert wrong == [], f"{module} ({room}) must not import {wrong}"


def is_attribute(name: str) -> bool:
    """`from a.b import c` may name a function: only what exists as a module or package counts."""
    path = ROOT.joinpath(*name.split("."))
    return not (path.is_dir() or path.with_suffix(".py").exists() or path.with_suffix(".pyx").exists())


def test_checker_takes_from_the_sandbox_only_the_wire_and_the_confinement():
    for path in (ROOT / "grading" / "checker").rglob("*.py"):
        inside = {name.split(".")[2] for name in project_imports(path) if name.startswith("grading.sandbox.")}
        assert not inside & SANDBOX_INSIDE, f"{path.name} reaches into the process that runs student code"


def test_course_lib_knows_nothing_of_grading():
    for path in (ROOT / "course_lib").rglob("*.py"):
        assert not any(name.split(".")[0] == "grading" for name in project_imports(path)), path


@pytest.mark.parametrize(
    ("package", "loaded"),
    [
        ("grading.sandbox", {"grading", "grading.sandbox"}),
        ("grading", {"grading"}),
        ("course_lib", {"course_lib"}),
    ],
)
def test_importing_a_package_loads_nothing_else_of_the_project(package, loaded):
    script = f"import sys, {package}; print(*(m for m in sys.modules if m.split('.')[0] in {LAZY_ROOTS!r}))"
    run = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    found = {name for name in run.stdout.split() if not name.startswith("course_lib.version")}
    allowed_inside = tuple(f"{package}." for package in loaded if package.count(".") == 1)
    assert {name for name in found if not name.startswith(allowed_inside or ("\0",))} == loaded
