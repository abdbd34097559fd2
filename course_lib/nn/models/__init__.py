"""Architectures, one a file: at the size of their papers for counting, and `small_…` ones to train here."""

from course_lib.nn.models.alexnet import alexnet, small_alexnet
from course_lib.nn.models.densenet import densenet, small_densenet
from course_lib.nn.models.efficientnet_lite import efficientnet_lite0, efficientnet_lite0_trunk
from course_lib.nn.models.googlenet import googlenet, small_googlenet
from course_lib.nn.models.lenet import lenet5
from course_lib.nn.models.nin import nin, small_nin
from course_lib.nn.models.preactivation_resnet import preactivation_resnet
from course_lib.nn.models.published import PUBLISHED, Published
from course_lib.nn.models.resnet import resnet, small_resnet
from course_lib.nn.models.resnext import resnext, small_resnext
from course_lib.nn.models.senet import se_resnet, small_se_resnet
from course_lib.nn.models.vgg import small_vgg, vgg
from course_lib.nn.models.zfnet import zfnet

__all__ = [
    "PUBLISHED",
    "Published",
    "alexnet",
    "densenet",
    "efficientnet_lite0",
    "efficientnet_lite0_trunk",
    "googlenet",
    "lenet5",
    "nin",
    "preactivation_resnet",
    "resnet",
    "resnext",
    "se_resnet",
    "small_alexnet",
    "small_densenet",
    "small_googlenet",
    "small_nin",
    "small_resnet",
    "small_resnext",
    "small_se_resnet",
    "small_vgg",
    "vgg",
    "zfnet",
]
