"""Rebuild digits.npz and photographs.npz from an installed scikit-learn.

The course embeds both so that a notebook can read them where scikit-learn is not installed or not readable.
Pixels of the photographs depend on the JPEG decoder by a grey level here and there; the digits never change.

Usage: python tools/rebuild_scikit_learn_data.py [--output DIRECTORY]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits, load_sample_images

from course_lib.data.embedded import content_sha256


def build_digits() -> dict[str, np.ndarray]:
    """Return the arrays of digits.npz: images (1797, 8, 8) uint8 of 0..16, labels (1797,) uint8."""
    source = load_digits()
    images = source.images.astype(np.uint8)
    if not np.array_equal(images, source.images):
        raise ValueError("the digits of this scikit-learn are not whole numbers from 0 to 255")
    return {"images": images, "labels": source.target.astype(np.uint8)}


def build_photographs() -> dict[str, np.ndarray]:
    """Return the arrays of photographs.npz: images (2, 427, 640, 3) uint8, names (2,)."""
    source = load_sample_images()
    names = np.array([Path(filename).stem for filename in source.filenames])
    return {"images": np.stack(source.images), "names": names}


def main() -> None:
    """Write both files and print the checksum of their contents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("."), help="directory to write to")
    directory = parser.parse_args().output
    for name, build in (("digits.npz", build_digits), ("photographs.npz", build_photographs)):
        arrays = build()
        np.savez_compressed(directory / name, **arrays)
        print(f"{directory / name}  content {content_sha256(arrays)}")


if __name__ == "__main__":
    main()
