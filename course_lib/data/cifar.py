"""Reads CIFAR-10 and CIFAR-100 as they are published: pickled batches in one archive.

A pickle can run any code when it is read. These files need four names; the reader knows no others.
"""

from __future__ import annotations

import io
import pickle
import tarfile
from pathlib import Path

import numpy as np

from course_lib.data.embedded import DamagedFileError

PIXELS = 3 * 32 * 32
# A training batch of CIFAR-100, the largest member, has 155 MB.
LARGEST_MEMBER = 200_000_000


def _reconstruct(kind: type, shape: tuple[int, ...], code: bytes) -> np.ndarray:
    """Return the empty array that a pickled one begins as; its state, with the values, is set afterwards."""
    if kind is not np.ndarray or tuple(shape) != (0,):
        raise pickle.UnpicklingError("an array that does not begin empty")
    return np.ndarray((0,), np.uint8)


class _ArrayUnpickler(pickle.Unpickler):
    """Knows arrays, and nothing that could act."""

    _KNOWN = {
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
        ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
        ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
    }

    def find_class(self, module: str, name: str) -> object:
        """Return one of the known objects; raise UnpicklingError for every other name."""
        if module == "_codecs" and name == "encode":
            # How Python 3 writes bytes for readers of Python 2.
            return lambda text, encoding: str(text).encode("latin-1")
        try:
            return self._KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(
                f"it asks for {module}.{name}, which no batch of images needs"
            ) from None


def read_batch(content: bytes, *, source: str = "the batch") -> dict[str, object]:
    """Return what one pickled batch holds, its keys as text.

    Raises
    ------
    DamagedFileError
        If it cannot be read, or asks for anything that is not an array.
    """
    try:
        batch = _ArrayUnpickler(io.BytesIO(content), encoding="bytes").load()
    except (
        pickle.UnpicklingError,
        EOFError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        OverflowError,
        MemoryError,
    ) as problem:
        raise DamagedFileError(f"{source} cannot be read: {problem or type(problem).__name__}") from None
    if not isinstance(batch, dict):
        raise DamagedFileError(f"{source} must hold a dictionary, got a {type(batch).__name__}")
    return {
        key.decode("latin-1") if isinstance(key, bytes) else str(key): value for key, value in batch.items()
    }


def read_cifar10(path: str | Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the images and labels of the archive ``cifar-10-python.tar.gz``.

    Returns
    -------
    train_images, train_labels, test_images, test_labels : ndarray
        Images of uint8 (N, 3, 32, 32), labels of int64 (N,); 50,000 for training and 10,000 for testing.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    DamagedFileError
        If a member is missing, or is not in the published layout.

    Notes
    -----
    Krizhevsky, Learning multiple layers of features from tiny images (2009).
    """
    names = [f"data_batch_{number}" for number in range(1, 6)]
    members = _members(path, "cifar-10-batches-py", [*names, "test_batch"])
    train = [_images_and_labels(members[name], "labels", 10, f"{name} in {path}") for name in names]
    test = _images_and_labels(members["test_batch"], "labels", 10, f"test_batch in {path}")
    images, labels = (np.concatenate(parts) for parts in zip(*train, strict=True))
    return images, labels, *test


def read_cifar100(path: str | Path) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the images and their fine labels (0 to 99) of the archive ``cifar-100-python.tar.gz``.

    Returns and raises as `read_cifar10`.
    """
    members = _members(path, "cifar-100-python", ["train", "test"])
    train = _images_and_labels(members["train"], "fine_labels", 100, f"train in {path}")
    return *train, *_images_and_labels(members["test"], "fine_labels", 100, f"test in {path}")


def _members(path: str | Path, folder: str, names: list[str]) -> dict[str, bytes]:
    """Return the contents of `names` in the archive; nothing is written to disk."""
    wanted = {f"{folder}/{name}": name for name in names}
    found = {}
    try:
        with tarfile.open(path, "r:*") as archive:
            for member in archive:
                if member.name in wanted and member.isfile():
                    if member.size > LARGEST_MEMBER:
                        raise DamagedFileError(f"{member.name} in {path} claims {member.size} bytes")
                    found[wanted[member.name]] = archive.extractfile(member).read()
    except (tarfile.TarError, EOFError, OSError) as problem:
        if isinstance(problem, FileNotFoundError):
            raise
        raise DamagedFileError(
            f"{path} cannot be unpacked ({problem}): delete it and fetch it again"
        ) from None
    if missing := [name for name in names if name not in found]:
        raise DamagedFileError(f"{path} has no {folder}/{missing[0]}: it is not the published archive")
    return found


def _images_and_labels(content: bytes, key: str, classes: int, source: str) -> tuple[np.ndarray, np.ndarray]:
    batch = read_batch(content, source=source)
    data, labels = batch.get("data"), batch.get(key)
    if not isinstance(data, np.ndarray) or data.dtype != np.uint8 or data.shape[1:] != (PIXELS,):
        raise DamagedFileError(f"{source} must hold 'data', uint8 of shape (N, {PIXELS})")
    whole = isinstance(labels, list) and all(type(label) is int and 0 <= label < classes for label in labels)
    if not whole or len(labels) != len(data):
        raise DamagedFileError(f"{source} must hold '{key}', {len(data)} integers from 0 to {classes - 1}")
    return data.reshape(-1, 3, 32, 32), np.array(labels, dtype=np.int64)
