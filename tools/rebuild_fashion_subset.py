"""Rebuild fashion_5000_1000.npz from the full Fashion-MNIST idx files.

The subset is the first 500 training and the first 100 test images of every class, in source order, together
with their indices in the source: no random number is involved, so the result is the same everywhere. The idx
files come with the Debian package dataset-fashion-mnist; --source names another directory that holds them.

Usage: python tools/rebuild_fashion_subset.py [--source DIRECTORY] [--output FILE]
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
from pathlib import Path

import numpy as np

from course_lib.data.embedded import content_sha256

DEBIAN_DIRECTORY = Path("/usr/share/datasets/fashion-mnist")
CLASSES = 10
# Name in the npz file, prefix of the source files, images a class.
SPLITS = (("train", "train", 500), ("test", "t10k", 100))

# SHA-256 of the unpacked files: packers differ in the compressed bytes, not in these.
UNPACKED_SHA256 = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
IDX_UINT8 = 0x08  # the type code of unsigned bytes in an idx header


def read_idx(source: Path, name: str) -> np.ndarray:
    """Return the uint8 array of the gzipped idx file `name` after comparing its checksum.

    An idx header is two zero bytes, a type code, the number of dimensions, then each size as a big-endian
    32-bit integer.
    """
    content = gzip.decompress((source / f"{name}.gz").read_bytes())
    found = hashlib.sha256(content).hexdigest()
    if found != UNPACKED_SHA256[name]:
        raise ValueError(f"{name} is not upstream's file: SHA-256 {found}, expected {UNPACKED_SHA256[name]}")
    if content[:3] != bytes((0, 0, IDX_UINT8)):
        raise ValueError(f"{name} is not an idx file of unsigned bytes: it starts with {content[:4].hex()}")
    dimensions = content[3]
    shape = np.frombuffer(content, ">u4", count=dimensions, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def first_of_each_class(labels: np.ndarray, per_class: int) -> np.ndarray:
    """Return, in ascending order, the indices of the first `per_class` examples of every class."""
    indices = [np.flatnonzero(labels == label)[:per_class] for label in range(CLASSES)]
    return np.sort(np.concatenate(indices)).astype(np.uint16)


def build(source: Path = DEBIAN_DIRECTORY) -> dict[str, np.ndarray]:
    """Return the arrays of fashion_5000_1000.npz from the idx files in `source`."""
    examples, indices = {}, {}
    for split, prefix, per_class in SPLITS:
        images = read_idx(source, f"{prefix}-images-idx3-ubyte")
        labels = read_idx(source, f"{prefix}-labels-idx1-ubyte")
        chosen = first_of_each_class(labels, per_class)
        examples |= {f"X_{split}": images[chosen], f"y_{split}": labels[chosen]}
        indices |= {f"idx_{split}": chosen}
    return examples | indices


def main() -> None:
    """Write the file and print the checksum of its contents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=DEBIAN_DIRECTORY, help="directory of the idx files")
    parser.add_argument("--output", type=Path, default=Path("fashion_5000_1000.npz"), help="file to write")
    arguments = parser.parse_args()
    if not arguments.source.is_dir():
        parser.error(f"{arguments.source} does not exist: install dataset-fashion-mnist, or use --source")
    arrays = build(arguments.source)
    np.savez_compressed(arguments.output, **arrays)
    print(f"{arguments.output}  content {content_sha256(arrays)}")


if __name__ == "__main__":
    main()
