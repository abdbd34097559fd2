"""Tells from its parameters, as text, whether a function can be called as a prompt asks."""

from __future__ import annotations

import ast


def parameters(signature: str) -> list[str]:
    """Return the names of the positional parameters of a signature that is known to be well formed."""
    return [argument.arg for argument in ast.parse(f"def f{signature}: pass").body[0].args.args]


def accepts(signature: str, wanted: str) -> bool:
    """Tell whether a function of one signature can be called in all the ways of another.

    Parameters
    ----------
    signature : str
        The student's, as text; one that cannot be read is given the benefit of the doubt.
    wanted : str
        The one that the prompt fixes.

    Returns
    -------
    bool
    """
    try:
        own = ast.parse(f"def f{signature}: pass").body[0].args
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    asked = ast.parse(f"def f{wanted}: pass").body[0].args
    positional = [*own.posonlyargs, *own.args]
    required = len(positional) - len(own.defaults)
    names = [argument.arg for argument in asked.args]
    free = len(names) - len(asked.defaults)
    if own.vararg is None and len(positional) < free:
        return False
    if required > free or any(default is None for default in own.kw_defaults):
        return False
    by_name = {argument.arg for argument in [*own.args, *own.kwonlyargs]}
    return own.kwarg is not None or all(name in by_name for name in names[free:])
