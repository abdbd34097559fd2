"""Writes nested plain values and arrays to one file, whole or not at all, and reads them without a pickle."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

_ARRAY = "array"


class CheckpointError(ValueError):
    """A checkpoint that cannot be read, or is of another run."""


def write_nested(path: str | Path, content: Any) -> None:
    """Write `content` to `path` in npz format.

    The file is written beside its place and moved there when it is whole and on the disk: whatever ends the
    process, `path` is the old file or the new one.

    Parameters
    ----------
    path : str or Path
        Its directory must exist.
    content : nested dict, list and tuple
        Of None, bool, int, float, str, NumPy scalars and arrays; keys are text. Tuples come back as lists.

    Raises
    ------
    TypeError
        If there is anything else in it; nothing is written then.
    OSError
        If the file cannot be written.
    """
    path = Path(path)
    arrays: list[np.ndarray] = []
    tree = json.dumps(_to_json(content, arrays))
    stream = io.BytesIO()
    np.savez(stream, tree=np.array(tree), **{f"{_ARRAY}{place}": array for place, array in enumerate(arrays)})
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(stream.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def read_nested(path: str | Path) -> Any:
    """Return what `write_nested` wrote.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If it is no such file, or damaged.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return _from_json(json.loads(str(file["tree"])), file)
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as problem:
        raise CheckpointError(f"{path} is no checkpoint, or damaged: {problem}") from None


def _to_json(value: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(value, np.ndarray) and value.dtype != object:
        arrays.append(value)
        return {_ARRAY: len(arrays) - 1}
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_to_json(item, arrays) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        # A level of its own, so that no key can be taken for the mark of an array.
        return {"dict": {key: _to_json(item, arrays) for key, item in value.items()}}
    raise TypeError(f"content must be plain values and arrays, got a {type(value).__name__}")


def _from_json(value: Any, arrays: Any) -> Any:
    if isinstance(value, list):
        return [_from_json(item, arrays) for item in value]
    if isinstance(value, dict):
        if _ARRAY in value:
            return arrays[f"{_ARRAY}{value[_ARRAY]}"]
        return {key: _from_json(item, arrays) for key, item in value["dict"].items()}
    return value
