"""Writes the pages of the reference: what each package offers, from its docstrings."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

PACKAGES = (
    "course_lib",
    "course_lib.functional",
    "course_lib.nn",
    "course_lib.nn.models",
    "course_lib.optim",
    "course_lib.data",
    "course_lib.training",
    "course_lib.geometry",
    "course_lib.plots",
    "course_lib.widgets",
    "grading",
)
_INHERITED = ("course_lib.widgets",)


def write_reference(folder: Path) -> list[str]:
    """Write a page for every package that notebooks and instructors import from.

    Parameters
    ----------
    folder : Path
        Where the pages go.

    Returns
    -------
    list of str
        Names of the pages, in the order of reading.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        (folder / f"{package}.rst").write_text(reference_page(package), "utf-8")
    return list(PACKAGES)


def reference_page(package: str) -> str:
    """Return a package's page: its docstring, then each public name in alphabetical order.

    Parameters
    ----------
    package : str
        Full name of a package with ``__all__``.

    Returns
    -------
    str
        reStructuredText.

    Raises
    ------
    AttributeError
        If the package does not say what it offers.
    """
    module = import_module(package)
    lines = [
        f"``{package}``",
        "=" * (len(package) + 4),
        "",
        f".. automodule:: {package}",
        "   :no-members:",
        "",
    ]
    for name in sorted(module.__all__, key=str.lower):
        value = getattr(module, name)
        if name.startswith("__"):
            continue
        kind = "class" if inspect.isclass(value) else "function" if inspect.isroutine(value) else "data"
        if kind == "data":
            # What documents it is its type's own text: that of a dict would not help.
            told = [f".. py:data:: {package}.{name}", f"   :type: {type(value).__name__}", ""]
            lines += [name, "-" * len(name), "", *told]
            continue
        lines += [name, "-" * len(name), "", f".. auto{kind}:: {package}.{name}"]
        if kind == "class":
            # A widget inherits hundreds of traits of its frame: only what it defines itself is told.
            # `set` is what matplotlib writes into every figure of its own.
            lines += [
                "   :members:",
                "   :exclude-members: set",
                *([] if package in _INHERITED else ["   :show-inheritance:"]),
            ]
        lines += [""]
    return "\n".join(lines)
