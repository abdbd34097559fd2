"""Rebuild textures_cc0.npz from the photographs that scikit-image ships.

Needs Pillow and either an installed scikit-image or, with --source, a directory that holds its data files
(brick.png, grass.png, gravel.png; in the wheel they are in skimage/data).

Usage: python tools/rebuild_textures.py [--source DIRECTORY] [--output FILE]
"""

from __future__ import annotations

import argparse
import importlib.util
from pathlib import Path

import numpy as np
from PIL import Image

from course_lib.data.embedded import content_sha256

NAMES = ("brick", "grass", "gravel")


def source_directory() -> Path | None:
    """Return the data directory of the installed scikit-image, None where it is not installed."""
    package = importlib.util.find_spec("skimage")
    return Path(package.origin).parent / "data" if package and package.origin else None


def build(source: Path) -> dict[str, np.ndarray]:
    """Return the arrays of textures_cc0.npz from the three PNG files in `source`."""
    images = np.stack([np.asarray(Image.open(source / f"{name}.png")) for name in NAMES])
    return {"images": images, "names": np.array(NAMES)}


def main() -> None:
    """Write the file and print the checksum of its contents."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", type=Path, default=source_directory(), help="directory of the PNG files")
    parser.add_argument("--output", type=Path, default=Path("textures_cc0.npz"), help="file to write")
    arguments = parser.parse_args()
    if arguments.source is None:
        parser.error("scikit-image is not installed: install it, or name its data directory with --source")
    arrays = build(arguments.source)
    np.savez_compressed(arguments.output, **arrays)
    print(f"{arguments.output}  content {content_sha256(arrays)}")


if __name__ == "__main__":
    main()
