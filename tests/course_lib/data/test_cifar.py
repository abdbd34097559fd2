"""CIFAR archives in the published layout are read, and their pickles run nothing."""

import io
import os
import pickle
import tarfile

import numpy as np
import pytest

from course_lib.data import DamagedFileError
from course_lib.data.cifar import read_batch, read_cifar10, read_cifar100


class PythonTwo(pickle._Pickler):
    """Writes byte strings and array reconstruction as the published files, made with Python 2, have them."""

    dispatch = pickle._Pickler.dispatch.copy()

    def save_bytes(self, content):
        self.write(pickle.BINSTRING + len(content).to_bytes(4, "little") + content)
        self.memoize(content)

    dispatch[bytes] = save_bytes

    def save_global(self, obj, name=None):
        if getattr(obj, "__name__", "") == "_reconstruct":
            self.write(b"cnumpy.core.multiarray\n_reconstruct\n")
            self.memoize(obj)
        else:
            super().save_global(obj, name)


def pickled(batch):
    stream = io.BytesIO()
    PythonTwo(stream, protocol=2).dump(batch)
    return stream.getvalue()


def archive(path, members):
    with tarfile.open(path, "w:gz") as made:
        for name, content in members.items():
            header = tarfile.TarInfo(name)
            header.size = len(content)
            made.addfile(header, io.BytesIO(content))
    return path


def pixels(count, seed):
    return np.random.default_rng(seed).integers(0, 256, (count, 3072), dtype=np.uint8)


def cifar10_members():
    members = {}
    for number, name in enumerate(
        ["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"]
    ):
        batch = {b"batch_label": b"training", b"labels": [number, 9], b"data": pixels(2, number)}
        members[f"cifar-10-batches-py/{name}"] = pickled(batch)
    members["cifar-10-batches-py/test_batch"] = pickled({b"data": pixels(3, 9), b"labels": [7, 8, 9]})
    members["cifar-10-batches-py/readme.html"] = b"<p>"
    return members


def test_batches_come_in_order_with_channels_rows_and_columns(tmp_path):
    images, labels, test_images, test_labels = read_cifar10(archive(tmp_path / "a.tar.gz", cifar10_members()))
    assert images.shape == (10, 3, 32, 32) and images.dtype == np.uint8
    assert labels.tolist() == [0, 9, 1, 9, 2, 9, 3, 9, 4, 9] and labels.dtype == np.int64
    # A row holds 1,024 values of red, then green, then blue, each row by row.
    assert images[2, 1, 3, 5] == pixels(2, 1)[0, 1024 + 3 * 32 + 5]
    assert np.array_equal(test_images.reshape(3, -1), pixels(3, 9))
    assert test_labels.tolist() == [7, 8, 9]


def test_the_fine_labels_of_cifar_100_are_read(tmp_path):
    members = {
        "cifar-100-python/train": pickled(
            {
                b"data": pixels(2, 0),
                b"fine_labels": [99, 3],
                b"coarse_labels": [1, 2],
                b"filenames": [b"a", b"b"],
            }
        ),
        "cifar-100-python/test": pickled(
            {b"data": pixels(1, 1), b"fine_labels": [50], b"coarse_labels": [1]}
        ),
    }
    images, labels, _, test_labels = read_cifar100(archive(tmp_path / "a.tar.gz", members))
    assert images.shape == (2, 3, 32, 32)
    assert (labels.tolist(), test_labels.tolist()) == ([99, 3], [50])


def test_arrays_pickled_by_python_three_are_read_too():
    for protocol in (2, 3, 4):
        batch = pickle.dumps({b"data": pixels(1, 0), b"labels": [1]}, protocol=protocol)
        assert np.array_equal(read_batch(batch)["data"], pixels(1, 0))


class Acts:
    def __init__(self, function, *arguments):
        self.asked = (function, arguments)

    def __reduce__(self):
        return self.asked


@pytest.mark.parametrize(
    "action",
    [
        Acts(os.system, "touch acted"),
        Acts(eval, "open('acted', 'w')"),
        Acts(getattr, np.ndarray, "tofile"),
        Acts(np.memmap, "acted", np.uint8, "w+", 0, (1,)),
        Acts(np.fromfile, "acted"),
    ],
    ids=["system", "eval", "getattr", "memmap", "fromfile"],
)
def test_a_pickle_that_acts_is_refused_and_does_not_act(tmp_path, monkeypatch, action):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DamagedFileError, match="it asks for"):
        read_batch(pickle.dumps({b"data": action}))
    assert not (tmp_path / "acted").exists()


def test_every_cut_of_a_batch_is_refused():
    whole = pickled({b"data": pixels(1, 0)[:, :20], b"labels": [3]})
    for length in range(len(whole)):
        with pytest.raises(DamagedFileError):
            read_batch(whole[:length])


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"test_batch": None}, "has no cifar-10-batches-py/test_batch"),
        ({"test_batch": pickled([1])}, "must hold a dictionary, got a list"),
        ({"test_batch": pickled({b"data": pixels(1, 0)})}, "must hold 'labels', 1 integers"),
        ({"test_batch": pickled({b"data": pixels(1, 0), b"labels": [10]})}, "integers from 0 to 9"),
        ({"test_batch": pickled({b"data": pixels(1, 0)[:, :9], b"labels": [1]})}, "uint8 of shape"),
        ({"data_batch_3": pickled({b"data": pixels(1, 0) / 2, b"labels": [1]})}, "data_batch_3 in"),
    ],
)
def test_another_layout_is_refused(tmp_path, changed, reason):
    members = cifar10_members()
    for name, content in changed.items():
        del members[f"cifar-10-batches-py/{name}"]
        if content is not None:
            members[f"cifar-10-batches-py/{name}"] = content
    with pytest.raises(DamagedFileError, match=reason):
        read_cifar10(archive(tmp_path / "a.tar.gz", members))


def test_what_is_no_archive_is_refused(tmp_path):
    path = tmp_path / "a.tar.gz"
    path.write_bytes(b"<!DOCTYPE html>")
    with pytest.raises(DamagedFileError, match="cannot be unpacked"):
        read_cifar10(path)
    whole = archive(tmp_path / "b.tar.gz", cifar10_members()).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DamagedFileError):
        read_cifar10(path)
    with pytest.raises(FileNotFoundError):
        read_cifar10(tmp_path / "missing")
