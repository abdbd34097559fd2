"""The embedded data sets: what they hold, that damage is noticed, that their notices are there."""

import subprocess
import sys

import numpy as np
import pytest

from course_lib import data
from course_lib.data import embedded


@pytest.fixture
def copies(tmp_path):
    for file in embedded.FILES.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_digits_are_scikit_learns():
    source = pytest.importorskip("sklearn.datasets").load_digits()
    raw = data.load_digits(dtype=np.uint8)
    assert np.array_equal(raw.images[:, 0], source.images)
    assert np.array_equal(raw.labels, source.target)


def test_photographs_are_scikit_learns():
    source = pytest.importorskip("sklearn.datasets").load_sample_images()
    images, names = data.load_photographs()
    assert names == ("china", "flower")
    assert images.shape == (2, 427, 640, 3)
    assert images.dtype == np.uint8
    # JPEG decoders round differently by a grey level or two.
    assert np.abs(images.astype(int) - np.stack(source.images).astype(int)).max() <= 4


def test_digits_come_ready_for_a_network():
    images, labels = data.load_digits()
    assert (images.shape, images.dtype) == ((1797, 1, 8, 8), np.float32)
    assert (labels.shape, labels.dtype) == ((1797,), np.int64)
    assert (images.min(), images.max()) == (0, 1)
    assert set(labels) == set(range(10)) == {int(name) for name in data.DIGIT_NAMES}


def test_fashion_subset_is_balanced_and_the_first_images_are_known():
    train, test = data.load_fashion_mnist_subset()
    assert (train.images.shape, train.images.dtype) == ((5000, 1, 28, 28), np.float32)
    assert test.images.shape == (1000, 1, 28, 28)
    assert np.array_equal(np.bincount(train.labels), np.full(10, 500))
    assert np.array_equal(np.bincount(test.labels), np.full(10, 100))
    first = [data.FASHION_MNIST_NAMES[label] for label in test.labels[:3]]
    assert first == ["ankle boot", "pullover", "trouser"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_floating_pixels_are_the_raw_ones_over_white(dtype):
    train, _ = data.load_fashion_mnist_subset(dtype=dtype)
    raw, _ = data.load_fashion_mnist_subset(dtype=np.uint8)
    assert train.images.dtype == dtype
    assert raw.images.max() == 255
    np.testing.assert_allclose(train.images * 255, raw.images, rtol=1e-6)


def test_an_unknown_dtype_is_refused():
    with pytest.raises(TypeError, match="dtype.*int32"):
        data.load_digits(dtype=np.int32)


def test_textures_are_three_real_photographs():
    images, names = data.load_textures()
    assert names == ("brick", "grass", "gravel")
    assert (images.shape, images.dtype) == ((3, 512, 512), np.uint8)
    assert (images.std(axis=(1, 2)) > 15).all()


def test_loading_twice_gives_independent_arrays():
    first, second = data.load_digits(), data.load_digits()
    first.images[:] = -1
    assert second.images.min() == 0


@pytest.mark.parametrize("name", sorted(embedded.SHA256))
def test_every_file_is_intact_and_has_a_notice(name):
    assert embedded.read_embedded(name)
    notice = data.licence_notice(name)
    assert f"{name}.npz" in notice
    assert "http" in notice


def test_the_notices_are_the_right_licences():
    fashion = data.licence_notice("fashion_5000_1000")
    assert "Copyright © 2017 Zalando SE" in fashion
    assert "Permission is hereby granted, free of charge" in fashion
    assert "WITHOUT WARRANTY OF ANY KIND" in fashion
    assert "CC0 1.0" in data.licence_notice("textures_cc0")
    assert "CC BY 4.0" in data.licence_notice("digits")
    assert "CC BY 2.0" in data.licence_notice("photographs")


def test_no_file_is_without_a_checksum():
    assert {path.stem for path in embedded.FILES.glob("*.npz")} == set(embedded.SHA256)
    assert {path.stem for path in embedded.FILES.glob("*.LICENSE")} == set(embedded.SHA256)


@pytest.mark.parametrize("name", sorted(embedded.SHA256))
def test_one_flipped_bit_is_noticed(copies, name):
    path = copies / f"{name}.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(data.DamagedFileError, match=rf"{name}\.npz is damaged.*SHA-256.*[Rr]einstall"):
        embedded.read_embedded(name, directory=copies)


def test_a_cut_off_and_a_missing_file_are_named(copies):
    path = copies / "digits.npz"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(data.DamagedFileError, match="1000 bytes"):
        embedded.read_embedded("digits", directory=copies)
    path.unlink()
    with pytest.raises(data.DamagedFileError, match="missing"):
        embedded.read_embedded("digits", directory=copies)


def test_pickles_are_never_loaded(copies, monkeypatch):
    path = copies / "digits.npz"
    np.savez(path, images=np.array([{"a": 1}], dtype=object))
    monkeypatch.setitem(embedded.SHA256, "digits", embedded.hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(ValueError, match="allow_pickle"):
        embedded.read_embedded("digits", directory=copies)


@pytest.mark.parametrize("function", [embedded.read_embedded, data.licence_notice])
@pytest.mark.parametrize("name", ["cifar10", "../digits", ""])
def test_an_unknown_name_is_refused_with_those_that_exist(function, name):
    with pytest.raises(ValueError, match="name.*digits.*fashion_5000_1000"):
        function(name)


def test_importing_and_loading_needs_numpy_only():
    heavy = (
        "sklearn",
        "scipy",
        "PIL",
        "matplotlib",
        "tqdm",
        "pooch",
        "course_lib.functional",
        "course_lib.nn",
    )
    program = (
        "import sys, course_lib.data as d\n"
        "d.load_digits(); d.load_photographs(); d.load_textures(); d.load_fashion_mnist_subset()\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert run.stdout.strip() == "[]"
