"""Joins a widget's JavaScript files, and its style sheets, into one text each: a page fetches nothing."""

import re
from functools import cache
from pathlib import Path

_HERE = Path(__file__).parent
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./(?P<file>[\w.]+)";\n', re.MULTILINE)


@cache
def script(name: str) -> str:
    """Return a module together with the modules it imports, as one module without imports.

    Parameters
    ----------
    name : str
        File beside this one, such as ``"convolution_stepper.js"``; it may import names from sibling files.

    Returns
    -------
    str
        JavaScript whose only export is the default one of `name`, if it has one.

    Raises
    ------
    FileNotFoundError
        If the module or one that it imports is not there.
    """
    order: list[str] = []
    _visit(name, order)
    return "\n".join(_body(file, keep_exports=file == name) for file in order)


def _visit(name: str, order: list[str]) -> None:
    if name in order:
        return
    for match in _IMPORT.finditer(_read(name)):
        _visit(match["file"], order)
    order.append(name)


def _body(name: str, *, keep_exports: bool) -> str:
    text = _IMPORT.sub("", _read(name))
    return text if keep_exports else re.sub(r"^export (?!default)", "", text, flags=re.MULTILINE)


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def style(*names: str) -> str:
    """Return the common style sheet followed by the named ones.

    Parameters
    ----------
    *names : str
        Files beside this one.

    Returns
    -------
    str
    """
    return "\n".join(_read(name) for name in ("widget.css", *names))
