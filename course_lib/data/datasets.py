"""The small real data sets that come with the course; `licence_notice` tells what may be done with each."""

from __future__ import annotations

import numpy as np

from course_lib.data.embedded import read_embedded
from course_lib.data.examples import LabelledImages, labelled

DIGIT_NAMES = tuple("0123456789")
FASHION_MNIST_NAMES = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)


def load_digits(*, dtype: type = np.float32) -> LabelledImages:
    """Return scikit-learn's handwritten digits, 1797 images of 8 x 8.

    Parameters
    ----------
    dtype : type
        float32 or float64 for values in [0, 1]; uint8 for the source's integers 0 to 16.

    Returns
    -------
    LabelledImages
        images (1797, 1, 8, 8), labels (1797,) int64 from 0 to 9; names in `DIGIT_NAMES`.

    Raises
    ------
    TypeError
        If `dtype` is another one.
    DamagedFileError
        If the embedded file is missing or damaged.

    Notes
    -----
    Alpaydin and Kaynak, Optical Recognition of Handwritten Digits (1998), CC BY 4.0.
    """
    arrays = read_embedded("digits")
    return labelled(arrays["images"], arrays["labels"], white=16, dtype=dtype)


def load_fashion_mnist_subset(*, dtype: type = np.float32) -> tuple[LabelledImages, LabelledImages]:
    """Return 5,000 training and 1,000 test images of Fashion-MNIST, balanced over its ten classes.

    Parameters
    ----------
    dtype : type
        float32 or float64 for values in [0, 1]; uint8 for the pixels 0 to 255.

    Returns
    -------
    train, test : LabelledImages
        images (5000, 1, 28, 28) and (1000, 1, 28, 28), labels int64; names in `FASHION_MNIST_NAMES`.

    Raises
    ------
    TypeError
        If `dtype` is another one.
    DamagedFileError
        If the embedded file is missing or damaged.

    Notes
    -----
    Xiao, Rasul and Vollgraf (2017), MIT licence, © Zalando SE. The images are the first 500 (100) of every
    class in source order; tools/rebuild_fashion_subset.py makes the file from the full set.
    """
    arrays = read_embedded("fashion_5000_1000")
    train = labelled(arrays["X_train"], arrays["y_train"], white=255, dtype=dtype)
    test = labelled(arrays["X_test"], arrays["y_test"], white=255, dtype=dtype)
    return train, test


def load_textures() -> tuple[np.ndarray, tuple[str, ...]]:
    """Return three grey photographs of textures.

    Returns
    -------
    images : ndarray of uint8, shape (3, 512, 512)
    names : tuple of str
        ("brick", "grass", "gravel").

    Raises
    ------
    DamagedFileError
        If the embedded file is missing or damaged.

    Notes
    -----
    Public domain (CC0), from the data that scikit-image ships.
    """
    arrays = read_embedded("textures_cc0")
    return arrays["images"], tuple(arrays["names"].tolist())


def load_photographs() -> tuple[np.ndarray, tuple[str, ...]]:
    """Return scikit-learn's two colour photographs.

    Returns
    -------
    images : ndarray of uint8, shape (2, 427, 640, 3)
        Height, width, then red, green and blue.
    names : tuple of str
        ("china", "flower").

    Raises
    ------
    DamagedFileError
        If the embedded file is missing or damaged.

    Notes
    -----
    CC BY 2.0; `licence_notice("photographs")` names the photographers.
    """
    arrays = read_embedded("photographs")
    return arrays["images"], tuple(arrays["names"].tolist())
