"""The tools rebuild the embedded files from their sources, value for value."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from course_lib.data.embedded import content_sha256, read_embedded

TOOLS = Path(__file__).resolve().parents[3] / "tools"


def tool(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def assert_same_content(rebuilt, name):
    carried = read_embedded(name)
    assert sorted(rebuilt) == sorted(carried)
    for key, array in carried.items():
        assert rebuilt[key].dtype == array.dtype
        assert np.array_equal(rebuilt[key], array), key
    assert content_sha256(rebuilt) == content_sha256(carried)


def test_fashion_subset_is_rebuilt_exactly():
    fashion = tool("rebuild_fashion_subset")
    if not fashion.DEBIAN_DIRECTORY.is_dir():
        pytest.skip("the Debian package dataset-fashion-mnist is not installed")
    assert_same_content(fashion.build(), "fashion_5000_1000")


def test_fashion_source_with_other_bytes_is_refused(tmp_path):
    fashion = tool("rebuild_fashion_subset")
    header = bytes((0, 0, 8, 1, 0, 0, 0, 2))
    (tmp_path / "t10k-labels-idx1-ubyte.gz").write_bytes(fashion.gzip.compress(header + b"\x01\x02"))
    with pytest.raises(ValueError, match="t10k-labels-idx1-ubyte is not upstream's file"):
        fashion.read_idx(tmp_path, "t10k-labels-idx1-ubyte")


def test_idx_reader_reads_sizes_as_big_endian(tmp_path, monkeypatch):
    fashion = tool("rebuild_fashion_subset")
    content = bytes((0, 0, 8, 2)) + (2).to_bytes(4, "big") + (3).to_bytes(4, "big") + bytes(range(6))
    (tmp_path / "small.gz").write_bytes(fashion.gzip.compress(content))
    digest = fashion.hashlib.sha256(content).hexdigest()
    monkeypatch.setitem(fashion.UNPACKED_SHA256, "small", digest)
    assert fashion.read_idx(tmp_path, "small").tolist() == [[0, 1, 2], [3, 4, 5]]


def test_digits_are_rebuilt_exactly():
    pytest.importorskip("sklearn")
    assert_same_content(tool("rebuild_scikit_learn_data").build_digits(), "digits")


def test_textures_are_rebuilt_exactly():
    textures = tool("rebuild_textures")
    source = textures.source_directory()
    if source is None or not (source / "brick.png").is_file():
        pytest.skip("scikit-image, which ships the photographs, is not installed")
    assert_same_content(textures.build(source), "textures_cc0")


def test_content_checksum_sees_values_names_shapes_and_dtypes():
    array = np.arange(6, dtype=np.uint8)
    contents = [
        {"a": array},
        {"b": array},
        {"a": array.reshape(2, 3)},
        {"a": array.astype(np.int8)},
        {"a": array[::-1]},
        {"a": array, "b": array},
    ]
    assert len({content_sha256(content) for content in contents}) == len(contents)
    strided = np.repeat(array, 2)[::2]
    assert content_sha256({"a": strided}) == content_sha256({"a": array})
