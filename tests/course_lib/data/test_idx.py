"""idx files: every type and shape comes back, and no damaged file is taken for a whole one."""

import gzip
import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from course_lib.data import DamagedFileError
from course_lib.data.idx import read_idx

CODES = {"uint8": 0x08, "int8": 0x09, "int16": 0x0B, "int32": 0x0C, "float32": 0x0D, "float64": 0x0E}
DEBIAN = Path("/usr/share/datasets/fashion-mnist")


def idx_bytes(array):
    header = bytes((0, 0, CODES[array.dtype.name], array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.astype(array.dtype.newbyteorder(">")).tobytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("idx") / "file"


@given(
    array=st.sampled_from(sorted(CODES)).flatmap(
        lambda name: npst.arrays(name, npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
    ),
    packed=st.booleans(),
)
def test_what_was_written_is_read(place, array, packed):
    content = idx_bytes(array)
    place.write_bytes(gzip.compress(content) if packed else content)
    found = read_idx(place, checksum="sha256:" + hashlib.sha256(content).hexdigest())
    assert found.dtype == array.dtype and found.dtype.isnative
    assert found.shape == array.shape
    assert np.array_equal(found, array, equal_nan=array.dtype.kind == "f")
    assert found.flags.writeable


WHOLE = idx_bytes(np.arange(6, dtype=np.uint8).reshape(2, 3))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "starts with nothing"),
        (b"\x1f\x8b\x08", "cannot be unpacked"),
        (gzip.compress(WHOLE, mtime=0)[:-9], "cannot be unpacked"),
        (WHOLE[:-1], "holds 5 bytes of values, expected 6"),
        (WHOLE + b"x", "holds 7 bytes"),
        (WHOLE[:7], "ends within its header"),
        (b"\0\0\x07\1" + WHOLE[4:], "is no idx file: it starts with 00000701"),
        (b"<!DOCTYPE html>", "is no idx file"),
        (b"\0\0\x08\3" + b"\xff" * 12 + b"x", "expected 79228162458924105385300197375"),
    ],
)
def test_damage_is_told_and_the_file_named(tmp_path, content, reason):
    path = tmp_path / "damaged"
    path.write_bytes(content)
    with pytest.raises(DamagedFileError, match=reason) as caught:
        read_idx(path)
    assert str(path) in str(caught.value)


def test_other_bytes_than_published_are_refused(tmp_path):
    path = tmp_path / "small"
    path.write_bytes(WHOLE)
    digest = hashlib.md5(WHOLE, usedforsecurity=False).hexdigest()
    assert read_idx(path, checksum=f"md5:{digest}").tolist() == [[0, 1, 2], [3, 4, 5]]
    path.write_bytes(WHOLE[:-1] + b"\x09")
    with pytest.raises(DamagedFileError, match="is not the published file: its md5 is"):
        read_idx(path, checksum=f"md5:{digest}")


def test_the_real_files_of_fashion_mnist_are_read():
    if not DEBIAN.is_dir():
        pytest.skip("the Debian package dataset-fashion-mnist is not installed")
    from course_lib.data import load_fashion_mnist

    train, test = load_fashion_mnist(directory=DEBIAN, dtype=np.uint8)
    assert train.images.shape == (60_000, 1, 28, 28)
    assert np.bincount(train.labels).tolist() == [6000] * 10
    assert np.bincount(test.labels).tolist() == [1000] * 10
    assert json.dumps(test.labels[:5].tolist()) == "[9, 2, 1, 1, 6]"
