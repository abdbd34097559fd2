"""Arrays in, arrays out: every operation forward and backward.

Names, order, meaning and defaults follow PyTorch unless a docstring says otherwise. Arrays are float32 or
float64, any strides, read-only ones too; results are fresh C-contiguous arrays of the same dtype, and inputs
are never modified but for the running averages of training. `course_lib.show_config()` tells who computes.

Every operation takes `out=`: the array that its result goes into, which it then returns. It must be
C-contiguous, have the result's shape and dtype, and lie apart from the inputs. A function may stand for it,
which is called with that shape and dtype. Where an operation has several results, `out` is a tuple of them,
with None for a new array; a loss takes the array of the gradient, a forward that gives a cache that of y.
"""

from course_lib.functional.activations import (
    elu,
    elu_backward,
    leaky_relu,
    leaky_relu_backward,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    tanh,
    tanh_backward,
)
from course_lib.functional.batch_normalization import batch_norm, batch_norm_backward
from course_lib.functional.convolution import conv1d, conv1d_backward, conv2d, conv2d_backward
from course_lib.functional.decorrelation import decorrelated_batch_norm, decorrelated_batch_norm_backward
from course_lib.functional.dropout import drop_connect, dropout
from course_lib.functional.group_normalization import (
    group_norm,
    group_norm_backward,
    instance_norm,
    instance_norm_backward,
    layer_norm,
    layer_norm_backward,
)
from course_lib.functional.linear import linear, linear_backward
from course_lib.functional.losses import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
    mse_loss,
)
from course_lib.functional.maxout import maxout, maxout_backward
from course_lib.functional.pooling import (
    avg_pool2d,
    avg_pool2d_backward,
    global_avg_pool2d,
    global_avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from course_lib.functional.softmax import log_softmax, log_softmax_backward, softmax, softmax_backward

__all__ = [
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "binary_cross_entropy_with_logits",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "cross_entropy",
    "decorrelated_batch_norm",
    "decorrelated_batch_norm_backward",
    "drop_connect",
    "dropout",
    "elu",
    "elu_backward",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "group_norm",
    "group_norm_backward",
    "hinge_loss",
    "instance_norm",
    "instance_norm_backward",
    "layer_norm",
    "layer_norm_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "linear",
    "linear_backward",
    "log_softmax",
    "log_softmax_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "maxout",
    "maxout_backward",
    "mse_loss",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "softmax_backward",
    "tanh",
    "tanh_backward",
]
