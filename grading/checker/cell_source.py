"""Master cells as Python: IPython's own syntax is translated, so that they can be analysed and run without a
shell.
"""

from __future__ import annotations

import ast
import io
import tokenize
from functools import lru_cache

from grading.checker.master import MasterProblem


class InertShell:
    """What `get_ipython()` gives a master cell in the checker: magics are for the reader's notebook and do
    nothing here.
    """

    def run_line_magic(self, name: str, line: str, *_: object) -> None:
        """Ignore a line magic such as ``%matplotlib inline``."""

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        """Refuse a cell magic, whose body would not be run.

        Raises
        ------
        MasterProblem
            Always: a test that silently does nothing would give points.
        """
        raise MasterProblem(f"the cell magic %%{name} cannot run in a graded cell: take it out of the master")

    def system(self, command: str) -> None:
        """Refuse a shell command.

        Raises
        ------
        MasterProblem
            Always: the checker starts no programs.
        """
        raise MasterProblem(
            f"the shell command {command!r} cannot run in a graded cell: take it out of the master"
        )

    getoutput = system


@lru_cache(maxsize=512)
def python_source(source: str) -> str:
    """Translate a cell's text to plain Python; line numbers stay.

    Parameters
    ----------
    source : str
        The cell, possibly with magics.

    Returns
    -------
    str

    Raises
    ------
    MasterProblem
        If it is not Python after the translation.
    """
    try:
        ast.parse(source)
        return source
    except (SyntaxError, ValueError):
        pass
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        translated = TransformerManager().transform_cell(source)
        ast.parse(translated)
    except (SyntaxError, ValueError) as error:
        raise MasterProblem(f"a cell of the master is not Python: {error}") from None
    return translated


def ends_quietly(source: str) -> bool:
    """Tell whether the cell ends in a semicolon, which keeps IPython from showing the last value."""
    last = ""
    skipped = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER, tokenize.DEDENT)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skipped:
            last = token.string
    return last == ";"
