"""A bad argument ends in a TypeError or ValueError that names it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from operation_cases import OPERATIONS, drawing

import course_lib.functional as F

X = np.ones((2, 4, 6, 5))
W = np.ones((6, 4, 3, 3))
B = np.ones(6)
C = np.ones(4)
S = np.ones((2, 4, 9))
V = np.ones((6, 4, 3))
Y = np.ones((2, 6, 4, 3))
LOGITS = np.ones((3, 5))
RNG = np.random.default_rng(0)
POOLED, INDICES = F.max_pool2d(X, 2)

BAD_CALLS = {
    # convolution
    "x with 3 axes": (lambda: F.conv2d(X[0], W), ValueError, r"^x .*4 axes .*\(4, 6, 5\)"),
    "w with 3 axes": (lambda: F.conv2d(X, V), ValueError, r"^w .*4 axes"),
    "w for other channels": (lambda: F.conv2d(X, W[:, :3]), ValueError, r"^w .*3 channels.*\(6, 4, 3, 3\)"),
    "w without kernels": (lambda: F.conv2d(X, W[:0]), ValueError, r"^w .*\(0, 4, 3, 3\)"),
    "too few biases": (lambda: F.conv2d(X, W, B[:5]), ValueError, r"^b .*\(6,\).*\(5,\)"),
    "b as a column": (lambda: F.conv2d(X, W, B[:, None]), ValueError, r"^b .*\(6, 1\)"),
    "stride 0": (lambda: F.conv2d(X, W, stride=0), ValueError, "^stride .*at least 1.*0"),
    "stride with a 0": (lambda: F.conv2d(X, W, stride=(1, 0)), ValueError, "^stride .*0"),
    "negative stride": (lambda: F.conv2d(X, W, stride=-1), ValueError, "^stride .*-1"),
    "stride a float": (lambda: F.conv2d(X, W, stride=1.0), TypeError, r"^stride .*1\.0.*float"),
    "stride a bool": (lambda: F.conv2d(X, W, stride=True), TypeError, "^stride .*True"),
    "stride a string": (lambda: F.conv2d(X, W, stride="2"), TypeError, "^stride .*'2'"),
    "stride missing": (lambda: F.conv2d(X, W, stride=None), TypeError, "^stride .*None"),
    "three strides": (lambda: F.conv2d(X, W, stride=(1, 1, 1)), ValueError, "^stride .*with 3"),
    "dilation 0": (lambda: F.conv2d(X, W, dilation=0), ValueError, "^dilation"),
    "dilation a float": (lambda: F.conv2d(X, W, dilation=(1, 0.5)), TypeError, "^dilation"),
    "groups 0": (lambda: F.conv2d(X, W, groups=0), ValueError, "^groups"),
    "groups a float": (lambda: F.conv2d(X, W, groups=2.0), TypeError, "^groups"),
    "groups not dividing": (lambda: F.conv2d(X, W, groups=3), ValueError, "^groups .*4 channels.*3"),
    "w not split by groups": (lambda: F.conv2d(X, W, groups=2), ValueError, "^w .*2 group"),
    "negative padding": (lambda: F.conv2d(X, W, padding=-1), ValueError, "^padding .*-1"),
    "padding a float": (lambda: F.conv2d(X, W, padding=0.5), TypeError, "^padding"),
    "padding misspelt": (lambda: F.conv2d(X, W, padding="full"), ValueError, "^padding .*'full'"),
    "padding in threes": (lambda: F.conv2d(X, W, padding=(1, 1, 1)), ValueError, "^padding"),
    "padding nested too far": (lambda: F.conv2d(X, W, padding=((1, 1, 1), 0)), ValueError, "^padding"),
    "same with stride 2": (lambda: F.conv2d(X, W, padding="same", stride=2), ValueError, "^padding='same'"),
    "kernel larger than x": (lambda: F.conv2d(X, np.ones((6, 4, 7, 3))), ValueError, "^x has 6 .*spans 7"),
    "dilated beyond x": (lambda: F.conv2d(X, W, dilation=3), ValueError, "^x .*dilation 3"),
    "dy of another size": (lambda: F.conv2d_backward(Y[..., 1:], X, W), ValueError, r"^dy .*\(2, 6, 4, 3\)"),
    "dy float32": (lambda: F.conv2d_backward(Y.astype("f4"), X, W), TypeError, "^dy .*float32"),
    "needs unknown": (lambda: F.conv2d_backward(Y, X, W, needs=("x", "dw")), ValueError, "^needs .*'dw'"),
    "needs a string": (lambda: F.conv2d_backward(Y, X, W, needs="x"), TypeError, "^needs"),
    "needs a number": (lambda: F.conv2d_backward(Y, X, W, needs=1), TypeError, "^needs"),
    "images to conv1d": (lambda: F.conv1d(X, V), ValueError, r"^x .*3 axes"),
    "conv1d two strides": (lambda: F.conv1d(S, V, stride=(1, 2)), ValueError, "^stride"),
    "conv1d pairs of paddings": (lambda: F.conv1d(S, V, padding=(1, 2, 3)), ValueError, "^padding"),
    "conv1d dy": (lambda: F.conv1d_backward(np.ones((2, 6, 9)), S, V), ValueError, r"^dy .*\(2, 6, 7\)"),
    # pooling
    "pool window 0": (lambda: F.max_pool2d(X, 0), ValueError, "^kernel_size"),
    "pool window missing": (lambda: F.avg_pool2d(X, None), TypeError, "^kernel_size .*None"),
    "pool stride 0": (lambda: F.max_pool2d(X, 2, stride=0), ValueError, "^stride"),
    "pool padding too wide": (lambda: F.max_pool2d(X, 2, padding=2), ValueError, r"^padding .*\(2, 2\)"),
    "pool window too large": (lambda: F.avg_pool2d(X, 7), ValueError, "^x has 6"),
    "pool of empty planes": (lambda: F.avg_pool2d(X[:, :, :0], 1), ValueError, "^x .*one element"),
    "pool of vectors": (lambda: F.max_pool2d(X[0, 0], 2), ValueError, "^x .*4 axes"),
    "indices floats": (lambda: F.max_pool2d_backward(POOLED, POOLED, X.shape), TypeError, "^indices"),
    "indices of another shape": (
        lambda: F.max_pool2d_backward(POOLED, INDICES[:1], X.shape),
        ValueError,
        "^indices",
    ),
    "indices outside": (
        lambda: F.max_pool2d_backward(POOLED, INDICES + 30, X.shape),
        ValueError,
        "^indices .*29",
    ),
    "indices negative": (lambda: F.max_pool2d_backward(POOLED, INDICES - 9, X.shape), ValueError, "^indices"),
    "x_shape an int": (lambda: F.max_pool2d_backward(POOLED, INDICES, 4), ValueError, "^x_shape"),
    "x_shape too short": (lambda: F.avg_pool2d_backward(POOLED, (2, 4, 6), 2), ValueError, "^x_shape"),
    "x_shape of another batch": (
        lambda: F.max_pool2d_backward(POOLED, INDICES, (3, 4, 6, 5)),
        ValueError,
        "^x_shape",
    ),
    "x_shape with floats": (
        lambda: F.global_avg_pool2d_backward(C[None], (1, 4, 2.0, 2)),
        TypeError,
        "^x_shape",
    ),
    "avg dy of another size": (lambda: F.avg_pool2d_backward(POOLED, X.shape, 3), ValueError, "^dy"),
    "global mean of nothing": (lambda: F.global_avg_pool2d(X[:, :, :, :0]), ValueError, "^x "),
    "global dy of another size": (lambda: F.global_avg_pool2d_backward(C[None], X.shape), ValueError, "^dy"),
    # linear
    "linear features": (lambda: F.linear(X, W[:, :, 0, 0]), ValueError, r"^x .*4 features.*\(2, 4, 6, 5\)"),
    "linear of a number": (lambda: F.linear(np.float64(1), LOGITS), ValueError, "^x "),
    "linear w a vector": (lambda: F.linear(LOGITS, C), ValueError, "^w .*2 axes"),
    "linear w empty": (lambda: F.linear(LOGITS, LOGITS[:0]), ValueError, "^w "),
    "linear b": (lambda: F.linear(LOGITS, LOGITS, B), ValueError, r"^b .*\(3,\)"),
    "linear dy": (lambda: F.linear_backward(LOGITS, LOGITS, LOGITS), ValueError, r"^dy .*\(3, 3\)"),
    # normalisation
    "norm of a vector": (lambda: F.batch_norm(C, C, C, training=True), ValueError, "^x .*2 axes"),
    "gamma too short": (lambda: F.batch_norm(X, C[:3], C, training=True), ValueError, r"^gamma .*\(4,\)"),
    "beta too short": (lambda: F.batch_norm(X, C, C[:3], training=True), ValueError, r"^beta .*\(4,\)"),
    "one value a channel": (
        lambda: F.batch_norm(X[:1, :, 0, 0], C, C, training=True),
        ValueError,
        "^x .*more than",
    ),
    "no running averages": (lambda: F.batch_norm(X, C, C, training=False), ValueError, "^running_mean"),
    "one running average": (lambda: F.batch_norm(X, C, C, C, training=False), ValueError, "^running_var"),
    "running average float32": (
        lambda: F.batch_norm(X, C, C, C.astype("f4"), C, training=False),
        TypeError,
        "^running_mean .*float32",
    ),
    "running average a list": (
        lambda: F.batch_norm(X, C, C, [1], C, training=False),
        TypeError,
        "^running_mean",
    ),
    "running average short": (lambda: F.batch_norm(X, C, C, C, B, training=True), ValueError, "^running_var"),
    "running average read-only": (
        lambda: F.batch_norm(X, C, C, np.broadcast_to(1.0, 4), C.copy(), training=True),
        ValueError,
        "^running_mean .*writeable",
    ),
    "eps negative": (lambda: F.batch_norm(X, C, C, training=True, eps=-1), ValueError, "^eps"),
    "eps a string": (lambda: F.layer_norm(LOGITS, LOGITS[0], LOGITS[0], eps="x"), TypeError, "^eps"),
    "momentum 2": (lambda: F.batch_norm(X, C, C, training=True, momentum=2), ValueError, "^momentum"),
    "num_groups": (lambda: F.group_norm(X, 3, C, C), ValueError, "^num_groups .*4"),
    "layer norm gamma": (lambda: F.layer_norm(X, C, C), ValueError, r"^gamma .*\(2, 4, 6, 5\)"),
    "instance of one element": (
        lambda: F.instance_norm(X[:, :, :1, :1], C, C),
        ValueError,
        "^x .*two elements",
    ),
    "cache of another norm": (
        lambda: F.group_norm_backward(X, F.batch_norm(X, C, C, training=True)[1]),
        TypeError,
        "^cache .*group_norm.*BatchNormCache",
    ),
    "cache missing": (lambda: F.batch_norm_backward(X, None), TypeError, "^cache"),
    "norm dy": (
        lambda: F.batch_norm_backward(X[:1], F.batch_norm(X, C, C, training=True)[1]),
        ValueError,
        "^dy",
    ),
    "whitening matrix": (
        lambda: F.decorrelated_batch_norm(X, C, C, training=False),
        ValueError,
        r"^running_whitening .*\(4, 4\)",
    ),
    # activations, softmax, losses
    "slope a string": (lambda: F.leaky_relu(X, "0.1"), TypeError, "^negative_slope"),
    "alpha missing": (lambda: F.elu(X, None), TypeError, "^alpha"),
    "dy of another shape": (lambda: F.relu_backward(X[0], X), ValueError, "^dy"),
    "pieces": (lambda: F.maxout(X, 3), ValueError, "^pieces .*4"),
    "pieces outside": (
        lambda: F.maxout_backward(LOGITS, LOGITS.astype(int) + 4, 5),
        ValueError,
        "^indices .*4",
    ),
    "maxout axis": (lambda: F.maxout(LOGITS, 1, axis=2), ValueError, "^axis"),
    "softmax axis": (lambda: F.softmax(LOGITS, axis=2), ValueError, "^axis .*2"),
    "softmax axis a float": (lambda: F.softmax(LOGITS, axis=0.0), TypeError, "^axis"),
    "softmax of a number": (lambda: F.softmax(np.float64(1)), ValueError, "^x "),
    "targets one-hot": (lambda: F.cross_entropy(LOGITS, LOGITS), TypeError, r"^targets .*argmax"),
    "targets a list": (lambda: F.cross_entropy(LOGITS, [0, 1, 2]), TypeError, "^targets .*list"),
    "targets too many": (lambda: F.cross_entropy(LOGITS, np.arange(4)), ValueError, r"^targets .*\(3,\)"),
    "targets too large": (lambda: F.cross_entropy(LOGITS, np.array([0, 5, 1])), ValueError, "^targets .*5"),
    "targets negative": (lambda: F.hinge_loss(LOGITS, np.array([0, -1, 1])), ValueError, "^targets .*-1"),
    "logits with 3 axes": (lambda: F.cross_entropy(LOGITS[None], np.arange(3)), ValueError, "^logits"),
    "target of another shape": (lambda: F.mse_loss(LOGITS, LOGITS[0]), ValueError, "^target "),
    "target of integers": (
        lambda: F.binary_cross_entropy_with_logits(LOGITS, LOGITS.astype(int)),
        TypeError,
        "^target ",
    ),
    "p above 1": (lambda: F.dropout(X, 1.5, rng=RNG), ValueError, "^p "),
    "p a string": (lambda: F.dropout(X, "half", rng=RNG), TypeError, "^p "),
    "p NaN": (lambda: F.dropout(X, float("nan"), rng=RNG), ValueError, "^p "),
    "rng a seed": (lambda: F.drop_connect(X, 0.5, rng=7), TypeError, "^rng .*default_rng"),
}


@pytest.mark.parametrize("call", BAD_CALLS)
def test_a_bad_argument_is_named(call, backend):
    function, kind, message = BAD_CALLS[call]
    with pytest.raises(kind, match=message):
        function()


NEVER_RIGHT = [
    1.5,
    "x",
    [1.0, 2.0],
    {},
    np.int64(3),
    np.array("a"),
    np.array([None]),
    np.zeros(3, "M8[s]"),
    object(),
]


@settings(max_examples=300)
@given(
    name=st.sampled_from(sorted(OPERATIONS)),
    which=st.integers(0, 2),
    wrong=st.integers(0, len(NEVER_RIGHT) - 1),
    batch=st.integers(0, 3),
)
def test_what_is_no_real_array_is_refused_by_name_everywhere(name, which, wrong, batch):
    operation = OPERATIONS[name]
    arrays = operation.arrays(drawing(np.float64), batch)
    key = list(arrays)[which % len(arrays)]
    with pytest.raises(TypeError, match=rf"^{key} must"):
        operation.forward(**{**arrays, key: NEVER_RIGHT[wrong]})


NO_NUMBER = ["x", None, [], {}, object(), np.array([1.0, 2.0])]
NO_COUNT = [*NO_NUMBER, 0, -3, 1.5, float("nan"), True, [1, 2, 3], (2, -1), [1, "x"]]
NO_PADDING = [*NO_NUMBER, -1, 1.5, True, "full", [1, 2, 3], ((1, -1), 0), ((1, 2, 3), 0), [[]]]
NO_AXIS = ["x", None, [], 1.5, float("nan"), 9, -9]
NO_SHARE = [*NO_NUMBER, -0.1, 1.1, float("nan"), float("inf")]
NO_EPS = [*NO_NUMBER, -1e-9, float("nan")]
# Each option of each operation: a call that is right but for it, and what it must not be.
OPTIONS = {
    **{("conv2d", name): (F.conv2d, (X, W), NO_COUNT) for name in ("stride", "dilation", "groups")},
    **{("conv1d", name): (F.conv1d, (S, V), NO_COUNT) for name in ("stride", "dilation", "groups")},
    **{
        ("conv2d_backward", name): (F.conv2d_backward, (Y, X, W), NO_COUNT)
        for name in ("stride", "dilation", "groups")
    },
    ("conv2d", "padding"): (F.conv2d, (X, W), NO_PADDING),
    ("conv1d", "padding"): (F.conv1d, (S, V), NO_PADDING),
    ("max_pool2d", "kernel_size"): (F.max_pool2d, (X,), NO_COUNT),
    ("avg_pool2d", "kernel_size"): (F.avg_pool2d, (X,), NO_COUNT),
    ("max_pool2d", "padding"): (lambda x, **k: F.max_pool2d(x, 3, **k), (X,), NO_PADDING),
    ("avg_pool2d", "stride"): (
        lambda x, **k: F.avg_pool2d(x, 3, **k),
        (X,),
        [each for each in NO_COUNT if each is not None],
    ),
    ("batch_norm", "eps"): (lambda *a, **k: F.batch_norm(*a, training=True, **k), (X, C, C), NO_EPS),
    ("batch_norm", "momentum"): (lambda *a, **k: F.batch_norm(*a, training=True, **k), (X, C, C), NO_SHARE),
    ("decorrelated_batch_norm", "eps"): (
        lambda x, **k: F.decorrelated_batch_norm(x, training=True, **k),
        (X,),
        NO_EPS,
    ),
    ("group_norm", "num_groups"): (
        lambda x, num_groups: F.group_norm(x, num_groups, C, C),
        (X,),
        [*NO_NUMBER, 0, -1, 1.5, True, 3],
    ),
    ("layer_norm", "eps"): (F.layer_norm, (LOGITS, LOGITS[0], LOGITS[0]), NO_EPS),
    ("elu", "alpha"): (F.elu, (X,), NO_NUMBER),
    ("leaky_relu_backward", "negative_slope"): (F.leaky_relu_backward, (X, X), NO_NUMBER),
    ("maxout", "pieces"): (F.maxout, (X,), [*NO_NUMBER, 0, -1, 3, 1.5, True]),
    ("maxout", "axis"): (lambda x, axis: F.maxout(x, 1, axis=axis), (X,), NO_AXIS),
    ("softmax", "axis"): (F.softmax, (LOGITS,), NO_AXIS),
    ("log_softmax_backward", "axis"): (F.log_softmax_backward, (LOGITS, LOGITS), NO_AXIS),
    ("dropout", "p"): (lambda x, p: F.dropout(x, p, rng=RNG), (X,), NO_SHARE),
    ("drop_connect", "p"): (lambda x, p: F.drop_connect(x, p, rng=RNG), (X,), NO_SHARE),
    ("dropout", "rng"): (lambda x, rng: F.dropout(x, 0.5, rng=rng), (X,), [*NO_NUMBER, 7, np.random]),
}


@settings(max_examples=300)
@given(option=st.sampled_from(sorted(OPTIONS)), which=st.integers(0, 99))
def test_an_option_that_cannot_be_is_refused_by_name_everywhere(option, which):
    call, arrays, wrong = OPTIONS[option]
    with pytest.raises((TypeError, ValueError), match=rf"^{option[1]}\b"):
        call(*arrays, **{option[1]: wrong[which % len(wrong)]})
