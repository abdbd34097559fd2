"""Fetching: from a server on this machine, with the checksums, the mirrors and what may go wrong."""

import gzip
import hashlib
import struct
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from course_lib.data import DamagedFileError, DownloadError, downloads, load_cifar10, load_mnist
from course_lib.data.published import CIFAR10, CIFAR100, FASHION_MNIST, MNIST, Published, RemoteFile


class Quiet(SimpleHTTPRequestHandler):
    def log_request(self, *arguments):
        self.server.asked.append(self.path)

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "served"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as running:
        running.asked = []
        running.folder = folder
        running.address = f"http://127.0.0.1:{running.server_port}/"
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def remote(name, content):
    return RemoteFile(name, "sha256:" + hashlib.sha256(content).hexdigest())


def test_a_file_is_fetched_once_and_then_kept(server, tmp_path):
    (server.folder / "small").write_bytes(b"content")
    file = remote("small", b"content")
    for _ in range(2):
        place = downloads.fetch(file, [server.address], tmp_path / "kept", progress=False)
        assert place.read_bytes() == b"content"
    assert len(server.asked) == 1


def test_the_next_mirror_is_asked_where_one_fails_or_serves_something_else(server, tmp_path):
    (server.folder / "wrong").mkdir()
    (server.folder / "wrong" / "small").write_bytes(b"an error page")
    (server.folder / "small").write_bytes(b"content")
    mirrors = [server.address + "missing/", server.address + "wrong/", server.address]
    place = downloads.fetch(remote("small", b"content"), mirrors, tmp_path / "kept", progress=False)
    assert place.read_bytes() == b"content"
    assert len(server.asked) == 3
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["small"]


def test_a_kept_file_that_was_damaged_is_fetched_again(server, tmp_path):
    (server.folder / "small").write_bytes(b"content")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "small").write_bytes(b"conten")
    place = downloads.fetch(remote("small", b"content"), [server.address], tmp_path / "kept", progress=False)
    assert place.read_bytes() == b"content"


def test_without_a_network_the_message_tells_what_to_do(tmp_path):
    nobody = "http://127.0.0.1:9/"
    with pytest.raises(DownloadError) as caught:
        downloads.fetch(remote("small", b"content"), [nobody], tmp_path / "kept", progress=False)
    told = str(caught.value)
    for part in (
        nobody + "small",
        str(tmp_path / "kept"),
        "load_digits()",
        hashlib.sha256(b"content").hexdigest(),
    ):
        assert part in told
    assert not list((tmp_path / "kept").glob("*"))


def images_file(images):
    header = bytes((0, 0, 8, images.ndim)) + struct.pack(f">{images.ndim}I", *images.shape)
    return gzip.compress(header + images.tobytes())


def test_mnist_comes_as_labelled_images_from_the_cache_directory(server, cache, monkeypatch):
    images = np.arange(2 * 28 * 28, dtype=np.uint64).astype(np.uint8).reshape(2, 28, 28)
    parts = [images, np.array([3, 4], np.uint8), images[:1], np.array([9], np.uint8)]
    files = []
    for file, part in zip(MNIST.files, parts, strict=True):
        content = images_file(part)
        (server.folder / file.name).write_bytes(content)
        files.append(remote(file.name, content))
    monkeypatch.setattr(downloads, "MNIST", Published("mnist", (server.address,), tuple(files)))
    train, test = load_mnist()
    assert train.images.shape == (2, 1, 28, 28) and train.images.dtype == np.float32
    assert np.array_equal(np.rint(train.images[:, 0] * 255), images)
    assert (train.labels.tolist(), test.labels.tolist()) == ([3, 4], [9])
    assert sorted(path.name for path in (cache / "mnist").iterdir()) == sorted(file.name for file in files)


def test_files_of_ones_own_must_be_there_and_the_published_ones(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"has no train-images-idx3-ubyte\.gz; without directory="):
        load_mnist(directory=tmp_path)
    with pytest.raises(FileNotFoundError, match="cifar-10-python"):
        load_cifar10(directory=tmp_path)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(b"\0\0\x08\1\0\0\0\0")
    with pytest.raises(DamagedFileError, match="is not the published file"):
        load_mnist(directory=tmp_path)
    (tmp_path / "cifar-10-python.tar.gz").write_bytes(b"other")
    with pytest.raises(DamagedFileError, match="is not the published file"):
        load_cifar10(directory=tmp_path)


@pytest.mark.parametrize("published", [MNIST, FASHION_MNIST, CIFAR10, CIFAR100], ids=lambda data: data.folder)
def test_every_published_file_has_an_address_and_a_checksum_of_the_right_length(published):
    digits = {"md5": 32, "sha256": 64}
    assert all(mirror.startswith("http") and mirror.endswith("/") for mirror in published.mirrors)
    for file in published.files:
        for checksum in filter(None, (file.checksum, file.unpacked)):
            algorithm, _, value = checksum.partition(":")
            assert len(bytes.fromhex(value)) * 2 == digits[algorithm]
