"""The files that the course carries: every read is checked against a checksum, every file has its notice."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np

FILES = Path(__file__).parent / "files"

SHA256 = {
    "digits": "b2dab7b501728c22e9119ad76740b2e17c77a231e42d1e592380d90886f1a05e",
    "efficientnet_lite0_first5": "f780b075c36abab0aafa5634bf4038e78d0a8b27b642681fd9a5ba54a2361444",
    "fashion_5000_1000": "0d957ab7e58261123763581dd9fbdca4ab30b25ac3fa00407d8bcab18f33ddf0",
    "photographs": "18b6e77a0fcb562d56a8d04f8940fa53eb738418fca4116fa8104dd409d1c42d",
    "recorded_runs": "a0b93b6d5d071b77372d1dc011ee36120f9f6ef1359874e253ee5eb1dfa9588e",
    "textures_cc0": "ddc6f3bf1b9e71167d8dbb44cbb7dfbcb2abdb296e4635d37e15618ce5914960",
}


class DamagedFileError(RuntimeError):
    """An embedded data file is missing or is not the one that the course was released with."""


def read_embedded(name: str, *, directory: Path = FILES) -> dict[str, np.ndarray]:
    """Return the arrays of one embedded npz file after comparing its SHA-256.

    Parameters
    ----------
    name : str
        Name of the file without its ending, one of the keys of `SHA256`.
    directory : Path
        Where the file is.

    Returns
    -------
    dict of str to ndarray
        The file's arrays; nothing in them is ever unpickled.

    Raises
    ------
    ValueError
        If the course has no embedded file of that name.
    DamagedFileError
        If the file is missing or its bytes are not the expected ones.
    """
    _check_name(name)
    path = Path(directory) / f"{name}.npz"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise DamagedFileError(f"{path} is missing: reinstall the course") from None
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        raise DamagedFileError(
            f"{path} is damaged ({len(content)} bytes): its SHA-256 is {found}, expected {SHA256[name]}. "
            "Reinstall the course, or restore the file from the repository."
        )
    # Read from the bytes that were just checked, so that the file cannot change in between.
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        return {key: archive[key] for key in archive.files}


def licence_notice(name: str) -> str:
    """Return the licence notice that belongs to the embedded file `name` (its source, authors and terms).

    Raises
    ------
    ValueError
        If the course has no embedded file of that name.
    """
    _check_name(name)
    return (FILES / f"{name}.LICENSE").read_text(encoding="utf-8")


def content_sha256(arrays: dict[str, np.ndarray]) -> str:
    """Return a SHA-256 over names, dtypes, shapes and values of `arrays`, whatever compressed them.

    Two npz files of the same content may differ in their bytes (zlib versions compress differently); this
    checksum tells whether they hold the same.
    """
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _check_name(name: str) -> None:
    if name not in SHA256:
        raise ValueError(f"name must be one of {', '.join(sorted(SHA256))}, got {name!r}")
