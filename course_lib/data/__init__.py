"""Small real data sets, full ones to fetch, splits, minibatches, preprocessing and augmentation.

Importing this loads NumPy and nothing heavier.
"""

from course_lib.data.augmentation import (
    Augmentation,
    Brightness,
    ColourCast,
    Contrast,
    CropAndScale,
    Elastic,
    Flip,
    Jitter,
    Rotate,
    Shift,
)
from course_lib.data.datasets import (
    DIGIT_NAMES,
    FASHION_MNIST_NAMES,
    load_digits,
    load_fashion_mnist_subset,
    load_photographs,
    load_textures,
)
from course_lib.data.downloads import (
    CIFAR10_NAMES,
    DownloadError,
    load_cifar10,
    load_cifar100,
    load_fashion_mnist,
    load_mnist,
)
from course_lib.data.embedded import DamagedFileError, licence_notice
from course_lib.data.examples import LabelledImages
from course_lib.data.loader import Minibatches
from course_lib.data.preprocessing import (
    PCA,
    Chain,
    ChannelMean,
    MeanImage,
    Preprocessing,
    Scaling,
    Whitening,
)
from course_lib.data.splits import stratified_indices, stratified_split

__all__ = [
    "Augmentation",
    "Brightness",
    "CIFAR10_NAMES",
    "Chain",
    "ChannelMean",
    "ColourCast",
    "Contrast",
    "CropAndScale",
    "DIGIT_NAMES",
    "DamagedFileError",
    "DownloadError",
    "Elastic",
    "FASHION_MNIST_NAMES",
    "Flip",
    "Jitter",
    "LabelledImages",
    "MeanImage",
    "Minibatches",
    "PCA",
    "Preprocessing",
    "Rotate",
    "Scaling",
    "Shift",
    "Whitening",
    "licence_notice",
    "load_cifar10",
    "load_cifar100",
    "load_digits",
    "load_fashion_mnist",
    "load_fashion_mnist_subset",
    "load_mnist",
    "load_photographs",
    "load_textures",
    "stratified_indices",
    "stratified_split",
]
