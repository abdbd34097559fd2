"""The full data sets that the course does not carry: fetched once, compared with their checksums, kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from course_lib.data.cifar import read_cifar10, read_cifar100
from course_lib.data.examples import LabelledImages, labelled
from course_lib.data.idx import compare_checksum, read_idx
from course_lib.data.published import CIFAR10, CIFAR100, FASHION_MNIST, MNIST, Published, RemoteFile

CACHE = "neural-network-training-course"
CIFAR10_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


class DownloadError(RuntimeError):
    """A data set could be fetched from nowhere."""


def cache_directory() -> Path:
    """Return where fetched files are kept: ``COURSE_DATA_DIR``, or else the user's cache directory."""
    if chosen := os.environ.get("COURSE_DATA_DIR"):
        return Path(chosen).expanduser()
    import pooch

    return Path(pooch.os_cache(CACHE))


def fetch(file: RemoteFile, mirrors: Sequence[str], directory: Path, *, progress: bool = True) -> Path:
    """Return the path of `file` in `directory`, after fetching it if it is not there with the right checksum.

    Mirrors are tried in turn. A file comes to its place only when it is whole and its checksum is right.

    Parameters
    ----------
    file : RemoteFile
        What to fetch.
    mirrors : sequence of str
        Addresses of directories, with a slash at the end.
    directory : Path
        Made if it does not exist.
    progress : bool
        Whether a bar is shown.

    Raises
    ------
    DownloadError
        If no mirror gave it; says what each answered and where the file may be put by hand.
    """
    import pooch

    problems = []
    for mirror in mirrors:
        try:
            place = pooch.retrieve(
                mirror + file.name,
                known_hash=file.checksum,
                fname=file.name,
                path=directory,
                downloader=pooch.HTTPDownloader(progressbar=progress, timeout=30),
            )
        except (OSError, ValueError) as problem:
            problems.append(f"  {mirror + file.name}: {_first_line(problem)}")
        else:
            return Path(place)
    tried = "\n".join(problems)
    raise DownloadError(
        f"{file.name} could not be fetched:\n{tried}\n"
        f"Without a network, put it into {directory} by hand (its {file.checksum.replace(':', ' is ')}), "
        "or work with what the course carries: load_digits(), load_fashion_mnist_subset()."
    )


def load_mnist(
    *, directory: str | Path | None = None, dtype: type = np.float32
) -> tuple[LabelledImages, LabelledImages]:
    """Return MNIST, 60,000 training and 10,000 test images of handwritten digits, 28 x 28.

    Parameters
    ----------
    directory : str, Path or None
        Where the four idx files are, packed or not. By default they are fetched once (11 MB) into
        `cache_directory()`.
    dtype : type
        float32 or float64 for values in [0, 1]; uint8 for the pixels 0 to 255.

    Returns
    -------
    train, test : LabelledImages
        images (60000, 1, 28, 28) and (10000, 1, 28, 28), labels int64 from 0 to 9.

    Raises
    ------
    TypeError
        If `dtype` is another one.
    FileNotFoundError
        If `directory` has not all files.
    DownloadError
        If they could not be fetched.
    DamagedFileError
        If a file is not the published one.

    Notes
    -----
    LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition (1998).
    """
    return _load_idx(MNIST, directory, dtype)


def load_fashion_mnist(
    *, directory: str | Path | None = None, dtype: type = np.float32
) -> tuple[LabelledImages, LabelledImages]:
    """Return all of Fashion-MNIST, 60,000 training and 10,000 test images, 28 x 28 (30 MB to fetch).

    Parameters, returns and raises as `load_mnist`; names in `FASHION_MNIST_NAMES`. On Debian,
    ``apt install dataset-fashion-mnist`` brings the files: `directory="/usr/share/datasets/fashion-mnist"`.

    Notes
    -----
    Xiao, Rasul and Vollgraf, Fashion-MNIST (2017), MIT licence.
    """
    return _load_idx(FASHION_MNIST, directory, dtype)


def load_cifar10(
    *, directory: str | Path | None = None, dtype: type = np.float32
) -> tuple[LabelledImages, LabelledImages]:
    """Return CIFAR-10, 50,000 training and 10,000 test images (N, 3, 32, 32) of `CIFAR10_NAMES`.

    170 MB to fetch. Parameters, returns and raises as `load_mnist`; `directory` holds
    ``cifar-10-python.tar.gz``.
    """
    return _load_cifar(CIFAR10, read_cifar10, directory, dtype)


def load_cifar100(
    *, directory: str | Path | None = None, dtype: type = np.float32
) -> tuple[LabelledImages, LabelledImages]:
    """Return CIFAR-100 with its 100 fine labels, otherwise as `load_cifar10` (169 MB to fetch)."""
    return _load_cifar(CIFAR100, read_cifar100, directory, dtype)


def _load_idx(
    published: Published, directory: str | Path | None, dtype: type
) -> tuple[LabelledImages, LabelledImages]:
    arrays = [
        read_idx(_place(published, file, directory), checksum=file.unpacked) for file in published.files
    ]
    return (
        labelled(arrays[0], arrays[1], white=255, dtype=dtype),
        labelled(arrays[2], arrays[3], white=255, dtype=dtype),
    )


def _load_cifar(
    published: Published,
    read: Callable[[Path], tuple[np.ndarray, ...]],
    directory: str | Path | None,
    dtype: type,
) -> tuple[LabelledImages, LabelledImages]:
    file = published.files[0]
    archive = _place(published, file, directory)
    if directory is not None:
        compare_checksum(archive.read_bytes(), file.checksum, archive)
    train_images, train_labels, test_images, test_labels = read(archive)
    return (
        labelled(train_images, train_labels, white=255, dtype=dtype),
        labelled(test_images, test_labels, white=255, dtype=dtype),
    )


def _place(published: Published, file: RemoteFile, directory: str | Path | None) -> Path:
    if directory is None:
        return fetch(file, published.mirrors, cache_directory() / published.folder)
    folder = Path(directory).expanduser()
    for candidate in (folder / file.name, folder / file.name.removesuffix(".gz")):
        if candidate.is_file():
            return candidate
    raise FileNotFoundError(f"directory {folder} has no {file.name}; without directory= it is fetched")


def _first_line(problem: Exception) -> str:
    return str(problem).splitlines()[0] if str(problem) else type(problem).__name__
