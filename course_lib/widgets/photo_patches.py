"""Tiny patches of the course's photographs, so coarse that each grey level is a digit from 0 to 9."""

import numpy as np

from course_lib.data import load_photographs, load_textures

SIDE = 7

# Picture, first row, first column, and side of the square of pixels that becomes one cell.
_PLACES = {
    "petals against leaves": ("flower", 190, 144, 8),
    "tips of petals": ("flower", 256, 314, 3),
    "eave against the sky": ("china", 92, 282, 8),
    "spire": ("china", 26, 176, 8),
    "joints of a pavement": ("brick", 450, 150, 8),
}


def grey(image: np.ndarray) -> np.ndarray:
    """Turn a colour picture into grey levels.

    Parameters
    ----------
    image : ndarray of uint8
        Shape (H, W, 3) or already (H, W).

    Returns
    -------
    ndarray of float64
        Shape (H, W), 0 black to 1 white: the luma weights of ITU-R BT.601 on the stored values.
    """
    image = np.asarray(image)
    if image.ndim == 3:
        image = image @ np.array([0.299, 0.587, 0.114])
    return image / 255.0


def coarse_patch(image: np.ndarray, row: int, column: int, block: int, side: int = SIDE) -> np.ndarray:
    """Average squares of a grey picture into the cells of a small one.

    Parameters
    ----------
    image : ndarray
        Grey levels 0..1, shape (H, W).
    row, column : int
        Upper left corner of the patch.
    block : int
        Side of the square that becomes one cell.
    side : int
        Cells a side.

    Returns
    -------
    ndarray of float64
        Shape (side, side), whole numbers from 0 (black) to 9 (white).
    """
    length = block * side
    patch = image[row : row + length, column : column + length]
    if patch.shape != (length, length):
        raise ValueError(
            f"the patch at ({row}, {column}) of side {length} leaves the image of shape {image.shape}"
        )
    return np.rint(9 * patch.reshape(side, block, side, block).mean(axis=(1, 3)))


def patches() -> dict[str, np.ndarray]:
    """Return the named patches, each (7, 7), after two drawn pictures with a plain answer."""
    pictures = dict(zip(load_photographs()[1], load_photographs()[0])) | dict(zip(*reversed(load_textures())))
    drawn = np.zeros((SIDE, SIDE))
    drawn[SIDE // 2, SIDE // 2] = 9
    edge = np.zeros((SIDE, SIDE))
    edge[:, SIDE // 2 :] = 9
    found = {
        name: coarse_patch(grey(pictures[picture]), row, column, block)
        for name, (picture, row, column, block) in _PLACES.items()
    }
    return found | {"one bright pixel": drawn, "vertical edge": edge}
