"""A trunk that has seen ImageNet: its weights, and images as it expects them."""

from __future__ import annotations

import numpy as np

from course_lib.data.embedded import read_embedded
from course_lib.data.interpolation import sample
from course_lib.functional import arguments
from course_lib.nn import Sequential, models

#: Name of the embedded file; `course_lib.data.licence_notice` tells where it comes from.
TRUNK_FILE = "efficientnet_lite0_first5"
#: What the net was trained on: (pixel - MEAN) / RANGE, with pixels from 0 to 255.
MEAN, RANGE = 127, 128


def pretrained_trunk(blocks: int = 5) -> Sequential:
    """Return the first blocks of EfficientNet-Lite0 with weights trained on ImageNet, in evaluation mode.

    Parameters
    ----------
    blocks : int
        How many of the five that come with the course; early ones see edges and colours, later ones textures.

    Returns
    -------
    Sequential
        The stem and the blocks, one module each: (N, 3, H, W) as `trunk_images` makes them to
        (N, 40, ⌈H/8⌉, ⌈W/8⌉) after five blocks.

    Raises
    ------
    ValueError
        If `blocks` is not from 1 to 5.
    DamagedFileError
        If the embedded file is missing or damaged.
    """
    if arguments.whole("blocks", blocks, 1) > 5:
        raise ValueError(f"blocks must be from 1 to 5, those that come with the course, got {blocks}")
    trunk = models.efficientnet_lite0_trunk(5, rng=0)
    trunk.load_state_dict(read_embedded(TRUNK_FILE))
    return trunk[: blocks + 1].eval()


def trunk_images(images: np.ndarray, *, size: int | tuple[int, int] | None = None) -> np.ndarray:
    """Return images as the trunk was trained to see them: three channels, (255·x - 127) / 128.

    Parameters
    ----------
    images : ndarray of float32 or float64, shape (N, 1, H, W) or (N, 3, H, W)
        Values in [0, 1]; grey ones become three equal channels.
    size : int, (int, int) or None
        Height and width to scale to, bilinearly; None keeps those of the images. A trunk that divides sides
        by eight makes little of small images.

    Returns
    -------
    ndarray, shape (N, 3, H, W)
        Fresh, in the dtype of `images`.

    Raises
    ------
    TypeError, ValueError
        If `images` is no such array.
    """
    images = arguments.tensor("images", images, 4)
    if images.shape[1] not in (1, 3):
        raise ValueError(f"images must have 1 or 3 channels, got shape {images.shape}")
    if size is not None:
        images = _scaled(images, arguments.spatial("size", size, 2))
    scaled = (images * 255 - MEAN) / RANGE
    return np.repeat(scaled, 3, axis=1) if images.shape[1] == 1 else scaled


def _scaled(images: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """Return images read at the middles of `size` equal cells, as resizing does."""
    rows, columns = (
        ((np.arange(new) + 0.5) / new - 0.5) * old for new, old in zip(size, images.shape[2:], strict=True)
    )
    places = (len(images), *size)
    rows = np.broadcast_to(rows.astype(images.dtype)[:, None], places)
    return sample(images, rows, np.broadcast_to(columns.astype(images.dtype), places))
