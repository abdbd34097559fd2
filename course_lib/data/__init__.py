"""Small real data sets, splits and minibatches. Importing this loads NumPy and nothing heavier."""

from course_lib.data.datasets import (
    DIGIT_NAMES,
    FASHION_MNIST_NAMES,
    load_digits,
    load_fashion_mnist_subset,
    load_photographs,
    load_textures,
)
from course_lib.data.embedded import DamagedFileError, licence_notice
from course_lib.data.examples import LabelledImages
from course_lib.data.loader import Minibatches
from course_lib.data.splits import stratified_indices, stratified_split

__all__ = [
    "DIGIT_NAMES",
    "FASHION_MNIST_NAMES",
    "DamagedFileError",
    "LabelledImages",
    "Minibatches",
    "licence_notice",
    "load_digits",
    "load_fashion_mnist_subset",
    "load_photographs",
    "load_textures",
    "stratified_indices",
    "stratified_split",
]
