"""Small real data sets, full ones to fetch, splits, minibatches, preprocessing and augmentation.

Each name is loaded with its file when it is first asked for, so that an assignment can hand out the data sets
and withhold what it asks for.
"""

from course_lib.lazy_names import load_when_asked

_HOMES = {
    "Augmentation": "augmentation",
    "Brightness": "augmentation",
    "CIFAR10_NAMES": "downloads",
    "Chain": "preprocessing",
    "ChannelMean": "preprocessing",
    "ColourCast": "augmentation",
    "Contrast": "augmentation",
    "CropAndScale": "augmentation",
    "DIGIT_NAMES": "datasets",
    "DamagedFileError": "embedded",
    "DownloadError": "downloads",
    "Elastic": "augmentation",
    "FASHION_MNIST_NAMES": "datasets",
    "Flip": "augmentation",
    "Jitter": "augmentation",
    "LabelledImages": "examples",
    "MeanImage": "preprocessing",
    "Minibatches": "loader",
    "PCA": "preprocessing",
    "Preprocessing": "preprocessing",
    "Rotate": "augmentation",
    "Scaling": "preprocessing",
    "Shift": "augmentation",
    "Whitening": "preprocessing",
    "licence_notice": "embedded",
    "load_cifar10": "downloads",
    "load_cifar100": "downloads",
    "load_digits": "datasets",
    "load_fashion_mnist": "downloads",
    "load_fashion_mnist_subset": "datasets",
    "load_mnist": "downloads",
    "load_photographs": "datasets",
    "load_textures": "datasets",
    "stratified_indices": "splits",
    "stratified_split": "splits",
}

__all__ = sorted(_HOMES)
__getattr__, __dir__ = load_when_asked(__name__, _HOMES)
